"""Sealed runs: nothing of the caller gets in, failures come out, no child outlives its parent."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from unikernel import sealed
from unikernel.messages import UnikernelError


def test_environment_is_ours(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPATH", "/poison")
    sealed.run(["/usr/bin/env"], cwd=tmp, log=tmp / "log", env={"EXTRA": "1"})
    lines = set((tmp / "log").read_text().splitlines()[1:])
    assert lines == {f"{name}={value}" for name, value in {**sealed.ENVIRONMENT, "EXTRA": "1"}.items()}
    assert sealed.ENVIRONMENT["PATH"] == "/var/empty"


def test_failure_shows_the_logs_end_and_place(tmp: Path) -> None:
    with pytest.raises(UnikernelError) as caught:
        sealed.run(["/bin/sh", "-c", "echo first; echo the reason; exit 3"], cwd=tmp, log=tmp / "log")
    text = str(caught.value)
    assert "exit code 3" in text and "the reason" in text and str(tmp / "log") in text and "\n" not in text


def test_missing_tool_and_signal_are_one_line(tmp: Path) -> None:
    with pytest.raises(UnikernelError, match="cannot run.*absent"):
        sealed.run([tmp / "absent"], cwd=tmp, log=tmp / "log")
    with pytest.raises(UnikernelError, match="signal 9"):
        sealed.run(["/bin/sh", "-c", "kill -9 $$"], cwd=tmp, log=tmp / "log")


def test_stop_ends_children_of_any_thread(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "stopped", threading.Event())
    threading.Timer(0.2, sealed.stop).start()
    started = time.monotonic()
    with pytest.raises(UnikernelError, match="signal 15"):
        sealed.run(["/bin/sleep", "60"], cwd=tmp, log=tmp / "log")
    assert time.monotonic() - started < 5


PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from unikernel import sealed
sealed.run(["/bin/sh", "-c", "echo $$ > pid; exec /bin/sleep 60"], cwd=Path(sys.argv[2]), log=Path(sys.argv[2], "log"))
"""


def test_a_killed_parent_takes_its_child_along(home: Path, tmp: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, home / "site_scons/site_tools", tmp])
    while not (tmp / "pid").exists() or not (tmp / "pid").read_text():
        assert parent.poll() is None
        time.sleep(0.01)
    child = int((tmp / "pid").read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(500):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").read_text().split(") ")[1].startswith("Z"):
            return  # ended; whoever inherited it has not looked yet
        time.sleep(0.01)
    pytest.fail(f"child {child} still runs")
