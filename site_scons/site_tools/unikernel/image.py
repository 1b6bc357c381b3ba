"""UnikernelProgram and UnikernelLibrary: from sources to a checked image, or to an archive of objects."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from SCons.Action import Action
from SCons.Builder import Builder
from SCons.Environment import Base as Environment
from SCons.Scanner.C import CScanner
from SCons.Scanner.Prog import ProgramScanner
from SCons.Util import is_String

from . import action, compdb, defaults, elf, environment, flags, languages, stamps
from .messages import EXIT_USAGE, UnikernelError
from .session import Session, builder, current

_COMPILE = {
    languages.C: "CCCOM", languages.CXX: "CXXCOM", languages.ASSEMBLY: "ASCOM",
    languages.ASSEMBLY_CPP: "ASPPCOM",
}
_IN_COMPDB = (languages.C, languages.CXX)


@builder
def UnikernelProgram(  # noqa: N802 - the signature that docs/rules.md promises
    env: Environment, target: Any, source: Any, *, openmp: bool = False, cpus: int | str | None = None,
    mem: int | str | None = None, stack: int | str | None = None, jit: bool = False,
    files: dict[str, Any] | None = None, **overrides: Any,
) -> list[Any]:
    """Compile and link `source` into a bootable image; `cpus`, `mem`, `stack`, `jit` are its defaults at run time."""
    session, node = current(env), _target(env, target, "", "")
    if files:
        raise UnikernelError("files= comes with a later version", node, "leave it out", EXIT_USAGE)
    inner = environment.lend(session, env, overrides, str(node), openmp=openmp)
    objects = _objects(session, env, inner, node, source)
    note = defaults.assembly(defaults.Defaults.parse(cpus, mem, stack, jit, str(node)))
    if note:
        value, write = inner.Value(note, name=f"defaults of {node.name}"), action.step(_write, "", "defaults")
        text = inner.Command(_place(node).File("defaults.s"), value, write)
        objects += _compile(session, inner, text[0], _place(node).File("defaults.s.o"))
    check = action.step(_check, "", "elf")
    link = Builder(action=[Action("$LINKCOM", "$LINKCOMSTR"), check], target_scanner=ProgramScanner())
    _use_libraries(session, env, inner)
    image = link(inner, node, objects)
    inner.Depends(image, [*_sdk(session, inner["UNIKERNEL_LANGUAGES"]), *inner["UNIKERNEL_NEEDS"]])
    inner.Requires(image, compdb.node(session))
    return list(image)


@builder
def UnikernelLibrary(  # noqa: N802
    env: Environment, target: Any, source: Any, *, openmp: bool = False, **overrides: Any
) -> list[Any]:
    """Compile `source` into a static archive for UnikernelProgram; lib and .a are added to the name as SCons does."""
    session, node = current(env), _target(env, target, "lib", ".a")
    inner = environment.lend(session, env, overrides, str(node), openmp=openmp)
    objects = _objects(session, env, inner, node, source)
    archive = Builder(action=Action("$ARCOM", "$ARCOMSTR"))(inner, node, objects)
    session.languages[archive[0]] = inner["UNIKERNEL_LANGUAGES"]
    inner.Depends(archive, stamps.stamp(session, "sysroot"))
    inner.Requires(archive, compdb.node(session))
    return list(archive)


def _target(env: Environment, target: Any, prefix: str, suffix: str) -> Any:
    names = env.Flatten([target])
    if len(names) != 1 or names[0] is None:
        raise UnikernelError(f"{len(names)} targets given", ", ".join(map(str, names)), "give one", EXIT_USAGE)
    if not is_String(names[0]):
        return names[0]
    folder, name = os.path.split(str(env.subst(names[0])))
    if not name:
        raise UnikernelError("no target given", repr(names[0]), "give the program's name", EXIT_USAGE)
    name = name if name.startswith(prefix) else prefix + name
    return env.File(os.path.join(folder, name if name.endswith(suffix) else name + suffix))


def _place(target: Any) -> Any:
    """Where a target's objects are: apart from those of any other target built from the same sources."""
    return target.dir.Dir("_objs").Dir(target.name)


def _objects(session: Session, outer: Environment, inner: Environment, target: Any, source: Any) -> list[Any]:
    """The objects of all sources, compiled for `target` alone, and what is linked as it is."""
    nodes = outer.arg2nodes(source, outer.File)
    if not nodes:
        raise UnikernelError("no sources given", target, "name at least one source file", EXIT_USAGE)
    found = {node: languages.of(node.name) for node in nodes}
    environment.use(session, inner, found.values())
    objects: dict[Any, Any] = {}  # by source, in the order of the sources
    for node, language in found.items():
        objects[node] = node
        if language in _COMPILE:
            objects[node] = _compile(session, inner, node, _object(node, target))
        elif language != languages.FORTRAN:
            flags.check_folder(node.abspath, str(node), str(target), session.top)
            environment.use(session, inner, session.languages_of(node))
    of_fortran = {node: _object(node, target) for node, language in found.items() if language == languages.FORTRAN}
    if of_fortran:
        from . import fortran  # most projects have none, and read no module for it

        libraries = [node for node in found if node in session.modules] + _libraries(outer, inner)
        made = fortran.compile_all(session, inner, target, of_fortran, libraries)
        inner.Depends(made, _sdk(session, {languages.FORTRAN} | (inner["UNIKERNEL_LANGUAGES"] & {languages.OPENMP})))
        objects.update(zip(of_fortran, made, strict=True))
    return list(inner.Flatten(objects.values()))


def _object(source: Any, target: Any) -> Any:
    """The node of the object that `source` is compiled to for `target`."""
    relative = os.path.relpath(source.srcnode().abspath, target.dir.srcnode().abspath)
    return _place(target).File(relative.replace(os.pardir + os.sep, "__" + os.sep) + ".o")


def _compile(session: Session, inner: Environment, source: Any, target: Any) -> list[Any]:
    language = languages.of(source.name)
    command = _COMPILE[language]
    scanner = None if language == languages.ASSEMBLY else CScanner()
    compiler = Builder(action=Action(f"${command}", f"${command}STR"), source_scanner=scanner)
    objects = compiler(inner, target, source)
    used = {language} | (inner["UNIKERNEL_LANGUAGES"] & {languages.OPENMP})
    inner.Depends(objects, [*_sdk(session, used), *inner["UNIKERNEL_NEEDS"]])
    if language in _IN_COMPDB:
        session.compiled.append((objects[0], source, inner))
    return list(objects)


def _use_libraries(session: Session, outer: Environment, inner: Environment) -> None:
    """The languages of our own libraries among LIBS, and of foreign projects whose folders are searched."""
    for library in [*_libraries(outer, inner), *inner["UNIKERNEL_NEEDS"]]:
        environment.use(session, inner, session.languages_of(library))


def _libraries(outer: Environment, inner: Environment) -> list[Any]:
    """The nodes that LIBS may mean, which are nodes or names."""
    nodes: list[Any] = []
    for library in inner.Flatten(inner.get("LIBS", [])):
        if is_String(library):
            folders = inner.Flatten(inner.get("LIBPATH", []))
            nodes += [outer.Dir(folder).File(f"lib{library}.a") for folder in folders]
        else:
            nodes.append(library)
    return nodes


def _sdk(session: Session, used: Iterable[str]) -> list[Any]:
    """The steps that a line needs whose languages are `used`."""
    return [stamps.stamp(session, name) for name in languages.steps(sorted(used))]


def _check(target: list[Any], source: list[Any], env: Environment) -> None:
    path = Path(target[0].abspath)
    try:
        image = elf.check(path)
    except UnikernelError:
        path.unlink()
        raise
    if image.executable_stack:
        sys.stderr.write(f"unikernel: {target[0]}: has an executable stack (nested functions or assembly ask for it)\n")


def _write(target: list[Any], source: list[Any], env: Environment) -> None:
    Path(target[0].abspath).write_text(source[0].get_text_contents())
