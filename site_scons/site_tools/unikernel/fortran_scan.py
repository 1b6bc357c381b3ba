"""What a Fortran source gives to others and wants of them: its modules and submodules, and those it uses."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .fortran_text import Dialect, Reader, statements

_NAME = r"([a-z_]\w*)"
_MODULE = re.compile(rf"module\s+{_NAME}$", re.IGNORECASE)
_SUBMODULE = re.compile(rf"submodule\s*\(\s*{_NAME}\s*(?::\s*{_NAME}\s*)?\)\s*{_NAME}$", re.IGNORECASE)
_USE = re.compile(rf"use(?:\s*,\s*(intrinsic|non_intrinsic)\s*)?(?:\s*::\s*|\s+){_NAME}\s*(?:,.*)?$", re.IGNORECASE)
# A procedure of a module whose body may be in a submodule: `pure module function f(x)`, `module subroutine s`.
_SEPARATE = re.compile(r"([\w()=*,\s]*[\s)])?module\s+([\w()=*,\s]*\s)?(subroutine|function)\s+\w+", re.IGNORECASE)
_INCLUDE = re.compile(r"""^\s*(?:#\s*)?include\s*['"<]([^'">]+)['">]""", re.IGNORECASE | re.MULTILINE)

# A line that may matter. Most files of an old library have none, and are not read statement by statement.
_MATTERS = re.compile(r"^[\s\d&]*(?:[!cC*]\$\s*)?(?:#|(?:sub)?module\b|use\b|include\b)|;\s*(?:sub)?(?:module|use)\b",
                      re.IGNORECASE | re.MULTILINE)

# Suffixes: those that gfortran preprocesses, and those in fixed form.
_CPP = (".F", ".FOR", ".FTN", ".fpp", ".FPP", ".F90", ".F95", ".F03", ".F08")
_FIXED = (".f", ".for", ".ftn", ".F", ".FOR", ".FTN", ".fpp", ".FPP")
# What gfortran itself defines, as far as sources ask for it.
_PREDEFINED = {
    "__GFORTRAN__": "1", "__GNUC__": "12", "__GNUC_MINOR__": "2", "__GNUC_PATCHLEVEL__": "0", "__hermit__": "1",
    "__unix__": "1", "__unix": "1", "__x86_64__": "1", "__x86_64": "1", "__amd64__": "1", "__LP64__": "1", "_LP64": "1",
}


@dataclass(frozen=True)
class Use:
    """A module that is used, in lower case; `nature` is "intrinsic", "non_intrinsic" or "" where it is left open."""

    name: str
    nature: str = ""


@dataclass
class Facts:
    """Names in lower case. Submodules are called parent@name, as the files that gfortran writes for them."""

    modules: list[str] = field(default_factory=list)
    submodules: list[str] = field(default_factory=list)
    separate: set[str] = field(default_factory=set)  # modules for which gfortran writes a .smod, too
    uses: list[Use] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)  # modules, and submodules as above, whose .smod is read

    def files(self) -> list[str]:
        """The names of the files that gfortran writes beside the object."""
        names = [f"{name}.mod" for name in self.modules]
        return [*names, *(f"{name}.smod" for name in (*sorted(self.separate), *self.submodules))]


def is_fixed(name: str, flags: Sequence[str] = ()) -> bool:
    """Whether a source is in fixed form: by its suffix, or as the last flag says."""
    fixed = os.path.splitext(name)[1] in _FIXED
    for flag in flags:
        fixed = {"-ffixed-form": True, "-ffree-form": False}.get(flag, fixed)
    return fixed


def dialect(name: str, flags: Sequence[str], defines: Mapping[str, str], *, openmp: bool) -> Dialect:
    """How the source `name` is read under the user's `flags` and macros."""
    cpp, width = os.path.splitext(name)[1] in _CPP, 72
    for flag in flags:
        cpp = {"-cpp": True, "-nocpp": False}.get(flag, cpp)
        if flag.startswith("-ffixed-line-length-"):
            length = flag.rpartition("-")[2]
            width = int(length) if length.isdigit() else 0
    macros = {**_PREDEFINED, **({"_OPENMP": "201511"} if openmp else {}), **defines}
    return Dialect(is_fixed(name, flags), width, cpp, openmp, macros)


def scan(text: str, how: Dialect, read: Reader = lambda name: None) -> Facts:
    """The facts of a source; `read` gives the text of files that it includes."""
    facts, inside = Facts(), ""
    if not _MATTERS.search(text):
        return facts
    for statement in statements(text, how, read):
        first = statement[:1].lower()
        if first not in "musepirlctdn":  # the letters that what counts here begins with, and ends
            continue
        if match := _MODULE.match(statement):
            name = _named(match.group(1), how)
            if name not in ("procedure", "subroutine", "function"):
                inside = name
                facts.modules.append(inside)
        elif match := _SUBMODULE.match(statement):
            module, parent, name = (_named(group, how) if group else "" for group in match.groups())
            facts.parents.append(f"{module}@{parent}" if parent else module)
            facts.submodules.append(f"{module}@{name}")
            inside = ""  # of a submodule there is a .smod always
        elif match := _USE.match(statement):
            use = Use(_named(match.group(2), how), (match.group(1) or "").lower())
            if use not in facts.uses:
                facts.uses.append(use)
        elif inside and _SEPARATE.match(statement):
            facts.separate.add(inside)
    return facts


def includes(text: str) -> list[str]:
    """The files that a source may include, in whatever branch."""
    return _INCLUDE.findall(text)


def _named(name: str, how: Dialect) -> str:
    """A name as gfortran sees it behind the preprocessor."""
    seen = {name}
    while how.cpp and name in how.defines and how.defines[name] not in seen:
        name = how.defines[name]
        seen.add(name)
    return name.lower()
