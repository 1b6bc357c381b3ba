"""The benches' arithmetic: medians, ratios, verdicts, the table, and what is read from programs and /proc."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench import builds, cases, figures, images, measures, processes, table
from bench.__main__ import all_cases, chosen, run_case
from bench.cases import Case
from bench.figures import Outcome, Reading, Row, Spread, Target
from bench.measures import Places
from bench.processes import BenchError

MACHINE = {"cpu": "a CPU", "cores": 2, "kernel": "6.1", "kvm": "vmx", "load": 0.5}
SMAPS = """\
7f0000000000-7f0000002000 rw-p 00000000 00:00 0
Size:                  8 kB
KernelPageSize:        4 kB
Rss:                   8 kB
Pss:                   8 kB
7f1000000000-7f1004000000 rw-p 00000000 00:00 0
Size:              65536 kB
Rss:                4096 kB
7f2000000000-7f2000100000 r-xp 00000000 08:01 17 /bin/uhyve
Size:               1024 kB
Rss:                 512 kB
"""


def row(host: float | None, guest: float | None, target: Target | None) -> Row:
    sides = [Spread.of([] if value is None else [value]) for value in (host, guest)]
    return Row("case", "figure", "ms", sides[0], sides[1], target)


def test_rows_take_the_median_of_all_rounds_and_keep_the_spread() -> None:
    sides = ((9, 3), (1, 50), (2, 4))
    rounds = [[Reading("a", "ns", host, guest), Reading("b", "ns", None, 1)] for host, guest in sides]
    first, second = figures.rows("case", rounds, {})
    assert (first.name, second.name) == ("a", "b")
    assert first.host == Spread(2, 1, 9, 3)
    assert first.guest == Spread(4, 3, 50, 3)
    assert first.ratio == 2
    assert second.host is None and second.ratio is None


def test_a_figure_that_one_round_lacks_has_fewer_values() -> None:
    only = figures.rows("case", [[Reading("a", "ns", 1, None)], [Reading("a", "ns", 3, 5)]], {})[0]
    assert only.host == Spread(2, 1, 3, 2)
    assert only.guest == Spread(5, 5, 5, 1)


@pytest.mark.parametrize(
    ("target", "host", "guest", "met"),
    [
        (Target(8), 1, 8, True), (Target(8), 1, 8.1, False), (Target(8), None, 7, True), (Target(8), 1, None, None),
        (Target(1.2, of_host=True), 10, 12, True), (Target(1.2, of_host=True), 10, 12.1, False),
        (Target(1.2, of_host=True), None, 1, None), (Target(1.2, of_host=True), 0, 1, None),
        (Target(0.97, at_least=True, of_host=True), 100, 97, True),
        (Target(0.97, at_least=True, of_host=True), 100, 96, False), (None, 1, 1, None),
    ],
)
def test_verdict(target: Target | None, host: float | None, guest: float | None, met: bool | None) -> None:
    assert row(host, guest, target).met is met


def test_the_full_name_of_a_figure_wins_over_a_beginning() -> None:
    targets = {"mem*": Target(1), "memcpy-16": Target(2)}
    assert figures.target_of("memcpy-16", targets) == Target(2)
    assert figures.target_of("memset-16", targets) == Target(1)
    assert figures.target_of("printf", targets) is None


def test_figures_are_the_lines_with_a_name_a_colon_and_a_number() -> None:
    text = "Function  Best Rate MB/s\nTriad:  11234.5  0.01\nmemcpy-64K: 12.5\nprintf-%g-%f: 8\nMemory: much\n  x: 1\n"
    assert processes.figures(text) == {"Triad": 11234.5, "memcpy-64K": 12.5, "printf-%g-%f": 8}


def test_own_memory_leaves_out_the_guests() -> None:
    assert processes.own_memory(SMAPS, 64 << 20) == (8 + 512) * 1024
    assert processes.own_memory(SMAPS, 65 << 20) == (8 + 512 + 4096) * 1024


def test_a_program_that_fails_is_one_line_with_its_last_words() -> None:
    with pytest.raises(BenchError, match=r"exit code 3: last$"):
        processes.run(["/bin/sh", "-c", "echo first >&2; echo last >&2; exit 3"])
    with pytest.raises(BenchError, match="nowhere: No such file"):
        processes.run(["/nowhere"])
    with pytest.raises(BenchError, match="no end after"):
        processes.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)


def test_seconds_counts_the_whole_life_and_refuses_failures() -> None:
    assert 0.2 <= processes.seconds([sys.executable, "-IS", "-c", "import time; time.sleep(0.2)"]) < 10
    with pytest.raises(BenchError, match="exit code 4"):
        processes.seconds([sys.executable, "-IS", "-c", "import sys; sys.exit(4)"])


def test_watched_looks_while_the_program_waits() -> None:
    told, began, smaps = processes.watched(
        [sys.executable, "-ISu", "-c", "import sys; print('one: 1'); print('two: 2'); sys.stdin.read()"], lines=2
    )
    assert told == {"one": 1, "two": 2}
    assert abs(began / 1e3 - time.time()) < 60
    assert processes.own_memory(smaps, 1 << 60) > 1 << 20


def test_launcher_settings_of_the_caller_do_not_reach_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERMIT_MEM", "1G")
    monkeypatch.setenv("SCONSFLAGS", "-j1")
    monkeypatch.setenv("KEPT", "1")
    assert {"HERMIT_MEM", "SCONSFLAGS"}.isdisjoint(processes.environ())
    assert processes.environ()["KEPT"] == "1"


def test_a_failed_case_leaves_the_others_and_is_named() -> None:
    outcome = Outcome()

    def fails() -> list[Reading]:
        raise BenchError("hello: exit code 139")

    run_case(outcome, "bad", fails, Case(2), "vmx")
    run_case(outcome, "good", lambda: [Reading("a", "ns", 1, 2)], Case(2, {"a": Target(1)}), "vmx")
    assert outcome.failures == ["bad: hello: exit code 139"]
    assert [row.name for row in outcome.missed] == ["a"]
    shown = table.text(outcome, MACHINE)
    assert "MISSED" in shown and "0 of 1 targets met" in shown and "failed: bad: hello: exit code 139" in shown


@pytest.mark.parametrize(("kvm", "met"), [("vmx", False), ("pvm", True), ("none", False)])
def test_the_software_kvm_has_targets_of_its_own(kvm: str, met: bool) -> None:
    outcome = Outcome()
    case = Case(1, {"wake-*": Target(1), "lock": Target(1), "gap": Target(1)}, {"wake-*": Target(100), "gap": None})
    readings = [Reading("wake-far", "ns", 1, 50), Reading("lock", "ns", 1, 1), Reading("gap", "us", 1, 2)]
    run_case(outcome, "threads", lambda: readings, case, kvm)
    assert [row.met for row in outcome.rows] == [met, True, None if kvm == "pvm" else False]


def test_a_printed_case_has_a_unit_for_all_figures_or_for_one(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path)
    for program, value in ((places.host("sand"), 1), (places.uhyve, 2)):
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho gaps: {value}\necho longest: 3\n")
        program.chmod(0o755)
    found = measures.printed(places, cases.Printed(1, program="sand", unit="us", units={"gaps": "per s"}))
    assert found == [Reading("gaps", "per s", 1, 2), Reading("longest", "us", 3, 3)]


def test_sides_with_other_numbers_of_threads_are_not_compared(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "build")
    for path, threads in ((places.host("team"), 2), (places.uhyve, 3)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho threads: {threads}\necho barrier: 7\n")
        path.chmod(0o755)
    with pytest.raises(BenchError, match=r"team: threads of the host 2\.0, of the unikernel 3\.0"):
        measures.printed(places, cases.Printed(1, program="team", unit="ns"))
    places.uhyve.write_text("#!/bin/sh\necho threads: 2\necho barrier: 5\n")
    assert measures.printed(places, cases.Printed(1, program="team", unit="ns")) == [Reading("barrier", "ns", 7, 5)]


def test_a_group_is_its_cases_and_no_word_all_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(images.GROUPS, "words", ("text", "start"))
    assert chosen("words") == ("text", "start")
    assert chosen("text") == ("text",)
    assert chosen(None) == images.USUAL
    assert not set(images.GROUPS) & set(images.CASES)
    assert {case for group in images.GROUPS.values() for case in group} <= set(images.CASES)


def test_table_aligns_and_json_holds_the_same(tmp_path: Path) -> None:
    outcome = Outcome([row(100, 98, Target(0.97, at_least=True, of_host=True)), row(None, 7.25, None)])
    lines = table.text(outcome, MACHINE).splitlines()[2:]
    assert lines[2].split()[:5] == ["figure,", "ms", "100", "98", "0.98"]
    assert ">= 0.97 of host" in lines[2] and " met " in lines[2]
    assert lines[3].split()[:4] == ["figure,", "ms", "-", "7.25"]
    table.write(outcome, MACHINE, tmp_path / "reports" / "bench.json")
    content = json.loads((tmp_path / "reports" / "bench.json").read_text())
    assert content["machine"] == MACHINE
    assert content["format"] == 1 and content["failures"] == []
    assert content["rows"][0]["ratio"] == pytest.approx(0.98)
    assert content["rows"][0]["target"] == {"limit": 0.97, "at_least": True, "of_host": True, "met": True}
    assert content["rows"][1]["host"] is None and content["rows"][1]["target"] is None


@pytest.mark.parametrize(("load", "busy"), [(0.0, False), (1.0, False), (1.2, True)])
def test_a_busy_machine_is_mentioned(load: float, busy: bool) -> None:
    assert ("busy" in table.text(Outcome(), {**MACHINE, "load": load})) is busy


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.123456, "0.1235"), (12.345, "12.35"), (123456.7, "123457")])
def test_numbers_show_four_digits(value: float, text: str) -> None:
    assert table.number(value) == text


def test_every_case_can_run_and_has_its_program(tmp_path: Path) -> None:
    rounds = all_cases(Places(tmp_path, tmp_path), tmp_path)
    assert set(images.CASES) == rounds.keys() == {*cases.PRINTED, *cases.SEEN}
    assert {case.program for case in cases.PRINTED.values()} <= images.PROGRAMS.keys()
    assert builds.GREETING in (Path(builds.__file__).parents[1] / "examples/hello/hello.c").read_text()
