"""Times processes and reads what they print; all times in the unit a function names."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def output(argv: Sequence[object], environ: Mapping[str, str] | None = None) -> str:
    """What a command prints; it must succeed."""
    words = [str(word) for word in argv]
    return subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout


def milliseconds(argv: Sequence[object], times: int, environ: Mapping[str, str] | None = None) -> float:
    """Median time of a command from its exec to its end, in ms."""
    words = [str(word) for word in argv]
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        taken.append(1e3 * (time.perf_counter() - start))
    return statistics.median(taken)


def table(text: str) -> dict[str, float]:
    """Lines "name<TAB>value" as a dict."""
    rows = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {name: float(value) for name, value in rows}


def triad(text: str) -> float:
    """The triad's best rate, in MB/s, from STREAM's table."""
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("Triad:"))


def own_memory(argv: Sequence[object], guest_bytes: int) -> float:
    """MiB that a hypervisor holds besides its guest's memory, while the guest waits for input."""
    child = subprocess.Popen([str(word) for word in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin and child.stdout
    try:
        child.stdout.readline()
        return _resident_without(child.pid, guest_bytes) / 1024
    finally:
        child.stdin.close()
        child.wait(20)


def _resident_without(process: int, guest_bytes: int) -> int:
    """KiB resident in mappings that are smaller than the guest's memory."""
    total, large = 0, False
    for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
        first = line.split()[0]
        if "-" in first and not first.endswith(":"):
            begin, end = (int(part, 16) for part in first.split("-"))
            large = end - begin >= guest_bytes
        elif first == "Rss:" and not large:
            total += int(line.split()[1])
    return total


def kilobytes(path: Path) -> float:
    """Size of a file in KB (1000 bytes)."""
    return os.path.getsize(path) / 1000
