"""The check of a linked image: what an isle would refuse is found before it is started."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from unikernel import elf
from unikernel.messages import EXIT_NOT_HERMIT, UnikernelError

LOAD, INTERP, NOTE, STACK = 1, 3, 4, 0x6474E551
R, W, X = 4, 2, 1
ENTRY = 0x200010


def note(name: bytes, kind: int) -> bytes:
    """An ELF note with an empty description."""
    padded = name + b"\0" * (-len(name) % 4)
    return struct.pack("<III", len(name), 0, kind) + padded


NOTES = note(b"Xen\0", 18) + note(b"Hermit\0", 1)


@dataclass
class Image:
    """An ELF file in the making; the defaults are a good one."""

    machine: int = 62
    kind: int = 2
    osabi: int = 255
    entry: int = ENTRY
    notes: bytes = NOTES
    segments: list[tuple[int, int, int]] = field(
        default_factory=lambda: [(LOAD, R | X, 0x200000), (LOAD, R | W, 0x400000), (STACK, R | W, 0)]
    )

    def write(self, path: Path) -> Path:
        """The file: header, program headers, notes."""
        headers = [*self.segments, (NOTE, R, 0)]
        start = 64 + 56 * len(headers)
        ident = b"\x7fELF\x02\x01\x01" + bytes([self.osabi]) + b"\0" * 8
        sizes = (64, 56, len(headers), 0, 0, 0)
        body = struct.pack("<HHIQQQIHHHHHH", self.kind, self.machine, 1, self.entry, 64, 0, 0, *sizes)
        for kind, flags, address in headers:
            place, size = (start, len(self.notes)) if kind == NOTE else (0, 0x100 if kind == LOAD else 0)
            body += struct.pack("<IIQQQQQQ", kind, flags, place, address, address, size, size, 4)
        path.write_bytes(ident + body + self.notes + b"\0" * 0x100)
        return path


def refused(path: Path) -> str:
    with pytest.raises(UnikernelError) as caught:
        elf.check(path)
    assert caught.value.code == EXIT_NOT_HERMIT
    return str(caught.value)


def test_a_good_image(tmp_path: Path) -> None:
    assert elf.check(Image().write(tmp_path / "app")) == elf.Image(ENTRY, executable_stack=False)


@pytest.mark.parametrize("segments", [
    [(LOAD, R | X, 0x200000), (STACK, R | W | X, 0)],
    [(LOAD, R | X, 0x200000)],  # no PT_GNU_STACK at all means executable
])
def test_an_executable_stack_is_told(tmp_path: Path, segments: list[tuple[int, int, int]]) -> None:
    assert elf.check(Image(segments=segments).write(tmp_path / "app")).executable_stack


@pytest.mark.parametrize(("image", "words"), [
    (Image(machine=183), "not a static x86_64 executable"),
    (Image(kind=3), "not a static x86_64 executable"),
    (Image(osabi=0), "EI_OSABI is 00"),
    (Image(osabi=3), "EI_OSABI is 03"),
    (Image(entry=0x400010), "entry 0x400010 lies in no executable segment"),
    (Image(entry=0), "entry 0x0"),
    (Image(notes=note(b"Xen\0", 18)), "no Hermit note"),
    (Image(notes=note(b"Hermit\0", 1)), "no PVH note"),
    (Image(notes=note(b"Xen\0", 17) + note(b"Hermit\0", 1)), "no PVH note"),
    (Image(segments=[(LOAD, R | W | X, 0x200000)]), "writable and executable"),
    (Image(segments=[(LOAD, R | X, 0x200000), (INTERP, R, 0)]), "dynamically linked"),
])
def test_bad_images(tmp_path: Path, image: Image, words: str) -> None:
    assert words in refused(image.write(tmp_path / "app"))


@pytest.mark.parametrize("size", [0, 3, 16, 63, 64, 100])
def test_truncated_files(tmp_path: Path, size: int) -> None:
    path = Image().write(tmp_path / "app")
    path.write_bytes(path.read_bytes()[:size])
    refused(path)


def test_not_an_elf(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text("#!/bin/sh\necho hello\n")
    assert "not a whole ELF file" in refused(path)
