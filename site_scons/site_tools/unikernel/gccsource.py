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
_FOLDERS = (
    "include", "config", "libiberty", "libgcc", "libbacktrace", "libgomp", "libatomic", "libstdc++-v3", "libquadmath",
    "libgfortran",
)
# Test-suites and change logs are left out as well.
_WITHOUT = ("libgomp/plugin/", "libstdc++-v3/doc/", "libgcc/config/")
_FILES = (
    "COPYING3", "COPYING3.LIB", "COPYING.RUNTIME", "config.sub", "config.guess", "config-ml.in", "install-sh",
    "ltmain.sh", "missing", "mkinstalldirs", "depcomp", "compile", "move-if-change", "gcc/BASE-VER", "gcc/DEV-PHASE",
    "gcc/DATESTAMP", "gcc/fortran/libgfortran.h",
)


def key(ctx: Context) -> str:
    """Digest of the package and of what is taken from it."""
    sources = [entry.sha256 for entry in ctx.lock.group(GROUP) if entry.name == _PACKAGE]
    return digest("gccsource", *sources, _HERE / "gccsource.py", _HERE / "debs.py")


def path(ctx: Context) -> Path:
    """The tree's place in the store: a folder for each library, include, and the licences."""
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
        for place in top.iterdir():
            place.rename(tmp / place.name)
        remove(work)

    return ctx.store.ensure("pkg", key(ctx), make)


def wanted(name: str) -> bool:
    """Whether a member of the archive, gcc-<version>/..., is one that we build from."""
    below = name.partition("/")[2]
    if below in _FILES:
        return True
    folder, *rest = below.split("/")
    left_out = "testsuite" in rest[:-1] or below.startswith(_WITHOUT) or rest[-1:] and rest[-1].startswith("ChangeLog")
    return folder in _FOLDERS and not left_out
