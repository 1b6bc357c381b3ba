"""libhermit.a: the Rust kernel as one object in which only the public interface is visible."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import fnmatch
import shutil
from pathlib import Path

from . import cargo, crates, origins, sealed, toolchain
from .context import Context
from .messages import UnikernelError

_FLAGS: tuple[str, ...] = ()
_EXPORTS = "exports.txt"  # in kernel/: names or patterns, one a line


def key(ctx: Context) -> str:
    """Digest of the source, its crates and the compilers."""
    return cargo.key(ctx, "kernel", _FLAGS, Path(__file__))


def path(ctx: Context) -> Path:
    """The entry: lib/libhermit.a, lib/crt0.o, lib/*.ld, include/."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Build it, if the store lacks it."""
    name = key(ctx)

    def make(tmp: Path, _final: Path) -> None:
        log = ctx.store.log(name)
        with cargo.build(ctx, "kernel", _FLAGS, tmp, log, lambda: key(ctx) == name) as (built, sources):
            archives = sorted(built.glob("lib*.a"))
            if len(archives) != 1:
                raise UnikernelError("the kernel's build gave not exactly one archive", built, "see its Cargo.toml")
            lib = tmp / "lib"
            lib.mkdir()
            (tmp / "crates").write_bytes(b"".join(f"{line}\0".encode() for line in crates.terms(ctx, "kernel")))
            _join(ctx, archives[0], sources / _EXPORTS, lib / "libhermit.a", tmp / "join", log)
            (tmp / "crates").unlink()
            _start(ctx, sources, lib, log)
            for script in sorted(sources.glob("*.ld")):
                shutil.copyfile(script, lib / script.name)
            shutil.copytree(sources / "include", tmp / "include")
        shutil.rmtree(tmp / "cargo", ignore_errors=True)

    return ctx.store.ensure("sdk", name, make)


def exported(patterns: str, symbols: list[str]) -> list[str]:
    """The symbols that exports.txt names; a pattern that names none is a mistake."""
    names: set[str] = set()
    for line in patterns.splitlines():
        pattern = line.partition("#")[0].strip()
        if not pattern:
            continue
        found = fnmatch.filter(symbols, pattern)
        if not found:
            raise UnikernelError("no such symbol in the kernel", f"kernel/{_EXPORTS}: {pattern}", "correct the list")
        names.update(found)
    return sorted(names)


def _join(ctx: Context, archive: Path, exports: Path, target: Path, work: Path, log: Path) -> None:
    """Link the archive into one object without unused sections and hide all names but the exported ones.

    Then no name of Rust's can clash with one of the program's, and the linker reads one file.
    """
    work.mkdir()
    tools = toolchain.path(ctx) / "usr/bin"
    options = ("--defined-only", "--extern-only", "--format=posix")
    listing = sealed.output([tools / "x86_64-linux-gnu-nm", *options, archive])
    symbols = [line.split()[0] for line in listing.splitlines() if len(line.split()) >= 3]
    names = exported(exports.read_text(), symbols)
    (work / "names").write_text("".join(f"{name}\n" for name in names))
    whole, hidden = work / "whole.o", work / "hermit.o"
    roots = [f"--undefined={name}" for name in names]
    sealed.run([tools / "x86_64-linux-gnu-ld", "-r", "--gc-sections", *roots, archive, "-o", whole], cwd=work, log=log)
    crates_note = f"--add-section={origins.CRATES}={work.parent / 'crates'}"
    sealed.run([tools / "x86_64-linux-gnu-objcopy", f"--keep-global-symbols={work / 'names'}", crates_note, whole,
                hidden], cwd=work, log=log)
    sealed.run([tools / "x86_64-linux-gnu-ar", "rcsD", target, hidden.name], cwd=work, log=log)
    shutil.rmtree(work)


def _start(ctx: Context, sources: Path, lib: Path, log: Path) -> None:
    """crt0.o, which every program is linked with first."""
    gcc = toolchain.path(ctx) / "usr/bin/x86_64-linux-gnu-gcc-12"
    sealed.run([gcc, "-c", "-nostdinc", "-Wa,--noexecstack", f"-ffile-prefix-map={sources}=/src/kernel",
                sources / "crt0.S", "-o", lib / "crt0.o"], cwd=lib, log=log)
