"""UnikernelRun: the alias run-<name>, which starts a program each time it is asked for, its output live."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from SCons.Environment import Base as Environment

from . import action, children, cores, isles, keywords, launchers, stamps
from .action import StepFailed
from .messages import EXIT_USAGE, UnikernelError
from .session import builder, current


@builder
def UnikernelRun(  # noqa: N802 - the signature that docs/rules.md promises
    outer: Environment, name: str, program: Any, *, args: Sequence[Any] = (), isle: str | None = None,
    cpus: int | str | None = None, mem: int | str | None = None, env: Mapping[str, str] | None = None,
    mounts: Sequence[str] = (),
) -> Any:
    """Alias run-<name>: start `program` on an isle, its streams those of scons; a guest that fails fails the build."""
    session, title = current(outer), f"run-{name}"
    image = program_of(outer, program, title)
    if mounts:
        raise UnikernelError("mounts= comes with a later version", title, "leave it out", EXIT_USAGE)
    size, count = keywords.size(mem, title), cores.keyword(cpus, title)
    given = {
        "HERMIT_ISLE": isle and isles.resolve(isle, title), "HERMIT_MEM": size,
        "HERMIT_CPUS": cores.word(count) if count else "",
    }
    proxy = launchers.proxy(session)
    environ = {**os.environ, **keywords.variables(env, title)}
    # The caller's HERMIT_* win over the keywords; an empty one counts as unset.
    environ.update({key: str(value) for key, value in given.items() if value and not environ.get(key)})
    argv = [proxy.abspath, image.abspath, *keywords.words(args, title)]

    def start(target: Any, source: Any, env: Any) -> None:
        code = children.run(argv, terminal=True, env=environ)
        if code != 0:
            raise StepFailed(f"the guest ended with exit code {code}")

    alias = session.base.Alias(title, [image, proxy], action.step(start, f"  RUN   {name}", "runs"))
    session.base.AlwaysBuild(alias)
    # An unknown isle is the launcher's to report.
    chosen = environ.get("HERMIT_ISLE") or "auto"
    session.base.Depends(alias, stamps.of_isle(session, isles.resolve("auto", title) if chosen == "auto" else chosen))
    # One at a time: they share the terminal.
    session.base.SideEffect(session.terminal, alias)
    return alias


def program_of(outer: Environment, program: Any, where: str) -> Any:
    """The one image that `program` names."""
    nodes = outer.arg2nodes(program, outer.File)
    if len(nodes) != 1:
        raise UnikernelError(f"{len(nodes)} programs given", where, "give one", EXIT_USAGE)
    return nodes[0]
