"""Signals: faults and messages that handlers see, masks, queues, waiting, timers, and what the default does."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
_FLAGS = ["-O1", "-g", "-Wall", "-Wextra", "-fno-optimize-sibling-calls", "-fno-inline", "-D_GNU_SOURCE"]

PROGRAMS = {
    name: {"source": [f"{name}.c"], "CCFLAGS": _FLAGS}
    for name in ("signal-fault", "signal-timer", "signal-thread", "signal-wait")
}

TESTS = {
    "signal-fault": {"isle": BOTH, "expect": "0 failures"},
    "signal-timer": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-thread": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-wait": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-fault-in-handler": {
        "program": "signal-fault", "args": ["in-handler"], "isle": BOTH, "exit_code": 139,
        "expect": ["once", "SIGSEGV", "write to 0x18", "blocked_fault"],
    },
    "signal-fault-ignored": {
        "program": "signal-fault", "args": ["ignored"], "isle": "uhyve", "exit_code": 136, "expect": "SIGFPE",
    },
    "signal-fault-overflow": {
        "program": "signal-fault", "args": ["overflow"], "isle": BOTH, "exit_code": 139,
        "expect": ["stack overflow", "overflow_from"],
    },
}
