"""Fetches lock entries into the store: in parallel, verified, from the first place that has them."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import queue
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from . import download, mirrors, sealed
from .context import Context
from .lock import Entry
from .messages import UnikernelError
from .mirrors import Base
from .progress import Progress

_PARALLEL = 6  # connections at once


def fetch(ctx: Context, groups: Iterable[str]) -> dict[str, Path]:
    """The files of these groups by package name, downloaded if the store lacks them."""
    names = list(groups)
    entries = ctx.lock.group(*names)
    missing = [entry for entry in entries if not ctx.store.has("dl", entry.sha256)]
    if missing:
        _refuse_offline(ctx, missing[0], names)
        _fetch_all(ctx, missing, " ".join(names))
    return {entry.name: path(ctx, entry) for entry in entries}


def path(ctx: Context, entry: Entry) -> Path:
    """Where the store keeps (or would keep) an entry's file."""
    return ctx.store.path("dl", entry.sha256) / entry.file


def export(ctx: Context, groups: Iterable[str], into: Path) -> int:
    """Copy the groups' files into a folder laid out as a mirror; returns how many bytes it holds of them."""
    names = list(groups)
    fetch(ctx, names)
    total = 0
    for entry in ctx.lock.group(*names):
        target = into / entry.path
        total += entry.size
        if target.exists() and target.stat().st_size == entry.size:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".part")
        shutil.copyfile(path(ctx, entry), partial)
        os.replace(partial, target)
    return total


def _refuse_offline(ctx: Context, entry: Entry, groups: list[str]) -> None:
    if ctx.offline:
        mend = f"run `unikernel fetch {' '.join(groups)}`, or `./sconsw fetch`, with network first"
        raise UnikernelError("not in the store and offline=1 is set", entry.file, mend)


def _fetch_all(ctx: Context, entries: list[Entry], what: str) -> None:
    """Bring all entries; one process at a time does, so that each part has one writer and each byte comes once."""
    bases = mirrors.bases(ctx.environ)
    with ctx.store.locked("fetch"):
        missing = [entry for entry in entries if not ctx.store.has("dl", entry.sha256)]
        if not missing:
            return
        progress = Progress(what, len(missing), sum(entry.size for entry in missing))
        failed = True
        try:
            _in_parallel(ctx, _batches(missing), bases, progress)
            failed = False
        finally:
            progress.close(failed=failed)


def _in_parallel(ctx: Context, batches: list[list[Entry]], bases: list[Base], progress: Progress) -> None:
    """One thread per batch. An interrupt waits for none of them: one may hang in a read for half a minute."""
    ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    failed = threading.Event()

    def work(batch: list[Entry]) -> None:
        try:
            _batch(ctx, batch, bases, progress, failed)
            ended.put(None)
        except BaseException as error:
            failed.set()
            ended.put(error)

    for batch in batches:
        threading.Thread(target=work, args=(batch,), daemon=True).start()
    try:
        errors = [ended.get() for _ in batches]
    except KeyboardInterrupt:
        sealed.stop()
        raise
    for error in errors:
        if error is not None:
            raise error


def _batches(entries: list[Entry]) -> list[list[Entry]]:
    """Split into as many batches as connections, about equal in bytes: a name look-up can cost seconds."""
    batches: list[list[Entry]] = [[] for _ in range(_PARALLEL)]
    sizes = [0] * _PARALLEL
    for entry in sorted(entries, key=lambda entry: -entry.size):
        least = sizes.index(min(sizes))
        batches[least].append(entry)
        sizes[least] += entry.size
    return [batch for batch in batches if batch]


def _batch(
    ctx: Context, entries: list[Entry], bases: list[Base], progress: Progress, failed: threading.Event
) -> None:
    if download.by_apt(bases[0].address, ctx.environ):
        items = [(bases[0].of(entry.path), ctx.store.partial(entry.sha256), entry.sha256) for entry in entries]
        download.apt_batch(items, ctx.environ, lambda count: progress.update(entries[0].file, count))
        progress.update(entries[0].file, 0)
    for entry in entries:
        if failed.is_set():
            return  # another batch failed, and its line is what the person reads
        _one(ctx, entry, bases, progress)


def _one(ctx: Context, entry: Entry, bases: list[Base], progress: Progress) -> None:
    def make(tmp: Path, _final: Path) -> None:
        part = ctx.store.partial(entry.sha256)
        if not download.whole(part, entry.sha256, entry.size):
            _from_any(ctx, entry, bases, part, progress)
        os.rename(part, tmp / entry.file)

    ctx.store.ensure("dl", entry.sha256, make)
    progress.done(entry.file, entry.size)


def _from_any(ctx: Context, entry: Entry, bases: list[Base], part: Path, progress: Progress) -> None:
    reasons: list[tuple[str, Exception]] = []
    for base in bases:
        address = base.of(entry.path)
        try:
            download.get(address, part, entry.sha256, entry.size, ctx.environ,
                         lambda count: progress.update(entry.file, count))
            return
        except (download.MissingError, download.ForeignError, download.BrokenError) as error:
            reasons.append((address, error))
    raise _explain(entry, reasons)


def _explain(entry: Entry, reasons: list[tuple[str, Exception]]) -> UnikernelError:
    """One line for all the places that failed: the worst reason counts."""
    for address, error in reasons:
        if isinstance(error, download.ForeignError):
            mend = "the mirror or a proxy gave another file than the lock names; " + mirrors.MEND
            return UnikernelError(f"download refused, {error}", address, mend)
    for address, error in reasons:
        if isinstance(error, download.BrokenError):
            mend = "run it again, it continues; " + mirrors.MEND
            return UnikernelError(f"download broke off: {error}", address, mend)
    places = ", ".join(address for address, _ in reasons)
    return UnikernelError(f"{entry.name} {entry.version} is not (any more) on the mirror", places, mirrors.MEND)
