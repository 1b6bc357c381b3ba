"""Brings one file from one address: resumes what broke off, verifies size and hash."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import mirrors, sealed
from .digest import sha256_of
from .messages import UnikernelError

TRIES = 4
_PAUSE = 0.5  # seconds before the second try, doubled each time
_TIMEOUT = 30  # seconds without a byte
_BLOCK = 1 << 16
_MOST = 1 << 28  # bytes of a file whose size is pinned nowhere
_POLL = 0.05  # seconds
_APT_OPTIONS = ("-o", "APT::Sandbox::User=", "-o", f"Acquire::http::Timeout={_TIMEOUT}", "-o", "Acquire::Retries=0")

Report = Callable[[int], None]  # told how many bytes there are


class MissingError(Exception):
    """The address has no such file."""


class BrokenError(Exception):
    """The connection failed; trying again may help."""


class ForeignError(Exception):
    """What came is not the locked file."""


def get(address: str, part: Path, sha256: str, size: int | None, environ: Mapping[str, str], report: Report) -> None:
    """Fill `part` from `address`, continuing what is there; return only when hash and size (if pinned) are right."""
    pause = _PAUSE
    for attempt in range(TRIES):
        try:
            _once(address, part, sha256, size, environ, report)
            return
        except BrokenError:
            if attempt == TRIES - 1:
                raise
            if sealed.stopped.wait(pause):
                break
            pause *= 2
    raise UnikernelError("interrupted", address)


def whole(part: Path, sha256: str, size: int | None) -> bool:
    """Whether the part is the locked file."""
    return part.exists() and size in (None, part.stat().st_size) and sha256_of(part) == sha256


def _once(address: str, part: Path, sha256: str, size: int | None, environ: Mapping[str, str], report: Report) -> None:
    most = size or _MOST
    if part.exists() and part.stat().st_size > most:
        part.unlink()
    if address.startswith("/"):
        _copy(address, part)
    elif by_apt(address, environ):
        _apt_helper(address, part, sha256, environ, report)
    else:
        _urllib(address, part, most, report)
    got = part.stat().st_size
    if size is not None and got < size and not address.startswith("/"):
        raise BrokenError(f"{got} of {size} bytes")
    if not whole(part, sha256, size):
        part.unlink()
        raise ForeignError("wrong size" if size not in (None, got) else "wrong sha256")


def _copy(address: str, part: Path) -> None:
    try:
        shutil.copyfile(address, part)
    except FileNotFoundError:
        raise MissingError("not found") from None


def by_apt(address: str, environ: Mapping[str, str]) -> bool:
    """Whether apt's downloader serves this address: it knows the machine's proxies, credentials, certificates."""
    remote = not address.startswith("/")
    return remote and os.path.exists(mirrors.APT_HELPER) and not environ.get("UNIKERNEL_MIRROR")


def apt_batch(items: Sequence[tuple[str, Path, str]], environ: Mapping[str, str], report: Report) -> str:
    """Fill many parts (address, part, sha256) over one connection, resuming; returns apt's complaints.

    Nothing is decided here: the caller verifies each part, and `get` tells why one failed.
    """
    argv = [mirrors.APT_HELPER, *_APT_OPTIONS, "download-file"]
    for address, part, sha256 in items:
        argv += [address, os.fspath(part), f"SHA256:{sha256}"]
    with tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(
            argv, env=mirrors.user_environment(environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=complaints, preexec_fn=sealed.die_with_parent, cwd=os.sep,
        )
        try:
            while child.poll() is None:
                if sealed.stopped.wait(_POLL):
                    raise UnikernelError("interrupted", items[0][0])
                report(sum(_size(part) for _, part, _ in items))
        finally:
            if child.returncode is None:
                sealed.end(child)
        complaints.seek(0)
        return "" if child.returncode == 0 else complaints.read() or f"exit code {child.returncode}"


def _size(part: Path) -> int:
    """Bytes of a part that apt may rename at any moment."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _apt_helper(address: str, part: Path, sha256: str, environ: Mapping[str, str], report: Report) -> None:
    failed = part.with_name(part.name + ".FAILED")  # what apt makes of a file with another hash
    failed.unlink(missing_ok=True)
    text = apt_batch([(address, part, sha256)], environ, report)
    if failed.exists() or "Hash Sum mismatch" in text:
        failed.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
        raise ForeignError("wrong sha256")
    if " 404 " in text or "File not found" in text:
        raise MissingError("not found")
    if text:
        raise BrokenError(" ".join(text.split())[-200:])


def _urllib(address: str, part: Path, size: int, report: Report) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have == size:
        return
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            resumed = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            with open(part, "ab" if resumed else "wb") as stream:
                _receive(answer, stream, have if resumed else 0, size, report)
    except urllib.error.HTTPError as error:
        if error.code in (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE):
            raise MissingError("not found") from None
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
        raise BrokenError(str(error)) from error
    except urllib.error.URLError as error:
        raise BrokenError(str(error.reason)) from error
    except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
        raise BrokenError(str(error) or type(error).__name__) from error


def _receive(answer: http.client.HTTPResponse, stream: object, have: int, size: int, report: Report) -> None:
    """Write what comes, at most one byte more than is due: a foreign file shall not fill the disk."""
    write = stream.write  # type: ignore[attr-defined]
    painted = 0.0
    while have <= size and (block := answer.read(min(_BLOCK, size + 1 - have))):
        write(block)
        have += len(block)
        if sealed.stopped.is_set():
            raise UnikernelError("interrupted", answer.url)
        if time.monotonic() - painted > _POLL:
            painted = time.monotonic()
            report(have)
