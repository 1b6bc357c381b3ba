"""What other build systems call our tools by: CC, AR, PKG_CONFIG_LIBDIR and their like."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import languages
from .driver import TARGET

# Variable -> the command that follows x86_64-hermit-.
TOOLS = {
    "CC": "gcc", "CXX": "g++", "FC": "gfortran", "F77": "gfortran", "F90": "gfortran", "CPP": "cpp", "AR": "ar",
    "RANLIB": "ranlib", "NM": "nm", "STRIP": "strip", "LD": "ld", "AS": "as", "OBJCOPY": "objcopy",
    "OBJDUMP": "objdump", "READELF": "readelf",
}
# The compilers among them: only these take a user's flags.
COMPILERS = ("CC", "CXX", "FC", "F77", "F90")
# Language -> the variables of its compiler.
OF_LANGUAGE = {languages.CXX: ("CXX",), languages.FORTRAN: ("FC", "F77", "F90")}
# The names under which projects ask for the build machine's compiler, for generators that they run themselves.
BUILD_COMPILER = ("CC_FOR_BUILD", "BUILD_CC", "HOSTCC", "HOST_CC")
# What those variables are called where a project sets several compilers, in any of their spellings.
_BUILD_WORDS = frozenset({"HOST", "BUILD", "NATIVE", "HOSTCC", "BUILDCC"})


def variables(folder: str, flags: Sequence[str] = ()) -> dict[str, str]:
    """The tools of `folder` ("": of PATH) by variable; compilers with `flags`."""
    place = f"{folder}/" if folder else ""
    return {name: " ".join([f"{place}{TARGET}-{tool}", *(flags if name in COMPILERS else ())])
            for name, tool in TOOLS.items()}


def package_config(sysroot: Path, prefixes: Sequence[Path] = ()) -> dict[str, str]:
    """pkg-config that sees the sysroot and the given prefixes alone."""
    folders = [folder for prefix in (*prefixes, sysroot / "usr")
               for folder in (prefix / "lib" / "pkgconfig", prefix / "share" / "pkgconfig")]
    return {"PKG_CONFIG_LIBDIR": ":".join(map(str, folders)), "PKG_CONFIG_PATH": "", "PKG_CONFIG_SYSROOT_DIR": ""}


def for_build(variable: str) -> bool:
    """Whether a makefile's variable of this name means the build machine's compiler: HOSTCC, BUILD_CC, CC_FOR_BUILD."""
    return not _BUILD_WORDS.isdisjoint(variable.upper().split("_"))
