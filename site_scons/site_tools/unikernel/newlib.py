"""newlib for x86_64-hermit: headers, libc.a and libm.a from the locked sources, with musl's long-double functions."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import fnmatch
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import debs, driver, libmfma, sealed, toolchain
from .context import Context
from .digest import digest
from .fetch import fetch
from .messages import UnikernelError
from .parallel import compile_all

_HERE = Path(__file__).resolve().parent
_SOURCE_PACKAGE = "newlib-source"
_MODULES = ("newlib.py", "libmfma.py", "driver.py", "debs.py", "parallel.py", "templates")
# What the build folder is called in debug information and __FILE__.
_PREFIX_MAP = "/hermit/newlib"
# The top Makefile would build its documentation with a host compiler, and libm only after libc.
_BOTH = """include Makefile
both: both-libc both-libm
both-%:
\t+$(MAKE) -C $* $(AM_MAKEFLAGS) all
"""


def key(ctx: Context) -> str:
    """What the entry is made of: sources, compiler, recipe and our own steps."""
    sources = [entry.sha256 for entry in ctx.lock.group("c") if entry.name in (_SOURCE_PACKAGE, "musl")]
    recipe = recipe_dir(ctx)
    parts = [recipe / "recipe.json", recipe / "newlib.patch", recipe / "include"]
    return digest("newlib", toolchain.key(ctx), *sources, *parts, *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/include and usr/lib."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Build newlib if the store lacks it (half a minute on two cores)."""
    if path(ctx).is_dir():
        return path(ctx)
    tools = toolchain.ensure(ctx)
    files = fetch(ctx, ["c"])
    name = key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        build = _Build(ctx, tools, tmp, ctx.store.log(name))
        build.unpack(files[_SOURCE_PACKAGE], files["musl"])
        build.compile_newlib()
        build.install_headers()
        build.install_archives()
        shutil.rmtree(build.work)

    return ctx.store.ensure("sdk", name, make)


class _Build:
    """One build in `tmp`/work, its results in `tmp`/usr."""

    def __init__(self, ctx: Context, tools: Path, tmp: Path, log: Path) -> None:
        self.ctx, self.tools, self.log = ctx, tools, log
        self.work = tmp / "work"
        self.usr = tmp / "usr"
        self.recipe: dict[str, Any] = json.loads((recipe_dir(ctx) / "recipe.json").read_text())
        self.source = self.work / "src"
        self.objects = self.work / "build"
        self.boot = self.work / "boot"
        for folder in (self.source, self.objects, self.boot, self.usr / "include", self.usr / "lib"):
            folder.mkdir(parents=True)

    def tool(self, name: str) -> Path:
        """A command of the driver that stands for the sysroot which does not exist yet."""
        return self.boot / "bin" / f"{driver.TARGET}-{name}"

    def run(self, argv: list[object], cwd: Path, env: Mapping[str, str] | None = None) -> None:
        """Run a tool with the build's commands (busybox, make) as PATH."""
        commands = str(self.tools / toolchain.COMMANDS)
        shell = f"{commands}/sh"
        sealed.run(argv, cwd=cwd, log=self.log,
                   env={"PATH": commands, "CONFIG_SHELL": shell, "SHELL": shell, **(env or {})})

    def unpack(self, package: Path, musl: Path) -> None:
        """Sources, our patch, and our and RTEMS' headers where newlib looks for its own."""
        recipe = self.recipe
        debs.unpack([package], self.work / "deb", keep=lambda name: name.endswith(".tar.xz"))
        archive = self.work / "deb" / "usr" / "src" / "newlib" / f"newlib-{recipe['version']}.tar.xz"
        debs.untar(archive, self.source, keep=lambda name: _wanted(name, recipe["top"]))
        (top,) = self.source.iterdir()
        self.newlib = top.rename(self.source / "newlib-src") / "newlib"
        commands = self.tools / toolchain.COMMANDS
        patch = recipe_dir(self.ctx) / "newlib.patch"
        self.run([commands / "patch", "-p1", "-i", patch], self.newlib.parent)
        include = self.newlib / "libc" / "include"
        for name in recipe["rtems_headers"]:
            (include / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(self.newlib / "libc" / "sys" / "rtems" / "include" / name, include / name)
        shutil.copytree(recipe_dir(self.ctx) / "include", include, dirs_exist_ok=True)
        for name in recipe["emptied"]:  # our own stand in posix/, with headers of theirs
            (self.newlib / "libc" / name).write_text(f"/* {name}: see runtimes/newlib/ */\n")
        _no_sleep(self.newlib)
        _same_times(self.source)  # or make would think that configure is older than its input
        version = recipe["musl"]["version"]
        debs.untar(musl, self.work, keep=lambda name: name.split("/")[1:2] != ["ldso"])
        self.musl = self.work / f"musl-{version}"

    def compile_newlib(self) -> None:
        """configure, then libc and libm at the same time."""
        driver.install(self.boot, self.boot, self.tools, self.log, boot=True)
        recipe, commands = self.recipe, self.tools / toolchain.COMMANDS
        flags = " ".join([*recipe["cflags"], f"-ffile-prefix-map={self.work}={_PREFIX_MAP}"])
        settings = [f"CC={self.tool('gcc')}", f"AS={self.tool('as')}", f"AR={self.tool('ar')}",
                    f"RANLIB={self.tool('ranlib')}", f"NM={self.tool('nm')}", f"READELF={self.tool('readelf')}",
                    f"CFLAGS={flags}", f"CCASFLAGS={flags} {' '.join(recipe['asflags'])}"]
        configure = [commands / "sh", "../src/newlib-src/newlib/configure", "--config-cache"]
        self.run([*configure, *recipe["configure"], *settings], self.objects)
        (self.objects / "both.mk").write_text(_BOTH)
        make = [commands / "make", f"-j{self.ctx.jobs}", f"SHELL={commands}/sh"]
        self.run([*make, "stmp-targ-include", "newlib.h", "_newlib_version.h"], self.objects)
        self.run([*make, "-f", "both.mk", "both"], self.objects)

    def install_headers(self) -> None:
        """newlib's headers with those that configure made; `make install` would skip arpa, net and netinet."""
        target = self.usr / "include"
        unwanted = shutil.ignore_patterns(*self.recipe["unwanted_headers"])
        shutil.copytree(self.newlib / "libc" / "include", target, ignore=unwanted, dirs_exist_ok=True)
        shutil.copytree(self.newlib / "libc" / "machine" / "x86_64" / "sys", target / "sys", dirs_exist_ok=True)
        for name in ("newlib.h", "_newlib_version.h"):
            shutil.copyfile(self.objects / name, target / name)

    def install_archives(self) -> None:
        """libc.a and libm.a, the latter with the long-double functions, and the names that -pthread and others link."""
        lib = self.usr / "lib"
        shutil.copyfile(self.objects / "libc" / "libc.a", lib / "libc.a")
        shutil.copyfile(self.objects / "libm" / "libm.a", lib / "libm.a")
        self.add_fma(lib / "libm.a")
        objects = self.compile_musl()
        self.run([self.tool("ar"), "d", lib / "libm.a", *self.recipe["musl"]["replaces"]], self.work)
        self.run([self.tool("ar"), "qs", lib / "libm.a", *objects], self.work)
        for name in self.recipe["empty_archives"]:
            self.run([self.tool("ar"), "rcs", lib / f"lib{name}.a"], self.work)

    def add_fma(self, archive: Path) -> None:
        """Fast twins of libm's functions, and what chooses between the two."""
        recipe, libm = self.recipe["fma"], self.newlib / "libm"
        sources = [libm / folder / f"{stem}.c" for folder, stems in recipe["sources"].items() for stem in stems]
        includes = (libm / "math", libm / "common", self.newlib / "libc" / "include", self.objects / "targ-include")
        flags = [*self.recipe["cflags"], *recipe["cflags"], f"-ffile-prefix-map={self.work}={_PREFIX_MAP}",
                 *(f"-I{folder}" for folder in includes)]

        def compiled(files: list[Path], flags: list[str], name: str) -> list[Path]:
            return compile_all(self.tools / toolchain.COMMANDS, self.tool("gcc"), files, flags, self.work / name,
                               self.work, self.ctx.jobs, self.log)

        libmfma.join(archive, compiled(sources, flags, "fma"), self.tool, lambda files: compiled(files, [], "choices"),
                     self.work / "joined", self.log)

    def compile_musl(self) -> list[Path]:
        """Objects of musl's long-double functions: newlib has none for x87."""
        settings, musl = self.recipe["musl"], self.musl
        bits = musl / "obj" / "include" / "bits"
        bits.mkdir(parents=True)
        commands = self.tools / toolchain.COMMANDS
        inputs = ["arch/x86_64/bits/alltypes.h.in", "include/alltypes.h.in"]
        text = sealed.output([commands / "sed", "-f", "tools/mkalltypes.sed", *inputs], cwd=musl)
        (bits / "alltypes.h").write_text(text)
        includes = ("arch/x86_64", "arch/generic", "src/include", "src/internal", "obj/include", "include")
        flags = [*settings["cflags"], f"-ffile-prefix-map={self.work}={_PREFIX_MAP}", "-Wa,--noexecstack",
                 *(f"-I{name}" for name in includes), f"-isystem{self.tools / toolchain.GCC_INCLUDE}"]
        return compile_all(self.tools / toolchain.COMMANDS, self.tool("gcc"), _musl_sources(musl, settings), flags,
                           self.work / "ld80", musl, self.ctx.jobs, self.log)


def _musl_sources(musl: Path, settings: Mapping[str, Any]) -> list[Path]:
    """The generic C source of each function, or x86-64's own where there is one."""
    math = musl / "src" / "math"
    found = []
    for source in sorted(math.glob("*.c")):
        if source.stem in settings["without"] or not any(fnmatch.fnmatch(source.name, p) for p in settings["sources"]):
            continue
        own = [math / "x86_64" / f"{source.stem}{suffix}" for suffix in (".s", ".c")]
        found.append(next((place for place in own if place.exists()), source))
    if not found:
        raise UnikernelError("musl's sources hold no long-double functions", math)
    return found


def _wanted(name: str, top: list[str]) -> bool:
    """newlib itself without other machines' folders, and the helpers of its configure."""
    parts = name.split("/")[1:]
    if parts[:1] != ["newlib"]:
        return len(parts) == 1 and (parts[0] in top or parts[0].endswith(".m4"))
    return parts[1:2] not in (["testsuite"], ["doc"]) or parts[-1] in ("Makefile.in", "Makefile.am")


def _no_sleep(tree: Path) -> None:
    """Each of newlib's configures sleeps a second to see whether clocks move: 10 s of a build of 30."""
    for script in tree.rglob("configure"):
        text = script.read_bytes()
        script.write_bytes(text.replace(b"\nsleep 1\n", b"\n:\n"))


def _same_times(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        for name in files:
            os.utime(os.path.join(folder, name), (0, 0))


def recipe_dir(ctx: Context) -> Path:
    """The folder of our sources and changes to newlib."""
    return ctx.home / "runtimes" / "newlib"
