"""Fixtures: the SDK of this checkout, as a user's shell would call it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "site_scons" / "site_tools"))

from unikernel import context, sysroot  # noqa: E402


@dataclass(frozen=True)
class Sdk:
    """The sysroot's entry, and a folder to work in."""

    root: Path
    work: Path

    def tool(self, name: str) -> Path:
        """The command x86_64-hermit-<name>."""
        return self.root / "bin" / f"x86_64-hermit-{name}"

    def run(self, name: str, *args: object, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the work folder, with nothing on PATH."""
        return subprocess.run(
            [self.tool(name), *map(str, args)], cwd=self.work, env={"PATH": "/var/empty", "LC_ALL": "C", **environ},
            input=stdin, capture_output=True, text=True, check=False,
        )

    def ok(self, name: str, *args: object, stdin: str = "", **environ: str) -> str:
        """The output of a command that must succeed."""
        done = self.run(name, *args, stdin=stdin, **environ)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def source(self, text: str, name: str = "main.c") -> str:
        """Write a source file; returns its name."""
        (self.work / name).write_text(text)
        return name

    def osabi(self, name: str) -> int:
        """EI_OSABI of a file in the work folder."""
        return (self.work / name).read_bytes()[7]


@pytest.fixture(scope="session")
def root() -> Path:
    """The entry in the store, made if absent."""
    return sysroot.ensure(context.from_environ(os.environ, home=HOME))


@pytest.fixture
def sdk(root: Path, tmp_path: Path) -> Sdk:
    """The SDK with a work folder of its own."""
    return Sdk(root, tmp_path)
