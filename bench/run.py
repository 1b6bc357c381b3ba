"""The bench runner: measures all cases, host and unikernel side by side, prints the table and writes it as JSON."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import builds
import measure

# Elements of STREAM's arrays and bytes of the guest's memory where they matter.
_ELEMENTS = 10_000_000
_MEM = 64 << 20


@dataclass
class Case:
    """One row; `host` is what the same source does as a process of the host, `goal` what we aim at."""

    name: str
    unit: str
    unikernel: float
    host: float | None = None
    goal: str = ""


class Bench:
    """The programs to measure, and the rows so far."""

    def __init__(self, build: Path) -> None:
        self.host, self.guest = build / "bench" / "host", build / "bench" / "guest"
        self.uhyve = build / "sdk" / "uhyve" / "bin" / "uhyve"
        self.proxy = build / "bin" / "proxy"
        self.strip = build / "sdk" / "sysroot" / "bin" / "x86_64-hermit-strip"
        self.cases: list[Case] = []

    def on_uhyve(self, name: str, *words: object) -> list[object]:
        """The words that start a guest."""
        return [self.uhyve, "run", self.guest / name, *words]

    def stream(self) -> None:
        """Triad, alternating between host and guest, best of three each."""
        host, guest = [], []
        for _ in range(3):
            host.append(measure.triad(measure.output([self.host / "stream", _ELEMENTS])))
            guest.append(measure.triad(measure.output(self.on_uhyve("stream", _ELEMENTS))))
        self.cases.append(Case("STREAM triad", "MB/s", max(guest), max(host), ">= 0.97 of the host"))

    def start(self) -> None:
        """What a start costs, and what it holds."""
        alone = measure.milliseconds(self.on_uhyve("hello"), 21)
        host = measure.milliseconds([self.host / "hello"], 21)
        environ = {"HERMIT_ISLE": "uhyve"}
        through = measure.milliseconds([self.proxy, self.guest / "hello"], 21, environ)
        entry = min(float(measure.output(self.on_uhyve("entry"))) for _ in range(9)) / 1000
        own = measure.own_memory([self.uhyve, "run", "--mem", "64M", self.guest / "entry"], _MEM)
        self.cases += [
            Case("hello, exec of uhyve to its end", "ms", alone, host, "<= 8 on the software KVM"),
            Case("proxy's share of hello", "ms", through - alone, None, "<= 10"),
            Case("entry to main", "ms", entry, None, "<= 3"),
            Case("uhyve's own memory", "MiB", own, None, "<= 8"),
            Case("uhyve's size", "KB", measure.kilobytes(self.uhyve), None, "<= 3000"),
            Case("hello stripped", "KB", self.stripped("hello"), None, "<= 300"),
        ]

    def stripped(self, name: str) -> float:
        """Size of a program without its debug information, in KB."""
        copy = self.guest / f"{name}.stripped"
        shutil.copy(self.guest / name, copy)
        measure.output([self.strip, copy])
        return measure.kilobytes(copy)

    def library(self, program: str, goals: dict[str, str]) -> None:
        """newlib against glibc: a program that prints a table of times in ns."""
        host = measure.table(measure.output([self.host / program]))
        guest = measure.table(measure.output(self.on_uhyve(program)))
        for name, time in guest.items():
            self.cases.append(Case(name, "ns", time, host[name], goals.get(name.split()[0], "")))

    def building(self, cold: bool) -> None:
        """What a person waits for."""
        goals = {"null build": "<= 0.6", "edit to output": "<= 1.5", "second project": "<= 3", "cold run-stream": "<= 240"}
        for name, time in {**builds.warm(), **(builds.cold() if cold else {})}.items():
            self.cases.append(Case(name, "s", time, None, goals[name]))


def show(cases: list[Case]) -> str:
    """The table."""
    lines = [f"{'':32} {'host':>12} {'unikernel':>12} {'ratio':>7}   goal"]
    for case in cases:
        host = f"{case.host:12.2f}" if case.host is not None else " " * 12
        ratio = f"{case.unikernel / case.host:7.2f}" if case.host else " " * 7
        lines.append(f"{case.name:32} {host} {case.unikernel:12.2f} {ratio}   {case.unit}{', ' * bool(case.goal)}{case.goal}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="the build folder")
    parser.add_argument("--cold", action="store_true", help="also a build with empty caches (minutes, downloads)")
    options = parser.parse_args()
    bench = Bench(options.build.resolve())
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        sys.exit("bench: /dev/kvm cannot be opened: the benches run on uhyve (unikernel doctor says how to enable it)")
    bench.stream()
    bench.start()
    goal = "<= 1.2 of glibc"
    bench.library("memory", {"memcpy": goal, "memmove": goal, "memset": goal})
    bench.library("format", {"printf": goal})
    bench.building(options.cold)
    print(show(bench.cases))
    machine = {"cores": len(os.sched_getaffinity(0)), "kernel": platform.release(), "processor": _processor()}
    report = options.build / "reports" / "bench.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps({"machine": machine, "cases": [asdict(case) for case in bench.cases]}, indent=1) + "\n")
    print(f"written to {report}")
    return 0


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    sys.exit(main())
