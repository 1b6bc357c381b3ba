"""The archives: complete, without doubles, small, and what of the standard's headers compiles."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import collections
import re

import pytest
from conftest import Sdk

HEADERS = (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg "
    "stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time wchar wctype "
    "arpa/inet byteswap dirent endian err fcntl features fnmatch glob grp hermit/syscalls link malloc net/if "
    "dlfcn error execinfo fts ftw getopt iconv langinfo libgen libintl mntent "
    "monetary netdb netinet/in netinet/tcp nl_types poll pthread pwd regex sched search semaphore strings sys/auxv "
    "sys/ioctl sys/ipc sys/mman sys/msg sys/sem sys/shm sys/statvfs sys/sysinfo sys/sysmacros uchar utmpx wordexp "
    "sys/param sys/random sys/resource sysexits sys/select sys/single_threaded sys/socket sys/stat sys/time sys/timeb "
    "sys/times sys/types sys/ucontext sys/uio sys/un sys/utsname sys/wait syslog termios ucontext unistd utime"
).split()


def _symbols(sdk: Sdk, archive: str) -> tuple[collections.Counter[str], set[str]]:
    """Strong definitions with their number, and undefined names."""
    defined: collections.Counter[str] = collections.Counter()
    wanted = set()
    for line in sdk.ok("nm", "-g", sdk.root / "usr/lib" / archive).splitlines():
        if match := re.fullmatch(r"[0-9a-f]{16} ([TDBRC]) (\S+)", line):
            defined[match[2]] += 1
        elif match := re.fullmatch(r" +U (\S+)", line):
            wanted.add(match[1])
    return defined, wanted


def test_nothing_is_missing(sdk: Sdk) -> None:
    libc, libc_wants = _symbols(sdk, "libc.a")
    libm, libm_wants = _symbols(sdk, "libm.a")
    kernel, _ = _symbols(sdk, "libhermit.a")
    weak = {line.split()[-1] for name in ("libc.a", "libm.a") for line in
            sdk.ok("nm", "-g", sdk.root / "usr/lib" / name).splitlines() if re.search(r" [VW] ", line)}
    linker = {"main", "_end", "_GLOBAL_OFFSET_TABLE_"}
    libgcc = {"_Unwind_Backtrace", "_Unwind_GetIP", "__cpu_model",
              "__popcountdi2", "__muldc3", "__mulsc3", "__mulxc3", "__divdc3", "__divsc3", "__divxc3"}
    assert libc_wants - set(libc) - weak - set(kernel) - linker - libgcc == set()
    assert libm_wants - set(libm) - set(libc) - weak - set(kernel) - linker - libgcc == set()


@pytest.mark.parametrize("archive", ["libc.a", "libm.a"])
def test_nothing_is_defined_twice(sdk: Sdk, archive: str) -> None:
    defined, _ = _symbols(sdk, archive)
    assert [name for name, count in defined.items() if count > 1] == []


def test_no_member_makes_the_stack_executable(sdk: Sdk) -> None:
    for archive in ("libc.a", "libm.a", "libhermit.a", "crt0.o"):
        text = sdk.ok("readelf", "-SW", sdk.root / "usr/lib" / archive)
        files = max(1, text.count("\nFile: "))
        assert text.count(".note.GNU-stack") == files, archive
        assert not re.search(r"\.note\.GNU-stack .* X ", text), archive


def test_size_of_a_program_with_stdio(sdk: Sdk) -> None:
    source = sdk.source('#include <stdio.h>\nint main(void) { printf("%d %g\\n", 1, 2.5); }\n')
    sdk.ok("gcc", source, "-Wl,--gc-sections,--strip-debug,-Map=map")
    # behind the sections that were thrown away; debug information stands at address 0
    text = (sdk.work / "map").read_text().partition("Linker script and memory map")[2]
    line = re.compile(r"0x0{9}[0-9a-f]*[1-9a-f][0-9a-f]* +0x([0-9a-f]+) \S*/libc\.a\(")
    sizes = [int(size, 16) for size in line.findall(text)]
    assert 20_000 < sum(sizes) < 150_000


@pytest.mark.parametrize("flags", ["-std=c99 -pedantic-errors", "-std=c11", "-std=gnu17"])
def test_headers_compile_alone_and_together(sdk: Sdk, flags: str) -> None:
    check = [*flags.split(), "-Wall", "-Werror", "-fsyntax-only", "-xc", "-"]
    for name in HEADERS:
        sdk.ok("gcc", *check, stdin=f"#include <{name}.h>\nint x;\n")
    sdk.ok("gcc", *check, stdin="".join(f"#include <{name}.h>\n" for name in HEADERS) + "int x;\n")


def test_layouts_that_precompiled_runtimes_know(sdk: Sdk) -> None:
    sizes = {"pthread_t": 8, "pthread_mutex_t": 40, "pthread_cond_t": 48, "pthread_once_t": 4, "pthread_key_t": 4,
             "pthread_attr_t": 56, "pthread_rwlock_t": 56, "pthread_barrier_t": 32, "sem_t": 32, "siginfo_t": 128,
             "off_t": 8, "ino_t": 8, "dev_t": 8, "time_t": 8, "wchar_t": 4, "long double": 16}
    lines = [f'_Static_assert(sizeof({name}) == {size}, "{name}");' for name, size in sizes.items()]
    lines += ['_Static_assert(__builtin_offsetof(siginfo_t, si_addr) == 16, "si_addr");',
              '_Static_assert(__builtin_offsetof(ucontext_t, uc_mcontext.gregs[REG_RIP]) == 168, "rip");',
              "pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_cond_t c = PTHREAD_COND_INITIALIZER;",
              "pthread_once_t o = PTHREAD_ONCE_INIT; pthread_rwlock_t r = PTHREAD_RWLOCK_INITIALIZER;"]
    names = ("pthread", "semaphore", "ucontext", "wchar")
    head = "#define _GNU_SOURCE\n" + "".join(f"#include <{name}.h>\n" for name in names)
    sdk.ok("gcc", "-c", "-fno-common", sdk.source(head + "\n".join(lines)))
    sections = sdk.ok("readelf", "-SW", "main.o")
    assert re.search(r"\.data +PROGBITS +0+ [0-9a-f]+ 000000 ", sections), "an initialiser is not all zero"


# Headers that are parts of others, or that stand for a choice of the includer's.
_PARTS = re.compile(r"(_|.*/_|c\+\+/|machine/|ssp/|netinet6/|hermit/)")
_KEYWORDS = {"void", "int", "char", "long", "double", "float", "unsigned", "size_t", "__attribute__"}


def _declared(sdk: Sdk) -> tuple[str, set[str]]:
    """All headers as one source, and the functions that they declare, as GCC itself lists them."""
    include = sdk.root / "usr/include"
    names = sorted(str(path.relative_to(include)) for path in include.rglob("*.h"))
    every = "#define _GNU_SOURCE\n" + "".join(f"#include <{name}>\n" for name in names if not _PARTS.match(name))
    sdk.ok("gcc", "-w", "-fsyntax-only", "-aux-info", "prototypes", sdk.source(every))
    found = set()
    for line in (sdk.work / "prototypes").read_text().splitlines():
        if "/usr/include/" in line and " static " not in line:
            words = re.findall(r"[ *(](\w+) \(", line.partition("*/")[2])
            found.update([word for word in words if word not in _KEYWORDS][:1])
    return every, found


def test_each_prototype_links(sdk: Sdk) -> None:
    every, names = _declared(sdk)
    public = sorted(name for name in names if not name.startswith("_"))
    assert len(public) > 1400
    table = "".join(f"(void *){name}, " for name in public)
    text = f"{every}void *volatile all[] = {{{table}}};\nint main(void) {{ return all[0] == 0; }}\n"
    source = sdk.source(text, "all.c")
    sdk.ok("gcc", "-w", "-fno-builtin", source, "-lm")


def test_each_public_function_is_declared(sdk: Sdk) -> None:
    _, names = _declared(sdk)
    lines = [line.split() for name in ("libc.a", "libm.a") for line in
             sdk.ok("nm", "-g", sdk.root / "usr/lib" / name).splitlines()]
    linked = {line[2] for line in lines if len(line) == 3 and line[1] == "T" and not line[2].startswith("_")}
    # newlib's and musl's own helpers, and old names whose declarations other systems dropped, too
    inner = {"ULtox", "basename", "category", "runtime_entry", "cleanup_glue", "decimal_exact",
             "decimal_exponent", "decimal_fast",
             "decrement", "getdents", "increment", "lgammal_r", "scalb", "scalbf", "set_ones", "sigset", "significand",
             "significandf", "vfiwprintf", "vfiwscanf"}
    assert linked - names - inner == set()
