"""Ctrl-C in the middle of a build: it ends at once, leaves no process and nothing half-made, and can go on later."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from checkout import copy_checkout
from processes import assert_no_process_of, members
from project import Project
from unikernel.store import roots


def changed_checkout(place: Path) -> tuple[Project, Path]:
    """A checkout whose kernel has to be built, into a store of its own over the shared one."""
    project, store = copy_checkout(place / "checkout"), place / "store"
    with open(project.folder / "kernel/src/lib.rs", "a") as stream:
        stream.write(f"// {place.name} {time.time_ns()}\n")
    shared = os.pathsep.join(map(str, roots(os.environ)))
    project.environ["UNIKERNEL_STORE"] = f"{shared}:{store}"
    return project, store


def until(condition: object, seconds: float) -> None:
    """Wait until a condition holds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came so far"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_the_kernel_is_compiled(tmp_path: Path, number: signal.Signals) -> None:
    project, store = changed_checkout(tmp_path)
    scons = project.start("build/examples/hello/hello", start_new_session=True)
    until(lambda: "rustc" in " ".join(members(scons.pid)), 120)
    os.kill(scons.pid, number)
    _, err = scons.communicate(timeout=20)
    assert scons.returncode != 0 and "Traceback" not in err
    assert_no_process_of(scons.pid)
    assert not list(store.glob("[!t]*/*")), "nothing half-made"
    assert not (project.folder / "build/examples/hello/hello").exists()


def test_while_it_is_compiled_by_gcc(project: Project) -> None:
    """An object that was not finished is not taken for one."""
    project.sconstruct("env.UnikernelProgram('app', ['main.c'])\n")
    body = "".join(f"int f{n}(int x) {{ return x ? f{max(n - 1, 0)}(x - {n}) * {n} : {n}; }}\n" for n in range(20000))
    project.write("main.c", f"{body}int main(void) {{ return f19999(0) == 1; }}\n")
    scons = project.start("-Q", start_new_session=True)
    until(lambda: "cc1" in " ".join(members(scons.pid)), 60)
    os.kill(scons.pid, signal.SIGINT)
    _, err = scons.communicate(timeout=20)
    assert scons.returncode != 0 and "Traceback" not in err
    assert_no_process_of(scons.pid)
    project.write("main.c", "int main(void) { return 0; }\n")
    assert project.build().did("LINK")
