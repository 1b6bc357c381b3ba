"""Checks the flags a user lends: what would reach the host's headers or libraries is refused by name."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from . import march, wording
from .driver import HOST_FOLDERS, SEARCH_OPTIONS
from .messages import EXIT_USAGE, UnikernelError

# Variables of the user's environment that a compile or link line takes over; everything else in it is ignored.
LENT = (
    "CPPPATH", "CPPDEFINES", "CCFLAGS", "CFLAGS", "CXXFLAGS", "FORTRANFLAGS", "F90FLAGS", "LINKFLAGS", "LIBS",
    "LIBPATH",
)
DEFAULT = ("-O2", "-g")
DEBUG = ("-Og", "-g")

_LOOPS = "-ftree-parallelize-loops="
_PASSES_ON = ("-Xlinker", "-Xpreprocessor", "-Xassembler")
# Beside what the commands themselves refuse (wording.py).
_REFUSED = {
    "-pie": "a unikernel is linked at a fixed address",
    "-static-pie": "a unikernel is linked at a fixed address",
    "-rdynamic": "a unikernel has no dynamic symbols",
    "--sysroot": "the sysroot is the unikernel's own",
    "-isysroot": "the sysroot is the unikernel's own",
    "-specs": "the specs are the unikernel's own",
    "--specs": "the specs are the unikernel's own",
    "-B": "the compiler's own programs are pinned",
    "-wrapper": "compile steps run sealed",
    "-fplugin": "compile steps run sealed",
}
# Flags of a compile line that gcc heeds where it links, too: further objects, libraries and -flto's compilation.
_LINKED = ("-Ofast", "-ffast-math", "-funsafe-math-optimizations", "-flto", "-fno-lto", "-pthread")
_LINKED_WITH_VALUE = ("-flto=", "-fsanitize=", "-fno-sanitize=", _LOOPS)


def check(words: Sequence[str], where: str, top: str = "") -> list[str]:
    """`words` as they may be used: refused ones raise one line, -march=native becomes explicit flags.

    `top` is the project's folder, in which the compiler runs.
    """
    checked: list[str] = []
    previous = ""
    for word in words:
        _refuse(word, where)
        if previous in SEARCH_OPTIONS:
            check_folder(word, f"{previous} {word}", where, top)
        for option in SEARCH_OPTIONS:
            if word.startswith(option) and word != option:
                check_folder(word[len(option):], word, where, top)
        if word.startswith("/"):
            check_folder(word, word, where, top)
        if word.startswith("-Wp,"):
            check(word.split(",")[1:], where, top)
        for part in word.split(",")[1:] if word.startswith("-Wl,") else ():
            _check_linker_part(part, word, where, top)
        checked += march.resolve(word)
        previous = previous if word in _PASSES_ON else word
    return checked


def openmp(words: Sequence[str]) -> bool:
    """Whether these flags ask for OpenMP's runtime; the last one counts. -fopenmp-simd needs none."""
    asked = False
    for word in words:
        if word in ("-fopenmp", "-fno-openmp"):
            asked = word == "-fopenmp"
    return asked


def loops(words: Sequence[str]) -> bool:
    """Whether these flags have loops shared out to threads, which OpenMP's runtime does; the last one counts."""
    given = [word[len(_LOOPS):] for word in words if word.startswith(_LOOPS)]
    return bool(given) and given[-1] not in ("0", "1")


def linked(words: Iterable[str]) -> list[str]:
    """Those of a compile line's flags that its program's link line needs as well; by -flto it compiles, too."""
    given = list(words)
    also = (*_LINKED_WITH_VALUE, "-m") if any(word.startswith("-flto") for word in given) else _LINKED_WITH_VALUE
    return [word for word in given if word in _LINKED or word.startswith(also)]


def check_folder(folder: str, flag: str, where: str, top: str = "") -> None:
    """Refuse a search folder, or a file, that is the host's: in a system folder and not in the project itself."""
    path = os.path.normpath(os.path.join(top, folder.lstrip("=")))
    if not _within(path, top) and any(_within(path, system) for system in HOST_FOLDERS):
        mend = "the host's headers and libraries are not for unikernels; the sysroot has its own"
        raise UnikernelError(f"refused: {flag}", where, mend, EXIT_USAGE)


def check_names(names: Iterable[str], allowed: Iterable[str], where: str) -> None:
    """Refuse keywords that no one would read."""
    known = sorted(allowed)
    for name in names:
        if name not in known:
            mend = f"flags are: {' '.join(known)}; docs/rules.md lists the builder's own keywords"
            raise UnikernelError(f"unknown keyword {name}=", where, mend, EXIT_USAGE)


def _refuse(word: str, where: str) -> None:
    reason = wording.refusal(word)
    if reason:
        raise UnikernelError(f"refused: {word}", where, reason, EXIT_USAGE)
    for flag, reason in _REFUSED.items():
        if word == flag or word.startswith(flag + "=") or (flag == "-B" and word.startswith("-B")):
            raise UnikernelError(f"refused: {word}", where, reason, EXIT_USAGE)


def _within(path: str, folder: str) -> bool:
    return folder not in ("", "/") and (path == folder or path.startswith(folder + "/"))


def _check_linker_part(part: str, word: str, where: str, top: str) -> None:
    dynamic = ("--sysroot", "-dynamic-linker", "--dynamic-linker")
    if part in ("-shared", "-pie", "-Bshareable") or part.startswith(dynamic):
        raise UnikernelError(f"refused: {word}", where, "a unikernel is one static image", EXIT_USAGE)
    for option in ("-L", "--library-path=", "-rpath=", "-rpath-link="):
        if part.startswith(option):
            check_folder(part[len(option):], word, where, top)
