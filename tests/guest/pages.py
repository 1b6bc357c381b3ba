"""The nub's page tables against a model."""
# SPDX-License-Identifier: BSD-3-Clause
TESTS = {
    "pages": {"isle": "uhyve", "args": ["60"], "expect": ["large pages: yes", "\n0 steps wrong"]},
    "pages-many": {
        "program": "pages", "isle": "qemu", "args": ["3000"], "expect": ["large pages: yes", "\n0 steps wrong"],
    },
}
