"""Signals: faults and messages that handlers see, masks, queues, waiting, timers, and what the default does."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
_FLAGS = ["-O1", "-g", "-Wall", "-Wextra", "-fno-optimize-sibling-calls", "-fno-inline", "-D_GNU_SOURCE"]

PROGRAMS = {
    f"signal-{name}": {"source": [f"signal-{name}.c"], "CCFLAGS": _FLAGS}
    for name in ("fault", "timer", "thread", "wait", "storm", "default", "float")
}

TESTS = {
    "signal-fault": {"isle": BOTH, "expect": "0 failures"},
    "signal-timer": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-thread": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-wait": {"isle": BOTH, "cpus": [1, 2], "expect": "0 failures"},
    "signal-storm": {"isle": BOTH, "cpus": [1, 2, 8], "timeout": 120, "expect": "0 failures"},
    # QEMU's TCG raises no floating-point exceptions
    "signal-float": {"isle": "uhyve", "expect": "0 failures"},
    "signal-names": {
        "program": "signal-default", "isle": "uhyve",
        "expect": ["0 failures", "psignal: Terminated", "psiginfo: Segmentation fault", "0x1234"],
    },
    "signal-alone": {
        "program": "signal-default", "args": ["1", "alone"], "isle": "uhyve", "cpus": 2, "timeout": 3, "exit_code": 124,
        "expect": "before",
    },
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

# newlib's number, Linux's, and how signal-default.c comes to it
_DEFAULTS = {
    "hup": (1, 1, ""), "kill": (9, 9, ""), "sys": (12, 31, ""), "alrm": (14, 14, "alarm"), "xcpu": (24, 24, ""),
    "usr1": (30, 10, "sleeping"), "usr2": (31, 12, "spinning"), "rt": (40, 40, ""), "pipe": (13, 13, "sleeping"),
    "abort": (6, 6, "abort"), "locked": (14, 14, "locked"),
}
for _name, (_number, _linux, _way) in _DEFAULTS.items():
    TESTS[f"signal-{_name}"] = {
        "program": "signal-default", "isle": BOTH, "cpus": 2, "args": [str(_number), _way],
        "exit_code": 128 + _linux, "expect": "before",
    }
