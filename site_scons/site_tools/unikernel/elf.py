"""Checks a linked image: what an isle needs to start it, and that no page is both writable and executable."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .messages import EXIT_NOT_HERMIT, UnikernelError

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

OSABI = 0xFF  # EI_OSABI of every image (binfmt_misc matches it); "standalone" in the gABI
_OSABI_OFFSET = 7
_PVH_NOTE = ("Xen", 18)  # XEN_ELFNOTE_PHYS32_ENTRY, xen/include/public/elfnote.h
_IMAGE_NOTE = ("Hermit", 1)  # kernel/abi/src/note.rs
_EXECUTE, _WRITE = 1, 2


@dataclass(frozen=True)
class Image:
    """What the check found out."""

    entry: int
    executable_stack: bool


def check(path: Path) -> Image:
    """Read the image at `path`; anything an isle would refuse raises one line (exit 126)."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    with open(path, "rb") as stream:
        osabi = os.pread(stream.fileno(), 1, _OSABI_OFFSET)
        try:
            return _check(ELFFile(stream), osabi, path)
        except ELFError as error:
            raise _bad(f"not a whole ELF file: {error}", path) from error


def _check(elf: ELFFile, osabi: bytes, path: Path) -> Image:
    if elf["e_machine"] != "EM_X86_64" or elf["e_type"] != "ET_EXEC":
        raise _bad("not a static x86_64 executable", path)
    if osabi != bytes([OSABI]):
        raise _bad(f"EI_OSABI is {osabi.hex()}, not ff", path, "link with x86_64-hermit-gcc")
    notes: set[tuple[str, object]] = set()
    stack = True  # no PT_GNU_STACK means executable, as for Linux
    entry: int = elf["e_entry"]
    entered = False
    for segment in elf.iter_segments():
        kind, flags, start = segment["p_type"], segment["p_flags"], segment["p_vaddr"]
        if kind in ("PT_INTERP", "PT_DYNAMIC"):
            raise _bad("dynamically linked", path, "link statically, without -shared or -pie")
        if kind == "PT_LOAD":
            if flags & _WRITE and flags & _EXECUTE:
                raise _bad(f"segment at {start:#x} is writable and executable", path, "look for awx sections")
            entered = entered or bool(flags & _EXECUTE and start <= entry < start + segment["p_filesz"])
        elif kind == "PT_GNU_STACK":
            stack = bool(flags & _EXECUTE)
        elif kind == "PT_NOTE":
            notes |= {(note["n_name"], _number(note["n_type"])) for note in segment.iter_notes()}
    if not entered:
        raise _bad(f"entry {entry:#x} lies in no executable segment", path)
    for want, title in ((_PVH_NOTE, "PVH"), (_IMAGE_NOTE, "Hermit")):
        if want not in notes:
            raise _bad(f"no {title} note", path, "was it linked with a linker script or -nostartfiles of its own?")
    return Image(entry, stack)


def _number(kind: object) -> object:
    """pyelftools names the note types it knows for other owners (1 is NT_GNU_ABI_TAG, ...)."""
    names = {"NT_GNU_ABI_TAG": 1, "NT_VERSION": 1, "NT_PRSTATUS": 1}
    return names.get(kind, kind) if isinstance(kind, str) else kind


def _bad(what: str, path: Path, mend: str = "") -> UnikernelError:
    return UnikernelError(what, path, mend, EXIT_NOT_HERMIT)
