"""Interrupted programs do not notice."""
# SPDX-License-Identifier: BSD-3-Clause
TESTS = {
    "upcall": {
        "isle": ["uhyve", "qemu"], "args": ["3000"],
        "expect": ["enough interrupts", "mask 0, pending 0", "\n0 rounds damaged"],
    },
}
