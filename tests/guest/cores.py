"""Isles of several cores: all of them run, each is the one that its CPUID says, and sleeping ones are woken."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

TESTS = {
    "cores": {"isle": BOTH, "cpus": [1, 2, "all"], "expect": " 0 failures"},
    # More than a host core each.
    "cores-many": {"program": "cores", "isle": BOTH, "cpus": 8, "args": [8], "expect": "8 cores, 0 failures"},
}
