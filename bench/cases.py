"""What is measured, as data: how often each case runs, and what every figure should be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from dataclasses import dataclass, field

from .figures import Target


@dataclass(frozen=True)
class Case:
    """How often a case runs, and what its figures should be (see figures.target_of)."""

    rounds: int
    targets: dict[str, Target] = field(default_factory=dict)


@dataclass(frozen=True)
class Printed(Case):
    """A case whose `program` prints its figures, lines of `name: value`, in `unit`."""

    program: str = ""
    unit: str = ""


PRINTED: dict[str, Printed] = {
    "stream": Printed(5, {"Triad": Target(0.97, at_least=True, of_host=True)}, "stream", "MB/s"),
    "memory": Printed(5, {"mem*": Target(1.2, of_host=True)}, "memory", "ns"),
    "text": Printed(5, {}, "text", "ns"),
    "calls": Printed(5, {}, "calls", "ns"),
}

# The cases that an onlooker measures, by measures.py and builds.py.
SEEN: dict[str, Case] = {
    "start": Case(21, {
        "hello, exec to end": Target(8),
        "proxy's share of it": Target(10),
        "entry to main": Target(3),
        "uhyve's own memory": Target(8),
    }),
    "size": Case(1, {"uhyve": Target(3), "hello, stripped": Target(300)}),
    "builds": Case(3, {
        "nothing to do": Target(0.6),
        "one-line edit to output": Target(1.5),
        "second project to output": Target(3),
    }),
    "cold": Case(1, {"empty caches to STREAM's table": Target(240)}),
}
