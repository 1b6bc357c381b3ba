"""The sealed environment of every compile, link and archive line: nothing of the host's or the user's, flags aside."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from SCons.Environment import Base as Environment
from SCons.Node import Node
from SCons.Subst import Literal
from SCons.Util import CLVar, is_Dict, is_List, is_String, is_Tuple

from . import children, driver, flags, languages, parts, steps
from .messages import EXIT_USAGE, UnikernelError
from .sealed import ENVIRONMENT

if TYPE_CHECKING:
    from .session import Session

# What stands in `$( $)` is no part of a signature: the stamp that objects depend on carries the tools' digest, so that
# CacheDir hits across checkouts and users, whose stores lie elsewhere.
COMPILE = "$( $UNIKERNEL_TOOLS/x86_64-hermit-gcc $) -c -o $TARGET $( $UNIKERNEL_MAPS $UNIKERNEL_PARTS $) "
COMMANDS = {
    "CCCOM": COMPILE + "$UNIKERNEL_FLAGS $CCFLAGS $CFLAGS $_CPPDEFFLAGS $_CPPINCFLAGS $SOURCE",
    "CXXCOM": COMPILE + "$( $UNIKERNEL_CXX $) $UNIKERNEL_FLAGS $CCFLAGS $CXXFLAGS $_CPPDEFFLAGS $_CPPINCFLAGS "
              "$SOURCE",
    # Fixed form, and free form.
    "FORTRANCOM": COMPILE + "$UNIKERNEL_FLAGS $FORTRANFLAGS $_CPPDEFFLAGS $UNIKERNEL_MODULES $_CPPINCFLAGS $SOURCE",
    "F90COM": COMPILE + "$UNIKERNEL_FLAGS $FORTRANFLAGS $F90FLAGS $_CPPDEFFLAGS $UNIKERNEL_MODULES $_CPPINCFLAGS "
              "$SOURCE",
    "ASPPCOM": COMPILE + "$UNIKERNEL_FLAGS $CCFLAGS $_CPPDEFFLAGS $_CPPINCFLAGS $SOURCE",
    "ASCOM": COMPILE + "-g $SOURCE",
    # Of an executable stack our own check tells, in one line.
    "LINKCOM": "$( $UNIKERNEL_TOOLS/x86_64-hermit-gcc $) -o $TARGET $( $UNIKERNEL_PARTS $) "
               "-Wl,--no-warn-execstack $UNIKERNEL_FLAGS $UNIKERNEL_LINKED "
               "$LINKFLAGS $SOURCES $_LIBDIRFLAGS $_LIBFLAGS $UNIKERNEL_RUNTIMES",
    "ARCOM": "$( $UNIKERNEL_TOOLS/x86_64-hermit-ar $) rcsD $TARGET $SOURCES",
}
_SHOWN = {"CCCOM": "CC", "CXXCOM": "CXX", "FORTRANCOM": "FC", "F90COM": "FC", "ASPPCOM": "AS", "ASCOM": "AS",
          "LINKCOM": "LINK", "ARCOM": "AR"}
_PREFIXES = {
    "CPPDEFPREFIX": "-D", "CPPDEFSUFFIX": "", "INCPREFIX": "-I", "INCSUFFIX": "", "LIBDIRPREFIX": "-L",
    "LIBDIRSUFFIX": "", "LIBLINKPREFIX": "-l", "LIBLINKSUFFIX": "",
}


def base(session: Session) -> Environment:
    """What all sealed environments of a session share."""
    env = Environment(tools=[], platform="posix", ENV=dict(ENVIRONMENT), SPAWN=spawn, ESCAPE=shlex.quote)
    env.Decider("content")
    env.Replace(
        IMPLICIT_COMMAND_DEPENDENCIES=0,
        UNIKERNEL_TOOLS=str(session.tools),
        UNIKERNEL_FLAGS=list(flags.DEBUG if session.debug else flags.DEFAULT),
        UNIKERNEL_MAPS=_maps(session, env.Dir("#").abspath),
        UNIKERNEL_LANGUAGES=frozenset(),
        UNIKERNEL_PARTS=[],
        UNIKERNEL_CXX=[],
        UNIKERNEL_MODULES=[],
        UNIKERNEL_RUNTIMES=[],
        UNIKERNEL_NEEDS=[],
        UNIKERNEL_LINKED=[],
        **COMMANDS, **_PREFIXES,
    )
    if session.verbose:
        env["ENV"]["UNIKERNEL_ERRORS"] = "full"  # compilers and linker in their own words
    else:
        env.Replace(**{f"{name}STR": f"  {word:5} $TARGET" for name, word in _SHOWN.items()})
    return env


def lend(
    session: Session, outer: Environment, overrides: dict[str, Any], where: str, *, openmp: bool = False
) -> Environment:
    """A sealed environment with the flags of `outer` and `overrides`, checked; -fopenmp in them is as `openmp`.

    Its UNIKERNEL_LANGUAGES are those that flags and libraries ask for; `use` adds those of sources.
    """
    flags.check_names(overrides, flags.LENT, where)
    top = session.top
    lent: dict[str, Any] = {}
    every: list[str] = []
    linked: list[str] = []
    for name in flags.LENT:
        value = expand(outer, overrides.get(name, outer.get(name)))
        if name.endswith("FLAGS"):
            words = [str(word) for item in _list(name, value, where) for word in CLVar(item)]
            value = flags.check(words, where, top)
            every += value
            if name != "LINKFLAGS":
                linked += flags.linked(value)
        if name in ("CPPPATH", "LIBPATH"):
            value = value.split(os.pathsep) if is_String(value) else _list(name, value, where)
            for folder in value:
                flags.check_folder(outer.Dir(folder).abspath, f"{name} {folder}", where, top)
        if name == "LIBS":
            for library in _list(name, value, where):
                if isinstance(library, Node):
                    flags.check_folder(library.get_abspath(), str(library), where, top)
        if value:
            lent[name] = value
    needed = _apart(session, outer, lent)
    env = session.base.Clone(UNIKERNEL_NEEDS=needed, **lent)
    use(session, env, languages.of_libraries(map(str, _list("LIBS", lent.get("LIBS"), where))))
    if openmp or flags.openmp(every):
        # The flag goes first, so that a user's -fno-openmp has the last word.
        env["UNIKERNEL_FLAGS"] = ["-fopenmp", *env["UNIKERNEL_FLAGS"]]
        use(session, env, {languages.OPENMP})
    elif flags.loops(every):
        use(session, env, {languages.OPENMP})
    env["UNIKERNEL_LINKED"] = linked
    _check_quotes(env, where)
    if hasattr(outer, "_CacheDir_path"):
        env._CacheDir_path = outer._CacheDir_path
    return env


def use(session: Session, env: Environment, more: Iterable[str]) -> None:
    """Let the lines of `env` find the compilers and runtimes of `more` languages, and link what these need.

    The driver names their places, too; here they are named anew because the store of a sysroot may be another one.
    """
    every = env["UNIKERNEL_LANGUAGES"] | set(more)
    entries = {name: steps.load(name).path(session.ctx) for name in languages.steps(sorted(every))}
    words = parts.arguments({name: entry for name, entry in entries.items() if name in parts.FOLDERS})
    env.Replace(
        UNIKERNEL_LANGUAGES=every, UNIKERNEL_PARTS=[Literal(word) for word in words],
        UNIKERNEL_RUNTIMES=languages.runtimes(every),
    )
    if "stdcxx" in entries:
        env["UNIKERNEL_CXX"] = [Literal(word) for word in parts.cxx_arguments(entries["stdcxx"])]


def _apart(session: Session, outer: Environment, lent: dict[str, Any]) -> list[Any]:
    """Turn folders of foreign projects into flags; returns the nodes that stand for them.

    SCons's scanners would find nothing there before the project is built, and everything in the build after it.
    """
    needed = []
    for name, option, flags_of in (("CPPPATH", "-I", "CCFLAGS"), ("LIBPATH", "-L", "LINKFLAGS")):
        kept = []
        for folder in lent.get(name, ()):
            node = outer.Dir(folder)
            stamps = [stamp for place, stamp in session.foreign.items() if f"{node.abspath}/".startswith(place)]
            if stamps:
                lent[flags_of] = [*lent.get(flags_of, ()), f"{option}{node.path}"]
            needed += stamps
            kept += [] if stamps else [folder]
        if name in lent:
            lent[name] = kept
    return needed


def _list(name: str, value: Any, where: str) -> list[Any]:
    """A variable that may be one item or a list of them, or not set."""
    if is_String(value) or isinstance(value, Node):
        return [value]
    if value is None or isinstance(value, Iterable):
        return list(value or ())
    raise UnikernelError(f"wrong value {name}={value!r}", where, "give a list", EXIT_USAGE)


def _check_quotes(env: Environment, where: str) -> None:
    """A flag or a define in which a quote is not closed would take the rest of the command line with it."""
    try:
        shlex.split(env.subst("$CCFLAGS $CFLAGS $CXXFLAGS $FORTRANFLAGS $F90FLAGS $LINKFLAGS $_CPPDEFFLAGS"))
    except ValueError as error:
        mend = "close it, or put a backslash before it"
        raise UnikernelError(f"flags or CPPDEFINES: {error}", where, mend, EXIT_USAGE) from None


def expand(outer: Environment, value: Any) -> Any:
    """`value` with the variables of the user's environment filled in, which the sealed one does not know."""
    if is_String(value):
        return str(outer.subst(value)).replace("$", "$$")
    if is_Dict(value):
        return {expand(outer, key): expand(outer, item) for key, item in value.items()}
    if is_Tuple(value):
        return tuple(expand(outer, item) for item in value)
    if is_List(value) or (isinstance(value, Iterable) and not isinstance(value, Node)):
        return [expand(outer, item) for item in value]
    return value


def _maps(session: Session, top: str) -> list[Any]:
    """How debug information and __FILE__ show this machine's folders, whose names may hold anything.

    gcc compares beginnings, and the last match wins: the checkout's path may begin the store's (~/app and ~/app-store).
    """
    toolchain, sysroot = steps.load("toolchain").path(session.ctx), session.tools.parent
    store = {str(toolchain): driver.TOOLCHAIN_MAP, str(sysroot): driver.SYSROOT_MAP}
    return [Literal(f"-ffile-prefix-map={place}={shown}") for place, shown in {top: ".", **store}.items()]


def spawn(shell: str, escape: Any, command: str, args: list[str], env: dict[str, str]) -> int:
    """Run a command line without a shell: there is none in the sealed environment."""
    words = shlex.split(" ".join(args))
    try:
        return children.run(words, env=env, stdin=subprocess.DEVNULL)
    except OSError as error:
        if children.interrupted():
            return 130
        sys.stderr.write(f"unikernel: cannot run {os.path.basename(words[0])}: {error.strerror}: {words[0]}\n")
        return 127
