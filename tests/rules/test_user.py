"""Builds by a person who is not root, which the machine that runs the tests may be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

from checkout import copy_checkout
from project import MAIN, Project
from unikernel.store import roots

_PR_CAPBSET_DROP = 24  # linux/prctl.h
_POWERS = (1, 2, 3)  # linux/capability.h: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER


def without_powers() -> None:
    """For preexec_fn: the mode bits of files count for root, too."""
    for power in _POWERS:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, power, 0, 0, 0)


def test_the_sdk_is_made(tmp_path: Path) -> None:
    """Steps copy from read-only entries of the store; only root can write to such copies or remove them.

    And the checkout may lie in a folder of any name.
    """
    project, store = copy_checkout(tmp_path / "my checkout"), tmp_path / "store"
    with open(project.folder / "runtimes/newlib/port/io.c", "a") as stream:
        stream.write(f"// {time.time_ns()}\n")
    shared = os.pathsep.join(map(str, roots(os.environ)))
    project.environ["UNIKERNEL_STORE"] = f"{shared}:{store}"
    scons = project.start("-Q", "build/sdk/sysroot.digest", preexec_fn=without_powers)
    _, err = scons.communicate(timeout=300)
    assert scons.returncode == 0, err
    assert len(list((store / "sdk").iterdir())) >= 2 and not list((store / "tmp").glob("*/")), "nothing is left behind"


def test_a_project_that_is_not_ones_own_is_one_line(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'])\n")
    project.write("main.c", MAIN)
    project.folder.chmod(0o555)
    try:
        scons = project.start("-Q", preexec_fn=without_powers)
        _, err = scons.communicate(timeout=60)
    finally:
        project.folder.chmod(0o755)
    assert scons.returncode == 2 and err.startswith("unikernel: cannot write here: ") and err.count("\n") == 1
