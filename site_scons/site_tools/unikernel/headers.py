"""Reads an image's headers before QEMU starts: why a hostile or foreign file is refused, the program's defaults."""
# SPDX-License-Identifier: BSD-3-Clause
# The same checks as kernel/abi/src/elf.rs, which uhyve uses; constants from there and from note.rs.
from __future__ import annotations

import os
import struct

from .messages import EXIT_NO_FILE, EXIT_NOT_HERMIT, UnikernelError

ABI_VERSION = 2
_HEAD = 4096  # file header and program headers of our images fit a page
_MAX_SEGMENTS, _MAX_NOTES, _MAX_NOTE_BYTES = 16, 4, 4096
_LINK_BASE, _LINK_END, _PAGE = 2 << 20, 256 << 30, 4096
_LOAD, _NOTE, _GNU_STACK = 1, 4, 0x6474E551
_EXECUTE, _WRITE = 1, 2
_TYPE_IMAGE, _TYPE_DEFAULTS, _DEFAULTS_JIT = 1, 2, 1
_PVH = (b"Xen\0", 18)  # XEN_ELFNOTE_PHYS32_ENTRY


class Image:
    """What the launcher needs to know. Sizes in bytes, 0 = the program gives none."""

    def __init__(self) -> None:
        self.end = 0  # first guest-physical address behind the last segment
        self.loaded = 0  # bytes of all segments in memory
        self.exec_stack = False
        self.version = 0  # of the ABI, from the image note
        self.pvh = False
        self.cpus = 0
        self.mem = 0
        self.stack = 0
        self.jit = False


def read(path: str) -> Image:
    """Open and check an image; UnikernelError with exit code 126 or 127."""
    try:
        with open(path, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            image, notes = parse(stream.read(_HEAD), size)
            for offset, length in notes:
                stream.seek(offset)
                _read_notes(image, stream.read(min(length, _MAX_NOTE_BYTES)))
    except FileNotFoundError:
        raise UnikernelError("no such file", path, "", EXIT_NO_FILE) from None
    except OSError as error:
        raise UnikernelError(f"cannot read the image: {error.strerror}", path, "", EXIT_NOT_HERMIT) from error
    except Refused as error:
        mend = "build it with UnikernelProgram"
        raise UnikernelError(f"not a hermit image, {error}", path, mend, EXIT_NOT_HERMIT) from None
    if image.version != ABI_VERSION or not image.pvh:
        known = image.version in (0, ABI_VERSION)
        what = "its notes are missing" if known else f"ABI version {image.version}, not {ABI_VERSION}"
        raise UnikernelError(f"not an image that this version starts, {what}", path, "link it anew", EXIT_NOT_HERMIT)
    return image


class Refused(Exception):
    """Why the headers are no hermit image's."""


def parse(head: bytes, size: int) -> tuple[Image, list[tuple[int, int]]]:
    """Check the program headers in `head`, the first bytes of a file of `size` bytes.

    Gives the image without what its notes say, and the notes' (offset, length) in the file.
    """
    if head[:4] != b"\x7fELF":
        raise Refused("no ELF file")
    if len(head) < 64:
        raise Refused("it is cut off")
    kind, machine = struct.unpack_from("<HH", head, 16)
    # 64 bits, little endian, ET_EXEC, EM_X86_64 (ELF specification); EI_OSABI 0xff is ours.
    if head[7] != 0xFF:
        raise Refused("it is made for Linux or another system")
    table, entry_size, count = struct.unpack_from("<Q", head, 32)[0], *struct.unpack_from("<HH", head, 54)
    if head[4:6] != b"\2\1" or (kind, machine, entry_size) != (2, 62, 56):
        raise Refused("no static x86_64 program")
    if table + 56 * count > len(head):
        raise Refused("it is cut off, or its headers lie out of range")
    image, notes, last = Image(), [], 0
    segments = 0
    for index in range(count):
        fields = struct.unpack_from("<IIQQQQQQ", head, table + 56 * index)
        what, flags, offset, address, _, in_file, in_memory, _ = fields
        if what in (_LOAD, _NOTE) and offset + in_file > size:
            raise Refused("it is cut off")
        if what == _LOAD and in_memory:
            last = _segment(image, flags, address, in_file, in_memory, last)
            segments += 1
        elif what == _NOTE:
            notes.append((offset, in_file))
        elif what == _GNU_STACK:
            image.exec_stack = bool(flags & _EXECUTE)
    if not 0 < segments <= _MAX_SEGMENTS or len(notes) > _MAX_NOTES:
        raise Refused("it has too many or no segments")
    return image, notes


def _segment(image: Image, flags: int, address: int, in_file: int, in_memory: int, last: int) -> int:
    """Check one loadable segment and add it; returns the page behind it."""
    end = address + in_memory
    if in_file > in_memory or address < _LINK_BASE or end > _LINK_END:
        raise Refused("a segment lies out of range")
    if flags & _WRITE and flags & _EXECUTE:
        raise Refused("a segment is writable and executable")
    if address // _PAGE * _PAGE < last:
        raise Refused("segments overlap")
    image.end = end
    image.loaded += in_memory
    return -(-end // _PAGE) * _PAGE


def _read_notes(image: Image, data: bytes) -> None:
    """Take what concerns us from a run of notes; a malformed rest is left alone."""
    place = 0
    while place + 12 <= len(data):
        name_size, size, kind = struct.unpack_from("<III", data, place)
        start = place + 12 + -(-name_size // 4) * 4
        name, content = data[place + 12 : place + 12 + name_size], data[start : start + size]
        place = start + -(-size // 4) * 4
        if (name, kind) == _PVH:
            image.pvh = True
        elif name == b"Hermit\0" and kind == _TYPE_IMAGE and len(content) >= 4:
            image.version = struct.unpack_from("<I", content)[0]
        elif name == b"Hermit\0" and kind == _TYPE_DEFAULTS and len(content) >= 24:
            image.cpus, flags, image.mem, image.stack = struct.unpack_from("<IIQQ", content)
            image.jit = bool(flags & _DEFAULTS_JIT)
