"""UnikernelMake, UnikernelCMake, UnikernelConfigure: projects with build systems of their own, as nodes."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import SCons.Node.FS
import SCons.Node.Python
from SCons.Environment import Base as Environment
from SCons.Util import is_String

from . import (
    action,
    children,
    crosstools,
    environment,
    foreignjob,
    keywords,
    languages,
    modules,
    sourcetree,
    stamps,
)
from .action import StepFailed
from .foreignplan import CMAKE, CONFIGURE, INSTALLED, MAKE, Plan
from .messages import EXIT_USAGE, UnikernelError
from .session import Session, builder, current

_FLAGS = ("CCFLAGS", "CPPDEFINES", "LINKFLAGS")
_SHARED = ("folder", "env", "patches", "tools", "uses", "languages", "openmp")
_SEALED = ("PATH", "SHELL", "CONFIG_SHELL", "HOME", "TMPDIR", "UNIKERNEL_REFUSED")
_MODULES = ("foreignjob", "foreignsteps", "foreignplan", "sourcetree", "makefiles", "crosstools", "confine")


class Project(list[Any]):
    """A foreign project's outputs, in the order they were asked for, and the folders of what it installs."""

    def __init__(self, nodes: Iterable[Any], prefix: Any, stamp: Any) -> None:
        super().__init__(nodes)
        self.prefix, self.stamp = prefix, stamp
        self.include, self.lib = prefix.Dir("include"), prefix.Dir("lib")


class _Tree(SCons.Node.Python.Value):
    """A folder as a source: its digest is found out when a build looks at it, never when the SConstruct is read."""

    def __init__(self, root: str, without: Sequence[str], notes: str) -> None:
        super().__init__(root, name=f"source of {root}")
        self._look = (root, without, notes)

    def get_text_contents(self) -> str:
        """What its files are."""
        try:
            return sourcetree.digest_of(sourcetree.scan(*self._look))
        except OSError as error:
            raise StepFailed(f"{error.strerror}: {error.filename}") from None

    def get_csig(self, calc: object = None) -> str:
        """The same, once in a build."""
        known = self.get_ninfo()
        if not hasattr(known, "csig"):
            known.csig = self.get_text_contents()
        signature: str = known.csig
        return signature


@builder
def UnikernelMake(  # noqa: N802 - docs/rules.md promises it, and names the shared keywords
    outer: Environment, name: str, source: Any, outputs: Any, *, targets: Any = (), args: Any = (), **shared: Any
) -> Project:
    """Build `outputs` of a project with a Makefile: `make` with `args` (NAME=value ...) and `targets`."""
    given = {"targets": _words("targets", targets, name), "args": _words("args", args, name)}
    return _project(MAKE, outer, name, source, outputs, given, shared)


@builder
def UnikernelConfigure(  # noqa: N802
    outer: Environment, name: str, source: Any, outputs: Any, *, args: Any = (), make_args: Any = (),
    targets: Any = (), **shared: Any,
) -> Project:
    """Build `outputs` of a project with a configure script, which gets `args`, and then make."""
    given = {"targets": _words("targets", targets, name), "args": _words("args", args, name),
             "make_args": _words("make_args", make_args, name)}
    return _project(CONFIGURE, outer, name, source, outputs, given, shared)


@builder
def UnikernelCMake(  # noqa: N802
    outer: Environment, name: str, source: Any, outputs: Any, *, options: Mapping[str, Any] | None = None,
    args: Any = (), targets: Any = (), **shared: Any,
) -> Project:
    """Build `outputs` of a project with a CMakeLists.txt; `options` are CMake's variables, True is ON and False OFF."""
    if not isinstance(options or {}, Mapping):
        raise UnikernelError(f"wrong value options={options!r}", name, "give a dict", EXIT_USAGE)
    switches = {True: "ON", False: "OFF"}
    values = {key: switches[value] if isinstance(value, bool) else value for key, value in (options or {}).items()}
    defined = [f"-D{key}={value}" for key, value in values.items()]
    given = {"targets": _words("targets", targets, name), "args": [*_words("args", args, name), *defined]}
    return _project(CMAKE, outer, name, source, outputs, given, shared)


def _words(keyword: str, value: Any, where: str) -> list[str]:
    if is_String(value):
        value = value.split() if keyword == "targets" else [value]
    if not isinstance(value, Iterable):
        raise UnikernelError(f"wrong value {keyword}={value!r}", where, "give a list", EXIT_USAGE)
    return [str(item) for item in value]


def _project(
    kind: str, outer: Environment, name: str, source: Any, outputs: Any, given: dict[str, Any],
    shared: dict[str, Any],
) -> Project:
    session, name = current(outer), str(name)
    where = f"project {name}"
    if not re.fullmatch(r"[A-Za-z0-9][\w.+-]*", name):
        raise UnikernelError("a project's name is that of a folder", repr(name), "letters, digits, . + - _", EXIT_USAGE)
    work = os.path.join(session.build.abspath, "_foreign", name)
    publish = session.build.Dir("foreign").Dir(name)
    origin = _source(outer, source, where)
    for keyword in shared:
        if keyword not in (*_SHARED, *_FLAGS):
            mend = f"known: {' '.join([*given, *_SHARED, *_FLAGS])}"
            raise UnikernelError(f"unknown keyword {keyword}=", where, mend, EXIT_USAGE)
    used = _uses(shared.get("uses", ()), where)
    compile_flags, link_flags = _flags(session, outer, shared, where)
    changes = outer.arg2nodes(shared["patches"], outer.File) if shared.get("patches") else []
    plan = Plan(
        name, kind, origin.abspath, work, publish.abspath, _outputs(outer, outputs, where),
        folder=_inside(shared.get("folder", ""), where), flags=compile_flags, link_flags=link_flags,
        env=_environment(shared.get("env"), where), patches=[node.abspath for node in changes],
        tools=_tools(shared.get("tools"), where), uses=[project.prefix.abspath for project in used],
        languages=_languages(shared.get("languages"), where), openmp=bool(shared.get("openmp")),
        without=[session.build.abspath], **given,
    )
    sources = [_signed(origin, plan), *changes, *(project.stamp for project in used)]
    nodes = _nodes(session, plan, publish, sources)
    session.foreign[f"{publish.abspath}/"] = nodes[-1]
    # Looked at only where a program links one of its libraries.
    inside = functools.cache(lambda: foreignjob.inside(plan, Path(plan.source)))
    session.languages.update(dict.fromkeys(nodes, inside))
    return Project(nodes[:-1], publish.Dir("prefix"), nodes[-1])


def _nodes(session: Session, plan: Plan, publish: Any, sources: list[Any]) -> list[Any]:
    """The outputs, and behind them the digest of all that the project gives."""
    if f"{publish.abspath}/" in session.foreign:
        raise UnikernelError("two projects of one name", plan.name, "give each its own", EXIT_USAGE)
    base = session.base.Clone(UNIKERNEL_PLAN=plan.to_json())
    targets = [publish.File(output) for output in plan.outputs] + [publish.File(foreignjob.DIGEST)]
    build = action.step(_run(session, plan), "", *_MODULES, varlist=("UNIKERNEL_PLAN",))
    nodes = list(base.Command(targets, sources, build))
    base.Depends(nodes, [stamps.stamp(session, step) for step in foreignjob.steps_of(plan)])
    # They use all cores by themselves.
    base.SideEffect(session.once("foreign builds", lambda: session.base.Value("foreign", name="foreign builds")), nodes)
    base.NoCache(nodes)
    left = [f"{plan.work}{suffix}" for suffix in ("", ".log", ".state.json", ".files.json", ".plan.json")]
    base.Clean(nodes, [*(base.Entry(path) for path in left), publish])
    return nodes


def _run(session: Session, plan: Plan) -> Any:
    def run(target: list[Any], source: list[Any], env: Environment) -> None:
        ctx, file = session.ctx, Path(f"{plan.work}.plan.json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(plan.to_json())
        mode = ("offline" if ctx.offline else "online", "debug" if ctx.debug else "release")
        argv = [*modules.command("foreignjob"), str(file), str(ctx.home), str(ctx.jobs), *mode]
        code = children.run(argv, env=modules.environ())
        if children.interrupted():
            raise StepFailed("interrupted")
        if code != 0:
            raise StepFailed(f"{plan.name} could not be built", 2)

    return run


def _source(outer: Environment, source: Any, where: str) -> Any:
    """The folder or archive, as a node of what the user wrote, not of a variant folder's copy."""
    nodes = outer.Flatten([source])
    if len(nodes) != 1 or not nodes[0]:
        raise UnikernelError(f"{len(nodes)} sources given", where, "give one folder or archive", EXIT_USAGE)
    node = outer.Entry(nodes[0]) if is_String(nodes[0]) else nodes[0]
    if not isinstance(node, SCons.Node.FS.Base):
        raise UnikernelError(f"no folder and no archive: {node}", where, "give one of them", EXIT_USAGE)
    node = node.disambiguate()
    if isinstance(node, SCons.Node.FS.File) and node.has_builder():
        sourcetree.kind(node.name)
        return node
    node = node.srcnode()
    if isinstance(node, SCons.Node.FS.Dir) or os.path.isdir(node.abspath):
        if not os.path.isdir(node.abspath):
            raise UnikernelError("no such folder", node.path, where, EXIT_USAGE)
        return node
    if not os.path.isfile(node.abspath):
        raise UnikernelError("no such file", node.path, where, EXIT_USAGE)
    sourcetree.kind(node.name)
    return node


def _signed(origin: Any, plan: Plan) -> Any:
    return _Tree(origin.abspath, plan.without, plan.notes) if os.path.isdir(origin.abspath) else origin


def _outputs(outer: Environment, outputs: Any, where: str) -> list[str]:
    found = [str(outer.subst(output)) for output in outer.Flatten([outputs]) if output]
    if not found:
        mend = f"name what it builds, relative to its folder, or {INSTALLED}... for what it installs"
        raise UnikernelError("no outputs given", where, mend, EXIT_USAGE)
    return [_inside(output, where) for output in found]


def _inside(path: str, where: str) -> str:
    clean = os.path.normpath(path) if path else ""
    if os.path.isabs(clean) or clean.split(os.sep)[0] == os.pardir:
        raise UnikernelError("not below the project's folder", path, where, EXIT_USAGE)
    return "" if clean == os.curdir else clean


def _uses(uses: Any, where: str) -> list[Project]:
    found = [uses] if isinstance(uses, Project) else list(uses)
    for item in found:
        if not isinstance(item, Project):
            mend = "give what UnikernelMake, UnikernelCMake or UnikernelConfigure returned"
            raise UnikernelError(f"wrong value uses={item!s}", where, mend, EXIT_USAGE)
    return found


def _languages(given: Any, where: str) -> list[str] | None:
    if given is None:
        return None
    words = [given] if is_String(given) else list(given)
    known = (languages.C, languages.CXX, languages.FORTRAN)
    for word in words:
        if word not in known:
            raise UnikernelError(f"wrong value languages={word!r}", where, f"give of {' '.join(known)}", EXIT_USAGE)
    return [str(word) for word in words]


def _environment(env: Any, where: str) -> dict[str, str]:
    found = keywords.variables(env, where)
    for name in found:
        if name in _SEALED:
            raise UnikernelError(f"refused: env={{'{name}': ...}}", where, "foreign builds are sealed", EXIT_USAGE)
    return found


def _tools(tools: Any, where: str) -> dict[str, str]:
    if not isinstance(tools or {}, Mapping):
        raise UnikernelError(f"wrong value tools={tools!r}", where, "give a dict such as {'gcc': 'CC'}", EXIT_USAGE)
    known = [*crosstools.TOOLS, *crosstools.BUILD_COMPILER]
    for name, variable in (tools or {}).items():
        if variable not in known or "/" in name:
            raise UnikernelError(f"wrong value tools={{{name!r}: {variable!r}}}", where, f"tools are {' '.join(known)}",
                                 EXIT_USAGE)
    return dict(tools or {})


def _flags(session: Session, outer: Environment, shared: dict[str, Any], where: str) -> tuple[list[str], list[str]]:
    """Flags for every compiler, and for links; those of the environment are for our own compile lines."""
    given = {name: environment.expand(outer, shared[name]) for name in _FLAGS if name in shared}
    lent = environment.lend(session, session.base, given, where)
    return shlex.split(lent.subst("$CCFLAGS $_CPPDEFFLAGS")), shlex.split(lent.subst("$LINKFLAGS"))
