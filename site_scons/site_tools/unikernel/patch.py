"""Makes unpacked ELF programs run from the store: their interpreter and library path point into their own tree."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import debs, fetch, sealed
from .context import Context
from .digest import digest

GROUP = "patch"
LIBS = "usr/lib/x86_64-linux-gnu"
LOADER = f"{LIBS}/ld-linux-x86-64.so.2"
# elf.h
_PT_DYNAMIC, _PT_INTERP = 2, 3
_DT_NULL, _DT_RUNPATH = 0, 29
_MACHINE_X86_64 = 62


@dataclass(frozen=True)
class Elf:
    """What decides whether a file needs patching."""

    program: bool  # has an interpreter
    runpath: bool  # has a RUNPATH, which hides the program's own library path from its dependencies


def key(ctx: Context) -> str:
    """Digest of the patchelf tree."""
    return digest("patch", ctx.lock.digest(GROUP))


def path(ctx: Context) -> Path:
    """The tree that holds patchelf with its own loader and libraries."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack patchelf; it runs through its unpacked loader, so it needs no patching itself."""
    def make(tmp: Path, _final: Path) -> None:
        debs.unpack(fetch.fetch(ctx, [GROUP]).values(), tmp)

    return ctx.store.ensure("pkg", key(ctx), make)


def patch(
    ctx: Context, tree: Path, final: Path, log: Path, folders: Sequence[str] = (LIBS,), base: Path | None = None
) -> None:
    """Patch every program below `tree`, which will stand at `final`.

    `base` is the tree that holds libc6 and the libraries (in a merged /usr), if it is another one.
    Libraries are left as they are: the program's RPATH serves them too, except those with a RUNPATH of their own.
    """
    tool = ensure(ctx)
    command = [tool / LOADER, "--library-path", tool / LIBS, tool / "usr/bin/patchelf", "--force-rpath",
               "--set-rpath", ":".join(str((base or final) / folder) for folder in folders)]
    found = list(_elves(tree))
    programs = [file for file, elf in found if elf.program]
    libraries = [file for file, elf in found if elf.runpath and not elf.program]
    if programs:
        sealed.run([*command, "--set-interpreter", (base or final) / LOADER, *programs], cwd=tree, log=log)
    if libraries:
        sealed.run([*command, *libraries], cwd=tree, log=log)


def inspect(file: Path) -> Elf | None:
    """Read an ELF file's program headers; None for anything but a dynamic x86-64 ELF."""
    with open(file, "rb") as stream:
        head = stream.read(64)
        if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", head, 18)[0] != _MACHINE_X86_64:
            return None
        offset, = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        stream.seek(offset)
        table = stream.read(size * count)
        segments = {}
        for index in range(len(table) // size if size else 0):
            kind, _, start, _, _, length = struct.unpack_from("<IIQQQQ", table, index * size)
            segments[kind] = (start, length)
        if _PT_DYNAMIC not in segments:
            return None
        start, length = segments[_PT_DYNAMIC]
        stream.seek(start)
        return Elf(_PT_INTERP in segments, _DT_RUNPATH in set(_tags(stream.read(length))))


def _tags(dynamic: bytes) -> Iterator[int]:
    for tag, _ in struct.iter_unpack("<qQ", dynamic[: len(dynamic) // 16 * 16]):
        if tag == _DT_NULL:
            return
        yield tag


def _elves(tree: Path) -> Iterable[tuple[Path, Elf]]:
    seen: set[int] = set()  # hard links are patched once
    for folder, names, files in os.walk(tree):
        names.sort()
        for name in sorted(files):
            file = Path(folder, name)
            status = file.lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_ino in seen or name.endswith((".o", ".a", ".ko")):
                continue
            seen.add(status.st_ino)
            # Sharing a loader's or libc's own file would be wrong: both carry an interpreter yet are no programs.
            if name.startswith(("ld-linux-", "libc.so.")):
                continue
            elf = inspect(file)
            if elf is not None:
                yield file, elf
