"""Our Python: free of ruff's warnings, and typed throughout (mypy --strict); pyproject.toml has the settings."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
PLUGIN = "site_scons/site_tools/unikernel"
SCRIPTS = ["SConstruct", *(str(path.relative_to(HOME)) for path in HOME.glob("[a-z]*/**/SConscript"))]


def run(*words: str) -> None:
    """A tool on this checkout; what it prints is the failure."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOME / "site_scons" / "site_tools"), *sys.path])}
    argv = [sys.executable, "-m", *words]
    done = subprocess.run(argv, cwd=HOME, env=environ, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    run("ruff", "check", "--no-cache", "--quiet", "--output-format=concise", PLUGIN, "tests", "bench", *SCRIPTS)


def test_mypy(tmp_path: Path) -> None:
    run("mypy", f"--cache-dir={tmp_path}", PLUGIN, "bench")
