"""The answers of config.site, which stand for programs that configure would run: answers.c."""
# SPDX-License-Identifier: BSD-3-Clause

PROGRAMS = {"answers": {"source": ["answers.c"], "CCFLAGS": ["-fno-builtin", "-Wall", "-Wextra", "-Werror"]}}

TESTS = {"answers": {"expect": "0 wrong answers"}}
