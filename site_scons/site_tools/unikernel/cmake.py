"""CMake, unpacked from the lock so that it runs from the store."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import tree
from .context import Context

GROUP = "cmake"
BIN = "usr/bin"


def key(ctx: Context) -> str:
    """Digest of the tree."""
    return tree.key(ctx, GROUP, Path(__file__))


def path(ctx: Context) -> Path:
    """The tree: usr/bin/cmake, usr/bin/ctest."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    return tree.ensure(ctx, GROUP, key(ctx), keep=tree.without_docs)
