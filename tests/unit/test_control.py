"""The control port's records and the boot info: the same bytes as kernel/abi."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from unikernel import bootinfo, control
from unikernel.headers import ABI_VERSION, Image
from unikernel.messages import UnikernelError


def record(kind: int, payload: bytes) -> bytes:
    return struct.pack("<II", kind, len(payload)) + payload


def test_numbers_are_those_of_the_abi(home: Path) -> None:
    text = (home / "kernel/abi/src/control.rs").read_text()
    numbers = {name: int(value) for name, value in re.findall(r"RECORD_(\w+): u32 = (\d+)", text)}
    names = ("EXIT", "FAULT", "CLOCK_ASK", "CLOCK", "STDIN", "STDIN_ASK")
    assert numbers == {name: getattr(control, name) for name in names}
    assert tuple(re.findall(r'PORT_\w+: &str = "([^"]+)"', text)) == control.PORTS


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_records_in_any_pieces(step: int) -> None:
    parser, found = control.Parser(), []
    stream = record(1, b"\5\0\0\0") + record(3, b"") + record(6, b"\0\1\0\0")
    for place in range(0, len(stream), step):
        found += parser.feed(stream[place : place + step])
    assert found == [(1, b"\5\0\0\0"), (3, b""), (6, b"\0\1\0\0")]


def test_what_is_no_record() -> None:
    with pytest.raises(control.Broken):
        list(control.Parser().feed(struct.pack("<II", 1, 1 << 30)))
    with pytest.raises(control.Broken):
        control.number(b"\1")
    for payload in (b"", b"x" * 100):
        with pytest.raises(control.Broken):
            control.fault(payload)


def test_a_fault_record() -> None:
    head = b"HERMITF1" + struct.pack("<III", 1, 1, 139)
    assert control.fault(head + b"\0" * 200) == (139, "fault")
    assert control.fault(b"HERMITF1" + struct.pack("<III", 1, 3, 120) + b"\0" * 200) == (120, "panic")
    place = b"HERMITF1" + struct.pack("<III", 1, 4, 0) + b"\0" * 200
    assert control.fault(place) == (0, ""), "a thread's place ends nothing"


def test_boot_info() -> None:
    image = Image()
    image.stack, image.jit, image.exec_stack = 1 << 20, True, True
    blob = bootinfo.encode(image, ["prog", "ä"], {b"A": b"\xff"}, verbose=True, cores=3, host_cores=2)
    magic, version, isle, size, cores, host_cores = struct.unpack_from("<8sIIQII", blob)
    assert (magic, version, isle, size) == (b"HERMITB1", ABI_VERSION, 2, len(blob))
    assert (cores, host_cores) == (3, 2)
    log, argc, envc = struct.unpack_from("<III", blob, 32)
    assert (log, argc, envc) == (1, 2, 1)
    assert struct.unpack_from("<Q", blob, 48)[0] & 0b11000 == 0b11000
    assert struct.unpack_from("<QQ", blob, 80) == (1 << 20, len(blob) - 112)
    assert blob[112:] == "prog\0ä\0".encode() + b"A=\xff\0"
    assert blob[96:112] != bootinfo.encode(image, ["prog"], {})[96:112]  # a fresh seed each time


def test_too_long_an_environment() -> None:
    with pytest.raises(UnikernelError, match="2 MiB") as caught:
        bootinfo.encode(Image(), ["prog"], {b"A": b"x" * (2 << 20)})
    assert caught.value.code == 2
