"""Runtimes of languages on glibc, static: what the host's side of a bench is linked with."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import debs, toolchain
from .context import Context
from .digest import digest
from .fetch import fetch

GROUP = "bench"
_HERE = Path(__file__).resolve().parent
# In gcc's order.
CXX_INCLUDE = ("usr/include/c++/12", "usr/include/x86_64-linux-gnu/c++/12", "usr/include/c++/12/backward")


def key(ctx: Context) -> str:
    """Digest of the packages and of what is taken from them."""
    return digest("hostlibs", ctx.lock.digest(GROUP), _HERE / "hostlibs.py", _HERE / "debs.py")


def path(ctx: Context) -> Path:
    """The tree: gcc's folder with libgfortran.a and libstdc++.a, and C++'s headers."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack them, if the store lacks them."""
    if path(ctx).is_dir():
        return path(ctx)
    files = fetch(ctx, [GROUP])
    return ctx.store.ensure("pkg", key(ctx), lambda tmp, _final: debs.unpack(files.values(), tmp, keep=wanted))


def wanted(name: str) -> bool:
    """Static libraries, specs and headers."""
    return name.startswith(CXX_INCLUDE) or (name.startswith(f"{toolchain.GCC}/") and not name.endswith(".so"))
