"""One function for each case that an onlooker measures: start-up, memory, sizes. A call is one round."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import cases, processes
from .figures import Reading
from .processes import BenchError

_MIB = 1 << 20
_GUEST = 64 * _MIB  # memory of the guest whose hypervisor is looked at


@dataclass(frozen=True)
class Places:
    """Where the build put what is measured."""

    home: Path
    build: Path

    @property
    def uhyve(self) -> Path:
        """The hypervisor."""
        return self.build / "sdk/uhyve/bin/uhyve"

    def host(self, program: str) -> Path:
        """The host's build of a program."""
        return self.build / "bench/host" / program

    def guest(self, program: str) -> Path:
        """The unikernel's build of a program."""
        return self.build / "bench/guest" / program

    def on_uhyve(self, program: str, *options: str) -> list[object]:
        """The command that runs the unikernel."""
        return [self.uhyve, "run", *options, "--", self.guest(program)]


def kvm(places: Places) -> str:
    """Which KVM this host has: pvm, vmx, svm, other, or none."""
    try:
        told = json.loads(processes.run([places.uhyve, "check", "--json"]))
    except (BenchError, ValueError):
        return "none"
    return str(told.get("kind") or "none")


def printed(places: Places, case: cases.Printed) -> list[Reading]:
    """The figures that a program prints, on the host and as a unikernel; it may print how many threads it has, too."""
    host = processes.figures(processes.run([places.host(case.program)]))
    guest = processes.figures(processes.run(places.on_uhyve(case.program)))
    threads = host.pop("threads", None), guest.pop("threads", None)
    if threads[0] != threads[1]:
        raise BenchError(f"{case.program}: threads of the host {threads[0]}, of the unikernel {threads[1]}")
    if not host or host.keys() != guest.keys():
        raise BenchError(f"{case.program}: figures of the host {sorted(host)}, of the unikernel {sorted(guest)}")
    return [Reading(name, case.units.get(name, case.unit), host[name], guest[name]) for name in host]


def start(places: Places) -> Iterator[Reading]:
    """From exec to main and to the end, and what the hypervisor costs meanwhile."""
    host = 1e3 * processes.seconds([places.host("hello")])
    alone = 1e3 * processes.seconds(places.on_uhyve("hello"))
    launched = 1e3 * processes.seconds([places.build / "bin/proxy", "--isle", "uhyve", places.guest("hello")])
    yield Reading("hello, exec to end", "ms", host, alone)
    yield Reading("hello, exec to end by proxy", "ms", None, launched)
    yield Reading("proxy's share of it", "ms", None, launched - alone)
    told, began, _ = processes.watched([places.host("start")], lines=2)
    to_main = told["realtime"] - began
    told, began, smaps = processes.watched(places.on_uhyve("start", f"--mem={_GUEST}"), lines=2)
    yield Reading("exec to main", "ms", to_main, told["realtime"] - began)
    # A guest's monotonic clock begins with its entry.
    yield Reading("entry to main", "ms", None, told["monotonic"])
    yield Reading("uhyve's own memory", "MiB", None, processes.own_memory(smaps, _GUEST) / _MIB)


def size(places: Places) -> Iterator[Reading]:
    """Bytes that a user carries about."""
    yield Reading("uhyve", "MB", None, places.uhyve.stat().st_size / 1e6)
    strip = places.build / "sdk/sysroot/bin/x86_64-hermit-strip"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stripped = Path(folder, "hello")
        for name in ("hello", "hello-fortran"):
            sizes = []
            for program in (places.host(name), places.guest(name)):
                processes.run([strip, "-o", stripped, program])
                sizes.append(stripped.stat().st_size / 1e3)
            yield Reading(f"{name}, stripped", "KB", *sizes)


ROUND: dict[str, Callable[[Places], Iterator[Reading]]] = {"start": start, "size": size}
