"""Verdicts and reports: what counts as a pass, and what stands in the XML."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from unikernel import isles, judge, junit
from unikernel.judge import Outcome
from unikernel.junit import Case, Counts
from unikernel.messages import UnikernelError

RAN = Outcome(0, "one\ntwo 2\nthree\n", "log line\n")


@pytest.mark.parametrize("expect", [
    None, "", "two", ["one", "three"], re.compile(r"two \d"), ["one", re.compile("^three$", re.M)],
    ["three", "log line"],
])
def test_a_pass(expect: judge.Expectation | list[judge.Expectation] | None) -> None:
    assert judge.judge(RAN, exit_code=0, expect=judge.expectations(expect)) == ""


@pytest.mark.parametrize(("expect", "why"), [
    ("four", "output lacks 'four'"), (["two", "one"], "output lacks 'one'"), (["one", "one"], "output lacks 'one'"),
    ("t.o", "output lacks 't.o'"), (re.compile("^wo"), "output lacks '^wo'"),
])
def test_what_is_missing(expect: judge.Expectation | list[judge.Expectation], why: str) -> None:
    assert judge.judge(RAN, exit_code=0, expect=judge.expectations(expect)) == why


def test_exit_codes() -> None:
    assert judge.judge(Outcome(3, ""), exit_code=0) == "exit code 3, expected 0"
    assert judge.judge(Outcome(3, ""), exit_code=3) == ""
    assert judge.judge(Outcome(124, ""), exit_code=0, timeout=2.5) == "still running after 2.5 s"
    assert judge.judge(Outcome(124, ""), exit_code=124) == ""


def test_the_whole_output() -> None:
    assert judge.judge(RAN, exit_code=0, whole=RAN.stdout) == ""
    assert judge.judge(RAN, exit_code=0, whole="one\ntwo 3\n") == "output line 2 is 'two 2', expected 'two 3'"
    assert judge.judge(RAN, exit_code=0, whole="one\ntwo 2\n") == "output has 16 characters, expected 10"


def test_reports_are_counted_and_merged(tmp_path: Path) -> None:
    cases = [Case("s", "good", 0.5, stdout="out"), Case("s", "bad", failure="why"), Case("s", "not", skipped="no KVM")]
    paths = [tmp_path / f"{case.name}.xml" for case in cases]
    for path, case in zip(paths, cases, strict=True):
        junit.write(path, case)
    assert [junit.count(path) for path in paths] == [Counts(1), Counts(0, 1), Counts(0, 0, 1)]
    total = junit.merge(paths, tmp_path / "all" / "junit.xml")
    assert str(total) == "1 passed, 1 failed, 1 skipped"
    assert junit.count(tmp_path / "all" / "junit.xml") == total
    assert junit.skips(paths[2]) == [("not", "no KVM")]
    assert not list(tmp_path.rglob("*.tmp"))


def test_pytests_reports_count_errors_as_failures(tmp_path: Path) -> None:
    path = tmp_path / "pytest.xml"
    path.write_text('<testsuites><testsuite tests="9" errors="2" failures="1" skipped="3"/></testsuites>')
    assert junit.count(path) == Counts(3, 3, 3)


def test_any_output_makes_whole_xml(tmp_path: Path) -> None:
    case = Case("s", "n", failure="\x00 <&>", stdout="\x1b[1m\ud800 ]]> \ufffe é", stderr="\t\r\n")
    junit.write(tmp_path / "x.xml", case)
    text = "".join(ET.parse(tmp_path / "x.xml").getroot().itertext())
    assert "]]>" in text and "é" in text and "\x1b" not in text


def test_isles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isles, "why_no_kvm", lambda: "no /dev/kvm")
    assert isles.resolve_all(["auto", "uhyve", "qemu"], "t") == ["qemu", "uhyve"]
    monkeypatch.setattr(isles, "why_no_kvm", lambda: "")
    assert isles.resolve_all("auto", "t") == ["uhyve"]
    with pytest.raises(UnikernelError, match="unknown isle 'moon'"):
        isles.resolve("moon", "t")
