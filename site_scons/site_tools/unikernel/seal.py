"""bubblewrap, unpacked from the lock: the sandbox of the hermeticity test."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import tree
from .context import Context

GROUP = "seal"


def key(ctx: Context) -> str:
    """Digest of the tree."""
    return tree.key(ctx, GROUP)


def path(ctx: Context) -> Path:
    """The tree: usr/bin/bwrap."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    return tree.ensure(ctx, GROUP, key(ctx), keep=tree.without_docs)
