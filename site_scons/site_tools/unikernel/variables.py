"""The variables of the command line (name=value), and the check of them in our own SConstruct."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .messages import EXIT_USAGE, UnikernelError

KNOWN = {
    "debug": "1: -Og and assertions, in build-debug/ (0)",
    "offline": "1: use the store alone, download nothing (0)",
    "verbose": "1: print whole command lines (0)",
    "cache": "a folder for SCons's CacheDir, shared by checkouts and users (none)",
}


def add(opts: Any) -> None:
    """For Variables: those that mean something in any SConstruct."""
    for name in ("debug", "offline", "verbose"):
        opts.Add(name, KNOWN[name], "0")


def check(given: Mapping[str, str], known: Iterable[str] = KNOWN) -> None:
    """One line for a variable no one reads."""
    for name in given:
        if name not in known:
            raise UnikernelError(f"unknown variable {name}=", "", f"known: {' '.join(sorted(known))}", EXIT_USAGE)


def help_text() -> str:
    """The variables as `scons -h` shows them."""
    return "\n".join(f"  {name + '=':10} {text}" for name, text in KNOWN.items())
