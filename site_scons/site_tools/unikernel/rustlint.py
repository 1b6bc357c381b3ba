"""rustfmt, clippy and the unit tests of our Rust projects, by the locked tools."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import cargo, debs, fetch, patch, rust, toolchain
from .context import Context
from .digest import digest

GROUP = "lint"


def key(ctx: Context) -> str:
    """Digest of the tools; they use the libraries of the Rust tree."""
    return digest("rustlint", Path(__file__), ctx.lock.digest(GROUP), rust.key(ctx), patch.key(ctx))


def path(ctx: Context) -> Path:
    """The tree: usr/bin/{rustfmt,cargo-clippy,clippy-driver}."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    def make(tmp: Path, final: Path) -> None:
        base = rust.ensure(ctx)
        patch.ensure(ctx)
        debs.unpack(fetch.fetch(ctx, [GROUP]).values(), tmp)
        patch.patch(ctx, tmp, final, ctx.store.log(key(ctx)), base=base)

    return ctx.store.ensure("pkg", key(ctx), make)


def rustfmt(ctx: Context, project: str, log: Path) -> None:
    """Raise unless every source file is formatted."""
    settings = f"--config-path={ctx.home / 'rustfmt.toml'}"
    with cargo.workspace(ctx, project, "check", (), log.parent) as space:
        files = sorted((space.folder / "src").glob("**/*.rs"))
        space.run([ensure(ctx) / "usr/bin/rustfmt", "--check", "--edition=2021", settings, *files], log)


def clippy(ctx: Context, project: str, log: Path, *options: str) -> None:
    """Raise at any warning of clippy."""
    with cargo.workspace(ctx, project, "check", (), log.parent) as space:
        argv = [ensure(ctx) / "usr/bin/cargo-clippy", "clippy", *space.options, "--workspace", *options]
        # 1.85's precedence warns of `a << 8 | b`, too, which reads well in bit fields; later versions do not.
        space.run([*argv, "--", "--deny=warnings", "--allow=clippy::precedence"], log)


def unit_tests(ctx: Context, project: str, package: str, log: Path) -> None:
    """Run a package's own tests, which find busybox's sh and kill on PATH; raise if one fails."""
    env = {"PATH": str(toolchain.ensure(ctx) / toolchain.COMMANDS)}
    with cargo.workspace(ctx, project, "check", (), log.parent) as space:
        space.run([space.compiler / "usr/bin/cargo", "test", *space.options, f"--package={package}"], log, env)
