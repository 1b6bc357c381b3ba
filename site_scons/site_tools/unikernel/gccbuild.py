"""What the builds of GCC's Fortran libraries share: a recipe of data in place of configure."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import driver, libc, newlib, sealed, toolchain
from .context import Context
from .messages import UnikernelError
from .parallel import compile_all

_SOURCE = "src"  # link to GCC's tree in the folder of the build: f951 writes the names that it is given into messages
PREFIX_MAP = "/hermit/gcc"  # what sources are called in debug information and __FILE__


class Build:
    """One build in `work`, by a driver whose sysroot has newlib's headers alone.

    `source` is GCC's tree in the store, `recipe` the folder with recipe.json and config.h, `parts` are compilers of
    further languages (step -> entry).
    """

    def __init__(
        self, ctx: Context, source: Path, recipe: Path, work: Path, log: Path, parts: Mapping[str, Path],
    ) -> None:
        self.ctx, self.source, self.folder, self.work, self.log = ctx, source, recipe, work, log
        self.tools = toolchain.ensure(ctx)
        self.recipe: dict[str, Any] = json.loads((recipe / "recipe.json").read_text())
        self.made = work / "made"  # headers that configure and make would make
        self.made.mkdir(parents=True)
        (work / _SOURCE).symlink_to(source)
        shutil.copytree(newlib.ensure(ctx) / "usr" / "include", work / "boot" / "usr" / "include")
        driver.install(work / "boot", work / "boot", self.tools, log, entries=parts, boot=True)

    def tool(self, name: str) -> Path:
        """A command of the driver."""
        return self.work / "boot" / "bin" / f"{driver.TARGET}-{name}"

    def flags(self) -> list[str]:
        """What every line says: folders of headers, and other names for those that are this machine's."""
        # The last match wins, as in libc.py.
        places = {self.ctx.home: PREFIX_MAP, self.source: PREFIX_MAP, self.tools: driver.TOOLCHAIN_MAP,
                  self.work: PREFIX_MAP}
        headers = [self.made, self.folder, *(self.source / name for name in self.recipe["include"]),
                   libc.headers(self.ctx)]
        quoted = [self.source / name for name in self.recipe["iquote"]]
        return [*(f"-ffile-prefix-map={place}={shown}" for place, shown in places.items()),
                *(f"-I{place}" for place in headers), *(f"-iquote{place}" for place in quoted)]

    def compile(self) -> list[Path]:
        """The objects of all groups; a later group may use modules that an earlier one wrote to `made`."""
        objects: list[Path] = []
        for number, group in enumerate(self.recipe["groups"]):
            flags = [*self.recipe["flags"], *group["flags"], *self.flags()]
            if group.get("modules"):
                flags.append(f"-J{self.made.relative_to(self.work)}")
            objects += compile_all(
                self.tools / toolchain.COMMANDS, self.tool("gcc"), self.sources(group), flags,
                self.work / "objects" / str(number), self.work, self.ctx.jobs, self.log,
            )
        for stem, symbols in self.recipe.get("weaken", {}).items():
            # An object that would pull in another library, which only callers that pull that in themselves need.
            (found,) = (item for item in objects if item.stem == stem)
            words = [f"--weaken-symbol={symbol}" for symbol in symbols]
            sealed.run([self.tool("objcopy"), *words, found], cwd=self.work, log=self.log)
        return objects

    def sources(self, group: Mapping[str, Any]) -> list[Path]:
        """The files that a group's patterns name, from the build's folder, less those it leaves out, and ours.

        One line if a pattern matches none.
        """
        found: dict[Path, None] = {}
        for pattern in group["sources"]:
            matched = sorted(self.source.glob(pattern))
            if not matched:
                mend = f"correct {self.folder.name}/recipe.json"
                raise UnikernelError("GCC's source lacks a file", pattern, mend)
            found.update(dict.fromkeys(matched))
        for pattern in group.get("without", ()):
            for path in self.source.glob(pattern):
                found.pop(path, None)
        named = [Path(_SOURCE, path.relative_to(self.source)) for path in found]
        return [*named, *(self.folder / name for name in group.get("ours", ()))]

    def archive(self, objects: Sequence[Path], target: Path) -> None:
        """Join objects into a library."""
        target.parent.mkdir(parents=True, exist_ok=True)
        sealed.run([self.tool("ar"), "rcsD", target, *objects], cwd=self.work, log=self.log)
