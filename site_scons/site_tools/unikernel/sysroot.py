"""The SDK that programs are compiled with: headers, libraries, libhermit and the x86_64-hermit-* commands."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
from pathlib import Path

from . import driver, kernel, libc, newlib, origins, parts, steps, toolchain, wording
from .context import Context
from .digest import digest

_HERE = Path(__file__).resolve().parent
_MODULES = ("sysroot.py", "driver.py", "origins.py", "parts.py", "templates", "wording.py", *wording.DATA)


def key(ctx: Context) -> str:
    """Digest of what is joined, and of the parts, whose places are named; a debug kernel gives another sysroot."""
    named = (steps.load(name).key(ctx) for name in parts.FOLDERS)
    return digest("sysroot", libc.key(ctx), kernel.key(ctx), *named, *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry: usr/include, usr/lib, lib/hermit.specs, bin/x86_64-hermit-*."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Join newlib, libc and the kernel, making them first if absent."""
    if path(ctx).is_dir():
        return path(ctx)
    tools, base, library, core = toolchain.ensure(ctx), newlib.ensure(ctx), libc.ensure(ctx), kernel.ensure(ctx)
    name = key(ctx)

    def make(tmp: Path, final: Path) -> None:
        shutil.copytree(base / "usr", tmp / "usr", copy_function=shutil.copyfile)
        make_writable(tmp)
        for source, target in ((library / "usr" / "lib", "lib"), (core / "lib", "lib"), (core / "include", "include")):
            shutil.copytree(source, tmp / "usr" / target, copy_function=shutil.copyfile, dirs_exist_ok=True)
            make_writable(tmp)
        entries = {name: steps.load(name).path(ctx) for name in parts.FOLDERS}
        (tmp / "usr" / "lib" / "origins.ld").write_text(origins.script())
        scripts = [str(final / "usr" / "lib" / script.name) for script in sorted((tmp / "usr" / "lib").glob("*.ld"))]
        driver.install(tmp, final, tools, ctx.store.log(name), scripts, entries)

    return ctx.store.ensure("sdk", name, make)


def make_writable(tree: Path) -> None:
    """copytree gives folders the mode of the read-only entry that they come from."""
    for folder in (tree, *(place for place in tree.rglob("*") if place.is_dir())):
        folder.chmod(0o755)
