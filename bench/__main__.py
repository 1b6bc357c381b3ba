"""`python -m bench`: runs the cases, prints the table, writes bench.json. Fails only if something did not run."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from . import cases, figures, images, measures, table
from .builds import Workshop
from .cases import Case
from .figures import Outcome, Reading
from .measures import Places
from .processes import BenchError

_Round = Callable[[], Iterable[Reading]]


def main(argv: list[str]) -> int:
    """Run the cases that were asked for; 1 if one of them failed to run, whatever the figures."""
    options = _options(argv)
    places = Places(Path(__file__).resolve().parents[1], options.build.resolve())
    outcome, host = Outcome(), table.machine(measures.kvm(places))
    with tempfile.TemporaryDirectory(prefix="unikernel-bench-") as folder:
        rounds = all_cases(places, Path(folder))
        for name in chosen(options.case):
            case = cases.PRINTED[name] if name in cases.PRINTED else cases.SEEN[name]
            run_case(outcome, name, rounds[name], case, host["kvm"])
    name = f"bench-{options.case}.json" if options.case else "bench.json"
    table.write(outcome, host, options.build / "reports" / name)
    print(table.text(outcome, host), flush=True)
    return 1 if outcome.failures else 0


def chosen(case: str | None) -> tuple[str, ...]:
    """The cases that a word of the command line stands for."""
    return images.GROUPS.get(case, (case,)) if case else images.USUAL


def all_cases(places: Places, folder: Path) -> dict[str, _Round]:
    """What one round of each case does."""
    found: dict[str, _Round] = {}
    for name, case in cases.PRINTED.items():
        found[name] = partial(measures.printed, places, case)
    for name, function in measures.ROUND.items():
        found[name] = partial(function, places)
    found["builds"] = _once(lambda: Workshop(places.home, folder / "builds"))
    found["cold"] = lambda: Workshop(places.home, folder / "cold").cold()
    return found


def _once(make: Callable[[], Workshop]) -> _Round:
    """The rounds of a workshop that is set up by the first of them: so its failure is the case's."""
    made: list[Workshop] = []

    def round_() -> Iterable[Reading]:
        if not made:
            made.append(make())
        return made[0].round()

    return round_


def run_case(outcome: Outcome, name: str, one: _Round, case: Case, kvm: str) -> None:
    """All rounds of a case; within each, host and unikernel take turns."""
    print(f"bench: {name}", file=sys.stderr, flush=True)
    try:
        taken = [list(one()) for _ in range(case.rounds)]
    except (BenchError, OSError) as error:
        outcome.failures.append(f"{name}: {error}")
        return
    outcome.rows += figures.rows(name, taken, case.targets_on(kvm))


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the host and the unikernel side by side.")
    parser.add_argument("--build", type=Path, required=True, help="the build folder; reports/bench.json goes into it")
    parser.add_argument("--case", choices=[*images.CASES, *images.GROUPS],
                        help="this one, or this group, alone; its report is bench-<case>.json")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
