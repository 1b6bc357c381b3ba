"""Heap, mappings and rights; W^X with and without jit."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

PROGRAMS = {"memory-jit": {"source": ["memory.c"], "jit": True}}

TESTS = {
    "memory": {"isle": BOTH, "expect": "0 failures"},
    "memory-jit": {"isle": BOTH, "args": ["--jit"], "expect": ["code that the program made", "0 failures"]},
    "memory-after-unmap": {
        "program": "memory", "isle": BOTH, "args": ["--use-after-unmap"], "exit_code": 139, "expect": "SIGSEGV",
    },
    "memory-guard": {
        "program": "memory", "isle": BOTH, "args": ["--guard"], "exit_code": 139,
        "expect": ["above the guard", "SIGSEGV"],
    },
    # RAM on both sides of the hole below 4 GiB
    "memory-6g": {"program": "huge", "isle": "uhyve", "mem": "6G", "expect": ["one array", "0 failures"]},
    "memory-6g-qemu": {"program": "huge", "isle": "qemu", "mem": "6G", "expect": ["one array", "0 failures"]},
    "memory-4m": {"program": "launch", "isle": BOTH, "mem": "4M", "args": ["small"], "expect": "argv[1] 'small'"},
    "memory-out": {"program": "exhaust", "isle": BOTH, "mem": "16M", "expect": ["out of memory", "still alive"]},
}
