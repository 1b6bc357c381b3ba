"""Unpacks a lock group into a store entry whose programs run from there."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from . import debs, fetch, patch
from .context import Context
from .digest import digest
from .messages import note

# Changes the tree after unpacking and before patching: (tree, where it will stand).
Finish = Callable[[Path, Path], None]
_MODULES = [Path(__file__).with_name(f"{name}.py") for name in ("tree", "debs", "patch")]
Keep = Callable[[str], bool]
_SHARE = ("doc", "man", "locale", "lintian", "info", "bug", "applications", "icons", "gcc/python")
_DOCS = ("etc", *(f"usr/share/{name}" for name in _SHARE))


def key(ctx: Context, group: str, *inputs: object) -> str:
    """Digest of the group's unpacked tree; `inputs` are what else its step depends on."""
    return digest("tree", group, ctx.lock.digest(group), patch.key(ctx), *_MODULES, *inputs)


def ensure(
    ctx: Context, group: str, tree_key: str, *, keep: Keep | None = None, finish: Finish | None = None,
    folders: Sequence[str] = (patch.LIBS,),
) -> Path:
    """The unpacked, patched tree. `keep` chooses files, `folders` are those with libraries (for the RPATH)."""
    def make(tmp: Path, final: Path) -> None:
        files = [file for file in fetch.fetch(ctx, [group]).values() if file.suffix == ".deb"]
        patch.ensure(ctx)
        note(f"unpacking {group}: {len(files)} packages")
        debs.unpack(files, tmp, keep)
        if finish is not None:
            finish(tmp, final)
        patch.patch(ctx, tmp, final, ctx.store.log(tree_key), folders)

    return ctx.store.ensure("pkg", tree_key, make)


def without_docs(name: str) -> bool:
    """A `keep` that leaves out what no build reads."""
    return not name.startswith(_DOCS)
