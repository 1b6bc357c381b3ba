"""libstdc++ and libsupc++ for x86_64-hermit, with their headers: only where a program is in C++."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import cxx, cxxheaders, driver, gccsource, newlib, parts, sealed, toolchain
from .context import Context
from .digest import digest
from .messages import UnikernelError
from .store import remove
from .units import Unit, compile_units

_HERE = Path(__file__).resolve().parent
_MODULES = ("stdcxx.py", "cxxheaders.py", "units.py", "templates/hermit.specs.j2")
_PREFIX_MAP = "/hermit/gcc"
_INCLUDE = parts.CXX_INCLUDE[0]
# Groups of the recipe that are an archive of their own: the language's support, and std::experimental::filesystem.
_SUPPORT, _EXPERIMENTAL = ("supc++", "demangler"), ("filesystem ts",)


def key(ctx: Context) -> str:
    """Digest of GCC's source, of our own files, and of the headers and options that it is compiled with."""
    return digest("stdcxx", cxx.key(ctx), newlib.key(ctx), gccsource.key(ctx), recipe_dir(ctx),
                  *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/include/c++/12 and usr/lib with libstdc++.a, libsupc++.a, libstdc++fs.a."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Compile libstdc++ if the store lacks it (a minute on two cores, after a download of 83 MB)."""
    if path(ctx).is_dir():
        return path(ctx)
    tools, compiler = toolchain.ensure(ctx), cxx.ensure(ctx)
    base, source, name = newlib.ensure(ctx), gccsource.ensure(ctx), key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        log, work = ctx.store.log(name), tmp / "work"
        shutil.copytree(base / "usr" / "include", work / "boot" / "usr" / "include")
        driver.install(work / "boot", work / "boot", tools, log, entries={"cxx": compiler}, boot=True)
        cxxheaders.lay_out(source, recipe_dir(ctx), tmp / _INCLUDE)
        (work / "source").symlink_to(source)
        (work / "own").symlink_to(recipe_dir(ctx) / "hermit")
        (work / "include").symlink_to(tmp / _INCLUDE)
        (work / "private" / "bits").mkdir(parents=True)
        (work / "private" / "bits" / "largefile-config.h").touch()
        internal = source / cxxheaders.SOURCE / "config" / "locale" / "generic" / "c++locale_internal.h"
        shutil.copyfile(internal, work / "private" / "bits" / internal.name)
        units = _units(ctx, work, json.loads((recipe_dir(ctx) / "recipe.json").read_text()), tools)
        compile_units(tools / toolchain.COMMANDS, units, work, ctx.jobs, log)
        _install(tmp / "usr" / "lib", units, work, log)
        remove(work)

    return ctx.store.ensure("sdk", name, make)


def _units(ctx: Context, work: Path, recipe: Mapping[str, Any], tools: Path) -> list[Unit]:
    """Every source with its command, all relative to `work`: the entry's final place is in no object."""
    top = f"source/{cxxheaders.SOURCE}"
    places = {ctx.home: _PREFIX_MAP, tools: driver.TOOLCHAIN_MAP, gccsource.path(ctx): _PREFIX_MAP, work: _PREFIX_MAP,
              "source": _PREFIX_MAP, "include": "/hermit/stdcxx/" + _INCLUDE}
    flags = [*recipe["flags"], "-Iprivate", "-Iown",
             *(f"-ffile-prefix-map={place}={shown}" for place, shown in places.items())]
    headers = ["-nostdinc++", "-isystem", f"include/{cxxheaders.TARGET}", "-isystem", "include", f"-I{top}/libsupc++",
               f"-I{top}/include", f"-I{top}/src/c++98", "-Isource/libgcc", "-Isource/libiberty", "-Isource/include"]
    command = work / "boot" / "bin" / driver.TARGET
    units = []
    for number, (group, about) in enumerate(recipe["groups"].items()):
        folders = [_folder(work, top, name) for name in about["folders"]]
        for stem in about["sources"]:
            source = _find(stem, folders, work)
            program = f"{command}-gcc" if source.endswith(".c") else f"{command}-g++"
            further = [flag.format(include="include") for flag in about.get("further", {}).get(stem, [])]
            words = [program, *flags, *headers, *about["flags"], *further, f"-frandom-seed={group}/{stem}"]
            units.append(Unit(source, f"objects/{number}/{stem}.o", tuple(words), group))
    return units


def _folder(work: Path, top: str, name: str) -> str:
    return next(place for place in (name, f"source/{name}", f"{top}/{name}") if (work / place).is_dir())


def _find(stem: str, folders: list[str], work: Path) -> str:
    """The source `stem` in the first folder that has one."""
    for folder in folders:
        for suffix in (".cc", ".c", ".h"):  # atomicity.h is a source, whatever its name
            if (work / folder / f"{stem}{suffix}").is_file():
                return f"{folder}/{stem}{suffix}"
    raise UnikernelError("libstdc++'s source lacks a file", stem, "correct runtimes/stdcxx/recipe.json")


def _install(lib: Path, units: list[Unit], work: Path, log: Path) -> None:
    lib.mkdir(parents=True)
    ar = work / "boot" / "bin" / f"{driver.TARGET}-ar"
    most = [unit.target for unit in units if unit.group not in _EXPERIMENTAL]
    support = [unit.target for unit in units if unit.group in _SUPPORT]
    experimental = [unit.target for unit in units if unit.group in _EXPERIMENTAL]
    for name, objects in (("stdc++", most), ("supc++", support), ("stdc++fs", experimental)):
        # In objects of one name in several groups, `ar r` would put one in place of another: q appends.
        sealed.run([ar, "qcsD", lib / f"lib{name}.a", *objects], cwd=work, log=log)


def recipe_dir(ctx: Context) -> Path:
    """The folder of our own files and of the recipe."""
    return ctx.home / "runtimes" / "stdcxx"
