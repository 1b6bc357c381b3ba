"""FIFO threads beside ordinary ones: nobody starves while a core could run it, equals do not interrupt one another."""
# SPDX-License-Identifier: BSD-3-Clause
TESTS = {
    "urgent": {"isle": ["uhyve", "qemu"], "cpus": 2, "expect": "0 failures", "timeout": 90},
}
