"""What is measured, as data: how often each case runs, and what every figure should be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from dataclasses import dataclass, field

from .figures import Target


@dataclass(frozen=True)
class Printed:
    """A case whose program prints its figures, lines of `name: value`."""

    program: str
    unit: str
    rounds: int = 5
    targets: dict[str, Target] = field(default_factory=dict)


PRINTED: dict[str, Printed] = {
    "stream": Printed("stream", "MB/s", targets={"Triad": Target(0.97, at_least=True, of_host=True)}),
    "memory": Printed("memory", "ns", targets={"mem*": Target(1.2, of_host=True)}),
    "text": Printed("text", "ns"),
    "calls": Printed("calls", "ns"),
}

# The cases that an onlooker measures; measures.py holds one function for each.
ROUNDS = {"start": 21, "size": 1, "builds": 3, "cold": 1}
TARGETS: dict[str, dict[str, Target]] = {
    "start": {
        "hello, exec to end": Target(8),
        "proxy's share of it": Target(10),
        "entry to main": Target(3),
        "uhyve's own memory": Target(8),
    },
    "size": {"uhyve": Target(3), "hello, stripped": Target(300)},
    "builds": {
        "nothing to do": Target(0.6),
        "one-line edit to output": Target(1.5),
        "second project to output": Target(3),
    },
    "cold": {"empty caches to STREAM's table": Target(240)},
}
