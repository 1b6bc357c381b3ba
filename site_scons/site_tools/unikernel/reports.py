"""Gathers the reports of a run: keeps going after a failure, merges them, and ends with the line of totals."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import atexit
import sys
from pathlib import Path
from typing import Any

import SCons.Script
import SCons.Script.Main
from SCons.Node import no_state

from . import children, junit
from .junit import Case, Counts
from .session import Session

ALIAS = "unikernel-test"


def add(session: Session, node: Any, title: str) -> None:
    """Count `node`'s report in the closing line, if it is asked for."""
    if not session.reports:
        atexit.register(_close, session)
        if ALIAS in SCons.Script.COMMAND_LINE_TARGETS:
            keep_going()
    session.reports[node] = title


def keep_going() -> None:
    """As if -k were given: one failed test does not keep the others from running."""
    SCons.Script.Main.OptionsParser.values.keep_going = True  # SetOption does not offer it


def _close(session: Session) -> None:
    """The closing line, printed after SCons's own last one."""
    idle = ("no_exec", "clean", "help", "question")
    asked = [node for node in session.reports if node.get_state() != no_state]
    if not asked or children.interrupted() or any(SCons.Script.GetOption(name) for name in idle):
        return
    folder = Path(session.build.Dir("reports").abspath)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_report(folder, node, session.reports[node]) for node in asked]
    total: Counts = junit.merge(paths, folder / "junit.xml")
    for path in paths:
        for test, why in junit.skips(path):
            print(f"skipped: {path.stem}: {test}: {why}")
    print(total)
    sys.stdout.flush()


def _report(folder: Path, node: Any, title: str) -> Path:
    """The node's report, whichever way it ended."""
    passed, failed = Path(node.abspath), Path(node.abspath).with_suffix(".failed.xml")
    if passed.is_file():
        return passed
    if not failed.is_file():
        junit.write(failed, Case("build", title, failure="not run: what it needs could not be built"))
    return failed
