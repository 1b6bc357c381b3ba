"""Writes one test's report as JUnit XML, and merges reports into one file with its totals."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# XML 1.0 allows no other control characters, not even escaped.
_INVALID = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Counts:
    """How many test cases ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Case:
    """One test as it ended; `failure` or `skipped` say why, empty for a pass."""

    suite: str
    name: str
    seconds: float = 0.0
    failure: str = ""
    skipped: str = ""
    stdout: str = ""
    stderr: str = ""


def write(path: Path, case: Case) -> None:
    """Write the report of one case, whole or not at all."""
    suite = ET.Element(
        "testsuite", name=case.suite, tests="1", failures=str(int(bool(case.failure))), errors="0",
        skipped=str(int(bool(case.skipped))), time=f"{case.seconds:.3f}",
    )
    element = ET.SubElement(suite, "testcase", classname=case.suite, name=case.name, time=f"{case.seconds:.3f}")
    if case.failure:
        ET.SubElement(element, "failure", message=_clean(case.failure))
    if case.skipped:
        ET.SubElement(element, "skipped", message=_clean(case.skipped))
    for tag, text in (("system-out", case.stdout), ("system-err", case.stderr)):
        if text:
            ET.SubElement(element, tag).text = _clean(text)
    _save(suite, path)


def count(path: Path) -> Counts:
    """The totals of one report, whoever wrote it (ours or pytest's)."""
    total = Counts()
    for suite in _suites(path):
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        total += Counts(tests - failed - skipped, failed, skipped)
    return total


def skips(path: Path) -> list[tuple[str, str]]:
    """(test, why) of each skipped case."""
    found = []
    for suite in _suites(path):
        for case in suite.iter("testcase"):
            for skipped in case.iter("skipped"):
                found.append((case.get("name", "?"), skipped.get("message", "")))
    return found


def merge(paths: Iterable[Path], into: Path) -> Counts:
    """Join reports into one file; returns their totals."""
    root = ET.Element("testsuites")
    total = Counts()
    for path in paths:
        total += count(path)
        root.extend(_suites(path))
    into.parent.mkdir(parents=True, exist_ok=True)
    _save(root, into)
    return total


def _suites(path: Path) -> list[ET.Element]:
    root = ET.parse(path).getroot()
    return [root] if root.tag == "testsuite" else list(root.iter("testsuite"))


def _save(root: ET.Element, path: Path) -> None:
    temporary = path.with_name(path.name + ".tmp")
    ET.indent(root)
    ET.ElementTree(root).write(temporary, encoding="utf-8", xml_declaration=True)
    temporary.replace(path)


def _clean(text: str) -> str:
    return _INVALID.sub("\ufffd", text)
