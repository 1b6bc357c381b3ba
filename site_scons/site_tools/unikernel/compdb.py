"""compile_commands.json at the top of the build folder, in a form that clang's tools understand."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment
from SCons.Subst import SUBST_CMD

from . import action
from .session import Session

# clang has no target of our name: a bare ELF one plus what the driver's specs define and where its headers are.
_TARGET = ["--target=x86_64-unknown-none-elf", "-U__linux__", "-D__hermit__=1", "-D__unix__=1", "-D__unix=1"]
_LINE = "$UNIKERNEL_FLAGS $CCFLAGS $CFLAGS $_CPPDEFFLAGS $_CPPINCFLAGS"
# GCC options that clang refuses or warns of.
_GCC_ONLY = ("-fno-tree-", "-ftree-", "-fipa-", "-fno-ipa-", "-mtls-direct-seg-refs", "-Wa,", "-Wl,", "-mtune=")


def node(session: Session) -> Any:
    """The file's node; what it holds is worked out once all SConscripts are read."""
    return session.once("compile_commands.json", lambda: _make(session))


def _make(session: Session) -> Any:
    env = session.base.Clone(UNIKERNEL_COMPDB=lambda target, source, env, for_signature: text(session))
    write = action.step(_write, "", "compdb", varlist=("UNIKERNEL_COMPDB",))
    made = env.Command(session.build.File("compile_commands.json"), [], write)[0]
    env.NoCache(made)
    return made


def text(session: Session) -> str:
    """One entry per compiled C file."""
    top = session.base.Dir("#").abspath
    driver = str(session.tools / "x86_64-hermit-gcc")
    headers = str(session.tools.parent / "usr" / "include")
    entries = []
    for target, source, env in session.compiled:
        words = shlex.split(env.subst(_LINE, SUBST_CMD, target=[target], source=[source]))
        kept = [word for word in words if not word.startswith(_GCC_ONLY)]
        place = source.srcnode().path if source.srcnode().exists() else source.path
        arguments = [driver, *_TARGET, "-isystem", headers, *kept, "-c", "-o", target.path, place]
        entries.append({"directory": top, "file": place, "output": target.path, "arguments": arguments})
    return json.dumps(entries, indent=1) + "\n"


def _write(target: list[Any], source: list[Any], env: Environment) -> None:
    path = Path(target[0].abspath)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(env["UNIKERNEL_COMPDB"](target, source, env, False))
    temporary.replace(path)
