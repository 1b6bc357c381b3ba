"""The qemu isle's QEMU, unpacked from the lock: nothing need be installed."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import tree
from .context import Context

GROUP = "qemu"


def key(ctx: Context) -> str:
    """Digest of the tree."""
    return tree.key(ctx, GROUP)


def path(ctx: Context) -> Path:
    """The tree: usr/bin/qemu-system-x86_64 and its data."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    return tree.ensure(ctx, GROUP, key(ctx), keep=tree.without_docs)
