"""The arithmetic of a bench: readings of both sides over several rounds, their median and spread, the verdict."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reading:
    """One figure of one round; a side that has none (the host of a unikernel's size) is None."""

    name: str
    unit: str
    host: float | None = None
    guest: float | None = None


@dataclass(frozen=True)
class Target:
    """What a figure should be: the unikernel's own value, or (`of_host`) its ratio to the host's."""

    limit: float
    at_least: bool = False
    of_host: bool = False

    def text(self, unit: str) -> str:
        """As the table shows it."""
        sense = ">=" if self.at_least else "<="
        return f"{sense} {self.limit:g} {'of host' if self.of_host else unit}"

    def met(self, value: float | None, ratio: float | None) -> bool | None:
        """Whether the figure reaches the target; None where there is nothing to compare."""
        compared = ratio if self.of_host else value
        if compared is None:
            return None
        return compared >= self.limit if self.at_least else compared <= self.limit


@dataclass(frozen=True)
class Spread:
    """The values of one side over all rounds."""

    median: float
    least: float
    most: float
    rounds: int

    @staticmethod
    def of(values: Iterable[float]) -> Spread | None:
        """None if there are no values."""
        known = list(values)
        return Spread(statistics.median(known), min(known), max(known), len(known)) if known else None


@dataclass
class Row:
    """One line of the table."""

    case: str
    name: str
    unit: str
    host: Spread | None
    guest: Spread | None
    target: Target | None

    @property
    def ratio(self) -> float | None:
        """Unikernel's median by the host's."""
        if self.host is None or self.guest is None or self.host.median == 0:
            return None
        return self.guest.median / self.host.median

    @property
    def met(self) -> bool | None:
        """The verdict; None without a target or without a value."""
        return self.target.met(self.guest.median if self.guest else None, self.ratio) if self.target else None

    def json(self) -> dict[str, Any]:
        """As bench.json holds it."""
        host, guest = (vars(spread) if spread else None for spread in (self.host, self.guest))
        target = {**vars(self.target), "met": self.met} if self.target else None
        return {"case": self.case, "figure": self.name, "unit": self.unit, "host": host, "guest": guest,
                "ratio": self.ratio, "target": target}


@dataclass
class Outcome:
    """All that a bench found."""

    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def missed(self) -> list[Row]:
        """The rows below their target."""
        return [row for row in self.rows if row.met is False]


def rows(case: str, rounds: Iterable[Iterable[Reading]], targets: Mapping[str, Target]) -> list[Row]:
    """The readings of several rounds of one case, one row a figure, in the order of their first appearance.

    `targets` maps a figure's name, or the beginning of it followed by `*`, to what it should be.
    """
    hosts: dict[tuple[str, str], list[float]] = {}
    guests: dict[tuple[str, str], list[float]] = {}
    for readings in rounds:
        for reading in readings:
            key = (reading.name, reading.unit)
            for values, value in ((hosts, reading.host), (guests, reading.guest)):
                values.setdefault(key, [])
                if value is not None:
                    values[key].append(value)
    return [
        Row(case, name, unit, Spread.of(hosts[name, unit]), Spread.of(guests[name, unit]), target_of(name, targets))
        for name, unit in hosts
    ]


def target_of(name: str, targets: Mapping[str, Target]) -> Target | None:
    """The target of a figure; a full name wins over a beginning."""
    if name in targets:
        return targets[name]
    for pattern, target in targets.items():
        if pattern.endswith("*") and name.startswith(pattern[:-1]):
            return target
    return None
