"""The Fortran compiler: f951 and gfortran of GCC 12."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import compilers
from .context import Context

GROUP = "fortran"


def key(ctx: Context) -> str:
    """Digest of the compiler and of what it runs with."""
    return compilers.key(ctx, GROUP)


def path(ctx: Context) -> Path:
    """The tree's place in the store."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it if the store lacks it."""
    return compilers.ensure(ctx, GROUP)
