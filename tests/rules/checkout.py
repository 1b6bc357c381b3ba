"""Copies of this checkout: the same project in another place."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
from pathlib import Path

from project import HOME, Project

# What a checkout holds; `build` and caches of the one under test stay behind.
PARTS = (
    "SConstruct", "sconsw", "requirements.txt", "requirements-dev.txt", "toolchain.lock", "site_scons", "examples",
    "kernel", "uhyve", "runtimes", "tests", "bench", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE",
)


def copy_checkout(folder: Path) -> Project:
    """A copy of what git holds of this one; it shares the store."""
    project = Project(folder)
    left = shutil.ignore_patterns("__pycache__", "target")
    for part in PARTS:
        source = HOME / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=left, symlinks=True)
        else:
            shutil.copy(source, folder / part)
    return project


def snapshot(folder: Path) -> set[str]:
    """All names below a folder."""
    return {os.path.join(place, name) for place, folders, files in os.walk(folder) for name in folders + files}
