"""Data of the x86_64-hermit-* commands: refused flags, processors' features, and what is said of missing things."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
DATA = ("refused.json", "isa.json", "missing.json")
_REGISTERS = ("eax", "ebx", "ecx", "edx")


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One of DATA."""
    content: dict[str, Any] = json.loads((_HERE / name).read_text())
    return content


def refusal(flag: str) -> str:
    """Why `flag` cannot work in a unikernel; "" if it may."""
    data = load("refused.json")
    if flag in data["allowed"]:
        return ""
    if flag.startswith("-fsanitize="):
        names = set(flag.partition("=")[2].split(",")) & set(data["sanitizers"])
        return "a unikernel has no runtime for this sanitizer; -fsanitize=undefined works" if names else ""
    for pattern, reason in data["flags"].items():
        if flag == pattern or (pattern[-1] in "*=" and flag.startswith(pattern.rstrip("*"))):
            return str(reason)
    return ""


def missing(table: str, name: str) -> str:
    """What is said of a name in a table of missing.json, "symbols" or "files"; "" if nothing."""
    return next((str(text) for names, text in load("missing.json")[table] if name in names), "")


def bits(names: str) -> int:
    """The word hermit_isa of features named as GCC's -m options, apart by blanks."""
    order = list(load("isa.json")["features"])
    return sum(1 << order.index(name) for name in names.split())


def values() -> dict[str, Any]:
    """What the driver's template is filled with."""
    refused, missing = load("refused.json"), load("missing.json")
    return {
        "refused": refused["flags"], "allowed": refused["allowed"], "refused_sanitizers": refused["sanitizers"],
        "missing_symbols": [(name, text) for names, text in missing["symbols"] for name in names],
        "missing_files": [(name, text) for names, text in missing["files"] for name in names],
        **_isa(),
    }


def nothing() -> dict[str, Any]:
    """The same for a driver that builds the libraries themselves: none of it."""
    return {name: type(value)() for name, value in values().items()}


def _isa() -> dict[str, Any]:
    data = load("isa.json")
    options = [(name, bits(name), bits(" ".join(_with(name)))) for name in data["features"]]
    for name, names in data["other"].items():
        options.append((name, bits(names), bits(" ".join({other for one in names.split() for other in _with(one)}))))
    marches = [(name, bits(have)) for names, have in data["march"].items() for name in names.split()]
    features = [
        (leaf, sub, _REGISTERS.index(register), bit, state)
        for leaf, sub, register, bit, state in data["features"].values()
    ]
    return {"isa_options": options, "isa_marches": marches, "isa_features": features}


def _with(name: str) -> set[str]:
    """The features that go where `name` goes: itself, and what needs it."""
    gone, more = set[str](), {name}
    while more:
        gone |= more
        more = {other for other, needed in load("isa.json")["requires"].items() if gone & set(needed)} - gone
    return gone
