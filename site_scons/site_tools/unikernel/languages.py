"""Which language a source is in, by its suffix, and which of them this version builds."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os

from .messages import EXIT_USAGE, UnikernelError

C = "C"
ASSEMBLY = "assembly"  # as it is
ASSEMBLY_CPP = "assembly with preprocessor"
OBJECT = "object"
ARCHIVE = "archive"

BUILT = {".c": C, ".s": ASSEMBLY, ".S": ASSEMBLY_CPP, ".sx": ASSEMBLY_CPP, ".o": OBJECT, ".a": ARCHIVE}

# Suffixes as GCC knows them.
_PLANNED = {
    **dict.fromkeys((".cc", ".cp", ".cxx", ".cpp", ".CPP", ".c++", ".C"), "C++"),
    **dict.fromkeys(
        (".f", ".for", ".ftn", ".F", ".FOR", ".fpp", ".FPP", ".FTN", ".f90", ".f95", ".f03", ".f08", ".F90", ".F95",
         ".F03", ".F08"), "Fortran",
    ),
    ".go": "Go",
}
_OTHER = {
    ".m": "Objective-C", ".mm": "Objective-C++", ".d": "D", ".adb": "Ada", ".rs": "Rust", ".so": "a shared library",
}


def of(source: str) -> str:
    """The language of `source`; one line naming it (exit 2) if this version does not build it."""
    suffix = os.path.splitext(source)[1]
    if suffix in BUILT:
        return BUILT[suffix]
    mend = "this version builds C (.c) and assembly (.s .S), and links .o and .a"
    if suffix in _PLANNED:
        raise UnikernelError(f"{_PLANNED[suffix]} comes with a later version", source, mend, EXIT_USAGE)
    if suffix in _OTHER:
        raise UnikernelError(f"{_OTHER[suffix]} cannot be built into a unikernel", source, mend, EXIT_USAGE)
    raise UnikernelError(f"unknown kind of source {suffix or '(no suffix)'}", source, mend, EXIT_USAGE)
