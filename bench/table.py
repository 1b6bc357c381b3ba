"""What a person and what a program reads of a bench: the table and bench.json."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from .figures import Outcome, Row, Spread

FORMAT = 1
_HEAD = ("", "host", "unikernel", "ratio", "target", "", "min..max: host | unikernel")


def machine(kvm: str) -> dict[str, Any]:
    """What the figures depend on beside the code; `kvm` is the kind that `uhyve check` found."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores, load = len(os.sched_getaffinity(0)), round(os.getloadavg()[0], 2)
    return {"cpu": model, "cores": cores, "kernel": platform.release(), "kvm": kvm, "load": load}


def text(outcome: Outcome, host: dict[str, Any]) -> str:
    """The table, its verdicts, lines that count and name them, and the machine it holds for."""
    lines: list[tuple[str, ...]] = [_HEAD]
    case = ""
    for row in outcome.rows:
        if row.case != case:
            case = row.case
            lines.append((case,))
        lines.append(_cells(row))
    widths = [max((len(line[i]) for line in lines if len(line) > 1), default=0) for i in range(len(_HEAD))]
    shown = ["{cpu}, {cores} cores, Linux {kernel}, KVM: {kvm}".format(**host), ""]
    if host["load"] > host["cores"] / 2:
        shown.insert(1, f"This machine was busy when the bench began (load {host['load']}): expect noise.")
    shown += [_line(line, widths) for line in lines]
    judged = [row for row in outcome.rows if row.met is not None]
    shown.append(f"{len(judged) - len(outcome.missed)} of {len(judged)} targets met")
    shown += [f"missed: {row.case}: {row.name}" for row in outcome.missed]
    shown += [f"failed: {failure}" for failure in outcome.failures]
    return "\n".join(shown)


def write(outcome: Outcome, host: dict[str, Any], path: Path) -> None:
    """bench.json, whole or not at all."""
    rows = [row.json() for row in outcome.rows]
    content = {"format": FORMAT, "machine": host, "rows": rows, "failures": outcome.failures}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(content, indent=1) + "\n")
    temporary.replace(path)


def number(value: float) -> str:
    """Four digits that matter; whole numbers from 1000 up."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.4g}"


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
    spreads = " | ".join(_range(spread) for spread in (row.host, row.guest) if spread)
    target = row.target.text(row.unit) if row.target else ""
    return (f"  {row.name}, {row.unit}", _median(row.host), _median(row.guest), ratio, target, verdict, spreads)


def _median(spread: Spread | None) -> str:
    return number(spread.median) if spread else "-"


def _range(spread: Spread) -> str:
    return f"{number(spread.least)}..{number(spread.most)}" if spread.rounds > 1 else "once"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    if len(cells) == 1:
        return cells[0]
    first, *numbers = (cell.rjust(width) for cell, width in zip(cells[:4], widths, strict=False))
    rest = (cell.ljust(width) for cell, width in zip(cells[4:], widths[4:], strict=True))
    return "  ".join([first.strip().ljust(widths[0] - 2).rjust(widths[0]), *numbers, *rest]).rstrip()
