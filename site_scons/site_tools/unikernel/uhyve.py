"""uhyve, the KVM hypervisor: one static program."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
from pathlib import Path

from . import cargo
from .context import Context

PROGRAM = "bin/uhyve"
# Static, so that it runs on hosts with any libc. Its own code only: shared build settings stand in uhyve/Cargo.toml.
_FLAGS = ("-Ctarget-feature=+crt-static",)


def key(ctx: Context) -> str:
    """Digest of the source, its crates and the compilers."""
    return cargo.key(ctx, "uhyve", _FLAGS, Path(__file__))


def path(ctx: Context) -> Path:
    """The entry; the program is bin/uhyve."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Build it, if the store lacks it."""
    name = key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        (tmp / "bin").mkdir()
        with cargo.build(ctx, "uhyve", _FLAGS, tmp, ctx.store.log(name), lambda: key(ctx) == name) as (built, _):
            shutil.copyfile(built / "uhyve", tmp / PROGRAM)
        (tmp / PROGRAM).chmod(0o755)
        shutil.rmtree(tmp / "cargo", ignore_errors=True)

    return ctx.store.ensure("sdk", name, make)
