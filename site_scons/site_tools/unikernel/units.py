"""Compiles many sources, each with a command of its own, by the locked make."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import sealed


@dataclass(frozen=True)
class Unit:
    """A source and its object, relative to the build's folder; `command` is all before -c; `group` for its maker."""

    source: str
    target: str
    command: tuple[str, ...]
    group: str = ""


def compile_units(commands: Path, units: Sequence[Unit], cwd: Path, jobs: int, log: Path) -> None:
    """Compile every unit; `commands` holds make, `cwd` is the build's folder. make starts them in this order."""
    rules = ["all: " + " ".join(unit.target for unit in units)]
    for unit in units:
        (cwd / unit.target).parent.mkdir(parents=True, exist_ok=True)
        language = ["-x", "c++"] if unit.source.endswith(".h") else []
        words = shlex.join([*unit.command, *language, "-c", unit.source, "-o", unit.target])
        rules.append(f"{unit.target}: {unit.source}\n\t@{words}".replace("$", "$$"))
    makefile = cwd / "units.mk"
    makefile.write_text("\n".join(rules) + "\n")
    sealed.run([commands / "make", f"-j{jobs}", f"SHELL={commands}/sh", "-f", makefile], cwd=cwd, log=log)
