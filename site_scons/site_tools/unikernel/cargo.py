"""Builds one of our Rust projects: sealed, offline, the same bytes wherever the checkout lies."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import crates, patch, rust, sealed, toolchain
from .context import Context
from .digest import IGNORED, digest
from .messages import UnikernelError

_SECTION = re.compile(r"^\[\[?([A-Za-z0-9_.-]+)", re.MULTILINE)
_OF_WORKSPACE = ("workspace", "profile", "patch")  # cargo reads these in the root manifest only
_SHARED = "kernel/abi"  # the one crate that both projects depend on by path


def key(ctx: Context, project: str, flags: Sequence[str], *inputs: object) -> str:
    """Digest of all that `build` uses for a project (kernel or uhyve)."""
    return digest("cargo", Path(__file__), rust.key(ctx), toolchain.key(ctx), ctx.home / _SHARED, ctx.home / project,
                  " ".join(flags), profile(ctx), *inputs)


def profile(ctx: Context) -> str:
    """cargo's name of the profile that debug=1 or its absence asks for."""
    return "dev" if ctx.debug else "release"


@dataclass(frozen=True)
class Workspace:
    """A staged project: `folder` holds src/, target/ and the linker; `compiler` is the Rust tree."""

    folder: Path
    compiler: Path
    settings: tuple[str, ...]

    @property
    def options(self) -> list[str]:
        """What every command of cargo that compiles is given."""
        places = [f"--manifest-path={self.folder / 'src' / 'Cargo.toml'}", f"--target-dir={self.folder / 'target'}"]
        settings = [word for setting in self.settings for word in ("--config", setting)]
        return ["--offline", "--locked", "--quiet", f"--target={rust.TARGET}", *places, *settings]

    def run(self, argv: Sequence[object], log: Path, env: Mapping[str, str] | None = None) -> None:
        """Run a sealed command. In / cargo finds no settings of the user: it looks upwards for .cargo/config.toml."""
        own = {"CARGO_HOME": str(self.folder / "cargo"), "CARGO_TERM_COLOR": "never",
               "CARGO": f"{self.compiler}/usr/bin/cargo", "RUSTC": f"{self.compiler}/usr/bin/rustc",
               "RUSTDOC": f"{self.compiler}/usr/bin/rustdoc"}
        sealed.run(argv, cwd=Path("/"), env={**own, **(env or {})}, log=log)


@contextlib.contextmanager
def build(
    ctx: Context, project: str, flags: Sequence[str], tmp: Path, log: Path, unchanged: Callable[[], bool]
) -> Iterator[tuple[Path, Path]]:
    """Build <home>/<project> with rustc `flags`; the folder of its outputs and that of the sources it was made from.

    `tmp` may be filled with scratch. `unchanged` is asked once the sources are copied: they may have been edited
    since the entry's key was taken, and must not be published under it.
    """
    with workspace(ctx, project, profile(ctx), flags, tmp) as space:
        if not unchanged():
            raise UnikernelError(f"{project}/ was edited while its build began", ctx.home / project, "run again")
        sources = space.folder / "src" / project
        package = re.search(r'^name = "([^"]+)"', (sources / "Cargo.toml").read_text(), re.MULTILINE)
        assert package, "a package has a name"
        words = [f"--profile={profile(ctx)}", f"--jobs={ctx.jobs}", f"--package={package.group(1)}"]
        space.run([space.compiler / "usr/bin/cargo", "build", *words, *space.options], log)
        yield space.folder / "target" / rust.TARGET / ("debug" if ctx.debug else "release"), sources


@contextlib.contextmanager
def workspace(ctx: Context, project: str, purpose: str, flags: Sequence[str], tmp: Path) -> Iterator[Workspace]:
    """Stage a project with all it is built from. Projects and purposes have working folders of their own."""
    compiler = rust.ensure(ctx)
    linker = toolchain.ensure(ctx)
    sources = crates.ensure(ctx) / "sources"
    place = ctx.home if _stays(ctx) else tmp
    with ctx.store.locked(f"cargo-{digest(str(place), project, purpose)}"):
        work = _work(ctx, f"{project}-{purpose}", tmp)
        _stage(ctx, project, work / "src")
        _linker(work / "cc", compiler, linker)
        yield _workspace(work, project, compiler, sources, flags)


def _workspace(work: Path, project: str, compiler: Path, sources: Path, flags: Sequence[str]) -> Workspace:
    remaps = {sources: "/crates", work / "src": "/src", work / "target": "/target", compiler: "/rust"}
    flags = [*flags, *(f"--remap-path-prefix={path}={name}" for path, name in remaps.items())]
    own = work / "src" / project / ".cargo" / "config.toml"
    target = f"target.{rust.TARGET}"
    return Workspace(work, compiler, (
        *([str(own)] if own.is_file() else []),
        f"{target}.linker={_quoted(str(work / 'cc'))}",
        f"{target}.rustflags=[{','.join(_quoted(flag) for flag in flags)}]",
        'source.crates-io.replace-with="store"', f"source.store.directory={_quoted(str(sources))}",
    ))


def _work(ctx: Context, name: str, tmp: Path) -> Path:
    """The working folder: in a clone it stays, so that a change compiles only what it touches."""
    work = ctx.home / "build" / "cargo" / name if _stays(ctx) else tmp / "cargo"
    made_by = work / "compiler"
    tools = f"{rust.key(ctx)} {toolchain.key(ctx)}\n"
    if not made_by.is_file() or made_by.read_text() != tools:
        # cargo knows a compiler by its version only.
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        made_by.write_text(tools)
    return work


def _stays(ctx: Context) -> bool:
    return (ctx.home / ".git").exists() and os.access(ctx.home, os.W_OK)


def _stage(ctx: Context, project: str, dest: Path) -> None:
    """Copy the project and the shared crate below one workspace root.

    cargo hashes a path package's place relative to the workspace root, and absolutely when it lies outside: then
    the symbols' hashes, and with them the bytes, would differ between two checkouts.
    """
    wanted: dict[str, bytes] = {}
    for folder in {project, _SHARED}:
        for file in _files(ctx.home / folder):
            wanted[f"{folder}/{file}"] = (ctx.home / folder / file).read_bytes()
    wanted["Cargo.lock"] = wanted[f"{project}/Cargo.lock"]
    root, member = split(wanted[f"{project}/Cargo.toml"].decode())
    wanted[f"{project}/Cargo.toml"] = member.encode()
    wanted["Cargo.toml"] = f'[workspace]\nresolver = "2"\nmembers = ["{project}"]\n\n{root}'.encode()
    for left in set(_files(dest)) - set(wanted):
        (dest / left).unlink()
    for name, data in wanted.items():
        # cargo goes by time stamps: what changed must look newer than the last build, what did not must not.
        target = dest / name
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _files(folder: Path) -> list[str]:
    found = []
    for place, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in IGNORED]
        found += [os.path.relpath(os.path.join(place, file), folder) for file in files]
    return found


def split(manifest: str) -> tuple[str, str]:
    """A manifest's sections that belong into the workspace's root, and the rest."""
    starts = [match.start() for match in _SECTION.finditer(manifest)]
    pieces = [manifest[: starts[0]]] + [
        manifest[start:end] for start, end in zip(starts, [*starts[1:], len(manifest)], strict=True)
    ]
    root, member = [], []
    for piece in pieces:
        match = _SECTION.match(piece)
        first = match.group(1).split(".")[0] if match else ""
        if first in _OF_WORKSPACE:
            root.append("" if match and match.group(1) == "workspace" else piece)
        else:
            member.append(piece)
    return "".join(root), "".join(member)


def _linker(script: Path, compiler: Path, tools: Path) -> None:
    """The linker for the host's programs: our gcc on our libc. Build scripts then run by our loader, too.

    A static-pie program must not get an interpreter: ld would write one although it has no dynamic libraries.
    """
    libs = compiler / patch.LIBS
    script.write_text(
        f"#!{tools}/usr/bin/busybox sh\n"
        f'case " $* " in *" -static-pie "*) own= ;; '
        f"*) own=-Wl,--dynamic-linker={compiler / patch.LOADER},-rpath,{libs} ;; esac\n"
        f'exec {tools}/usr/bin/x86_64-linux-gnu-gcc-12 --sysroot={compiler} '
        f'-B{compiler}/usr/lib/gcc/x86_64-linux-gnu/12 $own -Wl,--build-id=none "$@"\n'
    )
    script.chmod(0o755)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
