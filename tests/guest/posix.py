"""What programs written for other systems expect beyond newlib: posix.c."""
# SPDX-License-Identifier: BSD-3-Clause

PROGRAMS = {"posix": {"source": ["posix.c"], "LIBS": ["m"]}}

TESTS = {
    "posix": {
        "isle": ["uhyve", "qemu"], "stdin": "first\ntwo:34", "exit_code": 65, "expect": [
            "\n0 failures", "posix: a file: No such file", "posix: code 64\n", "posix: the end: No such file",
        ],
    },
    "posix-trap": {"program": "posix", "args": ["divided"], "isle": "uhyve", "exit_code": 136, "expect": "SIGFPE"},
}
