"""x86_64-hermit-gcc and friends from the shell: questions, refusals, what an image looks like, no leak of the host."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from conftest import HOME, Sdk
from unikernel import context, driver, gomp, toolchain

MAIN = "#include <stdio.h>\nint main(void) { printf(\"%g\\n\", 1.5); return 0; }\n"
NAMES = ("gcc cc cpp ar ranlib as ld objcopy objdump nm strip addr2line readelf size gcc-ar gcc-nm gcc-ranlib").split()


@pytest.mark.parametrize("name", NAMES)
def test_each_command_runs(sdk: Sdk, name: str) -> None:
    assert "2.40" in (text := sdk.ok(name, "--version")) or "12.2" in text


def test_questions_about_the_target(sdk: Sdk) -> None:
    assert sdk.ok("gcc", "-dumpmachine") == "x86_64-hermit\n"
    assert sdk.ok("gcc", "-print-multiarch") == "\n"
    assert sdk.ok("gcc", "-print-sysroot").strip() == str(sdk.root)
    assert Path(sdk.ok("gcc", "-print-file-name=libc.a").strip()).resolve() == (sdk.root / "usr/lib/libc.a").resolve()


def test_a_call_costs_at_most_ten_milliseconds(sdk: Sdk) -> None:
    times = []
    for _ in range(20):
        begin = time.monotonic()
        sdk.ok("gcc", "--version")
        times.append(time.monotonic() - begin)
    assert min(times) < 0.010


def test_macros(sdk: Sdk) -> None:
    macros = sdk.ok("gcc", "-dM", "-E", "-", stdin="")
    assert {"#define __hermit__ 1", "#define __unix__ 1", "#define __PIE__ 2"} <= set(macros.splitlines())
    assert "linux" not in macros and "_REENTRANT" not in macros
    assert "#define _REENTRANT 1" in sdk.ok("gcc", "-pthread", "-dM", "-E", "-", stdin="")


def test_image(sdk: Sdk) -> None:
    sdk.ok("gcc", sdk.source(MAIN), "-o", "image", "-pthread", "-lrt", "-ldl", "-lutil", "-lm")
    assert sdk.osabi("image") == 0xFF
    header = sdk.ok("readelf", "-hlSW", "image")
    assert "EXEC (Executable file)" in header and "INTERP" not in header and ".note.gnu.build-id" not in header
    assert "0x0000000000200000" in header and "GNU_EH_FRAME" in header
    stack = next(line for line in header.splitlines() if "GNU_STACK" in line)
    assert " RW " in stack
    assert " RWE " not in header


def test_unused_code_is_left_out_and_collected_sections_are_not(sdk: Sdk) -> None:
    text = """
    __attribute__((used, section("plugins"))) static int one = 1;
    extern int __start_plugins, __stop_plugins;
    __attribute__((constructor)) static void early(void) { one++; }
    int main(void) { return &__stop_plugins - &__start_plugins; }
    """
    sdk.ok("gcc", sdk.source(text))
    names = {line.split()[-1] for line in sdk.ok("nm", "a.out").splitlines()}
    assert {"one", "early", "main", "_start"} <= names and not {"pthread_create", "sys_thread_new"} & names
    sdk.ok("gcc", "main.c", "-Wl,--no-gc-sections")
    assert "sys_thread_new" in sdk.ok("nm", "a.out")


@pytest.mark.parametrize("extra", [(), ("-O2", "-flto"), ("-pie",), ("-static-pie",), ("-Wl,--gc-sections",), ("-g3",)])
def test_every_way_to_link_gives_a_marked_image(sdk: Sdk, extra: tuple[str, ...]) -> None:
    sdk.ok("gcc", *extra, sdk.source(MAIN))
    assert sdk.osabi("a.out") == 0xFF
    assert "EXEC" in sdk.ok("readelf", "-h", "a.out")


def test_response_files_and_odd_names(sdk: Sdk) -> None:
    (sdk.work / "args").write_text(f"-o 'an image' {sdk.source(MAIN)}")
    sdk.ok("gcc", "@args")
    assert sdk.osabi("an image") == 0xFF
    sdk.ok("gcc", "main.c", "-o-o")
    assert sdk.osabi("-o") == 0xFF


def test_objects_and_stripped_images(sdk: Sdk) -> None:
    sdk.ok("gcc", "-c", sdk.source(MAIN))
    assert sdk.osabi("main.o") == 0
    sdk.ok("ld", "-r", "main.o", "-o", "joined.o")
    assert sdk.osabi("joined.o") == 0
    sdk.ok("gcc", "joined.o", "-o", "image")
    sdk.ok("strip", "image")
    assert sdk.osabi("image") == 0xFF
    assert (sdk.work / "image").stat().st_size < 300_000


def test_nested_functions_ask_for_an_executable_stack(sdk: Sdk) -> None:
    sdk.source("int call(int (*f)(void));\nint main(int c, char **v) { int f(void) { return c; } return call(f); }\n")
    sdk.source("int call(int (*f)(void)) { return f(); }\n", "call.c")
    sdk.ok("gcc", "main.c", "call.c", "-O0", "-o", "image")
    assert any("GNU_STACK" in line and "RWE" in line for line in sdk.ok("readelf", "-lW", "image").splitlines())


def test_shared_libraries_are_refused_by_name(sdk: Sdk) -> None:
    done = sdk.run("gcc", "-shared", sdk.source(MAIN), "-o", "lib.so")
    assert done.returncode == 1 and "-shared" in done.stderr and "x86_64-hermit" in done.stderr
    assert len(done.stderr.splitlines()) <= 2 and not (sdk.work / "lib.so").exists()


def test_a_failed_link_fails(sdk: Sdk) -> None:
    done = sdk.run("gcc", sdk.source("int missing(void); int main(void) { return missing(); }\n"))
    assert done.returncode == 1 and "missing" in done.stderr and not (sdk.work / "a.out").exists()


def test_the_hosts_environment_does_not_leak(sdk: Sdk) -> None:
    (sdk.work / "stdio.h").write_text("#error leaked\n")
    (sdk.work / "libm.a").write_text("leaked")
    place = str(sdk.work)
    sdk.ok("gcc", sdk.source(MAIN), "-lm", CPATH=place, C_INCLUDE_PATH=place, LIBRARY_PATH=place, COMPILER_PATH=place,
           GCC_EXEC_PREFIX=place, LD_LIBRARY_PATH=place, LD_PRELOAD=f"{place}/none.so", LD_RUN_PATH=place)


def test_calls_by_other_names(sdk: Sdk) -> None:
    (sdk.work / "mycc").symlink_to(sdk.tool("gcc"))
    assert os.waitstatus_to_exitcode(os.spawnv(os.P_WAIT, sdk.work / "mycc", ["mycc", "--version"]) << 8) == 0
    shutil.copy(sdk.tool("ar"), sdk.work / "nothing")
    assert os.spawnv(os.P_WAIT, sdk.work / "nothing", ["nothing"]) == 1


def test_no_path_of_the_store_in_objects(sdk: Sdk) -> None:
    sdk.ok("gcc", "-g", "-O1", "-c", sdk.source("#include <assert.h>\n#include <stdarg.h>\n" + MAIN))
    assert str(sdk.root.parents[1]).encode() not in (sdk.work / "main.o").read_bytes()


OPENMP = """#include <omp.h>
#include <stdio.h>
int main(void) {
  int threads = 0;
#pragma omp parallel reduction(+ : threads)
  threads++;
  printf("%d %d\\n", threads, omp_get_num_devices());
  return 0;
}
"""


def test_openmp(sdk: Sdk) -> None:
    """-fopenmp is all that a call outside the rules needs; the image holds the runtime, and not its place."""
    library = gomp.ensure(context.from_environ(os.environ, home=HOME))
    sdk.ok("gcc", "-g", "-fopenmp", sdk.source(OPENMP), "-o", "image")
    assert sdk.osabi("image") == 0xFF
    symbols = sdk.ok("nm", "image")
    assert " T GOMP_parallel\n" in symbols and " U " not in symbols
    assert str(library.parent).encode() not in (sdk.work / "image").read_bytes()
    assert "_OPENMP" in sdk.ok("gcc", "-fopenmp", "-dM", "-E", "-", stdin="")
    assert "GOMP" not in (sdk.ok("gcc", "-fopenmp-simd", "main.c", "-c"), sdk.ok("nm", "main.o"))[1]


def test_openmp_without_its_runtime_is_one_line(sdk: Sdk) -> None:
    tools = toolchain.ensure(context.from_environ(os.environ, home=HOME))
    bare = Sdk(sdk.work / "bare", sdk.work)
    driver.install(bare.root, bare.root, tools, sdk.work / "log", entries={"gomp": sdk.work / "nowhere"})
    source = sdk.source("int main(void) { return 0; }\n")
    for words in ([source], ["-c", source]):
        done = bare.run("gcc", "-fopenmp", *words)
        assert done.returncode == 1
        assert done.stderr == "x86_64-hermit: openmp is not built yet: run `unikernel sdk openmp`\n"
    for words in (["-fopenmp", "--version"], ["-fopenmp", "-fno-openmp", "-S", source]):
        bare.ok("gcc", *words)
