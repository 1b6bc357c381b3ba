"""What depends much on the host's KVM: its timer, and the vector registers that it keeps over an interrupt."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

TESTS = {
    "timer": {"isle": BOTH, "expect": "timer ok"},
    # the same sum made by another program
    "fpu": {"isle": BOTH, "expect": "total 16.263138805"},
}
