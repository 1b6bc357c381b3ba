"""Streams: nothing is lost, doubled or out of order, however much it is."""
# SPDX-License-Identifier: BSD-3-Clause
import re

BOTH = ["uhyve", "qemu"]

_INPUT = "".join(f"{number * number}\n" for number in range(12000))
_SUM = 0
for _byte in _INPUT.encode():
    _SUM = (_SUM * 31 + _byte) % 1000000007
_LINES = 20000
_FLOOD = re.compile(rf"\Aline 0 \.\n(line \d+ -*\.\n){{{_LINES - 2}}}line {_LINES - 1} -*\.\n")

TESTS = {
    "console-flood": {"program": "console", "isle": BOTH, "args": ["--flood", str(_LINES)], "expect": _FLOOD},
    "console-large": {
        "program": "console", "isle": BOTH, "args": ["--large"], "expect": re.compile(r"\AAx{299997}Z\n"),
    },
    "console-count": {
        "program": "console", "isle": BOTH, "args": ["--count"], "stdin": _INPUT,
        "expect": f"{len(_INPUT)} bytes, sum {_SUM}, at the end 0 and again 0",
    },
    "console-errors": {"program": "console", "isle": BOTH, "expect": "descriptors are checked"},
}
