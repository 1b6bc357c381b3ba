"""A visible node per step that fills the store: a stamp file with the entry's digest, and a link to the entry."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment

from . import action, children, isles, modules, steps
from .action import StepFailed
from .session import Session

_TITLES = {
    "toolchain": "C toolchain", "rust": "Rust toolchain", "crates": "Rust crates", "newlib": "newlib", "libc": "libc",
    "kernel": "libhermit", "sysroot": "x86_64-hermit-gcc", "uhyve": "uhyve", "qemu": "QEMU", "seal": "bubblewrap",
    "hosts": "emulated hosts", "hostlibs": "runtimes on the host", "gomp": "libgomp",
    "cxx": "C++ compiler", "stdcxx": "libstdc++", "f951": "Fortran compiler",
    "foreign": "tools of foreign builds", "cmake": "CMake", "cross": "cross files",
    "quadmath": "libquadmath", "gfortran": "libgfortran",
}


def stamp(session: Session, name: str) -> Any:
    """The node of step `name`; its content is the digest, so that whatever depends on it follows the inputs."""
    return session.once(f"stamp {name}", lambda: _make(session, name))


def of_isle(session: Session, isle: str) -> list[Any]:
    """What must be in the store before a launcher starts a program on `isle`."""
    return [stamp(session, name) for name in isles.STEPS.get(isle, ())]


def _make(session: Session, name: str) -> Any:
    ctx, folder = session.ctx, session.build.Dir("sdk")
    entry, key = steps.load(name).path(ctx), steps.load(name).key(ctx)
    present = steps.present(ctx, name)
    env = session.base.Clone(UNIKERNEL_STEP=name, UNIKERNEL_ENTRY=str(entry))
    made_from = [] if present else [stamp(session, other) for other in steps.MADE_FROM[name]]
    message = f"  SDK   {_TITLES[name]}"
    node = env.Command(folder.File(f"{name}.digest"), env.Value(key), action.step(_fill(session), message))[0]
    # A step that is in the store already waits for nothing: a second project fetches no Rust to have libhermit.
    env.Requires(node, made_from)
    env.Precious(node)
    env.NoCache(node)
    env.NoClean(node)
    if not present or not _links(os.path.join(folder.abspath, name), entry):
        env.AlwaysBuild(node)
    return node


def _links(link: str, entry: Path) -> bool:
    """Whether the link in the build folder shows this entry: another UNIKERNEL_STORE or `store gc` changes it."""
    try:
        return os.readlink(link) == str(entry)
    except OSError:
        return False


def _fill(session: Session) -> Any:
    def fill(target: list[Any], source: list[Any], env: Environment) -> None:
        name, entry = env["UNIKERNEL_STEP"], Path(env["UNIKERNEL_ENTRY"])
        if not steps.present(session.ctx, name):
            _run_step(session, name)
            if not steps.present(session.ctx, name):
                raise StepFailed(f"{_TITLES[name]}: its inputs were changed while it was made (run scons again)")
        stamp_file = Path(target[0].abspath)
        link = stamp_file.with_name(name)
        temporary = stamp_file.with_name(f"{name}.new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(entry)
        temporary.replace(link)
        temporary.write_text(source[0].get_text_contents() + "\n")
        temporary.replace(stamp_file)

    return fill


def _run_step(session: Session, name: str) -> None:
    """Make the entry in a process of its own (steps.py says why)."""
    ctx = session.ctx
    mode = ("offline" if ctx.offline else "online", "debug" if ctx.debug else "release")
    code = children.run([*modules.command("steps"), name, str(ctx.home), str(ctx.jobs), *mode], env=modules.environ())
    if children.interrupted():
        raise StepFailed("interrupted")
    if code != 0:
        raise StepFailed(f"{_TITLES[name]} could not be made", 2)
