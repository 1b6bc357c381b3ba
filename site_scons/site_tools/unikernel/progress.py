"""Progress of downloads: one live line on a terminal, plain lines otherwise."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys
import threading
import time

from .messages import note

live = True  # SCons prints lines of its own: the plugin turns the live line off
_INTERVAL = 0.1  # seconds between two paintings


class Progress:
    """Counts the bytes of `files` files, `total` bytes in all. Its methods may be called from any thread."""

    def __init__(self, what: str, files: int, total: int) -> None:
        self.what = what
        self.files = files
        self.total = total
        self.started = time.monotonic()
        self._bytes: dict[str, int] = {}
        self._done = 0
        self._painted = 0.0
        self._lock = threading.Lock()
        self._live = live and sys.stderr.isatty()
        if not self._live:
            note(f"fetching {what}: {files} files, {total / 1e6:.1f} MB")

    def update(self, key: str, count: int) -> None:
        """File `key` has `count` bytes now."""
        with self._lock:
            self._bytes[key] = count
            now = time.monotonic()
            if self._live and now - self._painted >= _INTERVAL:
                self._painted = now
                self._paint(now)

    def done(self, key: str, count: int) -> None:
        """File `key` is complete and verified."""
        with self._lock:
            self._bytes[key] = count
            self._done += 1

    def close(self, *, failed: bool = False) -> None:
        """Take the live line away; a success says how much came how fast."""
        if self._live:
            sys.stderr.write("\r\x1b[K")
        if not failed:
            spent = max(time.monotonic() - self.started, 1e-3)
            note(f"fetched {self.what}: {self.total / 1e6:.1f} MB in {spent:.1f} s")

    def _paint(self, now: float) -> None:
        got = sum(self._bytes.values())
        rate = got / max(now - self.started, 1e-3) / 1e6
        text = f"fetching {self.what}: {got / 1e6:.1f}/{self.total / 1e6:.1f} MB, {self._done} of {self.files} files"
        sys.stderr.write(f"\r\x1b[K{text}, {rate:.1f} MB/s")
        sys.stderr.flush()
