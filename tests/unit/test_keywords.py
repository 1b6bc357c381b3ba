"""The keywords of runs and tests: what they take, and one line for what they do not."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from unikernel import keywords
from unikernel.messages import EXIT_USAGE, UnikernelError

PATTERN = re.compile("a+")


@pytest.mark.parametrize(
    ("check", "given", "taken"),
    [
        (keywords.words, ["a b", 1], ("a b", "1")), (keywords.words, (), ()), (keywords.words, range(2), ("0", "1")),
        (keywords.variables, None, {}), (keywords.variables, {"A": 1, "B": ""}, {"A": "1", "B": ""}),
        (keywords.seconds, 1, 1.0), (keywords.seconds, 0.5, 0.5), (keywords.code, 0, 0), (keywords.code, 255, 255),
        (keywords.expectations, None, ()), (keywords.expectations, "a", ("a",)),
        (keywords.expectations, ["a", PATTERN], ("a", PATTERN)), (keywords.expectations, PATTERN, (PATTERN,)),
        (keywords.size, None, ""), (keywords.size, "64M", "64M"), (keywords.size, 1 << 20, "1048576"),
    ],
)
def test_taken(check: Callable[[Any, str], Any], given: Any, taken: Any) -> None:
    assert check(given, "test t") == taken


@pytest.mark.parametrize(
    ("check", "given"),
    [
        (keywords.words, "abc"), (keywords.words, 7), (keywords.variables, ["A=1"]), (keywords.variables, {"A=B": "1"}),
        (keywords.variables, {"": "1"}), (keywords.variables, {"A": "\0"}), (keywords.seconds, "x"),
        (keywords.seconds, 0), (keywords.seconds, True), (keywords.seconds, float("nan")), (keywords.code, 256),
        (keywords.code, -1), (keywords.code, "0"), (keywords.expectations, 42), (keywords.expectations, ["a", 42]),
        (keywords.expectations, b"a"), (keywords.size, "12Q"), (keywords.size, 0), (keywords.size, "1K"),
        (keywords.size, True),
    ],
)
def test_refused(check: Callable[[Any, str], Any], given: Any) -> None:
    with pytest.raises(UnikernelError, match="wrong value .*test t") as failure:
        check(given, "test t")
    assert failure.value.code == EXIT_USAGE and len(str(failure.value).splitlines()) == 1
