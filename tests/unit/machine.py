"""Stands in for QEMU: takes its command line, plays the guest that the program's first argument names."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import struct
import sys
import time


def main(words: list[str]) -> int:
    """Find our ends of the ports, read the boot info, act."""
    sockets = {}
    for place, word in enumerate(words):
        if word == "-chardev":
            fields = dict(part.partition("=")[::2] for part in words[place + 1].split(",")[1:])
            sockets[fields["id"]] = int(fields["fd"])
    ports = {"serial": sockets["serial"]}
    for word in words:
        if word.startswith("virtserialport"):
            fields = dict(part.partition("=")[::2] for part in word.split(",")[1:])
            ports[fields["name"].removeprefix("hermit.")] = sockets[fields["chardev"]]
    with open(words[words.index("-initrd") + 1], "rb") as stream:
        blob = stream.read()
    argc = struct.unpack_from("<I", blob, 36)[0]
    strings = [text.decode() for text in blob[112:].split(b"\0")]
    return act(ports, strings[1], strings[2:argc], strings[argc:-1])


def record(ports: dict[str, int], kind: int, payload: bytes = b"") -> None:
    """Guest to host."""
    os.write(ports["control"], struct.pack("<II", kind, len(payload)) + payload)


def answer(ports: dict[str, int]) -> tuple[int, bytes]:
    """Host to guest."""
    kind, length = struct.unpack("<II", os.read(ports["control"], 8))
    return kind, os.read(ports["control"], length)


def finish(ports: dict[str, int], code: int) -> int:
    """The exit record; a real QEMU then waits to be killed."""
    record(ports, 1, struct.pack("<I", code))
    time.sleep(60)
    return 0


def echo(ports: dict[str, int]) -> None:
    """cat."""
    while True:
        record(ports, 6, struct.pack("<I", 5000))
        kind, payload = answer(ports)
        assert kind == 5
        count = struct.unpack("<I", payload)[0]
        if count == 0:
            return
        while count:
            data = os.read(ports["stdin"], count)
            os.write(ports["stdout"], data)
            count -= len(data)


def act(ports: dict[str, int], name: str, args: list[str], environ: list[str]) -> int:
    """One behaviour each."""
    if name == "exit":
        os.write(ports["stdout"], b"out\n")
        os.write(ports["stderr"], b"err\n")
        return finish(ports, int(args[0]))
    if name == "environ":
        os.write(ports["stdout"], "\n".join(environ).encode())
    elif name == "echo":
        echo(ports)
    elif name == "flood":
        os.write(ports["stdout"], b"x" * 3_000_000)
    elif name == "endless":
        while True:
            os.write(ports["stdout"], b"y\n" * 1000)
    elif name == "clock":
        record(ports, 3)
        kind, payload = answer(ports)
        os.write(ports["stdout"], f"{kind} {struct.unpack('<Q', payload)[0]}".encode())
    elif name == "fault":
        record(ports, 2, b"HERMITF1" + struct.pack("<III", 1, 1, 139) + b"\0" * 200)
        time.sleep(60)
    elif name == "places":
        for _ in range(2):
            record(ports, 2, b"HERMITF1" + struct.pack("<III", 1, 4, 0) + b"\0" * 200)
            record(ports, 3)  # a real one waits until its record is printed
            answer(ports)
            os.write(ports["stderr"], b"then\n")
        return finish(ports, 121)
    elif name == "garbage":
        record(ports, 77, b"?")
        time.sleep(60)
    elif name == "hang":
        os.write(ports["stdout"], f"{os.getpid()}\n".encode())
        time.sleep(60)
    elif name == "die":
        print("qemu: no such thing", file=sys.stderr)
        return 1
    elif name == "early":
        os.write(ports["serial"], b"kernel: no FSGSBASE\n")
        return 2 * int(args[0]) + 1
    return finish(ports, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
