"""Measures the host and the unikernel side by side in one run. `scons bench` runs it; `python -m bench --help` says how."""
# SPDX-License-Identifier: BSD-3-Clause
