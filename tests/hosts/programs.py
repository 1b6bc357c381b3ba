"""What every emulated host runs and must see; seconds and clocks are the emulated host's."""
# SPDX-License-Identifier: BSD-3-Clause

# Host -> arguments of its KVM module, one boot each: with nested paging and with shadow page tables.
HOSTS = {"amd": ["npt=1", "npt=0"], "intel": ["ept=1", "ept=0"]}

IMAGES = {
    "hello": ["#examples/hello/main.c"],
    "fault": ["fault.c"],
    "timer": ["timer.c"],
    "fpu": ["fpu.c"],
}

# name: image, and what uhyve is given and must end with; `expect` in this order in stdout and stderr.
CASES = {
    "hello": {"image": "hello", "args": ["a", "b c"], "expect": ["Hello", "argv[1] = a", "argv[2] = b c"]},
    "hello-4M": {"image": "hello", "options": ["--mem", "4M"], "expect": ["Hello"]},
    "fault": {
        "image": "fault", "exit_code": 139,
        "expect": ["before the fault", "SIGSEGV: write to 0x0", "through at", "fault.c:7", "main at"],
    },
    "timer": {"image": "timer", "expect": ["timer ok"]},
    "fpu": {"image": "fpu", "expect": ["total 16.263138805"]},
}
