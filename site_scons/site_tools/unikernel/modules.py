"""How another Python process finds this plugin and the pinned packages that this one uses."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_IMPORTED = ("SCons", "elftools", "jinja2", "markupsafe")
_SHEBANG_SIZE = 127  # linux/binfmts.h: BINPRM_BUF_SIZE was 128 before Linux 5.1


def search_path() -> list[str]:
    """The folder of the plugin, and those that sconsw or the user put in front of Python's own."""
    own = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    added = [item for item in sys.path if os.path.isdir(item) and not own & set(Path(item).resolve().parents)]
    return list(dict.fromkeys([str(PACKAGE.parent), *added]))


def package_path() -> list[str]:
    """Where this plugin and what it imports are: the same at any moment and in any process of a run.

    While SCons reads an SConscript it puts folders in front, and children are given all that their parent sees.
    """
    first, *others = search_path()
    return [first, *(item for item in others if any(os.path.isdir(os.path.join(item, name)) for name in _IMPORTED))]


def command(module: str) -> list[str]:
    """The words that run one of the plugin's modules, with `environ()`."""
    return [sys.executable, "-m", f"{PACKAGE.name}.{module}"]


def environ() -> dict[str, str]:
    """The caller's environment, with the modules that this process sees."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(search_path())}


def shebang(options: str = "") -> str:
    """The first lines of a script for this Python, whose place may hold blanks, or be too long for the kernel."""
    line = f"#!{sys.executable}{options}"
    if " " not in sys.executable and len(line) < _SHEBANG_SIZE:
        return line
    return f"""#!/bin/sh
''':'
exec {shlex.quote(sys.executable)}{options} "$0" "$@"
'''"""
