"""How much the store holds, and what of it can go."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .store import KINDS, Store, remove

_DAY = 86400.0


@dataclass(frozen=True)
class Usage:
    """One kind of entries: how many, and their bytes on disk (hard links once)."""

    kind: str
    entries: int
    size: int


def usage(store: Store) -> list[Usage]:
    """What the writable root holds, by kind; `tmp` are leftovers and work under way."""
    found = []
    for kind in (*KINDS, "tmp"):
        entries = list(_entries(store.root / kind))
        found.append(Usage(kind, len(entries), sum(size_of(entry) for entry in entries)))
    return found


def collect(store: Store, days: float) -> Usage:
    """Remove entries that nothing used for `days` days, and day-old leftovers of killed builders; what that freed."""
    count = freed = 0
    oldest = time.time() - days * _DAY
    for kind in KINDS:
        for entry in _entries(store.root / kind):
            if entry.stat().st_mtime <= oldest:
                freed += _take(store, f"{kind}-{entry.name}", entry)
                count += 1
    for left in _entries(store.root / "tmp"):
        # Locks, too: a lock saves two builders the double work, correctness does not hang on it.
        if left.stat().st_mtime <= time.time() - _DAY:
            freed += size_of(left)
            remove(left)
            count += 1
    return Usage("all", count, freed)


def size_of(path: Path) -> int:
    """Bytes on disk of a file or tree."""
    seen: dict[tuple[int, int], int] = {}
    names = [os.fspath(path)]
    for folder, _, files in os.walk(path):
        names += [os.path.join(folder, name) for name in files]
    for name in names:
        with contextlib.suppress(OSError):
            status = os.lstat(name)
            seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(folder.iterdir())


def _take(store: Store, name: str, entry: Path) -> int:
    """Remove one entry, atomically for those who look for it; skip it while a builder works on it."""
    with open(store.root / "tmp" / f"{name}.lock", "w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        except OSError:
            pass  # a file system without locks
        size = size_of(entry)
        gone = store.root / "tmp" / f"{name}.gone"
        os.chmod(entry, 0o755)
        os.rename(entry, gone)
        remove(gone)
        return size
