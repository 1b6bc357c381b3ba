"""What is measured, as data: how often each case runs, and what every figure should be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from dataclasses import dataclass, field

from .figures import Target


@dataclass(frozen=True)
class Case:
    """How often a case runs, and what its figures should be (see figures.target_of).

    `pvm` has the targets that differ on the software KVM, where exits and wakes cost tens of microseconds; None: no
    target.
    """

    rounds: int
    targets: dict[str, Target] = field(default_factory=dict)
    pvm: dict[str, Target | None] = field(default_factory=dict)

    def targets_on(self, kvm: str) -> dict[str, Target]:
        """What holds on this kind of KVM (see measures.kvm)."""
        targets = {**self.targets, **self.pvm} if kvm == "pvm" else self.targets
        return {name: target for name, target in targets.items() if target}


@dataclass(frozen=True)
class Printed(Case):
    """A case whose `program` prints its figures, lines of `name: value`, in `unit` or as `units` has it."""

    program: str = ""
    unit: str = ""
    units: dict[str, str] = field(default_factory=dict)


PRINTED: dict[str, Printed] = {
    "stream": Printed(5, {"Triad": Target(0.97, at_least=True, of_host=True)}, program="stream", unit="MB/s"),
    "memory": Printed(5, {"mem*": Target(1.2, of_host=True)}, program="memory", unit="ns"),
    **{name: Printed(3, {"*": Target(1.2, of_host=True)}, program=name, unit="ns")
       for name in ("strings", "libm", "text", "streams", "sorting")},
    # At least 0.97 of the host's speed.
    "containers": Printed(5, {"*": Target(round(1 / 0.97, 2), of_host=True)}, program="containers", unit="ns"),
    "calls": Printed(5, {}, program="calls", unit="ns"),
    # A wake on the software KVM costs about 100 us; these are two of them, if nobody was spinning.
    "posix-threads": Printed(3, {
        "mutex*": Target(1, of_host=True),
        "thread-local*": Target(1, of_host=True),
        "getpid*": Target(20),
        "clock_gettime*": Target(20),
        "malloc-free-64*": Target(1, of_host=True),
        "yield-alone": Target(0.5, of_host=True),
        "switch-*": Target(0.5, of_host=True),
        "wake-*": Target(1, of_host=True),
        "create-join": Target(0.5, of_host=True),
        "malloc-in-128-threads": Target(1.5, of_host=True),
    }, {"wake-*": Target(250_000)}, program="posix-threads", unit="ns"),
    # Each tick of the host costs an exit there.
    "hourglass": Printed(3, {
        "gaps": Target(1, of_host=True), "longest": Target(1, of_host=True),
    }, {"gaps": Target(1.1, of_host=True), "longest": None},
    program="hourglass", units={"gaps": "per s", "longest": "us"}),
    "openmp": Printed(5, {"*": Target(1, of_host=True)}, program="openmp", unit="ns"),
    "linear": Printed(5, {"*": Target(0.97, at_least=True, of_host=True)}, program="linear", unit="MFLOP/s"),
    "stencil": Printed(5, {"*": Target(0.97, at_least=True, of_host=True)}, program="stencil", unit="Mcells/s"),
    "output": Printed(3, {"*": Target(1.2, of_host=True)}, program="output", unit="ns"),
}

# The cases that an onlooker measures, by measures.py and builds.py.
SEEN: dict[str, Case] = {
    "start": Case(21, {
        "hello, exec to end": Target(8),
        "proxy's share of it": Target(10),
        "entry to main": Target(3),
        "uhyve's own memory": Target(8),
    }),
    "size": Case(1, {"uhyve": Target(3), "hello, stripped": Target(300), "hello-fortran, stripped": Target(1200)}),
    "builds": Case(3, {
        "nothing to do": Target(0.6),
        "one-line edit to output": Target(1.5),
        "second project to output": Target(3),
    }),
    "cold": Case(1, {"empty caches to STREAM's table": Target(240)}),
}
