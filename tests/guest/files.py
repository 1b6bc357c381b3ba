"""Files in memory: files.c, mapping.c; pipes and all that can be polled: pipes.c."""
# SPDX-License-Identifier: BSD-3-Clause

_BOTH = ["uhyve", "qemu"]

TESTS = {
    "many_files": {"isle": _BOTH, "cpus": [1, 4], "expect": "\n0 failures"},
    "mapping": {"isle": _BOTH, "expect": "\n0 failures"},
    "files": {"isle": _BOTH, "expect": ["to /dev/stdout", "\n0 failures"]},
    "pipes": {"isle": _BOTH, "cpus": [1, 2], "stdin": "input\n", "expect": "\n0 failures"},
}
