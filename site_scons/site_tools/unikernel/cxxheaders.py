"""libstdc++'s headers for x86_64-hermit, as its own makefiles would install them, without its configure."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import shutil
from pathlib import Path

from .messages import UnikernelError

# Folder of libstdc++'s source -> folder below include/c++/12. Makefiles are left out.
_FOLDERS = {
    "include/std": "", "include/c_global": "", "include/bits": "bits", "include/backward": "backward",
    "include/ext": "ext", "include/debug": "debug", "include/decimal": "decimal",
    "include/experimental": "experimental", "include/parallel": "parallel", "include/pstl": "pstl",
    "include/tr1": "tr1", "include/tr2": "tr2",
}
# C's headers that C++ wraps, and those of the language's support library.
_FILES = {
    "": ["include/c_compatibility/" + name for name in (
        "complex.h", "fenv.h", "tgmath.h", "math.h", "stdatomic.h", "stdlib.h")] + ["libsupc++/" + name for name in (
        "compare", "cxxabi.h", "exception", "initializer_list", "new", "typeinfo")],
    "bits": ["libsupc++/" + name for name in (
        "atomic_lockfree_defines.h", "cxxabi_forced.h", "exception_defines.h", "exception_ptr.h", "hash_bytes.h",
        "nested_exception.h", "exception.h", "cxxabi_init_exception.h")],
}
# What belongs to the machine and the system: name below x86_64-hermit/ -> file of libstdc++'s source.
_HOST = {
    "bits/ctype_inline.h": "config/os/newlib/ctype_inline.h",
    "bits/atomic_word.h": "config/cpu/generic/atomic_word.h",
    "bits/cxxabi_tweaks.h": "config/cpu/generic/cxxabi_tweaks.h",
    "bits/cpu_defines.h": "config/cpu/generic/cpu_defines.h",
    "bits/error_constants.h": "config/os/generic/error_constants.h",
    "bits/stdc++.h": "include/precompiled/stdc++.h",
    "bits/stdtr1c++.h": "include/precompiled/stdtr1c++.h",
    "bits/extc++.h": "include/precompiled/extc++.h",
    "bits/opt_random.h": "config/cpu/i486/opt/bits/opt_random.h",
    "ext/opt_random.h": "config/cpu/i486/opt/ext/opt_random.h",
    "bits/basic_file.h": "config/io/basic_file_stdio.h",
    "bits/c++allocator.h": "config/allocator/new_allocator_base.h",
    "bits/c++io.h": "config/io/c_io_stdio.h",
    "bits/c++locale.h": "config/locale/dragonfly/c_locale.h",
    "bits/messages_members.h": "config/locale/generic/messages_members.h",
    "bits/time_members.h": "config/locale/dragonfly/time_members.h",
}
_OWN = ("os_defines.h", "ctype_base.h", "hermit_futex.h")
TARGET = "x86_64-hermit"
SOURCE = "libstdc++-v3"
# c++config's settings, which configure would fill in.
_SETTINGS = {
    "_GLIBCXX_HAVE_ATTRIBUTE_VISIBILITY": "1", "_GLIBCXX_EXTERN_TEMPLATE": "1", "_GLIBCXX_USE_DUAL_ABI": "1",
    "_GLIBCXX_USE_CXX11_ABI": "1", "_GLIBCXX_INLINE_VERSION": "0", "_GLIBCXX_USE_ALLOCATOR_NEW": "1",
    "_GLIBCXX_USE_FLOAT128": "1",
}
_PUBLIC = ("HAVE_", "PACKAGE", "VERSION", "STDC_HEADERS")  # names of config.h that get a prefix in c++config.h
_MEND = "correct cxxheaders.py for this version of GCC"


def lay_out(gcc: Path, own: Path, target: Path) -> None:
    """Write include/c++/12 into `target`: from GCC's source tree and from our folder runtimes/stdcxx."""
    source = gcc / SOURCE
    for folder, place in _FOLDERS.items():
        shutil.copytree(source / folder, target / place, copy_function=shutil.copyfile, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("Makefile*", "c++config"))
    for made in (target, *(made for made in target.rglob("*") if made.is_dir())):
        made.chmod(0o755)  # the source's folders are read-only
    for place, files in _FILES.items():
        for name in files:
            shutil.copyfile(source / name, target / place / Path(name).name)
    host = target / TARGET
    for folder in ("bits", "ext"):
        (host / folder).mkdir(parents=True)
    for name, file in _HOST.items():
        shutil.copyfile(source / file, host / name)
    for name in _OWN:
        shutil.copyfile(own / "hermit" / name, host / "bits" / name)
    for name, template in (("gthr", "gthr"), ("gthr-posix", "gthr-posix"), ("gthr-default", "gthr-posix"),
                           ("gthr-single", "gthr-single")):
        text = (gcc / "libgcc" / f"{template}.h").read_text()
        (host / "bits" / f"{name}.h").write_text(threads_header(text, general=name == "gthr"))
    versions = {"__GLIBCXX__": (gcc / "gcc" / "DATESTAMP").read_text().strip(),
                "_GLIBCXX_RELEASE": (gcc / "gcc" / "BASE-VER").read_text().split(".")[0]}
    text = (source / "include" / "bits" / "c++config").read_text()
    (host / "bits" / "c++config.h").write_text(config_header(text, (own / "config.h").read_text(), versions))
    _adapt(target)


def threads_header(text: str, *, general: bool) -> str:
    """One of libgcc's gthr headers with names of its macros that no program uses.

    `general` is the one that includes the others.
    """
    if general:
        lines = [
            re.sub(r"([A-Z_]{2,})", r"_GLIBCXX_\1", line) if line.startswith("#") and not line.startswith("#pragma")
            else line for line in text.split("\n")
        ]
        text = "\n".join(lines).replace("_GLIBCXX_SUPPORTS_WEAK", "__GXX_WEAK__")
        return re.sub(r'^#include "(.*)"', r"#include <bits/\1>", text, flags=re.M)
    text = re.sub(r"(UNUSED|GCC[A-Z_]*_H)", r"_GLIBCXX_\1", text).replace("SUPPORTS_WEAK", "__GXX_WEAK__")
    text = re.sub(r"([A-Z_]*USE_WEAK)", r"_GLIBCXX_\1", text)
    return re.sub(r'^#include "(.*)"', r"#include <bits/\1>", text, flags=re.M)


def config_header(text: str, config: str, versions: dict[str, str]) -> str:
    """c++config.h: its source with our settings, and the names of `config` (our config.h) that are public."""
    for name, value in {**_SETTINGS, **versions}.items():
        text, count = re.subn(rf"^(\s*#\s*define {name})\s*$", rf"\1 {value}", text, flags=re.M)
        if count != 1:
            raise UnikernelError(f"{count} places for {name}", "include/bits/c++config", _MEND)
    text = replace(text, "#undef _GLIBCXX_VERBOSE_ASSERT\n", "#define _GLIBCXX_VERBOSE_ASSERT 1\n", "c++config")
    public = re.sub(rf"^(#define )({'|'.join(_PUBLIC)})", r"\1_GLIBCXX_\2", config, flags=re.M)
    return f"{text}\n{public}\n#endif // _GLIBCXX_CXX_CONFIG_H\n"


def _adapt(include: Path) -> None:
    """The places where libstdc++ asks for another system's headers."""
    for name, old, new in (
        ("bits/atomic_wait.h", "# include <syscall.h>\n", "# include <bits/hermit_futex.h>\n"),
        (f"{TARGET}/bits/c++locale.h", "#include <xlocale.h>\n", ""),
    ):
        path = include / name
        path.write_text(replace(path.read_text(), old, new, name))


def replace(text: str, old: str, new: str, where: str) -> str:
    """`text` with its one `old` replaced."""
    if text.count(old) != 1:
        raise UnikernelError(f"{text.count(old)} places for {old.strip()}", where, _MEND)
    return text.replace(old, new)
