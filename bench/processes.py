"""Starts programs and takes what only an onlooker sees: time from exec to end, memory, the figures they print."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_FIGURE = re.compile(r"^([A-Za-z][\w%.-]*):\s+([0-9.]+)")
_SMAPS_HEAD = re.compile(r"^[0-9a-f]+-[0-9a-f]+ ")
_TIMEOUT = 300.0


class BenchError(Exception):
    """A program of a case did not do what it should; the text is one line."""


def environ() -> dict[str, str]:
    """The caller's environment without what steers the launcher, SCons and Python."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("HERMIT_", "SCONSFLAGS", "PYTHON"))}


def run(argv: Sequence[object], *, cwd: Path | None = None, env: dict[str, str] | None = None,
        timeout: float = _TIMEOUT) -> str:
    """The stdout of a program that must succeed."""
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(words, cwd=cwd, env=env or environ(), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=timeout, text=True, errors="replace", check=False)
    except subprocess.TimeoutExpired:
        raise BenchError(f"{_shown(words)}: no end after {timeout:g} s") from None
    except OSError as error:
        raise BenchError(f"{_shown(words)}: {error.strerror}") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise BenchError(f"{_shown(words)}: exit code {done.returncode}: {said[-1] if said else 'silent'}")
    return done.stdout


def figures(output: str) -> dict[str, float]:
    """The lines `name: value` of a program's output; whatever stands after the value is of no concern here."""
    found = (_FIGURE.match(line) for line in output.splitlines())
    return {match.group(1): float(match.group(2)) for match in found if match}


def seconds(argv: Sequence[object]) -> float:
    """From just before exec to the end of a program that must succeed; its output is dropped."""
    words = [str(word) for word in argv]
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
    env = environ()
    try:
        start = time.perf_counter()
        child = os.posix_spawn(words[0], words, env, file_actions=actions)
        _, status = os.waitpid(child, 0)
        taken = time.perf_counter() - start
    except OSError as error:
        raise BenchError(f"{_shown(words)}: {error.strerror}") from None
    finally:
        os.close(null)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        run(words)  # says why
        raise BenchError(f"{_shown(words)}: exit code {code}, and 0 when run again")
    return taken


def watched(argv: Sequence[object], lines: int) -> tuple[dict[str, float], float, str]:
    """The figures of a program that prints `lines` lines and then waits for the end of its stdin.

    With them the realtime in ms just before exec, and /proc/PID/smaps while it waits.
    """
    words = [str(word) for word in argv]
    began = 1e3 * time.time()
    try:
        child = subprocess.Popen(words, env=environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise BenchError(f"{_shown(words)}: {error.strerror}") from None
    assert child.stdin and child.stdout, "both are pipes"
    killer = threading.Timer(_TIMEOUT, child.kill)
    killer.start()
    try:
        output = "".join(child.stdout.readline() for _ in range(lines))
        smaps = Path(f"/proc/{child.pid}/smaps").read_text()
        child.stdin.close()
        child.stdout.read()
        code = child.wait()
    finally:
        killer.cancel()
        child.kill()
        child.wait()
    if code != 0:
        raise BenchError(f"{_shown(words)}: exit code {code}")
    return figures(output), began, smaps


def own_memory(smaps: str, guest: int) -> int:
    """Resident bytes of a hypervisor beside its guest's memory, which is every mapping of at least `guest` bytes."""
    total, size = 0, 0
    for line in smaps.splitlines():
        if _SMAPS_HEAD.match(line):
            size = 0
        name, _, value = line.partition(":")
        if name == "Size":
            size = int(value.split()[0]) * 1024
        elif name == "Rss" and size < guest:
            total += int(value.split()[0]) * 1024
    return total


def _shown(words: Sequence[str]) -> str:
    return " ".join([Path(words[0]).name, *(word.rpartition("/")[2] for word in words[1:4])])
