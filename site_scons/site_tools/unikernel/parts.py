"""Parts of the SDK made on demand, further compilers and the runtimes of languages: how gcc is told of them."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Step -> folder of its entry that gcc gets by -B. gcc looks in it for compilers, archives and .spec files, and in its
# folders include and finclude. The entry may not exist yet: a folder that is not there costs gcc a failed look-up. The
# order counts: of all folders called finclude f951 is told the first, and the compiler's package has an empty one.
FOLDERS = {
    "gfortran": "usr/lib",
    "quadmath": "usr/lib",
    "cxx": "usr/lib/gcc/x86_64-linux-gnu/12",
    "f951": "usr/lib/gcc/x86_64-linux-gnu/12",
    "gomp": "usr/lib",
    "stdcxx": "usr/lib",
}
# Where libstdc++'s headers are in the entry of step stdcxx, in gcc's order.
CXX_INCLUDE = ("usr/include/c++/12", "usr/include/c++/12/x86_64-hermit", "usr/include/c++/12/backward")
# Language, as the driver names it -> its name for a person, the step made last for it, and a file of that entry.
_PROOFS = {
    "OPENMP": ("openmp", "gomp", "usr/lib/libgomp.spec"),
    "CXX": ("c++", "stdcxx", "usr/lib/libstdc++.a"),
    "FORTRAN": ("fortran", "gfortran", "usr/lib/libgfortran.spec"),
}


@dataclass(frozen=True)
class Need:
    """A file without which a language cannot be compiled, and the name by which `unikernel sdk` makes it."""

    file: str
    language: str


def arguments(entries: Mapping[str, Path]) -> list[str]:
    """What tells gcc where the parts are (step -> entry), and how debug information and __FILE__ show them."""
    words = []
    for step, entry in sorted(entries.items(), key=lambda item: list(FOLDERS).index(item[0])):
        words += [f"-B{entry / FOLDERS[step]}/", f"-ffile-prefix-map={entry}=/hermit/{step}"]
    if "gomp" in entries:
        # Debian's gcc prepares code for accelerators by default; where it then finds no linker plugin for it, the
        # host's half of a `target` region has lost its variables' addresses.
        words.append("-foffload=disable")
    return words


def needs(entries: Mapping[str, Path]) -> dict[str, Need]:
    """What each language needs on disk: the driver looks for it before it calls gcc."""
    return {
        name: Need(f"{entries[step]}/{file}", language)
        for name, (language, step, file) in _PROOFS.items() if step in entries
    }


def cxx_arguments(entry: Path) -> list[str]:
    """What makes a C++ line take libstdc++'s headers from `entry` and no others."""
    return ["-nostdinc++", *(word for folder in CXX_INCLUDE for word in ("-isystem", f"{entry}/{folder}"))]
