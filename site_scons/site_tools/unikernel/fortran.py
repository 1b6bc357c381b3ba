"""Fortran's objects with the modules that they write: each source waits for the modules it uses, and for no others."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from SCons.Action import Action
from SCons.Builder import Builder
from SCons.Environment import Base as Environment
from SCons.Node.FS import File, find_file
from SCons.Scanner import ClassicCPP
from SCons.Subst import Literal
from SCons.Util import CLVar

from . import action, fortran_order, fortran_scan, languages
from .fortran_text import defines_of
from .messages import EXIT_USAGE, UnikernelError
from .session import Session

FOLDER = "mod"  # in a target's folder of objects
# include 'name' and #include "name", in all branches: what a source depends on, beside modules.
_INCLUDES = ClassicCPP(
    "FortranIncludes", "$CPPSUFFIXES", "CPPPATH", r"""(?im)^[ \t]*(?:#[ \t]*)?include[ \t]*(['"<])([^'">\n]+)['">]""",
)
_PLACE = ("-J", "-M", "-fintrinsic-modules-path")


def compile_all(
    session: Session, inner: Environment, target: Any, sources: dict[Any, Any], libraries: list[Any],
) -> list[Any]:
    """The objects of `sources` (node -> object's node), which are all of Fortran's in `target`.

    `libraries` are ours that the target links: programs find their modules.
    """
    _check_flags(inner, str(target))
    folder = target.dir.Dir("_objs").Dir(target.name).Dir(FOLDER)
    generated = [node for node in sources if node.is_derived()]
    facts = {str(node): _facts(node, inner) for node in sources if node not in generated}
    known = _Modules(session, inner, libraries)
    wants = fortran_order.resolve(facts, known.has, str(target), generated=bool(generated))
    files = {file: folder.File(file) for found in facts.values() for file in found.files()}
    # Whatever folder's SConscript is being read: a path from the top, which str() is not in a variant folder.
    inner["UNIKERNEL_MODULES"] = [Literal(f"-I{place.path}") for place in known.folders]
    if files or generated:
        inner["UNIKERNEL_MODULES"] += [Literal(f"-J{folder.path}")]
        inner["UNIKERNEL_MODULE_FOLDER"] = folder
    made: list[Any] = []
    for node, place in sources.items():
        own = [files[file] for file in facts[str(node)].files()] if node not in generated else []
        found = wants.get(str(node), fortran_order.Wants())
        foreign = [known.places[file] for file in found.foreign]
        outputs = _compile(inner, node, [place, *own], [item.name for item in foreign])
        inner.Depends(outputs, [*(files[file] for file in found.own), *foreign])
        if node in generated:
            # What it defines is not known before it is made: after all that is known, and after earlier ones.
            earlier = [sources[other] for other in generated[:generated.index(node)]]
            inner.Depends(outputs, [*(files[file] for file in fortran_order.ready(facts, wants)), *earlier])
        elif found.unknown:
            inner.Depends(outputs, [sources[other] for other in generated])
        made.append(outputs[0])
    session.modules[target] = files
    return made


class _Modules:
    """Modules that others give: libraries of ours, and folders of CPPPATH."""

    def __init__(self, session: Session, inner: Environment, libraries: list[Any]) -> None:
        self.places: dict[str, Any] = {}  # file name -> node, of those that were asked for
        self.folders: dict[Any, None] = {}  # of libraries; those of CPPPATH are on the line already
        self._given = [session.modules.get(library, {}) for library in libraries]
        self._folders = [inner.Dir(folder) for folder in inner.Flatten(inner.get("CPPPATH", []))]

    def has(self, file: str) -> bool:
        """Whether one has that file; then it is among the places."""
        if file not in self.places:
            node = next((files[file] for files in self._given if file in files), None)
            if node is not None:
                self.folders[node.dir] = None
            else:
                node = find_file(file, self._folders)
            if node is None:
                return False
            self.places[file] = node
        return True


def _check_flags(inner: Environment, where: str) -> None:
    for flag in [*_words(inner, "FORTRANFLAGS"), *_words(inner, "F90FLAGS")]:
        if flag.startswith(_PLACE):
            mend = "modules are in the target's own folder; CPPPATH names those of others"
            raise UnikernelError(f"refused: {flag}", where, mend, EXIT_USAGE)


def _words(env: Environment, name: str) -> list[str]:
    return [str(word) for word in CLVar(env.get(name, []))]


def _facts(node: File, inner: Environment) -> fortran_scan.Facts:
    """What the source defines and uses under this target's flags and macros."""
    flags = [*_words(inner, "UNIKERNEL_FLAGS"), *_words(inner, "FORTRANFLAGS")]
    if not fortran_scan.is_fixed(node.name, flags):
        flags += _words(inner, "F90FLAGS")
    defines = defines_of([*str(inner.subst("$_CPPDEFFLAGS")).split(), *flags])
    how = fortran_scan.dialect(
        node.name, flags, defines, openmp=languages.OPENMP in inner["UNIKERNEL_LANGUAGES"]
    )
    folders = [node.dir, *(inner.Dir(folder) for folder in inner.Flatten(inner.get("CPPPATH", [])))]

    def read(name: str) -> str | None:
        found = find_file(name, tuple(folders))
        return _text(found) if found else None

    return fortran_scan.scan(_text(node) or "", how, read)


def _text(node: File) -> str | None:
    """The text of a file that exists already; in a variant folder it is the source folder's."""
    try:
        with open(node.srcnode().rfile().abspath, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return None


def _compile(inner: Environment, source: Any, targets: list[Any], foreign: Sequence[str]) -> list[Any]:
    """One line; its first target is the object."""
    env = inner.Clone(UNIKERNEL_FOREIGN=sorted(foreign)) if foreign else inner
    fixed = fortran_scan.is_fixed(source.name, [*_words(inner, "FORTRANFLAGS")])
    command = "FORTRANCOM" if fixed else "F90COM"
    actions = [
        action.step(_tidy, "", "fortran"), Action(f"${command}", "$FORTRANCOMSTR"), action.step(_settle, "", "fortran"),
    ]
    return list(Builder(action=actions, source_scanner=_INCLUDES)(env, targets, source))


def _tidy(target: list[Any], source: list[Any], env: Environment) -> None:
    """The folder of modules is there, and has none of which another's is meant now: gfortran looks here first."""
    folder = env.get("UNIKERNEL_MODULE_FOLDER")
    if folder is None:
        return
    os.makedirs(folder.abspath, exist_ok=True)
    for name in env.get("UNIKERNEL_FOREIGN", ()):
        if os.path.lexists(os.path.join(folder.abspath, name)):
            os.unlink(os.path.join(folder.abspath, name))


def _settle(target: list[Any], source: list[Any], env: Environment) -> None:
    """A file that the compiler did not write (a macro misled us) is empty, lest it is missed each time."""
    for node in target[1:]:
        if not os.path.exists(node.abspath):
            with open(node.abspath, "wb"):
                pass
