"""Watches running builds: what they print, which processes they have."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import select
import subprocess
import time


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Read the process's output until `word` has come."""
    assert process.stdout
    seen, until = b"", time.monotonic() + 60
    while word.encode() not in seen:
        ready, _, _ = select.select([process.stdout], [], [], until - time.monotonic())
        chunk = os.read(process.stdout.fileno(), 4096) if ready else b""
        assert chunk, f"{word!r} never came; output: {seen!r}"
        seen += chunk


def assert_no_process_of(session: int) -> None:
    """No process of the session is left (one that is just ending gets a second)."""
    until = time.monotonic() + 5
    while left := members(session):
        assert time.monotonic() < until, f"left running: {left}"
        time.sleep(0.05)


def members(session: int) -> list[str]:
    """The living processes of a session."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stream:
                    name, _, rest = stream.read().rpartition(") ")
            except OSError:
                continue
            fields = rest.split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                found.append(name)
    return found
