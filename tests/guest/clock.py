"""Clocks, sleeping, futexes of a single thread, random numbers."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

TESTS = {
    "clock": {"isle": BOTH, "expect": "\n0 failures"},
    "clock-deadlock": {
        "program": "clock", "isle": BOTH, "args": ["--deadlock"], "exit_code": 121,
        "expect": ["waiting", "kernel: deadlock"],
    },
}
