"""Every fault a program can make ends with its signal's exit code, and says what it was, where, and who called."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

# argument of fault.c: Linux's signal number, what the launcher says
_FAULTS: dict[str, tuple[int, list[str]]] = {
    "null-write": (11, ["SIGSEGV", "write to 0x0 (NULL page)", "null_write"]),
    "null-read": (11, ["SIGSEGV", "read of 0x8 (NULL page)", "null_read"]),
    "null-call": (11, ["SIGSEGV", "jump to 0x0", "null_call"]),
    "divide": (8, ["SIGFPE", "divide"]),
    "illegal": (4, ["SIGILL", "illegal"]),
    "breakpoint": (5, ["SIGTRAP", "breakpoint"]),
    "single-step": (5, ["SIGTRAP", "single_step"]),
    "privileged": (11, ["SIGSEGV", "privileged"]),
    # `syscall` gives ring 0 on no isle
    "syscall": (4, ["SIGILL", "system_call"]),
    "wild": (11, ["SIGSEGV", "wild_pointer"]),
    "text": (11, ["SIGSEGV", "write to", "write_text"]),
    "constant": (11, ["SIGSEGV", "write to", "write_constant"]),
    "run-data": (11, ["SIGSEGV", "jump to"]),
    "run-stack": (11, ["SIGSEGV", "jump to"]),
    "run-heap": (11, ["SIGSEGV", "jump to"]),
    "overflow": (11, ["SIGSEGV", "stack overflow", "overflow_from"]),
    "float": (8, ["SIGFPE", "float_trap"]),
    "kernel": (11, ["SIGSEGV", "read of 0x8 (NULL page)", "bad_pointer_to_kernel"]),
    "abort": (6, ["SIGABRT", "end_by_abort"]),
    "term": (15, ["SIGTERM"]),
    # newlib's SIGBUS is 10, Linux's 7: the exit code is the host's
    "bus": (7, ["SIGBUS"]),
}

PROGRAMS = {"fault": {"source": ["fault.c"], "CCFLAGS": ["-O1", "-g", "-fno-inline", "-fno-optimize-sibling-calls"]}}

# QEMU's TCG raises no floating-point exceptions.
_ISLES = {"float": ["uhyve"]}

TESTS = {
    f"fault-{name}": {
        "program": "fault", "isle": _ISLES.get(name, BOTH), "args": [name], "exit_code": 128 + number,
        "expect": ["before", *words],
    }
    for name, (number, words) in _FAULTS.items()
}
TESTS["fault-twice"] = {"program": "fault", "isle": BOTH, "args": ["twice"], "exit_code": 120, "expect": "before"}
TESTS["fault-writing"] = {"isle": BOTH, "cpus": 2, "exit_code": 139, "expect": ["....", "SIGSEGV", "fault_now"]}
