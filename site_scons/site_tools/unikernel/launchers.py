"""build/bin: proxy, the unikernel command and the x86_64-hermit-* tools, as links or small scripts."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment

from . import action, modules, stamps
from .session import Session


def proxy(session: Session) -> Any:
    """build/bin/proxy."""
    return session.once("proxy", lambda: _script(session, "proxy", _proxy_text(session)))


def command(session: Session) -> Any:
    """build/bin/unikernel."""
    return session.once("unikernel", lambda: _script(session, "unikernel", _command_text()))


def tools(session: Session) -> Any:
    """build/bin/x86_64-hermit-*: the names are known only once the sysroot is made, so the stamp stands for them."""
    return session.once("tools", lambda: _tools(session))


def _script(session: Session, name: str, text: str) -> Any:
    env = session.base
    node = env.Command(session.build.Dir("bin").File(name), env.Value(text), action.step(_write, "", "launchers"))[0]
    env.NoCache(node)
    return node


def _tools(session: Session) -> Any:
    env, stamp = session.base, stamps.stamp(session, "sysroot")
    target = session.build.Dir("bin").File(".tools")
    node = env.Command(target, stamp, action.step(_link(session), "", "launchers"))[0]
    env.NoCache(node)
    return node


def _link(session: Session) -> Any:
    def link(target: list[Any], source: list[Any], env: Environment) -> None:
        folder = Path(target[0].dir.abspath)
        for old in folder.glob("x86_64-hermit-*"):
            old.unlink()
        for tool in sorted(session.tools.glob("x86_64-hermit-*")):
            (folder / tool.name).symlink_to(tool)
        Path(target[0].abspath).write_text(source[0].get_text_contents())

    return link


def _write(target: list[Any], source: list[Any], env: Environment) -> None:
    path = Path(target[0].abspath)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(source[0].get_text_contents())
    temporary.chmod(0o755)
    temporary.replace(path)


def _command_text() -> str:
    return f"""#!{sys.executable}
import sys
sys.path[:0] = {modules.search_path()!r}
from {modules.PACKAGE.name}.cli import main
sys.exit(main(sys.argv[1:]))
"""
