"""The thread library, one subject a program: thread-*.c."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
CPUS = [1, 2, 8]

_SUBJECTS = ("create", "mutex", "cond", "rwlock", "barrier", "sem", "key", "cancel", "unwind", "sched", "priority",
             "libc", "signal", "c11", "clock", "context")

PROGRAMS = {
    "thread-unwind": {"source": ["thread-unwind.c"], "CFLAGS": ["-fexceptions"]},
    "thread-context": {"source": ["thread-context.c"], "LIBS": ["m"]},
}


TESTS = {
    **{f"thread-{name}": {"isle": BOTH, "cpus": CPUS, "expect": "\n0 failures"} for name in _SUBJECTS},
    "thread-sizes": {"isle": BOTH, "cpus": [1, 2], "mem": "64M", "expect": "0 failures"},
    "thread-exit": {
        "isle": BOTH, "cpus": CPUS, "expect": ["cleaned main\n", "joiner outlived main, 0 failures\n", " at exit"],
    },
    "thread-exit-detached": {
        "program": "thread-exit", "args": ["detached"], "isle": BOTH, "cpus": CPUS, "expect": "last one at exit",
    },
    "thread-exit-alone": {
        "program": "thread-exit", "args": ["alone"], "isle": BOTH, "cpus": CPUS, "expect": " at exit",
    },
    "thread-exit-thread": {
        "program": "thread-exit", "args": ["exit"], "isle": BOTH, "cpus": CPUS, "exit_code": 9,
        "expect": "leaving, unflushed at exit",
    },
    "thread-exit-return": {
        "program": "thread-exit", "args": ["return"], "isle": BOTH, "cpus": CPUS, "exit_code": 7,
        "expect": "main returns at exit",
    },
}
