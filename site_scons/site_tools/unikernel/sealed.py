"""Runs an outside tool in a sealed environment, its output in a log."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .messages import UnikernelError

# Nothing of the caller's environment passes. PATH names an empty folder: an unset one means the system's default.
ENVIRONMENT = {"PATH": "/var/empty", "LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0", "HOME": "/var/empty"}
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TAIL_LINES = 12
_libc = ctypes.CDLL(None)

stopped = threading.Event()  # set by stop(): start nothing any more
_children: set[subprocess.Popen[bytes]] = set()


class ToolFailed(UnikernelError):
    """A tool that ran and ended with a failure; what it said stands in its log."""


def run(
    argv: Sequence[object], *, cwd: Path, log: Path, env: Mapping[str, str] | None = None,
    confine: Callable[[], None] | None = None,
) -> None:
    """Run `argv` (its first word an absolute path) in `cwd`; `env` adds to the sealed environment.

    Output is appended to `log`. A failure raises ToolFailed with the log's last lines and its path. The child
    stays in our process group (Ctrl-C reaches it) and ends when we are killed. `confine` is called in the child.
    """
    words = [str(word) for word in argv]

    def before() -> None:
        die_with_parent()
        if confine is not None:
            confine()

    with open(log, "ab") as stream:
        stream.write(("$ " + " ".join(words) + "\n").encode())
        stream.flush()
        try:
            child = subprocess.Popen(
                words, cwd=cwd, env={**ENVIRONMENT, **(env or {})}, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=subprocess.STDOUT, preexec_fn=before,
            )
        except OSError as error:
            raise UnikernelError(f"cannot run: {error.strerror}", words[0]) from error
    code = wait(child)
    if code != 0:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise ToolFailed(f"{Path(words[0]).name} failed with {how}", f"{log}: {tail(log)}")


def output(argv: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """The standard output of a short sealed command."""
    words = [str(word) for word in argv]
    done = subprocess.run(
        words, cwd=cwd, env={**ENVIRONMENT, **(env or {})}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UnikernelError(f"{Path(words[0]).name} failed with exit code {done.returncode}", done.stderr[-400:])
    return done.stdout


def wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child; an interrupt ends it first, so that nothing is left running."""
    _children.add(child)
    try:
        if stopped.is_set():
            child.terminate()
        return child.wait()
    except BaseException:
        end(child)
        raise
    finally:
        _children.discard(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child: politely, then for certain."""
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def stop() -> None:
    """End all children and downloads of this process; for handlers of SIGINT and SIGTERM, from any thread."""
    stopped.set()
    for child in list(_children):
        child.terminate()


def tail(log: Path) -> str:
    """The last lines of a log, joined into one."""
    lines = log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
    return " | ".join(line.strip() for line in lines if line.strip())


def die_with_parent() -> None:
    """For preexec_fn: the kernel ends the child when the thread that started it dies."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
