"""The content-addressed store that all checkouts of a user share: read-only entries, made once."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .messages import EXIT_USAGE, UnikernelError, note

KINDS = ("dl", "pkg", "sdk", "py")
_DAY = 86400.0
_TOUCH_AFTER = _DAY  # an entry's time of last use is kept to the day: one utime() a day, none in a null build
# newlib's configure and makefiles take no such path, nor do gcc's specs or a colon-separated list.
_UNUSABLE = re.compile(r"""[\s'"`\\$&;|<>()*?\[\]{}!#%=:,]""")

Make = Callable[[Path, Path], None]


def roots(environ: Mapping[str, str]) -> list[Path]:
    """The store's roots: UNIKERNEL_STORE (colon-separated, the last is written), else the user's cache folder."""
    given = [part for part in environ.get("UNIKERNEL_STORE", "").split(":") if part]
    if given:
        return [_usable(Path(part).expanduser().absolute()) for part in given]
    cache = environ.get("XDG_CACHE_HOME") or os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".cache")
    return [_usable(Path(cache).absolute() / "unikernel")]


def _usable(root: Path) -> Path:
    """`root`, if configure, make and gcc's specs can work in it."""
    if not plain(root):
        mend = "set UNIKERNEL_STORE to a folder whose path has no blanks, quotes or other signs of the shell"
        raise UnikernelError("the store cannot be here", root, mend, EXIT_USAGE)
    return root


def plain(path: Path) -> bool:
    """Whether make, configure and gcc's specs can take this path."""
    return _UNUSABLE.search(str(path)) is None


class Store:
    """Entries <root>/<kind>/<digest>/, kinds dl, pkg, sdk, py. Earlier roots are read-only site-wide stores."""

    def __init__(self, store_roots: list[Path]) -> None:
        self.roots = store_roots
        self.root = store_roots[-1]

    def path(self, kind: str, digest: str) -> Path:
        """Where the entry is, in any root, else where it would be made."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of store entry: {kind}")
        for root in self.roots:
            entry = root / kind / digest
            if entry.is_dir():
                if root is self.root:
                    _touch(entry)
                return entry
        return self.root / kind / digest

    def has(self, kind: str, digest: str) -> bool:
        """Whether the entry exists, whole."""
        return self.path(kind, digest).is_dir()

    def ensure(self, kind: str, digest: str, make: Make) -> Path:
        """The entry's path; if absent, made by `make(tmp, final)`, which fills the empty folder `tmp`.

        `final` is where the entry will stand (to burn it into files). The rename gives correctness: an entry is
        whole or absent, whoever is killed when; the lock only saves two builders the double work.
        """
        entry = self.path(kind, digest)
        if entry.is_dir():
            return entry
        with self._errors(entry), self.locked(f"{kind}-{digest}") as alone:
            if entry.is_dir():
                return entry
            if alone:
                self._drop_stale(f"{kind}-{digest}")
            tmp = self.root / "tmp" / f"{kind}-{digest}.{os.getpid()}.{secrets.token_hex(4)}"
            tmp.mkdir()
            try:
                make(tmp, entry)
                self._publish(tmp, entry)
            finally:
                remove(tmp)
        return entry

    def partial(self, digest: str) -> Path:
        """The file in which a download grows, kept over a broken connection; use it inside `ensure` only."""
        return self.root / "tmp" / f"{digest}.part"

    def log(self, digest: str) -> Path:
        """Where the tools that make an entry write; outside the entry, so that it outlives a failure."""
        return self.root / "tmp" / f"{digest}.log"

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[bool]:
        """Hold the advisory lock `name`; False where the file system has no locks (as safe, only slower)."""
        folder = self.root / "tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stream = open(folder / f"{name}.lock", "w")  # noqa: SIM115 - the next line closes it
        except OSError as error:
            raise store_error(error, self.root) from error
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                note(f"waiting for another process ({name[:24]})")
                fcntl.flock(stream, fcntl.LOCK_EX)
            except OSError:
                yield False
                return
            yield True

    def _publish(self, tmp: Path, entry: Path) -> None:
        _freeze(tmp)
        _flush(tmp, whole=entry.parent.name != "dl")
        entry.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(tmp, entry)
        except OSError as error:
            # A builder that held no lock was first; its entry is as good.
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY) or not entry.is_dir():
                raise
            return
        os.chmod(entry, 0o555)

    def _drop_stale(self, name: str) -> None:
        """Remove what a killed builder of this entry left; the caller holds its lock."""
        for left in (self.root / "tmp").glob(f"{name}.*.*"):
            remove(left)

    @contextlib.contextmanager
    def _errors(self, entry: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise store_error(error, self.root) from error


def store_error(error: OSError, root: Path) -> UnikernelError:
    """One line for a failure of the disk below the store."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return UnikernelError("disk full", root, "free some space or set UNIKERNEL_STORE to a folder with more")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UnikernelError("store not writable", error.filename or root, "set UNIKERNEL_STORE to a folder of yours")
    mend = "set UNIKERNEL_STORE to a folder of yours"
    return UnikernelError(f"store: {error.strerror or error}", error.filename or root, mend)


def remove(path: Path) -> None:
    """Remove a file or a tree, read-only folders included; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        for folder, _, _ in os.walk(path):
            with contextlib.suppress(OSError):
                os.chmod(folder, 0o700)
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _freeze(tree: Path) -> None:
    """Take the write bits away. The top folder keeps them: to rename it one must be able to write it."""
    for folder, _, files in os.walk(tree):
        for name in files:
            full = os.path.join(folder, name)
            mode = os.lstat(full).st_mode
            if not stat.S_ISLNK(mode):
                os.chmod(full, stat.S_IMODE(mode) & ~0o222 | 0o444)
        if folder != os.fspath(tree):
            os.chmod(folder, 0o555)


def _flush(tree: Path, *, whole: bool) -> None:
    """Bring the tree to disk before the rename, or a power cut could leave an entry of empty files.

    A download is one file; for `whole` trees one syncfs() is cheaper than thousands of fsync().
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for place in [tree] if whole else tree.iterdir():
        handle = os.open(place, os.O_RDONLY)
        try:
            if (libc.syncfs if whole else libc.fsync)(handle) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code), os.fspath(place))
        finally:
            os.close(handle)


def _touch(entry: Path) -> None:
    """Note that the entry was used, for `unikernel store gc`."""
    with contextlib.suppress(OSError):
        if time.time() - entry.stat().st_mtime > _TOUCH_AFTER:
            os.utime(entry)
