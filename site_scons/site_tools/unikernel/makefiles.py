"""Finds where makefiles name the host's tools, and what to give make so that they are ours instead."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import crosstools, foreign
from .driver import TARGET

_NAME = re.compile(r"(GNUm|[Mm])akefile(\..*|-.*|_.*)?$|.*\.(mk|mak|make)$|[Mm]ake\..*$")
_TEMPLATES = (".am", ".in", ".ac", ".m4", ".orig", ".rej")
_LARGEST = 1 << 20
# NAME = value, with any of make's ways to assign; a recipe's line begins with a tab.
_ASSIGNMENT = re.compile(
    r"^ *(?:(?:export|override) +)*([A-Za-z_][\w.-]*)[ \t]*(?:::?:?|\?)?=[ \t]*(\S+)([^\n#]*)", re.MULTILINE)
_TOOLS = "|".join(re.escape(name) for name in sorted(foreign.FOR_TARGET, key=len, reverse=True))
_TOOL = re.compile(rf"(?:\$[({{](?P<prefix>\w+)[)}}])?(?:/\S*/)?(?P<tool>{_TOOLS})$")
_PREFIXED = re.compile(rf"\$[({{](\w+)[)}}](?:{_TOOLS})\b")
_SHELL = re.compile(r"^ *SHELL[ \t]*[:?]?=[ \t]*\S*\bbash\b", re.MULTILINE)
# What may follow a tool in such a variable: its options (those of ar have no hyphen), or more variables.
_OPTIONS = re.compile(r"\s*(?:$|[-$]|[rcuqsvDUTx]{1,6}\s*$)")


class Makefiles:
    """What the makefiles of a tree say about their tools."""

    def __init__(self, tree: Path) -> None:
        self.tools: dict[str, tuple[str, str]] = {}  # variable -> (the host's tool, what follows it)
        self.prefixes: set[str] = set()  # variables that stand in front of tools: CROSS_COMPILE
        self.bash = False
        self.destdir = False
        for path in _makefiles(tree):
            self._read(path.read_text(errors="replace").replace("\\\n", " "))

    def _read(self, text: str) -> None:
        self.bash |= _SHELL.search(text) is not None
        self.destdir |= "DESTDIR" in text
        self.prefixes.update(_PREFIXED.findall(text))
        for name, value, rest in _ASSIGNMENT.findall(text):
            found = _TOOL.match(value)
            if found and _OPTIONS.match(rest):
                self.tools.setdefault(name, (found["tool"], rest.strip()))

    def overrides(self, flags: Sequence[str] = ()) -> list[str]:
        """NAME=value for make's command line, which no makefile overrules; compilers with `flags`."""
        ours = crosstools.variables("", flags)
        words = [f"{name}={TARGET}-" for name in sorted(self.prefixes)]
        for name, (tool, rest) in sorted(self.tools.items()):
            variable = foreign.FOR_TARGET[tool]
            build = crosstools.for_build(name) and variable == "CC"
            words.append(f"{name}={foreign.BUILD_CC if build else ours[variable]} {rest}".rstrip())
        return words


def _makefiles(tree: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(tree):
        names.sort()
        for name in sorted(files):
            if not _NAME.match(name) or name.endswith(_TEMPLATES):
                continue
            path = Path(folder, name)
            if path.is_file() and path.stat().st_size < _LARGEST:
                yield path
