"""libc.a, libm.a and libubsan.a for hermit: newlib's, completed by our port and thread library, and one of our own."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from . import driver, newlib, sealed, toolchain
from .context import Context
from .digest import digest
from .parallel import compile_all
from .store import remove

_HERE = Path(__file__).resolve().parent
_MODULES = ("libc.py", "driver.py", "parallel.py", "templates")
# Folder of runtimes -> archive that its objects join.
_PARTS = {
    "newlib/port": "libc", "newlib/string": "libc", "newlib/stdio": "libc", "newlib/stdlib": "libc", "pte": "libc",
    "newlib/posix": "libc", "newlib/time": "libc", "newlib/wide": "libc", "newlib/iconv": "libc",
    "atomic": "libc",
    "newlib/math": "libm",
    "ubsan": "libubsan",
}
# Archives that newlib has; the others are ours whole.
_JOINED = ("libc", "libm")
_SPEC = "ubsan/libsanitizer.spec"  # gcc reads it where it links with -fsanitize=undefined
# Names that link lines give to what is in libc.a.
_ALIASES = ("atomic",)
_LIST = "libc.json"  # what is replaced in newlib's archives
_PREFIX_MAP = "/hermit/libc"


def key(ctx: Context) -> str:
    """Digest of newlib and of our own sources; the kernel's public header is one of them."""
    parts = [newlib.recipe_dir(ctx) / _LIST, *(_runtimes(ctx) / name for name in _PARTS)]
    return digest("libc", newlib.key(ctx), headers(ctx), *parts, *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/lib/libc.a, libm.a and libubsan.a."""
    return ctx.store.path("sdk", key(ctx))


def headers(ctx: Context) -> Path:
    """The kernel's public C headers."""
    return ctx.home / "kernel" / "include"


def _runtimes(ctx: Context) -> Path:
    return ctx.home / "runtimes"


def ensure(ctx: Context) -> Path:
    """Compile the port and join it with newlib (a few seconds)."""
    if path(ctx).is_dir():
        return path(ctx)
    base, tools, name = newlib.ensure(ctx), toolchain.ensure(ctx), key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        log, work, lib = ctx.store.log(name), tmp / "work", tmp / "usr" / "lib"
        lib.mkdir(parents=True)
        shutil.copytree(base / "usr" / "include", work / "boot" / "usr" / "include")
        driver.install(work / "boot", work / "boot", tools, log, boot=True)
        recipe: dict[str, Any] = json.loads((newlib.recipe_dir(ctx) / _LIST).read_text())
        for archive in dict.fromkeys(_PARTS.values()):
            objects, replaced = [], list[str](recipe.get(f"{archive}_replaced", []))
            if archive == "libc":
                objects += _extract(base / "usr" / "lib" / "libm.a", recipe["libc_from_libm"], work, log)
                objects += _behind(base / "usr" / "lib" / "libc.a", recipe["libc_behind"], work, log)
                replaced += recipe["libc_behind"]
            for part in (part for part, joins in _PARTS.items() if joins == archive):
                objects += _compile(ctx, part, recipe["flags"], work, tools, log)
            if archive in _JOINED:
                shutil.copyfile(base / "usr" / "lib" / f"{archive}.a", lib / f"{archive}.a")
                _rename(lib / f"{archive}.a", recipe.get(f"{archive}_renamed", {}), work, log)
            _join(lib / f"{archive}.a", replaced, objects, work, log)
        shutil.copyfile(_runtimes(ctx) / _SPEC, lib / Path(_SPEC).name)
        for alias in _ALIASES:
            sealed.run([work / "boot" / "bin" / f"{driver.TARGET}-ar", "rcs", lib / f"lib{alias}.a"], cwd=work, log=log)
        remove(work)  # read-only folders of another entry's are in it, which rmtree() leaves unless one is root

    return ctx.store.ensure("sdk", name, make)


def _compile(ctx: Context, part: str, flags: list[str], work: Path, tools: Path, log: Path) -> list[Path]:
    folder = _runtimes(ctx) / part
    sources = sorted(source for source in folder.glob("*") if source.suffix in (".c", ".S"))
    # The last match wins: the checkout's path may begin the store's (~/clone and ~/clone-store, or a store within).
    places = {ctx.home: _PREFIX_MAP, tools: driver.TOOLCHAIN_MAP, work: _PREFIX_MAP}
    maps = [f"-ffile-prefix-map={place}={shown}" for place, shown in places.items()]
    every = [*flags, f"-I{headers(ctx)}", f"-I{folder}", f"-I{_runtimes(ctx)}", *maps]
    compiler = work / "boot" / "bin" / f"{driver.TARGET}-gcc"
    objects = work / part.replace("/", "-")
    return compile_all(tools / toolchain.COMMANDS, compiler, sources, every, objects, work, ctx.jobs, log)


def _extract(archive: Path, members: list[str], work: Path, log: Path) -> list[Path]:
    """What programs expect of libc alone, as elsewhere: frexp, ldexp, modf ... (printf uses some)."""
    sealed.run([work / "boot" / "bin" / f"{driver.TARGET}-ar", "x", archive, *members], cwd=work, log=log)
    return [work / member for member in members]


def _rename(archive: Path, renamed: dict[str, str], work: Path, log: Path) -> None:
    """Give functions other names where ours replace one of several in an object of newlib's."""
    if not renamed:
        return
    objcopy = work / "boot" / "bin" / f"{driver.TARGET}-objcopy"
    sealed.run([objcopy, *(f"--redefine-sym={old}={new}" for old, new in renamed.items()), archive], cwd=work, log=log)


def _behind(archive: Path, renamed: dict[str, list[str]], work: Path, log: Path) -> list[Path]:
    """Members whose functions ours stand before, and fall back on by another name."""
    members = _extract(archive, list(renamed), work, log)
    for member, names in zip(members, renamed.values(), strict=True):
        words = [f"--redefine-sym={name}=__newlib_{name}" for name in names]
        sealed.run([work / "boot" / "bin" / f"{driver.TARGET}-objcopy", *words, member], cwd=work, log=log)
    return members


def _join(archive: Path, replaced: list[str], objects: list[Path], work: Path, log: Path) -> None:
    """Our objects into an archive, newlib's own or a new one, without the members that they replace."""
    ar = work / "boot" / "bin" / f"{driver.TARGET}-ar"
    if replaced:
        sealed.run([ar, "d", archive, *replaced], cwd=work, log=log)
    sealed.run([ar, "qcs", archive, *objects], cwd=work, log=log)
