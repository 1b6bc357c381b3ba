"""Starts what an action needs as a child, and ends every child when the person presses Ctrl-C."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from typing import Any

from .sealed import die_with_parent

# On a terminal Ctrl-C reaches the children by itself; a signal sent to us alone is passed on after this pause.
_GRACE = 0.3
_KILL_AFTER = 3.0

_running: set[subprocess.Popen[Any]] = set()
_guard = threading.Lock()
_ending = threading.Event()


def start(argv: list[str], **options: Any) -> subprocess.Popen[Any]:
    """A child that ends with us, however we end; hand it to `finish` when done."""
    with _guard:
        if _ending.is_set():
            raise InterruptedError("interrupted")
        child = subprocess.Popen(argv, preexec_fn=die_with_parent, **options)
        _running.add(child)
    return child


def finish(child: subprocess.Popen[Any]) -> int:
    """Wait for a child; its exit code, 128 + n if signal n ended it."""
    try:
        code = child.wait()
    finally:
        with _guard:
            _running.discard(child)
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
            _end(signal.SIGTERM, _GRACE)
            _end(signal.SIGKILL, _KILL_AFTER)


def _end(number: int, patience: float) -> None:
    """Give the children `patience` seconds, then send `number` to those left."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with _guard:
            if not _running:
                return
        time.sleep(0.02)
    with _guard:
        for child in _running:
            child.send_signal(number)
