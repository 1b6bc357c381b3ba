"""Files in memory: files.c."""
# SPDX-License-Identifier: BSD-3-Clause

TESTS = {"files": {"isle": ["uhyve", "qemu"], "expect": ["to /dev/stdout", "\n0 failures"]}}
