"""Compilers of further languages: a tree each, beside the C toolchain whose libraries, loader and binutils they use."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import debs, patch, toolchain
from .context import Context
from .digest import digest
from .fetch import fetch

_HERE = Path(__file__).resolve().parent
_MODULES = ("compilers.py", "debs.py", "patch.py")


def key(ctx: Context, group: str) -> str:
    """Digest of the compiler in `group` of the lock, and of the toolchain it runs beside."""
    return digest("compiler", group, ctx.lock.digest(group), toolchain.key(ctx), *(_HERE / name for name in _MODULES))


def ensure(ctx: Context, group: str) -> Path:
    """The compiler's tree, unpacked and made to run with the toolchain's libraries."""
    final = ctx.store.path("pkg", key(ctx, group))
    if final.is_dir():
        return final
    tools, name = toolchain.ensure(ctx), key(ctx, group)
    files = fetch(ctx, [group])

    def make(tmp: Path, final: Path) -> None:
        debs.unpack(files.values(), tmp, keep=wanted)
        patch.patch(ctx, tmp, final, ctx.store.log(name), base=tools)

    return ctx.store.ensure("pkg", name, make)


def wanted(name: str) -> bool:
    """The compiler and its driver; not the modules of Fortran that glibc's runtime brings, nor documents."""
    folder = name.rpartition("/")[0]
    return folder in (toolchain.BIN, toolchain.GCC) and not name.endswith((".a", ".spec"))
