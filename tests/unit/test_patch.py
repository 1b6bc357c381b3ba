"""Which unpacked files need patching."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import struct
from pathlib import Path

import pytest
from unikernel.patch import Elf, inspect


def elf(segments: list[tuple[int, bytes]], machine: int = 62) -> bytes:
    """An x86-64 ELF with these program headers (type, content)."""
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56,
                                                                len(segments), 64, 0, 0)
    table, content, offset = b"", b"", 64 + 56 * len(segments)
    for kind, data in segments:
        table += struct.pack("<IIQQQQQQ", kind, 4, offset + len(content), 0, 0, len(data), len(data), 8)
        content += data
    return head + table + content


def dynamic(*tags: int) -> bytes:
    return b"".join(struct.pack("<qQ", tag, 0) for tag in (*tags, 0, 29))  # what follows DT_NULL does not count


@pytest.mark.parametrize("data, expected", [
    (elf([(3, b"/lib/ld.so\0"), (2, dynamic(1))]), Elf(program=True, runpath=False)),
    (elf([(2, dynamic(1, 29))]), Elf(program=False, runpath=True)),
    (elf([(2, dynamic(1))]), Elf(program=False, runpath=False)),
    (elf([(1, b"static")]), None),
    (elf([(2, dynamic(1))], machine=183), None),
    (b"#!/bin/sh\n" * 20, None),
    (b"", None),
    (b"\x7fELF", None),
])
def test_inspect(tmp: Path, data: bytes, expected: Elf | None) -> None:
    (tmp / "file").write_bytes(data)
    assert inspect(tmp / "file") == expected
