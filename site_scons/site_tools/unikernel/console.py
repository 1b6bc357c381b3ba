"""Carries the guest's streams and control records between QEMU's ports and this process, until the guest ends."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import time
from collections.abc import Callable

from . import control
from .outcome import Outcome

_BLOCK = 64 << 10
_ATOMIC = select.PIPE_BUF  # what a pipe or terminal that polls writable takes without blocking
_SIGPIPE_CODE = 128 + 13
_READ = select.POLLIN | select.POLLHUP | select.POLLERR
_WRITE = select.POLLOUT | select.POLLHUP | select.POLLERR


class Stream:
    """One direction of bytes, with at most one block in hand: a slow reader slows the writer."""

    def __init__(self, source: int, sink: int) -> None:
        self.source = source
        self.sink = sink
        self.data = b""
        self.broken: OSError | None = None  # the sink takes no more, and why
        self.ended = False

    def wish(self) -> tuple[int, int] | None:
        """What to poll for next."""
        if self.data:
            return self.sink, select.POLLOUT
        return None if self.ended else (self.source, select.POLLIN)

    def fill(self) -> None:
        """Take a block from the source."""
        try:
            data = os.read(self.source, _BLOCK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.ended = not data
        self.data = b"" if self.broken else data

    def spill(self) -> None:
        """Write as much as the sink takes without blocking for long."""
        try:
            self.data = self.data[os.write(self.sink, self.data[:_ATOMIC]) :]
        except BlockingIOError:
            return
        except OSError as error:
            self.broken, self.data = error, b""

    def flush(self) -> None:
        """Write everything that is there, blocking where the sink is slow."""
        while not self.ended:
            while self.data:
                self.spill()
            self.fill()
            if not self.data:
                return


def _unwritten(error: OSError) -> Outcome:
    """The end of a guest whose output goes nowhere: its port has no way to tell it."""
    if error.errno == errno.EPIPE:
        return Outcome("qemu", _SIGPIPE_CODE, "signal", "nobody reads standard output any more")
    return Outcome("qemu", 125, "error", f"standard output: {error.strerror}")


class Console:
    """All streams of one guest.

    `ports` are our ends: stdin, stdout, stderr, control, serial, and QEMU's own words. `on_fault` prints a fault record
    and returns its first line; `deadline` is in time.monotonic().
    """

    def __init__(self, ports: dict[str, int], wake: int, deadline: float, on_fault: Callable[[bytes], str]) -> None:
        self._control = ports["hermit.control"]
        self._stdin = ports["hermit.stdin"]
        self._out = Stream(ports["hermit.stdout"], 1)
        self._streams = [self._out, Stream(ports["hermit.stderr"], 2), Stream(ports["serial"], 2)]
        self._words = ports["words"]
        self._wake = wake
        self._deadline = deadline
        self._on_fault = on_fault
        self._parser = control.Parser()
        self._asked = 0  # bytes of stdin that the guest wants
        self._to_guest = {self._control: b"", self._stdin: b""}
        self.words = b""  # the last of what QEMU itself said
        self.clock: int | None = None  # a timerfd that tells when the host's clock was stepped
        self.stopped = 0  # the signal that ends us, or SIGCHLD when QEMU is gone

    def run(self) -> Outcome | None:
        """Until the guest ended (its outcome), or QEMU did or a signal came (None, see `stopped`)."""
        outcome = None
        while outcome is None and not self.stopped:
            wait = self._deadline - time.monotonic()
            if wait <= 0:
                self.drain()
                return Outcome("qemu", 124, "timeout")
            for fd, _ in self._poll(min(wait, 3600.0)):
                outcome = self._serve(fd) or outcome
            if self._out.broken:
                outcome = outcome or _unwritten(self._out.broken)
        if outcome is None:
            outcome = self._records()  # what came before QEMU ended
        self.drain()
        return outcome

    def drain(self) -> None:
        """Pass on all that the guest has written so far."""
        for stream in self._streams:
            stream.flush()
        self._listen()

    def _poll(self, seconds: float) -> list[tuple[int, int]]:
        wishes = [stream.wish() for stream in self._streams]
        wishes += [(self._control, select.POLLIN), (self._words, select.POLLIN), (self._wake, select.POLLIN)]
        if self.clock is not None:
            wishes.append((self.clock, select.POLLIN))
        if self._asked and not self._to_guest[self._stdin]:
            wishes.append((0, select.POLLIN))
        wishes += [(fd, select.POLLOUT) for fd, data in self._to_guest.items() if data]
        poll = select.poll()
        masks: dict[int, int] = {}
        for fd, mask in filter(None, wishes):
            masks[fd] = masks.get(fd, 0) | mask
        for fd, mask in masks.items():
            poll.register(fd, mask)
        return poll.poll(seconds * 1000)

    def _serve(self, fd: int) -> Outcome | None:
        for stream in self._streams:
            if fd == stream.sink and stream.data:
                stream.spill()
            elif fd == stream.source and not stream.data:
                stream.fill()
                if stream.data:
                    stream.spill()  # at once: a line is seen without another round
        if fd in self._to_guest:
            self._send(fd, b"")
        if fd == self._control:
            return self._records()
        if fd == self._words:
            self._listen()
        elif fd == self._wake:
            self._signals()
        elif fd == self.clock:
            self._clock_stepped(fd)
        elif fd == 0:
            self._input()
        return None

    def _records(self) -> Outcome | None:
        try:
            data = os.read(self._control, _BLOCK)
        except OSError:
            return None
        try:
            for kind, payload in self._parser.feed(data):
                if kind == control.EXIT:
                    return Outcome("qemu", control.number(payload) & 0xFF, "exit")
                if kind == control.FAULT:
                    code, reason = control.fault(payload)
                    self.drain()
                    line = self._on_fault(payload)
                    if reason:
                        return Outcome("qemu", code, reason, line)
                else:
                    self._answer(kind, payload)
        except control.Broken as error:
            return Outcome("qemu", 125, "error", f"the guest sent no proper record: {error}")
        return None

    def _answer(self, kind: int, payload: bytes) -> None:
        if kind == control.CLOCK_ASK:
            self._send(self._control, control.clock(time.time_ns()))
        elif kind == control.STDIN_ASK:
            self._asked = min(control.number(payload), _BLOCK)
        else:
            raise control.Broken(f"kind {kind}")

    def _input(self) -> None:
        try:
            data = os.read(0, self._asked)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._asked = 0
        self._send(self._control, control.stdin(len(data)))
        self._send(self._stdin, data)

    def _send(self, fd: int, data: bytes) -> None:
        self._to_guest[fd] += data
        try:
            self._to_guest[fd] = self._to_guest[fd][os.write(fd, self._to_guest[fd]) :]
        except BlockingIOError:
            return
        except OSError:
            self._to_guest[fd] = b""  # QEMU is gone; SIGCHLD tells

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self._words, _BLOCK):
                self.words = (self.words + data)[-4096:]

    def _signals(self) -> None:
        for number in os.read(self._wake, 64):
            # A signal for us counts more than QEMU's end, which it may have caused.
            self.stopped = number if self.stopped in (0, signal.SIGCHLD) else self.stopped

    def _clock_stepped(self, fd: int) -> None:
        with contextlib.suppress(OSError):  # ECANCELED is the news itself
            os.read(fd, 8)
        self._send(self._control, control.clock(time.time_ns()))
