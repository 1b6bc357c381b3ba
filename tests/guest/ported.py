"""What ported programs expect of GNU, BSD, XSI and of text in many languages: ported.c, locales.c."""
# SPDX-License-Identifier: BSD-3-Clause

PROGRAMS = {
    "ported": {"source": ["ported.c"], "CFLAGS": ["-O1", "-fno-optimize-sibling-calls"]},
    "locales": {"source": ["locales.c"]},
}

TESTS = {
    "ported": {
        "isle": ["uhyve", "qemu"], "expect": [
            "0 failures", "]: log 1: No such file", "message 2: No such file",
        ],
    },
    "locales": {"isle": "uhyve", "expect": "0 failures"},
}
