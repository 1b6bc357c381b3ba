"""The nub refuses what would undo its own protection, whoever asks."""
# SPDX-License-Identifier: BSD-3-Clause
TESTS = {
    "gate": {
        "isle": ["uhyve", "qemu"], "cpus": [1, 2],
        "expect": ["the page tables, writable", "a page of a large one", "\n0 failures"],
    },
}
