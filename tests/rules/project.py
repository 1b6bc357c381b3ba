"""A project as a user has one: a folder, an SConstruct, and scons run in it as a process of its own."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
TOOLPATH = HOME / "site_scons" / "site_tools"

MAIN = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
HEAD = f"env = Environment(tools=['default', 'unikernel'], toolpath=[{str(TOOLPATH)!r}])\n"


@dataclass
class Result:
    """How a run of scons ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was built: the short lines of the rules ("CC    main.c.o")."""
        return [line.strip() for line in self.out.splitlines() if line.startswith("  ")]

    def did(self, verb: str) -> bool:
        """Whether a step of that kind (CC, LINK, RUN, TEST, SDK ...) was taken."""
        return any(line.split()[0] == verb for line in self.lines)


class Project:
    """A folder with an SConstruct."""

    def __init__(self, folder: Path, environ: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.python = sys.executable
        # HERMIT_* of whoever runs the tests would change what runs do.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HERMIT_")}
        self.environ = {**kept, **(environ or {})}
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def sconstruct(self, body: str, head: str = HEAD) -> None:
        """The SConstruct: `body` may use `env`."""
        self.write("SConstruct", head + body)

    def start(self, *words: str, **options: object) -> subprocess.Popen[str]:
        """scons in the background, its output in pipes."""
        given: dict[str, object] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        argv = [self.python, "-m", "SCons", *words]
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            argv, cwd=self.folder, env=self.environ, text=True, **{**given, **options}
        )

    def scons(self, *words: str, stdin: str | None = None, timeout: float = 300, **environ: str) -> Result:
        """Run scons to its end."""
        done = subprocess.run(
            [self.python, "-m", "SCons", *words], cwd=self.folder, env={**self.environ, **environ}, text=True,
            input=stdin or "", capture_output=True, timeout=timeout, check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def build(self, *words: str, **environ: str) -> Result:
        """Run scons, which must succeed."""
        result = self.scons(*words, **environ)
        assert result.code == 0, f"scons {' '.join(words)} ended with {result.code}:\n{result.out}\n{result.err}"
        return result

    def refuses(self, *words: str) -> str:
        """Run scons, which must end with one line of ours and exit code 2; returns the line."""
        result = self.scons("-Q", *words)
        lines = result.err.strip().splitlines()
        assert result.code == 2 and len(lines) == 1, f"exit code {result.code}:\n{result.out}\n{result.err}"
        return lines[0]
