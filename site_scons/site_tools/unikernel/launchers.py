"""build/bin: proxy, the unikernel command and the x86_64-hermit-* tools, as links or small scripts."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment

from . import __version__, action, modules, stamps, steps
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
    target, value = session.build.Dir("bin").File(name), env.Value(text, name=f"{name}'s text")
    node = env.Command(target, value, action.step(_write, "", "launchers"))[0]
    env.NoCache(node)
    return node


def _tools(session: Session) -> Any:
    env, stamp = session.base, stamps.stamp(session, "sysroot")
    target = session.build.Dir("bin").File(".tools")
    node = env.Command(target, stamp, action.step(_link(session), "", "launchers"))[0]
    env.NoCache(node)
    env.Clean(node, [target.dir.File(name) for name in _tool_links(target.dir.abspath)])
    return node


def _tool_links(folder: str) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith("x86_64-hermit-")] if os.path.isdir(folder) else []


def _link(session: Session) -> Any:
    def link(target: list[Any], source: list[Any], env: Environment) -> None:
        folder = Path(target[0].dir.abspath)
        for old in _tool_links(str(folder)):
            (folder / old).unlink()
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


def _proxy_text(session: Session) -> str:
    """-IS: no site, no user settings, 6 ms; the tools' paths as data, so that proxy itself computes nothing."""
    uhyve = steps.load("uhyve").path(session.ctx) / "bin" / "uhyve"
    qemu = steps.load("qemu").path(session.ctx)
    return f"""{modules.shebang(" -IS")}
import sys
sys.path.insert(0, {str(modules.PACKAGE.parent)!r})
from {modules.PACKAGE.name}.proxy import Tools, main
sys.exit(main(sys.argv[1:], Tools({str(uhyve)!r}, {str(qemu)!r}, {__version__!r})))
"""


def _command_text() -> str:
    return f"""{modules.shebang()}
import sys
sys.path[:0] = {modules.search_path()!r}
from {modules.PACKAGE.name}.cli import main
sys.exit(main(sys.argv[1:]))
"""
