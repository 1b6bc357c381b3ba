"""Writes an initramfs: a cpio archive in the "newc" form that Linux unpacks at boot (kernel: buffer-format)."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FOLDER, _FILE = 0o040755, 0o100755
_MAGIC, _LAST = b"070701", "TRAILER!!!"

# A folder (None), a file's content, or a file of this host.
Content = bytes | Path | None


def archive(files: Mapping[str, Content]) -> bytes:
    """The archive of names ("bin/sh") and contents; all owned by root and executable, the same bytes each time."""
    parts = []
    for number, (name, content) in enumerate(sorted(_with_folders(files).items()), 1):
        data = content.read_bytes() if isinstance(content, Path) else content
        parts.append(_member(name, _FOLDER if data is None else _FILE, data or b"", number))
    return b"".join([*parts, _member(_LAST, 0, b"", 0)])


def _with_folders(files: Mapping[str, Content]) -> dict[str, Content]:
    """Every folder must stand before what lies in it; names sort that way."""
    whole: dict[str, Content] = {}
    for name, content in files.items():
        for parent in Path(name).parents:
            if str(parent) != ".":
                whole.setdefault(str(parent), None)
        whole[name] = content
    return whole


def _member(name: str, mode: int, data: bytes, number: int) -> bytes:
    text = name.encode() + b"\0"
    # inode, mode, uid, gid, nlink, mtime, size, device (major, minor), special (major, minor), name's size, check
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(text), 0)
    head = _MAGIC + b"".join(b"%08x" % field for field in fields) + text
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
