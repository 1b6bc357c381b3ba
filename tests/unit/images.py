"""Makes images for the launcher's tests: headers and notes as a linked program has them, no code."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import struct
from collections.abc import Sequence

from unikernel import headers

LOAD, NOTE, GNU_STACK = 1, 4, 0x6474E551
READ, WRITE, EXECUTE = 4, 2, 1


def segment(kind: int, flags: int, offset: int, address: int, in_file: int, in_memory: int) -> bytes:
    """A program header."""
    return struct.pack("<IIQQQQQQ", kind, flags, offset, address, address, in_file, in_memory, 4096)


def note(name: bytes, kind: int, content: bytes) -> bytes:
    """A note, padded."""
    padded = [data + b"\0" * (-len(data) % 4) for data in (name, content)]
    return struct.pack("<III", len(name), len(content), kind) + b"".join(padded)


def defaults(cpus: int = 0, flags: int = 0, mem: int = 0, stack: int = 0) -> bytes:
    """What UnikernelProgram(cpus=, mem=, stack=, jit=) adds."""
    return note(b"Hermit\0", 2, struct.pack("<IIQQ", cpus, flags, mem, stack))


PVH = note(b"Xen\0", 18, struct.pack("<Q", 0x201000))
IMAGE = note(b"Hermit\0", 1, struct.pack("<II", headers.ABI_VERSION, 0) + b"\0" * 32)
TEXT = segment(LOAD, READ | EXECUTE, 0x1000, 0x200000, 0x1000, 0x1000)
DATA = segment(LOAD, READ | WRITE, 0x2000, 0x201000, 0x800, 0x3000)


def image(
    segments: Sequence[bytes] = (TEXT, DATA), notes: bytes = PVH + IMAGE, *, osabi: int = 0xFF, kind: int = 2,
    machine: int = 62, size: int = 0x3000,
) -> bytes:
    """A whole file of `size` bytes; its notes stand at 0x800."""
    headers = [*segments, segment(NOTE, READ, 0x800, 0, len(notes), len(notes))]
    ident = b"\x7fELF\2\1\1" + bytes([osabi]) + b"\0" * 8
    head = ident + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, 0x200000, 64, 0, 0, 64, 56, len(headers), 0, 0, 0)
    body = (head + b"".join(headers)).ljust(0x800, b"\0") + notes
    return body.ljust(0x3000, b"\0")[:size]
