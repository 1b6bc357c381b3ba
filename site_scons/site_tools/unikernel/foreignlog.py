"""What the log of a failed foreign build says: its end, and in one line what is likely to help."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from .foreign import FOR_TARGET
from .messages import UnikernelError
from .sealed import ToolFailed

_SHOWN, _SEARCHED = 15, 400  # lines from the end
_ERROR = re.compile(r"\berror: |\*\*\* .*Error \d+|CMake Error|undefined reference")
# As make, busybox's sh and bash say it.
_CANNOT = "(?:Permission denied|[Nn]ot found|No such file)"
_SPEAKER = r"^(?:\S*sh: (?:line )?(?:\d+: )?|\S*make(?:\[\d+\])?: |.*: line \d+: )"
_KNOWN = (
    (re.compile(r"this is a unikernel, no Linux program()"), "the build runs a program that it made",
     "leave such targets out by targets=, and run the program by UnikernelTest"),
    (re.compile(r"((?:/usr(?:/local)?)?/s?bin/[\w.+-]+)['\"]?: " + _CANNOT), "the build calls a host's tool",
     "let it use $CC, $AR ... of its environment, or set the variable that names it by args="),
    (re.compile(r"(/usr/(?:local/)?(?:include|lib\w*)/\S+): Permission denied"), "the build reads the host's",
     "the sysroot has its own; take the path out of its flags"),
    (re.compile(_SPEAKER + r"([\w.+-]+): (?:command )?(?:not found|No such file or directory)$"),
     "the build calls a command that a sealed build has not", "docs/rules.md, foreign builds, lists them"),
)
_BY_PATH = re.compile(r"(?:^|[\s;&|(])((?:/usr(?:/local)?)?/bin/(?:" + "|".join(map(re.escape, FOR_TARGET)) + r"))\s")


def host_tool(log: Path) -> str:
    """The first of the host's tools for target code that a command calls by its path; what Landlock else refuses."""
    for line in log.read_text(errors="replace").splitlines():
        found = _BY_PATH.search(f"{line} ")
        if found:
            return found[1]
    return ""


def show_end(log: Path) -> None:
    """The log's last lines, as they are; where many jobs ran, what failed first may stand far above, and goes first."""
    lines = log.read_text(errors="replace").splitlines()
    shown = lines[-_SHOWN:]
    first = next((number for number, line in enumerate(lines) if _ERROR.search(line)), len(lines))
    if first < len(lines) - _SHOWN:
        shown = [*lines[max(first - 2, 0) : first + 3], "...", *shown]
    print("\n".join(["", *shown]), file=sys.stderr, flush=True)


def explain(title: str, error: UnikernelError, log: Path) -> ToolFailed:
    """One line: what failed, where the log is, what to do."""
    lines = log.read_text(errors="replace").splitlines()[-_SEARCHED:]
    for pattern, what, mend in _KNOWN:
        for line in lines:
            found = pattern.search(line)
            if found:
                return ToolFailed(f"{what}{': ' if found[1] else ''}{found[1]}", os.path.relpath(log), mend)
    return ToolFailed(f"{title} {error.what.partition(' ')[2]}", os.path.relpath(log), "its end stands above")
