"""malloc's family, in one thread and in many, and what it says of misuse before it ends the program as by abort()."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
MISUSE = {
    "twice": "free(): double free detected",
    "twice-large": "free(): double free detected",
    "resize": "realloc(): double free detected",
    "stack": "free(): invalid pointer",
    "inside": "free(): invalid pointer",
    "middle": "free(): invalid pointer",
    "before": "free(): invalid pointer",
}

TESTS = {
    "malloc": {"isle": BOTH, "mem": "32M", "expect": "0 failures"},
    "malloc-threads": {"isle": BOTH, "mem": "64M", "cpus": [1, 2, 8], "expect": "0 failures"},
    "malloc-threads-128": {
        "program": "malloc-threads", "isle": "uhyve", "mem": "256M", "cpus": 2, "args": ["128", "3000"],
        "expect": "0 failures",
    },
    **{
        f"malloc-{how}": {"program": "malloc", "isle": "uhyve", "args": [how], "exit_code": 134, "expect": said}
        for how, said in MISUSE.items()
    },
}
