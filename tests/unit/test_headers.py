"""Hostile, foreign and broken images given to the launcher: one line and exit code 126 or 127, never a traceback."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import random
from pathlib import Path

import images
import pytest
from images import DATA, EXECUTE, GNU_STACK, IMAGE, LOAD, PVH, READ, TEXT, WRITE, defaults, image, note, segment
from unikernel import headers
from unikernel.messages import UnikernelError


def read(folder: Path, data: bytes) -> headers.Image:
    path = folder / "image"
    path.write_bytes(data)
    return headers.read(str(path))


def test_a_good_image(tmp_path: Path) -> None:
    found = read(tmp_path, image())
    assert (found.end, found.loaded, found.exec_stack, found.cpus) == (0x204000, 0x4000, False, 0)


def test_defaults_of_the_program(tmp_path: Path) -> None:
    found = read(tmp_path, image(notes=PVH + IMAGE + defaults(1, 1, 48 << 20, 1 << 20)))
    assert (found.cpus, found.jit, found.mem, found.stack) == (1, True, 48 << 20, 1 << 20)


def test_an_executable_stack_is_seen(tmp_path: Path) -> None:
    stack = segment(GNU_STACK, READ | WRITE | EXECUTE, 0, 0, 0, 0)
    assert read(tmp_path, image([TEXT, DATA, stack])).exec_stack


BAD = {
    "empty": (b"", "no ELF"),
    "text": (b"#!/bin/sh\n", "no ELF"),
    "only magic": (b"\x7fELF", "cut off"),
    "Linux program": (image(osabi=0), "Linux"),
    "shared object": (image(kind=3), "static x86_64"),
    "other machine": (image(machine=183), "static x86_64"),
    "cut in the headers": (image(size=100), "cut off"),
    "cut in a segment": (image(size=0x2400), "cut off"),
    "too low": (image([segment(LOAD, READ, 0, 0x1000, 16, 16)]), "out of range"),
    "too high": (image([segment(LOAD, READ, 0, 300 << 30, 16, 16)]), "out of range"),
    "end overflows": (image([segment(LOAD, READ, 0, 0x200000, 16, (1 << 64) - 1)]), "out of range"),
    "offset overflows": (image([segment(LOAD, READ, (1 << 64) - 8, 0x200000, 16, 16)]), "cut off"),
    "more in file than in memory": (image([segment(LOAD, READ, 0, 0x200000, 32, 16)]), "out of range"),
    "writable text": (image([segment(LOAD, WRITE | EXECUTE, 0, 0x200000, 16, 16)]), "writable and executable"),
    "overlap": (image([TEXT, segment(LOAD, READ | WRITE, 0, 0x200800, 16, 16)]), "overlap"),
    "wrong order": (image([DATA, TEXT]), "overlap"),
    "no segments": (image([]), "no segments"),
    "too many": (image([segment(LOAD, READ, 0, 0x200000 + 4096 * n, 16, 16) for n in range(17)]), "too many"),
    "no PVH note": (image(notes=IMAGE), "notes are missing"),
    "no hermit note": (image(notes=PVH), "notes are missing"),
    "another ABI": (image(notes=PVH + note(b"Hermit\0", 1, b"\7\0\0\0")), "ABI version 7"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(tmp_path: Path, name: str) -> None:
    data, why = BAD[name]
    with pytest.raises(UnikernelError, match=why) as caught:
        read(tmp_path, data)
    assert caught.value.code == 126
    assert "\n" not in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UnikernelError, match="no such file") as caught:
        headers.read(str(tmp_path / "none"))
    assert caught.value.code == 127


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnikernelError, match="cannot read") as caught:
        headers.read(str(tmp_path))
    assert caught.value.code == 126


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    """Whatever the bytes, nothing but the error that is meant."""
    source = random.Random(1)
    for _ in range(500):
        data = bytearray(images.image(notes=PVH + IMAGE + defaults(1)))
        for _ in range(source.randrange(1, 8)):
            data[source.randrange(0x900)] = source.randrange(256)
        try:
            found = read(tmp_path, bytes(data))
        except UnikernelError as error:
            assert error.code == 126
        else:
            assert 0x200000 <= found.end <= 256 << 30
