"""What images may contain."""
# SPDX-License-Identifier: BSD-3-Clause
TESTS = {"image": {"isle": ["uhyve", "qemu"], "expect": ["ok: a nested function", "\n0 failures", "destructor"]}}
