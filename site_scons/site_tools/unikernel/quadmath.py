"""libquadmath, real(16) and __float128, for x86_64-hermit: LGPL, and only in programs that use it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
from pathlib import Path

from . import gccsource, libc, newlib, parts, toolchain
from .context import Context
from .digest import digest
from .gccbuild import Build
from .store import remove

_HERE = Path(__file__).resolve().parent
_MODULES = ("quadmath.py", "gccbuild.py", "driver.py", "parallel.py", "templates")
_HEADERS = ("quadmath.h", "quadmath_weak.h")


def key(ctx: Context) -> str:
    """Digest of GCC's source, of our recipe, and of the headers that it is compiled with."""
    return digest("quadmath", toolchain.key(ctx), newlib.key(ctx), gccsource.key(ctx), libc.headers(ctx),
                  recipe_dir(ctx), *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/lib with libquadmath.a and include/quadmath.h."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Compile libquadmath if the store lacks it (some seconds)."""
    if path(ctx).is_dir():
        return path(ctx)
    source, name = gccsource.ensure(ctx), key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        build = Build(ctx, source, recipe_dir(ctx), tmp / "work", ctx.store.log(name), {})
        lib = tmp / parts.FOLDERS["quadmath"]
        build.archive(build.compile(), lib / "libquadmath.a")
        (lib / "include").mkdir()
        for header in _HEADERS:
            shutil.copyfile(source / "libquadmath" / header, lib / "include" / header)
        remove(tmp / "work")

    return ctx.store.ensure("sdk", name, make)


def recipe_dir(ctx: Context) -> Path:
    """The folder of our own files."""
    return ctx.home / "runtimes" / "quadmath"
