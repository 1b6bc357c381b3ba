"""How long a person waits for a build: nothing to do, one edited line, a second project, empty caches."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import processes
from .figures import Reading
from .processes import BenchError

_LEFT_OUT = (".git", "build", "build-debug", ".sconsign*", "__pycache__", "target", ".*_cache")
GREETING = "Hello from a unikernel!"
_SECOND = """\
env = Environment(tools=["default", "unikernel"], toolpath=[{tools!r}])
env.UnikernelRun("second", env.UnikernelProgram("second", ["second.c"]))
"""
_SECOND_C = """\
#include <stdio.h>

int main(void)
{
    puts("second project");
    return 0;
}
"""


class Workshop:
    """A copy of the checkout, built once with the caller's store, in which builds can be timed."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self.copy = folder / "checkout"
        self.count = 0
        shutil.copytree(home, self.copy, ignore=shutil.ignore_patterns(*_LEFT_OUT), symlinks=True)

    def scons(self, *words: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> tuple[float, str]:
        """Seconds and output of one run of sconsw."""
        start = time.perf_counter()
        output = processes.run([self.copy / "sconsw", *words], cwd=cwd or self.copy, env=env, timeout=1800)
        return time.perf_counter() - start, output

    def round(self) -> Iterator[Reading]:
        """Each of the waits that a warm store leaves, once."""
        if self.count == 0:
            self.scons("offline=1")
            self._edited()  # the first start of the guest loads it from disk
        yield Reading("nothing to do", "s", None, self.scons("offline=1")[0])
        yield Reading("one-line edit to output", "s", None, self._edited())
        yield Reading("second project to output", "s", None, self._second())

    def _edited(self) -> float:
        source = self.copy / "examples/hello/hello.c"
        text = source.read_text()
        self.count += 1
        greeting = f"edit {self.count}"
        old = GREETING if self.count == 1 else f"edit {self.count - 1}"
        if text.count(old) != 1:
            raise BenchError(f"{source.name}: no single {old!r} to edit")
        source.write_text(text.replace(old, greeting))
        return self._timed(["run-hello", "offline=1"], self.copy, greeting)

    def _second(self) -> float:
        project = self.folder / f"project-{self.count}"
        project.mkdir()
        tools = str(self.copy / "site_scons/site_tools")
        (project / "SConstruct").write_text(_SECOND.format(tools=tools))
        (project / "second.c").write_text(_SECOND_C)
        return self._timed(["run-second", "offline=1"], project, "second project")

    def _timed(self, words: Sequence[str], cwd: Path, expected: str) -> float:
        seconds, output = self.scons(*words, cwd=cwd)
        if expected not in output:
            raise BenchError(f"scons {' '.join(words)}: no {expected!r} in its output")
        return seconds

    def cold(self) -> Iterator[Reading]:
        """From empty caches to the STREAM table; downloads over the network."""
        places = {"UNIKERNEL_STORE": str(self.folder / "store"), "XDG_CACHE_HOME": str(self.folder / "cache")}
        env = {**processes.environ(), **places}
        seconds, output = self.scons("run-stream", env=env)
        if "Triad:" not in output:
            raise BenchError("scons run-stream: no table in its output")
        yield Reading("empty caches to STREAM's table", "s", None, seconds)
