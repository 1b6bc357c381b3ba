"""libgomp, OpenMP's runtime, for x86_64-hermit: from the locked GCC source, only where a program asks for OpenMP."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import driver, gccsource, libc, newlib, parts, sealed, toolchain
from .context import Context
from .digest import digest
from .messages import UnikernelError
from .parallel import compile_all
from .store import remove

_HERE = Path(__file__).resolve().parent
_MODULES = ("gomp.py", "driver.py", "parallel.py", "templates")
_PREFIX_MAP = "/hermit/gcc"


def key(ctx: Context) -> str:
    """Digest of GCC's source, of what we change in it, and of the headers that it is compiled with."""
    return digest("gomp", toolchain.key(ctx), newlib.key(ctx), gccsource.key(ctx), libc.headers(ctx), recipe_dir(ctx),
                  *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/lib with libgomp.a, libgomp.spec and include/omp.h."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Compile libgomp if the store lacks it (some seconds, after a download of 83 MB)."""
    if path(ctx).is_dir():
        return path(ctx)
    tools, base, source = toolchain.ensure(ctx), newlib.ensure(ctx), gccsource.ensure(ctx)
    name = key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        log, work = ctx.store.log(name), tmp / "work"
        shutil.copytree(base / "usr" / "include", work / "boot" / "usr" / "include")
        driver.install(work / "boot", work / "boot", tools, log, boot=True)
        recipe: dict[str, Any] = json.loads((recipe_dir(ctx) / "recipe.json").read_text())
        _prepare(ctx, source, work / "src", tools, log)
        made = work / "made"
        made.mkdir()
        for header, template in recipe["headers"].items():
            text = (work / "src" / "libgomp" / template).read_text()
            (made / header).write_text(fill_in(text, recipe["values"], template))
        _install(ctx, tmp / parts.FOLDERS["gomp"], made, _compile(ctx, recipe, work, tools, log), work, log)
        remove(work)

    return ctx.store.ensure("sdk", name, make)


def _prepare(ctx: Context, source: Path, target: Path, tools: Path, log: Path) -> None:
    """GCC's libgomp with our patch, and our own files as its configuration `hermit`."""
    for name in ("include", "libgomp"):
        shutil.copytree(source / name, target / name, copy_function=shutil.copyfile)
    for folder in (target, *(place for place in target.rglob("*") if place.is_dir())):
        folder.chmod(0o755)
    sealed.run([tools / toolchain.COMMANDS / "patch", "-p1", "-i", recipe_dir(ctx) / "gcc.patch"], cwd=target, log=log)
    shutil.copytree(recipe_dir(ctx) / "hermit", target / "libgomp" / "config" / "hermit")


def _compile(ctx: Context, recipe: Mapping[str, Any], work: Path, tools: Path, log: Path) -> list[Path]:
    top = work / "src" / "libgomp"
    folders = [*(top / "config" / name for name in recipe["folders"]), top]
    sources = [find(name, folders) for name in recipe["sources"]]
    # The last match wins, as in libc.py.
    places = {ctx.home: _PREFIX_MAP, tools: driver.TOOLCHAIN_MAP, work: _PREFIX_MAP}
    includes = [place.relative_to(work) for place in (work / "made", *folders, work / "src" / "include")]
    flags = [*recipe["cflags"], *(f"-I{place}" for place in (*includes, libc.headers(ctx))),
             *(f"-ffile-prefix-map={place}={shown}" for place, shown in places.items())]
    compiler = work / "boot" / "bin" / f"{driver.TARGET}-gcc"
    return compile_all(tools / toolchain.COMMANDS, compiler, sources, flags, work / "objects", work, ctx.jobs, log)


def _install(ctx: Context, lib: Path, made: Path, objects: list[Path], work: Path, log: Path) -> None:
    (lib / "include").mkdir(parents=True)
    shutil.copyfile(made / "omp.h", lib / "include" / "omp.h")
    shutil.copyfile(recipe_dir(ctx) / "libgomp.spec", lib / "libgomp.spec")
    ar = work / "boot" / "bin" / f"{driver.TARGET}-ar"
    sealed.run([ar, "rcsD", lib / "libgomp.a", *objects], cwd=work, log=log)


def find(name: str, folders: list[Path]) -> Path:
    """The source `name` as libgomp's own makefile would choose it: the first folder that has one."""
    for folder in folders:
        if (folder / f"{name}.c").is_file():
            return folder / f"{name}.c"
    raise UnikernelError("libgomp's source lacks a file", f"{name}.c", "correct runtimes/gcc/recipe.json")


def fill_in(text: str, values: Mapping[str, int], where: str) -> str:
    """A header that configure would make: @NAME@ becomes its value. libgomp checks the sizes when it is compiled."""
    def value(match: re.Match[str]) -> str:
        if match.group(1) not in values:
            mend = "correct runtimes/gcc/recipe.json"
            raise UnikernelError(f"no value for {match.group(0)}", where, mend)
        return str(values[match.group(1)])

    return re.sub(r"@([A-Z0-9_]+)@", value, text)


def recipe_dir(ctx: Context) -> Path:
    """The folder of our own files and changes."""
    return ctx.home / "runtimes" / "gcc"
