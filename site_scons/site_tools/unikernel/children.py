"""Starts what an action needs as a child, and ends every child when the person presses Ctrl-C."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from typing import Any

from .sealed import die_with_parent

# On a terminal Ctrl-C reaches a child of our group by itself; a signal sent to us alone is passed on after a pause.
_GRACE = 0.3
_KILL_AFTER = 3.0

_running: dict[subprocess.Popen[Any], bool] = {}  # child -> whether it leads a group of its own
_guard = threading.Lock()
_ending = threading.Event()


def start(argv: list[str], *, terminal: bool = False, **options: Any) -> subprocess.Popen[Any]:
    """A child that ends with us, however we end; hand it to `finish` when done.

    It leads a process group of its own, so that its children end with it (gcc leaves cc1 behind). One that reads from
    the `terminal` must stay in ours.
    """
    with _guard:
        if _ending.is_set():
            raise InterruptedError("interrupted")
        child = subprocess.Popen(argv, preexec_fn=die_with_parent if terminal else _lead, **options)
        _running[child] = not terminal
    return child


def _lead() -> None:
    os.setpgid(0, 0)
    die_with_parent()


def finish(child: subprocess.Popen[Any]) -> int:
    """Wait for a child; its exit code, 128 + n if signal n ended it."""
    try:
        code = child.wait()
    finally:
        with _guard:
            _running.pop(child, None)
    return code if code >= 0 else 128 - code


def run(argv: list[str], **options: Any) -> int:
    """Start a child and wait for it."""
    return finish(start(argv, **options))


def interrupted() -> bool:
    """Whether a signal asked us to end."""
    return _ending.is_set()


def watch() -> None:
    """Begin to watch for SIGINT, SIGTERM and SIGHUP, whoever handles them; call it once, on the main thread.

    SCons's own handler only stops the start of further actions, and waits for those under way.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(reader,), name="unikernel-signals", daemon=True).start()


def _listen(reader: int) -> None:
    fatal = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    while number := os.read(reader, 1):
        if number[0] in fatal:
            _ending.set()
            _signal(signal.SIGINT, own=True)
            _wait(_GRACE)
            _signal(signal.SIGTERM, own=False)
            _wait(_KILL_AFTER)
            _signal(signal.SIGKILL, own=True)
            _signal(signal.SIGKILL, own=False)


def _wait(seconds: float) -> None:
    """Give the children some time to end."""
    until = time.monotonic() + seconds
    while _running and time.monotonic() < until:
        time.sleep(0.02)


def _signal(number: int, own: bool) -> None:
    """Send a signal to the children that lead a group of their `own`, or to those that do not."""
    with _guard:
        for child in [child for child, leads in _running.items() if leads == own]:
            if own:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, number)
            else:
                child.send_signal(number)
