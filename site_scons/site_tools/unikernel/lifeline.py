"""What wakes the parent of a guest: signals, the end of QEMU, and steps of the host's clock."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import os
import signal
from types import FrameType

CHILD = int(signal.SIGCHLD)
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# linux/timerfd.h, linux/time.h
_CLOCK_REALTIME, _TFD_NONBLOCK, _TFD_CLOEXEC, _TFD_TIMER_ABSTIME, _TFD_TIMER_CANCEL_ON_SET = 0, 0o4000, 0o2000000, 1, 2
_FAR = (1 << 62) // 1_000_000_000  # seconds; a date that never comes


def catch_signals() -> int:
    """A descriptor that becomes readable with the number of each signal that ends us, or SIGCHLD.

    A signal that was ignored when we started (nohup, `&` in a script) stays ignored.
    """
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in _ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _noted)
    signal.signal(signal.SIGCHLD, _noted)
    if _child_gone():
        os.write(writer, bytes([CHILD]))
    return reader


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The number is in the pipe already."""


def _child_gone() -> bool:
    """Whether a child ended before its signal was caught; it stays to be waited for."""
    return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class _Timer(ctypes.Structure):
    """struct itimerspec: interval and value, seconds and nanoseconds each."""

    _fields_ = [(name, ctypes.c_long) for name in ("every", "every_ns", "at", "at_ns")]


def clock_steps() -> int | None:
    """A descriptor that becomes readable when somebody sets the host's clock; None where the kernel has none."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = int(libc.timerfd_create(_CLOCK_REALTIME, _TFD_NONBLOCK | _TFD_CLOEXEC))
    if handle < 0:
        return None
    never = _Timer(0, 0, _FAR, 0)
    if libc.timerfd_settime(handle, _TFD_TIMER_ABSTIME | _TFD_TIMER_CANCEL_ON_SET, ctypes.byref(never), None):
        os.close(handle)
        return None
    return handle
