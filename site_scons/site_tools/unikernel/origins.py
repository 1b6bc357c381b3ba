"""What an image links that others wrote: the linker notes it in sections that outlive stripping; this reads them."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import elf
from .messages import UnikernelError

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

_GCC_TERMS = "GPL-3.0-or-later WITH GCC-exception-3.1"
_GCC_TEXTS = ("gcc:COPYING.RUNTIME", "gcc:COPYING3")
_SECTION = ".comment."
CRATES = f"{_SECTION}crates"  # in libhermit: its crates, "name version terms" each (kernel.py)
_RUST = "rustc version "  # how rustc signs its objects in .comment


@dataclass(frozen=True)
class Part:
    """Something that may be linked.

    `files` are the linker's patterns of its objects, archive:member or a file's path. `texts` say where its terms stand
    (texts.py).
    """

    name: str
    title: str
    terms: str
    texts: tuple[str, ...]
    files: tuple[str, ...] = ()


# In libc.a and libm.a, newlib's objects begin with lib_a-, musl's in libm.a are the functions of long double; the rest
# is ours. An object belongs to the first part that names it.
PARTS = (
    Part("newlib", "newlib's C library and mathematics", "BSD, MIT and alike (COPYING.NEWLIB)",
         ("newlib:COPYING.NEWLIB",), ("*/usr/lib/libc.a:lib_a-*", "*/usr/lib/libm.a:lib_a-*")),
    Part("musl", "musl's mathematics of long double", "MIT", ("musl:COPYRIGHT",),
         ("*/usr/lib/libm.a:*l.o", "*/usr/lib/libm.a:__rem_pio2_large.o", "*/usr/lib/libm.a:nexttowardf.o",
          "*/usr/lib/libm.a:nexttoward.o", "*/usr/lib/libc.a:frexpl.o")),
    # Debian's libgcc.a is without .comment; the files by which every program starts and ends stand for it.
    Part("libgcc", "GCC's start files and libgcc", _GCC_TERMS, _GCC_TEXTS, ("*/crtbegin.o", "*/crtend.o")),
    Part("libgomp", "OpenMP's runtime", _GCC_TERMS, _GCC_TEXTS, ("*/usr/lib/libgomp.a:*",)),
    Part("libatomic", "GCC's atomic operations", _GCC_TERMS, _GCC_TEXTS, ("*/usr/lib/libatomic.a:*",)),
    Part("fast_float", "fast_float, in libstdc++: text to numbers", "MIT",
         ("gcc:libstdc++-v3/src/c++17/fast_float/fast_float.h:head",),
         ("*/usr/lib/libstdc++.a:*floating_from_chars.o",)),
    Part("ryu", "Ryu, in libstdc++: numbers to text", "Apache-2.0 OR BSL-1.0",
         ("gcc:libstdc++-v3/src/c++17/ryu/d2s.c:head",), ("*/usr/lib/libstdc++.a:*floating_to_chars.o",)),
    Part("libstdc++", "C++'s library", _GCC_TERMS, _GCC_TEXTS,
         ("*/usr/lib/libstdc++.a:*", "*/usr/lib/libsupc++.a:*", "*/usr/lib/libstdc++fs.a:*")),
    Part("libgfortran", "Fortran's runtime", _GCC_TERMS, _GCC_TEXTS,
         ("*/usr/lib/libgfortran.a:*", "*/usr/lib/libcaf_single.a:*")),
    Part("libquadmath", "Fortran's real(16): mathematics and text", "LGPL-2.1-or-later",
         ("gcc:libquadmath/COPYING.LIB",), ("*/usr/lib/libquadmath.a:*",)),
)
HERMIT = Part("libhermit", "this project's kernel, C library port and threads", "BSD-3-Clause", ("home:LICENSE",))
RUST = Part("rust", "Rust's core, alloc and compiler_builtins", "MIT OR Apache-2.0", ("rust:copyright",))


def script() -> str:
    """The linker's script that gathers each part's .comment in a section of its own.

    GCC signs every object so, and strip keeps it. An object counts that was taken out of its archive, though its code
    may then be left out as unused: the linker keeps .eh_frame, and whatever comes with it, for all of them. Programs'
    own linker scripts have a .text at least, which hermit.ld wants as well.
    """
    lines = []
    for part in PARTS:
        patterns = " ".join(f"{file}(.comment)" for file in part.files)
        lines.append(f"  {_SECTION}{part.name} 0 : {{ {patterns} }}")
    head = "/* Notes what is linked, for `unikernel licences`; origins.py writes this. */"
    return "\n".join([head, "SECTIONS", "{", *lines, "}", "INSERT AFTER .text;", ""])


def crate(name: str, version: str, terms: str) -> Part:
    """A crate that libhermit is made of."""
    return Part(name, f"crate {name} {version}, in libhermit", terms, (f"crate:{name}-{version}",))


def read(path: Path) -> list[Part]:
    """The parts that the image at `path` links, in the order of the table; whatever is no image of ours is one line."""
    from elftools.elf.elffile import ELFFile

    elf.check(path)
    with open(path, "rb") as stream:
        return linked(_comments(ELFFile(stream)), path)


def linked(comments: Mapping[str, Iterable[str]], path: Path) -> list[Part]:
    """The parts by the strings of the sections .comment*."""
    if CRATES not in comments:
        mend = "link it with this version, and strip it with x86_64-hermit-strip or -Wl,-s, which keep the notes"
        raise UnikernelError("the image does not tell what it links", path, mend)
    found = [HERMIT, *(part for part in PARTS if f"{_SECTION}{part.name}" in comments)]
    if any(text.startswith(_RUST) for text in comments.get(".comment", ())):
        found.append(RUST)
    return found + [crate(*text.split(" ", 2)) for text in comments[CRATES]]


def _comments(image: ELFFile) -> dict[str, list[str]]:
    found = {}
    for section in image.iter_sections():
        if section.name.startswith(".comment") and section["sh_size"]:
            found[section.name] = [text.decode(errors="replace") for text in section.data().split(b"\0") if text]
    return found
