"""What one run of SCons shares among all its environments: context, build folder, nodes made once."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import SCons.Script
from SCons.Environment import Base as Environment

from . import children, context, digest, environment, steps
from .context import Context
from .messages import EXIT_USAGE, UnikernelError

_T = TypeVar("_T")


class Session:
    """Made by the first call of a builder, so that an SConstruct that builds no unikernel pays nothing."""

    def __init__(self, outer: Environment) -> None:
        digest.remember()
        arguments = SCons.Script.ARGUMENTS
        self.debug = switch(arguments, "debug")
        self.offline = switch(arguments, "offline")
        self.verbose = switch(arguments, "verbose")
        self.ctx: Context = context.from_environ(
            os.environ, offline=self.offline, jobs=SCons.Script.GetOption("num_jobs"), debug=self.debug,
            stale="lock" in map(str, SCons.Script.COMMAND_LINE_TARGETS),
        )
        self.build = outer.Dir("#build-debug" if self.debug else "#build")
        self.top: str = outer.Dir("#").abspath
        _check_writable(self.build.abspath if os.path.isdir(self.build.abspath) else self.top)
        self.tools = steps.load("sysroot").path(self.ctx) / "bin"
        self.base = environment.base(self)
        self.nodes: dict[str, Any] = {}  # made once each: stamps, launchers
        # Library of ours -> the languages in it, or what finds them out: a foreign project's, from its files.
        self.languages: dict[Any, frozenset[str] | Callable[[], frozenset[str]]] = {}
        self.modules: dict[Any, dict[str, Any]] = {}  # target of ours -> Fortran's modules that its sources write
        self.compiled: list[tuple[Any, Any, Any]] = []  # (object, source, environment), for compile_commands.json
        self.foreign: dict[str, Any] = {}  # folder of a foreign project's outputs -> the node that stands for them all
        self.reports: dict[Any, str] = {}  # report node -> title, for the closing line
        # Side effects that keep apart what must not run at once; no files, lest `scons .` builds what they belong to.
        self.terminal = self.base.Value("terminal", name="terminal")
        self.cores = self.base.Value("cores", name="cores")
        children.watch()

    def languages_of(self, library: Any) -> frozenset[str]:
        """The languages in `library`, none if it is not ours."""
        known = self.languages.get(library, frozenset())
        return known() if callable(known) else known

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """The node called `name`, made at its first use."""
        if name not in self.nodes:
            self.nodes[name] = make()
        return self.nodes[name]


def _check_writable(folder: str) -> None:
    """Whether SCons can write its own notes, too: where it cannot, it ends with a traceback."""
    idle = any(SCons.Script.GetOption(name) for name in ("help", "no_exec"))
    if not idle and not os.access(folder, os.W_OK):
        raise UnikernelError("cannot write here", folder, "build a copy of the project that is yours", EXIT_USAGE)


_session: Session | None = None


def current(outer: Environment) -> Session:
    """The session of this run."""
    global _session
    if _session is None:
        _session = Session(outer)
    return _session


def switch(arguments: dict[str, str], name: str) -> bool:
    """An on/off variable of the command line: name=1 or name=0."""
    value = arguments.get(name, "0")
    if value not in ("0", "1"):
        raise UnikernelError(f"wrong value {name}={value}", "", f"say {name}=1 or {name}=0", EXIT_USAGE)
    return value == "1"


def _check_call(function: Callable[..., Any], args: Any, keywords: Any) -> None:
    """A keyword that is missing, or that no one knows, in one line."""
    try:
        inspect.signature(function).bind(*args, **keywords)
    except TypeError as error:
        what = f"wrong call of {function.__name__}: {error}"
        raise UnikernelError(what, "", "docs/rules.md lists its keywords", EXIT_USAGE) from None


def builder(function: Callable[..., _T]) -> Callable[..., _T]:
    """Turn a failure at read time into one line and exit code 2."""

    @functools.wraps(function)
    def guarded(*args: Any, **keywords: Any) -> _T:
        try:
            _check_call(function, args, keywords)
            return function(*args, **keywords)
        except UnikernelError as error:
            sys.stderr.write(f"unikernel: {error}\n")
            sys.exit(EXIT_USAGE)

    return guarded
