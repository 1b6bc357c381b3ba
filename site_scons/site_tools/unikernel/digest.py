"""Content digests: the names of store entries and the keys of build steps."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import hashlib
import os
from pathlib import Path

from .messages import UnikernelError

# Left behind by tools inside source folders; never an input.
IGNORED = frozenset({"__pycache__", "target", ".git"})
_BLOCK = 1 << 20
_remembered: dict[Path, bytes] | None = None


def digest(*parts: object) -> str:
    """SHA-256 (hex) over parts: bytes, files and folders by content, anything else by its str().

    Each part is framed by its type and length, so ("ab", "c") and ("a", "bc") differ. A folder counts with the sorted
    relative names below it, links by their target. Modes do not count: pip and some file systems set their own, and no
    step executes its inputs. A path that is not there is one line: the checkout is not whole.
    """
    state = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            kind, data = b"path", _content(part)
        elif isinstance(part, bytes):
            kind, data = b"data", part
        else:
            kind, data = b"text", str(part).encode()
        state.update(b"%s %d\n" % (kind, len(data)))
        state.update(data)
    return state.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes alone, as in toolchain.lock."""
    state = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


def remember() -> None:
    """From now on read each path once: for a process whose inputs count as they were when it looked at them first.

    An SConstruct asks for the keys of steps at each program, and keys contain keys: else a null build would read the
    sources of the kernel twenty times.
    """
    global _remembered
    _remembered = {} if _remembered is None else _remembered


def _content(path: Path) -> bytes:
    if _remembered is not None and path in _remembered:
        return _remembered[path]
    try:
        content = _path(path)
        if _remembered is not None:
            _remembered[path] = content
        return content
    except OSError as error:
        mend = "restore the checkout: `git status` shows what is missing"
        raise UnikernelError(f"an input cannot be read: {error.strerror}", error.filename or path, mend) from error


def _path(path: Path) -> bytes:
    if not path.is_dir():
        return _file(os.fspath(path))
    lines = []
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if name not in IGNORED)
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        for name in sorted(files + links):
            full = os.path.join(folder, name)
            lines.append(os.fsencode(os.path.relpath(full, path)) + b"\0" + _file(full) + b"\n")
    return b"".join(sorted(lines))


def _file(path: str) -> bytes:
    if os.path.islink(path):
        return b"l" + os.fsencode(os.readlink(path))
    with open(path, "rb") as stream:
        return b"f" + hashlib.sha256(stream.read()).hexdigest().encode()
