"""Makes small Debian packages and their lock entries."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass

from unikernel.lock import SUITE, Entry


def deb(files: Mapping[str, bytes | tuple[str, str]]) -> bytes:
    """A .deb of these files; a value ("link", target) or ("hard", target) makes a link."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}" if not name.startswith(("/", "..")) else name)
            if isinstance(content, bytes):
                member.size = len(content)
                member.mode = 0o755 if "bin/" in name else 0o644
                archive.addfile(member, io.BytesIO(content))
            else:
                member.type = tarfile.SYMTYPE if content[0] == "link" else tarfile.LNKTYPE
                member.linkname = content[1]
                archive.addfile(member)
    return b"!<arch>\n" + _ar("debian-binary", b"2.0\n") + _ar("control.tar.xz", b"x") + _ar(
        "data.tar.xz", packed.getvalue())


def _ar(name: str, data: bytes) -> bytes:
    return f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)


@dataclass(frozen=True)
class Package:
    """A package in a group of the lock."""

    group: str
    name: str
    data: bytes

    @property
    def entry(self) -> Entry:
        """Its line in the lock."""
        return Entry(self.group, self.name, "1.0", SUITE, f"pool/main/{self.name}_1.0_amd64.deb",
                     hashlib.sha256(self.data).hexdigest(), len(self.data))
