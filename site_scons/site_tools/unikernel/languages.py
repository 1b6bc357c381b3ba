"""Which language a source is in, by its suffix, and which steps of the SDK each language needs."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Iterable

from .messages import EXIT_USAGE, UnikernelError

C = "c"
CXX = "c++"
FORTRAN = "fortran"
OPENMP = "openmp"
ASSEMBLY = "assembly"  # as it is
ASSEMBLY_CPP = "assembly with preprocessor"
OBJECT = "object"
ARCHIVE = "archive"

# Suffixes as GCC knows them.
_CXX = (".cc", ".cp", ".cxx", ".cpp", ".CPP", ".c++", ".C")
_FORTRAN = (
    ".f", ".for", ".ftn", ".F", ".FOR", ".fpp", ".FPP", ".FTN", ".f90", ".f95", ".f03", ".f08", ".F90", ".F95", ".F03",
    ".F08",
)
BUILT = {
    ".c": C, **dict.fromkeys(_CXX, CXX), **dict.fromkeys(_FORTRAN, FORTRAN), ".s": ASSEMBLY, ".S": ASSEMBLY_CPP,
    ".sx": ASSEMBLY_CPP, ".o": OBJECT, ".a": ARCHIVE,
}
_PLANNED = {".go": "Go"}
_OTHER = {
    ".m": "Objective-C", ".mm": "Objective-C++", ".d": "D", ".adb": "Ada", ".rs": "Rust", ".so": "a shared library",
}
_MEND = (
    "this version builds C (.c), C++ (.cc .cpp .cxx ...), Fortran (.f .f90 .F90 ...) and assembly (.s .S), and links "
    ".o and .a"
)

# Language -> the steps that compile and link it, beside the sysroot, which all need.
STEPS: dict[str, tuple[str, ...]] = {
    OPENMP: ("gomp",), CXX: ("cxx", "stdcxx"), FORTRAN: ("f951", "quadmath", "gfortran"),
}
# A library that a link line names -> the language whose steps give it.
_LIBRARIES = {
    "gomp": OPENMP, "stdc++": CXX, "supc++": CXX, "stdc++fs": CXX, "gfortran": FORTRAN, "quadmath": FORTRAN,
    "caf_single": FORTRAN,
}
# What the languages of a program's objects add to its link, in this order.
_RUNTIMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (FORTRAN, ("-lgfortran", "-lquadmath")), (CXX, ("-lstdc++",)),
)


def of(source: str) -> str:
    """The language of `source`; one line naming it (exit 2) if this version does not build it."""
    suffix = os.path.splitext(source)[1]
    if suffix in BUILT:
        return BUILT[suffix]
    if suffix in _PLANNED:
        raise UnikernelError(f"{_PLANNED[suffix]} comes with a later version", source, _MEND, EXIT_USAGE)
    if suffix in _OTHER:
        raise UnikernelError(f"{_OTHER[suffix]} cannot be built into a unikernel", source, _MEND, EXIT_USAGE)
    raise UnikernelError(f"unknown kind of source {suffix or '(no suffix)'}", source, _MEND, EXIT_USAGE)


def among(names: Iterable[str]) -> set[str]:
    """The languages of another project's files that need more than the C compiler."""
    suffixes = {os.path.splitext(name)[1] for name in names}
    return {language for language, known in ((CXX, _CXX), (FORTRAN, _FORTRAN)) if not suffixes.isdisjoint(known)}


def of_libraries(libraries: Iterable[str]) -> set[str]:
    """The languages whose runtimes a link line names."""
    return {_LIBRARIES[name] for name in libraries if name in _LIBRARIES}


def steps(languages: Iterable[str]) -> list[str]:
    """The steps of the SDK that these languages need, each once."""
    return list(dict.fromkeys(["sysroot", *(step for language in languages for step in STEPS.get(language, ()))]))


def runtimes(languages: Iterable[str]) -> list[str]:
    """What a link needs after its own objects and libraries."""
    words = [word for language, libraries in _RUNTIMES if language in languages for word in libraries]
    return [*words, "-lm"] if words else []
