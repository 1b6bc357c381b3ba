"""How another Python process finds this plugin and the pinned packages that this one uses."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def search_path() -> list[str]:
    """The folder of the plugin, and those that sconsw or the user put in front of Python's own."""
    own = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    added = [item for item in sys.path if os.path.isdir(item) and not own & set(Path(item).resolve().parents)]
    return list(dict.fromkeys([str(PACKAGE.parent), *added]))


def command(module: str) -> list[str]:
    """The words that run one of the plugin's modules, with `environ()`."""
    return [sys.executable, "-m", f"{PACKAGE.name}.{module}"]


def environ() -> dict[str, str]:
    """The caller's environment, with the modules that this process sees."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(search_path())}
