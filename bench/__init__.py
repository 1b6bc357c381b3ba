"""Measures the host and the unikernel side by side in one run: `scons bench`, or `python -m bench --help`."""
# SPDX-License-Identifier: BSD-3-Clause
