"""Files for other build systems: what config.site answers is what a guest was asked."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from pathlib import Path

# Whether something works says no more than whether it is there, and the test of both is one.
_SAME = {"ac_cv_func_vfork", "ac_cv_func_fork_works", "ac_cv_func_vfork_works", "ac_cv_have_c99_vsnprintf"}


def test_each_answer_is_asked_in_a_guest(home: Path) -> None:
    text = (home / "site_scons/site_tools/unikernel/crossfiles/config.site").read_text()
    answers = dict(re.findall(r"^  (\w+)=\$\{\1=(\S+)\}$", text, re.MULTILINE))
    asked = dict(re.findall(r'"(ac_\w+)=(\S+)"', (home / "tests/guest/answers.c").read_text()))
    assert {name: value for name, value in answers.items() if name not in _SAME} == asked
