"""Records on the qemu isle's control port (kernel/abi/src/control.rs): `u32 kind, u32 length`, then the payload."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import struct
from collections.abc import Iterator

PORTS = ("hermit.stdin", "hermit.stdout", "hermit.stderr", "hermit.control")
EXIT, FAULT, CLOCK_ASK, CLOCK, STDIN, STDIN_ASK = range(1, 7)
_HEAD = struct.Struct("<II")
_LONGEST = 64 << 10  # a fault record with its stack and message is below
_FAULT_HEAD = struct.Struct("<QIII")  # magic, version, cause, exit_code (kernel/abi/src/fault.rs)
_FAULT_MAGIC = int.from_bytes(b"HERMITF1", "little")
_CAUSE_PANIC, _CAUSE_THREAD = 3, 4


class Broken(Exception):
    """The guest sent what is no record."""


class Parser:
    """Cuts the byte stream of the port into records."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Add bytes; gives each record that is whole now as (kind, payload)."""
        self._data += data
        while len(self._data) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._data)
            if length > _LONGEST:
                raise Broken(f"a record of {length} bytes")
            end = _HEAD.size + length
            if len(self._data) < end:
                return
            payload, self._data = self._data[_HEAD.size : end], self._data[end:]
            yield kind, payload


def clock(nanoseconds: int) -> bytes:
    """Host to guest: the realtime now."""
    return _HEAD.pack(CLOCK, 8) + struct.pack("<Q", nanoseconds)


def stdin(count: int) -> bytes:
    """Host to guest: so many bytes of standard input follow on their port; 0 = it ended."""
    return _HEAD.pack(STDIN, 4) + struct.pack("<I", count)


def number(payload: bytes) -> int:
    """The u32 of an EXIT or STDIN_ASK."""
    if len(payload) != 4:
        raise Broken(f"a number of {len(payload)} bytes")
    return int.from_bytes(payload, "little")


def fault(payload: bytes) -> tuple[int, str]:
    """Exit code and reason of a fault record: "fault", "panic", or "" for a thread's place, which ends nothing."""
    if len(payload) < _FAULT_HEAD.size:
        raise Broken("a short fault record")
    magic, _, cause, code = _FAULT_HEAD.unpack_from(payload)
    if magic != _FAULT_MAGIC:
        raise Broken("a fault record without its magic")
    return code & 0xFF, {_CAUSE_PANIC: "panic", _CAUSE_THREAD: ""}.get(cause, "fault")
