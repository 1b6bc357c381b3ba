"""Which source waits for which: modules of one target resolved, and in one line what cannot be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .fortran_scan import Facts, Use
from .messages import EXIT_USAGE, UnikernelError

# Modules that come with the compiler and its runtimes.
INTRINSIC = frozenset({
    "iso_c_binding", "iso_fortran_env", "ieee_arithmetic", "ieee_exceptions", "ieee_features", "omp_lib",
    "omp_lib_kinds",
})
_PLANNED = {"mpi": "MPI", "mpi_f08": "MPI", "mpi_base": "MPI"}
_REFUSED = {"openacc": "a unikernel has no accelerators", "openacc_kinds": "a unikernel has no accelerators"}


@dataclass
class Wants:
    """What one source waits for."""

    own: list[str] = field(default_factory=list)  # files that other sources of the target write
    foreign: list[str] = field(default_factory=list)  # files that `others` has
    unknown: list[str] = field(default_factory=list)  # modules that sources may define which are yet to be generated


def resolve(
    sources: Mapping[str, Facts], others: Callable[[str], bool], where: str, *, generated: bool = False,
) -> dict[str, Wants]:
    """For each source of target `where` what it waits for.

    `others` tells whether a library, or a folder of CPPPATH, has a file of that name; `generated` that there are
    sources whose modules are not known yet.
    """
    writers: dict[str, str] = {}
    for source, facts in sources.items():
        for file in facts.files():
            if file in writers:
                _fail_twice(file, writers[file], source, where)
            writers[file] = source
    wants = {source: _wants(source, facts, writers, others, generated) for source, facts in sources.items()}
    _check_cycles(sources, writers, wants)
    return wants


def ready(sources: Mapping[str, Facts], wants: Mapping[str, Wants]) -> list[str]:
    """The files that are written without waiting for generated sources, which may therefore wait for them."""
    waiting = {source for source, found in wants.items() if found.unknown}
    writers = {file: source for source, facts in sources.items() for file in facts.files()}
    while more := [source for source in sources if source not in waiting
                   and any(writers[file] in waiting for file in wants[source].own)]:
        waiting.update(more)
    return [file for file, source in writers.items() if source not in waiting]


def _wants(
    source: str, facts: Facts, writers: Mapping[str, str], others: Callable[[str], bool], generated: bool
) -> Wants:
    wants = Wants()
    files = [(f"{use.name}.mod", use) for use in facts.uses]
    files += [(f"{parent}.smod", Use(parent)) for parent in facts.parents]
    for file, use in files:
        if use.nature == "intrinsic" and use.name in INTRINSIC:
            continue
        if file in writers:
            if writers[file] != source and file not in wants.own:
                wants.own.append(file)
        elif others(file):
            wants.foreign.append(file)
        elif use.name in INTRINSIC and use.nature != "non_intrinsic":
            continue
        elif generated and use.nature != "intrinsic":
            wants.unknown.append(use.name)
        else:
            _fail_missing(use, source, is_parent=file.endswith(".smod"))
    return wants


def _fail_twice(file: str, one: str, other: str, where: str) -> None:
    kind = "submodule" if "@" in file else "module"
    name = file.rpartition(".")[0].replace("@", ":")
    mend = "leave one out, or build them into two libraries"
    what = f"{kind} {name} is twice in one target" if one == other else f"{kind} {name} is defined by two files"
    raise UnikernelError(what, f"{where}: {one}, {other}" if one != other else one, mend, EXIT_USAGE)


def _fail_missing(use: Use, source: str, *, is_parent: bool) -> None:
    if use.name in _PLANNED:
        what = f"module {use.name}: {_PLANNED[use.name]} comes with a later version"
        raise UnikernelError(what, source, "leave it out by the preprocessor", EXIT_USAGE)
    if use.name in _REFUSED:
        raise UnikernelError(f"no module {use.name}", source, _REFUSED[use.name], EXIT_USAGE)
    if use.nature == "intrinsic":
        mend = f"known: {' '.join(sorted(INTRINSIC))}"
        raise UnikernelError(f"no intrinsic module {use.name}", source, mend, EXIT_USAGE)
    if is_parent:
        what = f"no file gives {use.name.replace('@', ':')} an interface for submodules"
        mend = "add the source that declares its `module subroutine` or `module function`"
        raise UnikernelError(what, f"{source} is a submodule of it", mend, EXIT_USAGE)
    mend = "add the source that defines it, or the library: UnikernelLibrary's before the programs that link it"
    raise UnikernelError(f"no file defines module {use.name}", f"{source} uses it", mend, EXIT_USAGE)


def _check_cycles(sources: Mapping[str, Facts], writers: Mapping[str, str], wants: Mapping[str, Wants]) -> None:
    """A line that shows the cycle as modules: each uses the next."""
    waits = {source: {writers[file] for file in wants[source].own} for source in sources}
    while ready := [source for source, earlier in waits.items() if not earlier]:
        for source in ready:
            del waits[source]
        for earlier in waits.values():
            earlier.difference_update(ready)
    if not waits:
        return
    # From any that is left one comes to a cycle: each waits for one that is left.
    walk, source = list[tuple[str, str]](), next(iter(waits))
    while source not in (earlier for earlier, _ in walk):
        file = next(file for file in wants[source].own if writers[file] in waits)
        walk.append((source, file.rpartition(".")[0]))
        source = writers[file]
    start = [earlier for earlier, _ in walk].index(source)
    names = [name for _, name in walk[start:]]
    files = ", ".join(earlier for earlier, _ in walk[start:])
    what = f"modules use each other: {' -> '.join([names[-1], *names])}"
    raise UnikernelError(what, files, "let one not use the other", EXIT_USAGE)
