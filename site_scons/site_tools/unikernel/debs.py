"""Unpacks Debian packages and source archives, without dpkg or tar of the host."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import io
import lzma
import os
import posixpath
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from .messages import UnikernelError

_AR_MAGIC = b"!<arch>\n"
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")  # Debian's merged /usr: these are links to usr/
_THREADS = 4
Keep = Callable[[str], bool]


def unpack(files: Iterable[Path], dest: Path, keep: Keep | None = None) -> None:
    """Unpack .deb files into one tree with a merged /usr; absolute links become relative ones inside `dest`.

    `keep` is asked for each name ("usr/bin/make"). Damage is one line that names the file.
    """
    dest.mkdir(parents=True, exist_ok=True)
    for name in _MERGED:
        (dest / "usr" / name).mkdir(parents=True, exist_ok=True)
        if not (dest / name).is_symlink():
            (dest / name).symlink_to(f"usr/{name}")
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(lambda file: _deb(file, dest, keep), files):
            pass


def untar(file: Path, dest: Path, keep: Keep | None = None) -> None:
    """Unpack a source archive (.tar.xz, .tar.gz) into `dest`."""
    with open(file, "rb") as stream:
        _tar(stream, file, dest, keep, merge=False)


def _deb(file: Path, dest: Path, keep: Keep | None) -> None:
    with open(file, "rb") as stream:
        if stream.read(len(_AR_MAGIC)) != _AR_MAGIC:
            raise _damaged(file, "not a Debian package")
        while header := stream.read(60):
            if len(header) != 60 or header[58:] != b"`\n":
                raise _damaged(file, "cut off")
            size = int(header[48:58])
            if header[:16].strip().rstrip(b"/").startswith(b"data.tar"):
                data = stream.read(size)
                if len(data) != size:
                    raise _damaged(file, "cut off")
                _tar(io.BytesIO(data), file, dest, keep, merge=True)
                return
            stream.seek(size + size % 2, io.SEEK_CUR)
    raise _damaged(file, "no data inside")


def _tar(stream: IO[bytes], file: Path, dest: Path, keep: Keep | None, *, merge: bool) -> None:
    try:
        with tarfile.open(fileobj=stream, mode="r:*") as archive:
            for member in archive:
                name = _inside(member.name, merge)
                if name and (keep is None or keep(name)):
                    _member(archive, member, name, dest, merge)
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, ValueError) as error:
        raise _damaged(file, str(error)) from error


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, dest: Path, merge: bool) -> None:
    target = os.path.join(dest, name)
    if member.isdir():
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.lexists(target):
        os.unlink(target)
    if member.issym():
        os.symlink(_link(member.linkname, name, merge), target)
    elif member.islnk():
        os.link(os.path.join(dest, _inside(member.linkname, merge)), target)
    elif member.isreg():
        source = archive.extractfile(member)
        assert source is not None
        with open(target, "wb") as stream:
            shutil.copyfileobj(source, stream, 1 << 20)
        os.chmod(target, 0o755 if member.mode & 0o100 else 0o644)


def _inside(name: str, merge: bool) -> str:
    """The member's name below the destination; one that points out of it is an attack."""
    clean = posixpath.normpath(name.lstrip("/"))
    if clean == ".":
        return ""
    if clean.split("/")[0] == "..":
        raise ValueError(f"unsafe name {name}")
    first = clean.split("/")[0]
    return f"usr/{clean}" if merge and first in _MERGED else clean


def _link(target: str, name: str, merge: bool) -> str:
    """A link's target, relative and inside the destination."""
    folder = posixpath.dirname(name)
    if target.startswith("/"):
        return posixpath.relpath(_inside(target, merge) or ".", folder)
    if posixpath.normpath(posixpath.join(folder, target)).split("/")[0] == "..":
        raise ValueError(f"unsafe link {name}")
    return target


def _damaged(file: Path, why: str) -> UnikernelError:
    return UnikernelError(f"damaged archive, {why}", file, "delete that folder of the store and run again")
