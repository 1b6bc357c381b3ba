"""`python -m bench`: runs the cases, prints the table, writes bench.json. Fails only if something did not run."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from . import cases, figures, measures, table
from .builds import Workshop
from .figures import Outcome, Reading
from .measures import Places
from .processes import BenchError

_Round = Callable[[], Iterable[Reading]]


def main(argv: list[str]) -> int:
    """Run the cases that were asked for; 1 if one of them failed to run, whatever the figures."""
    options = _options(argv)
    places = Places(Path(__file__).resolve().parents[1], options.build.resolve())
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix="unikernel-bench-") as folder:
        if options.cold:
            run_case(outcome, "cold", lambda: Workshop(places.home, Path(folder, "cold")).cold(), cases.ROUNDS["cold"])
        else:
            _warm(outcome, places, Path(folder))
    host = table.machine(measures.kvm(places))
    table.write(outcome, host, options.build / "reports" / ("bench-cold.json" if options.cold else "bench.json"))
    print(table.text(outcome, host), flush=True)
    return 1 if outcome.failures else 0


def _warm(outcome: Outcome, places: Places, folder: Path) -> None:
    for name, case in cases.PRINTED.items():
        run_case(outcome, name, partial(measures.printed, places, case), case.rounds, case.targets)
    for name, function in measures.ROUND.items():
        run_case(outcome, name, partial(function, places), cases.ROUNDS[name])
    run_case(outcome, "builds", _once(lambda: Workshop(places.home, folder / "builds")), cases.ROUNDS["builds"])


def _once(make: Callable[[], Workshop]) -> _Round:
    """The rounds of a workshop that is set up by the first of them: so its failure is the case's."""
    made: list[Workshop] = []

    def round_() -> Iterable[Reading]:
        if not made:
            made.append(make())
        return made[0].round()

    return round_


def run_case(
    outcome: Outcome, name: str, one: _Round, rounds: int, targets: dict[str, figures.Target] | None = None
) -> None:
    """All rounds of a case; within each, host and unikernel take turns."""
    print(f"bench: {name}", file=sys.stderr, flush=True)
    try:
        taken = [list(one()) for _ in range(rounds)]
    except (BenchError, OSError) as error:
        outcome.failures.append(f"{name}: {error}")
        return
    outcome.rows += figures.rows(name, taken, cases.TARGETS.get(name, {}) if targets is None else targets)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the host and the unikernel side by side.")
    parser.add_argument("--build", type=Path, required=True, help="the build folder; reports/bench.json goes into it")
    parser.add_argument("--cold", action="store_true", help="only this: empty caches to STREAM's table")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
