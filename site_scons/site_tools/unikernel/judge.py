"""Decides whether a guest did what its test expects."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .messages import EXIT_TIMEOUT

Expectation = str | re.Pattern[str]


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    code: int
    stdout: str
    stderr: str = ""


def expectations(expect: Expectation | Sequence[Expectation] | None) -> tuple[Expectation, ...]:
    """The keyword `expect` as a sequence."""
    if expect is None:
        return ()
    return (expect,) if isinstance(expect, str | re.Pattern) else tuple(expect)


def judge(
    outcome: Outcome, *, exit_code: int, expect: Sequence[Expectation] = (), whole: str | None = None,
    timeout: float = 0,
) -> str:
    """Why the test failed, in a few words; empty if it passed.

    Each of `expect` must be found after the one before it in stdout followed by stderr: a string as it stands, a
    compiled pattern by search. `whole` must equal all of stdout.
    """
    if outcome.code != exit_code:
        if outcome.code == EXIT_TIMEOUT:
            return f"still running after {timeout:g} s"
        return f"exit code {outcome.code}, expected {exit_code}"
    if whole is not None and outcome.stdout != whole:
        return _difference(outcome.stdout, whole)
    place, output = 0, f"{outcome.stdout}\n{outcome.stderr}"
    for item in expect:
        text = item if isinstance(item, str) else item.pattern
        found = re.compile(re.escape(item) if isinstance(item, str) else item).search(output, place)
        if not found:
            return f"output lacks {text!r}"
        place = found.end()
    return ""


def _difference(got: str, want: str) -> str:
    """The first line that differs."""
    pairs = zip(got.splitlines(), want.splitlines(), strict=False)
    for number, (mine, other) in enumerate(pairs, 1):
        if mine != other:
            return f"output line {number} is {mine!r}, expected {other!r}"
    return f"output has {len(got)} characters, expected {len(want)}"
