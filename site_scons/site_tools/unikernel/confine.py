"""Landlock: a process and all that it starts sees only folders it was given. Needs no privilege, no namespace."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

# linux/landlock.h; the system calls have the same numbers on all architectures.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
# What an object that is no folder can be given.
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
# Version of the interface -> how many rights of the file system it knows. Rights that come later are left alone.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NO_NETWORK = 0b11  # from version 4: neither bind nor connect
_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h

# What any program may expect of a system, and what holds nothing of the host's.
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The kernel's version of Landlock; 0 where it has none, or where it is switched off."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))))


class Confinement:
    """A set of rules, prepared in the parent; `enter` is for the child, between fork and exec."""

    def __init__(self, readable: Iterable[Path], writable: Iterable[Path], devices: Sequence[str] = DEVICES) -> None:
        known = version()
        if known == 0:
            raise OSError("no Landlock")
        self._all = (1 << _RIGHTS[min(known, max(_RIGHTS))]) - 1
        network = _NO_NETWORK if known >= 4 else 0
        attributes = struct.pack("<QQ", self._all, network)[: 16 if known >= 4 else 8]
        self._rules = _check(_libc.syscall(
            _CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0)), "landlock")
        for path in readable:
            self._allow(path, _READ)
        for path in writable:
            self._allow(path, self._all)
        for name in devices:
            if os.path.exists(name):
                self._allow(Path(name), self._all)

    def _allow(self, path: Path, rights: int) -> None:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(beneath).st_mode):
                rights &= _OF_FILES
            rule = struct.pack("<Qi", rights & self._all, beneath)
            _check(_libc.syscall(_ADD_RULE, self._rules, _PATH_BENEATH, rule, ctypes.c_uint32(0)), path)
        finally:
            os.close(beneath)

    def enter(self) -> None:
        """Confine this process for good."""
        _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
        _check(_libc.syscall(_RESTRICT_SELF, self._rules, ctypes.c_uint32(0)), "landlock")

    def close(self) -> None:
        """Forget the rules; who entered stays confined."""
        os.close(self._rules)


def _check(result: int, what: object) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(what))
    return int(result)
