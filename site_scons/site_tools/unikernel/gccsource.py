"""The folders of GCC's locked source that our runtime libraries are built from, unpacked once."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import debs
from .context import Context
from .digest import digest
from .fetch import fetch
from .store import remove

_HERE = Path(__file__).resolve().parent
GROUP, _PACKAGE = "runtimes", "gcc-12-source"
_FOLDERS = ("include", "libgomp")
_WITHOUT = ("libgomp/testsuite/", "libgomp/plugin/")
_LICENCES = ("COPYING3", "COPYING.RUNTIME")


def key(ctx: Context) -> str:
    """Digest of the package and of what is taken from it."""
    sources = [entry.sha256 for entry in ctx.lock.group(GROUP) if entry.name == _PACKAGE]
    return digest("gccsource", *sources, _HERE / "gccsource.py", _HERE / "debs.py")


def path(ctx: Context) -> Path:
    """The tree's place in the store: include, libgomp and the licences."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Download (83 MB) and unpack, if the store lacks it."""
    if path(ctx).is_dir():
        return path(ctx)
    package = fetch(ctx, [GROUP])[_PACKAGE]

    def make(tmp: Path, _final: Path) -> None:
        work = tmp / "work"
        debs.unpack([package], work / "deb", keep=lambda name: name.endswith("-dfsg.tar.xz"))
        (archive,) = (work / "deb").glob("usr/src/gcc-12/*.tar.xz")
        debs.untar(archive, work / "src", keep=wanted)
        (top,) = (work / "src").iterdir()
        for name in (*_FOLDERS, *_LICENCES):
            (top / name).rename(tmp / name)
        remove(work)

    return ctx.store.ensure("pkg", key(ctx), make)


def wanted(name: str) -> bool:
    """Whether a member of the archive, gcc-<version>/..., is one that we build from."""
    below = name.partition("/")[2]
    return below in _LICENCES or (below.split("/")[0] in _FOLDERS and not below.startswith(_WITHOUT))
