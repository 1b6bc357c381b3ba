"""Threads on many cores: storms, locks, the scheduler, cancellation, signals, memory, registers, how programs end."""
# SPDX-License-Identifier: BSD-3-Clause
import re

BOTH = ["uhyve", "qemu"]
CORES = [1, 2, 8]
_END = "\n0 failures"

PROGRAMS = {
    "many_fault": {
        "source": ["many_fault.c"], "CCFLAGS": ["-O1", "-g", "-fno-inline", "-fno-optimize-sibling-calls"],
    },
}

_PARTS = ("locks", "cancel", "signals", "registers", "memory", "tls", "clock")
_LINES = re.compile(r"\A(thread \d+ line \d+ of \d+ \d+\.\d{3} -----\n){960}all said\n")

TESTS = {
    f"many-{part}": {"program": f"many_{part}", "isle": BOTH, "cpus": CORES, "expect": _END} for part in _PARTS
}
TESTS |= {
    f"many-sched-{cores}": {
        "program": "many_sched", "isle": BOTH, "cpus": cores, "args": [cores], "expect": _END,
    }
    for cores in CORES
}
TESTS |= {
    "many-storm": {"program": "many_storm", "isle": BOTH, "cpus": [1, 2], "expect": _END},
    # fewer at once: on a software KVM each new stack costs milliseconds with so many vCPUs
    "many-storm-8": {"program": "many_storm", "isle": BOTH, "cpus": 8, "args": [1, 64], "expect": _END},
    "many-io": {"program": "many_io", "isle": BOTH, "cpus": CORES, "expect": _LINES},
    "many-unmapped": {
        "program": "many_memory", "isle": BOTH, "cpus": CORES, "args": ["--unmapped"], "exit_code": 139,
        "expect": ["taking it away", "SIGSEGV", "read_on"],
    },
    # more vCPUs than any host of ours has cores
    "many-locks-64": {"program": "many_locks", "isle": "uhyve", "cpus": 64, "mem": "512M", "expect": _END},
    "many-storm-64": {
        "program": "many_storm", "isle": "uhyve", "cpus": 64, "mem": "512M", "args": [1, 32], "expect": _END,
    },
}

# argument of many_fault.c: exit code, what is said
_ENDINGS: dict[str, tuple[int, list[str | re.Pattern[str]]]] = {
    "overflow": (139, ["stack overflow", "overflow_from"]),
    "overflow-busy": (139, ["stack overflow", "overflow_from"]),
    "fault-busy": (139, ["write to 0x0 (NULL page)", "null_write"]),
    "fault-main": (139, ["write to 0x0 (NULL page)", "null_write"]),
    "exit-main": (5, []),
    "exit-thread": (7, []),
    "abort": (134, ["SIGABRT"]),
    "return": (0, []),
    "term": (143, ["SIGTERM"]),
    "main-leaves": (0, ["the last thread"]),
    # all threads' backtraces, which one isle prints before the reason and the other after it
    "deadlock": (121, [re.compile(r"(?s)(?=.*kernel: deadlock)(?=.*deadlocked)(?=.*lock_two_then_one)")]),
    # POSIX lets pthread_join find it
    "circle": (0, ["0 failures"]),
    "wait": (121, [re.compile(r"(?s)(?=.*kernel: deadlock)(.*wait_for_nobody){6}")]),
    "sleeper": (0, ["woken"]),
    "alarm": (0, ["the alarm came"]),
    "input": (0, ["the input ended"]),
}
TESTS |= {
    f"many-end-{name}": {
        "program": "many_fault", "isle": BOTH, "cpus": [1, 2], "args": [name], "exit_code": code,
        "expect": ["before", *words],
    }
    for name, (code, words) in _ENDINGS.items()
}

# Stress: the same programs with far more time, in test-all only.
TESTS |= {
    f"stress-{part}": {
        "program": f"many_{part}", "isle": "uhyve", "cpus": CORES, "args": ["10"], "timeout": 300, "expect": _END,
        "slow": True,
    }
    for part in ("storm", "locks", "cancel", "signals", "registers", "memory", "clock")
}
