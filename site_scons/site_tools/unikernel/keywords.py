"""Checks the keywords that runs and tests share, when the SConstruct is read: a wrong one is one line, exit 2."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import judge, settings, sizes
from .messages import EXIT_USAGE, UnikernelError

_EXPECT = "give text, a pattern made by re.compile(), or a list of them"


def words(args: Any, where: str) -> tuple[str, ...]:
    """The arguments of a program. A string is no list of them: its letters would be."""
    if isinstance(args, str | bytes) or not isinstance(args, Iterable):
        raise _wrong("args", args, where, "give a list, such as args=['a', 1]")
    return tuple(map(str, args))


def variables(env: Any, where: str) -> dict[str, str]:
    """The variables for a program, by name."""
    if env is None:
        return {}
    if not isinstance(env, Mapping):
        raise _wrong("env", env, where, "give a dict, such as env={'NAME': 'value'}")
    found = {str(name): str(value) for name, value in env.items()}
    for name, value in found.items():
        if not name or "=" in name or "\0" in name + value:
            raise _wrong("env", {name: value}, where, "a name is not empty and has no '='")
    return found


def seconds(timeout: Any, where: str) -> float:
    """A time limit."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout < 1e9:
        raise _wrong("timeout", timeout, where, "give seconds, more than 0")
    return float(timeout)


def size(mem: Any, where: str) -> str:
    """Guest memory as the launcher wants it; "" for none."""
    if mem is None:
        return ""
    try:
        least = not isinstance(mem, bool) and sizes.parse(str(mem)) >= settings.SMALLEST
    except ValueError:
        least = False
    if not least:
        mend = f"give bytes, or a number with K, M, G or T, at least {sizes.short(settings.SMALLEST)}"
        raise _wrong("mem", mem, where, mend)
    return str(mem)


def code(exit_code: Any, where: str) -> int:
    """An exit code."""
    if isinstance(exit_code, bool) or not isinstance(exit_code, int) or not 0 <= exit_code <= 255:
        raise _wrong("exit_code", exit_code, where, "give a number from 0 to 255")
    return exit_code


def expectations(expect: Any, where: str) -> tuple[judge.Expectation, ...]:
    """What the output must hold, in order."""
    if expect is not None and not isinstance(expect, str | re.Pattern | list | tuple):
        raise _wrong("expect", expect, where, _EXPECT)
    found = judge.expectations(expect)
    for item in found:
        if not isinstance(item, str | re.Pattern):
            raise _wrong("expect", item, where, _EXPECT)
    return found


def _wrong(name: str, value: object, where: str, mend: str) -> UnikernelError:
    return UnikernelError(f"wrong value {name}={value!r}", where, mend, EXIT_USAGE)
