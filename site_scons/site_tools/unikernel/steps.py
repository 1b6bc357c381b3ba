"""The steps that fill the store, as one table: what each is called and which others it is made from."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Protocol

from . import context, progress
from .context import Context
from .messages import UnikernelError

# Step -> the steps it is made from. Each step is a module of that name with key(), path() and ensure().
MADE_FROM: dict[str, tuple[str, ...]] = {
    "toolchain": (),
    "rust": (),
    "crates": ("rust",),
    "cxx": ("toolchain",),
    "f951": ("toolchain",),
    "newlib": ("toolchain",),
    "libc": ("toolchain", "newlib"),
    "kernel": ("toolchain", "rust", "crates"),
    "sysroot": ("toolchain", "newlib", "libc", "kernel"),
    "gomp": ("toolchain", "newlib"),
    "stdcxx": ("cxx", "newlib"),
    "quadmath": ("toolchain", "newlib"),
    "gfortran": ("toolchain", "newlib", "f951"),
    "uhyve": ("toolchain", "rust", "crates"),
    "qemu": (),
    "seal": (),
    "foreign": ("toolchain",),
    "cmake": (),
    "cross": (),
    "hosts": (),
    "hostlibs": (),
}
# Step -> the steps whose entries it still uses once it is made.
USES: dict[str, tuple[str, ...]] = {"sysroot": ("toolchain",), "foreign": ("toolchain",)}


class Step(Protocol):
    """What the rules know of a step."""

    def key(self, ctx: Context) -> str:
        """The digest of its inputs, without network."""

    def path(self, ctx: Context) -> Path:
        """Where its entry stands or will stand."""

    def ensure(self, ctx: Context) -> Path:
        """Make the entry and what it depends on, if absent."""


def load(name: str) -> Step:
    """The module of a step."""
    module: Step = importlib.import_module(f".{name}", __package__)
    return module


def present(ctx: Context, name: str) -> bool:
    """Whether the store holds what `name` gives and uses."""
    return load(name).path(ctx).is_dir() and all(present(ctx, used) for used in USES.get(name, ()))


def make(ctx: Context, name: str) -> None:
    """Make the entry of a step, what it depends on, and what it still uses."""
    making = context.for_making(ctx)
    for needed in (*USES.get(name, ()), name):
        load(needed).ensure(making)


def main(argv: list[str]) -> int:
    """`python -m unikernel.steps STEP HOME JOBS offline|online debug|release`: make one step's entry.

    A process of its own, so that Ctrl-C ends a download or a build at once, in the middle of its main thread.
    """
    name, home, jobs, online, kind = argv
    progress.live = False  # SCons prints, and several steps run at once
    try:
        ctx = context.from_environ(
            os.environ, home=Path(home), offline=online == "offline", jobs=int(jobs), debug=kind == "debug"
        )
        make(ctx, name)
    except UnikernelError as error:
        print(f"unikernel: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
