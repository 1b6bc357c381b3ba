"""The Rust compiler: rustc and cargo with their own libc, and the host's libc to link with."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import tree
from .context import Context

GROUP = "rust"
TARGET = "x86_64-unknown-linux-gnu"


def key(ctx: Context) -> str:
    """Digest of the tree."""
    return tree.key(ctx, GROUP)


def path(ctx: Context) -> Path:
    """The tree: usr/bin/rustc, usr/bin/cargo, and a sysroot for programs of the host."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    return tree.ensure(ctx, GROUP, key(ctx), keep=tree.without_docs)
