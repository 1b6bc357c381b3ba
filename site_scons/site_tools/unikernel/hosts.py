"""Emulated machines that test uhyve on another KVM: what they are made from, and how they run a list of programs."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import bochs, cpio, emulator, messages, patch, toolchain, tree
from .context import Context

GROUP = "hosts"
KINDS = ("amd", "intel")
_MODULES = "usr/lib/modules/"
_NEEDED = ("irqbypass.ko", "kvm.ko", "kvm-amd.ko", "kvm-intel.ko")
_MARK = "@@"  # begins our own lines on the emulated host's serial port
_DONE = f"{_MARK} done"


@dataclass(frozen=True)
class Program:
    """A guest image that the emulated host starts with uhyve."""

    name: str
    image: Path
    args: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # uhyve's own
    seconds: int = 60  # in the emulated host's time


@dataclass(frozen=True)
class Result:
    """How it ended. `output` is stdout and stderr as they came; `code` is -1 where the program never ended."""

    name: str
    code: int
    output: str


def key(ctx: Context) -> str:
    """Digest of the tree."""
    return tree.key(ctx, GROUP)


def path(ctx: Context) -> Path:
    """The tree: Debian's cloud kernel with its KVM modules, Bochs, xorriso, isolinux."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it if the store lacks it. A host is also made from the trees of toolchain (busybox) and qemu."""
    return tree.ensure(ctx, GROUP, key(ctx), keep=_keep, folders=(patch.LIBS, bochs.LIBS))


def _keep(name: str) -> bool:
    return tree.without_docs(name) and (not name.startswith(_MODULES) or name.endswith(_NEEDED))


def run(
    ctx: Context, kind: str, module_args: str, uhyve: Path, programs: Sequence[Program], folder: Path
) -> list[Result]:
    """Boot a host of one kind ("amd", "intel"), load KVM with `module_args` ("npt=0"), run the programs one by one.

    `uhyve` is the program to test, `folder` is for scratch files and logs. A host that dies early leaves results with
    code -1.
    """
    base = path(ctx)
    kernel = next((base / "boot").glob("vmlinuz-*"))
    initramfs = folder / "initramfs"
    initramfs.write_bytes(cpio.archive(_files(ctx, kind, module_args, uhyve, programs)))
    start = time.monotonic()
    boot = {"amd": emulator.boot_amd, "intel": bochs.boot_intel}[kind]
    text = boot(ctx, base, kernel, initramfs, folder, _DONE)
    messages.note(f"{kind} host with {module_args}: {time.monotonic() - start:.1f} s")
    return results(text, programs)


def _files(
    ctx: Context, kind: str, module_args: str, uhyve: Path, programs: Sequence[Program]
) -> dict[str, cpio.Content]:
    files: dict[str, cpio.Content] = {"dev": None, "proc": None, "sys": None, "tmp": None}
    files["bin/busybox"] = toolchain.path(ctx) / "usr" / "bin" / "busybox"
    files["bin/uhyve"] = uhyve
    for module in (path(ctx) / _MODULES).rglob("*.ko"):
        files[f"modules/{module.name}"] = module
    for program in programs:
        files[f"programs/{program.name}"] = program.image
    files["init"] = script(kind, module_args, programs).encode()
    return files


def script(kind: str, module_args: str, programs: Sequence[Program]) -> str:
    """The emulated host's /init."""
    lines = [
        "#!/bin/busybox sh", "/bin/busybox --install -s /bin", "mount -t devtmpfs d /dev", "mount -t proc p /proc",
        "mount -t sysfs s /sys", "dmesg -n 1", "insmod /modules/irqbypass.ko", "insmod /modules/kvm.ko",
        f"insmod /modules/kvm-{kind}.ko {module_args} || echo '{_MARK} no kvm-{kind}'", "cd /programs",
    ]
    for program in programs:
        words = ["uhyve", "run", "--timeout", str(program.seconds), *program.options, "--", program.name, *program.args]
        lines += [f"echo '{_MARK} begin {program.name}'", " ".join(map(_quoted, words)) + " </dev/null 2>&1"]
        lines.append(f'code=$?; echo; echo "{_MARK} end {program.name} $code"')
    return "\n".join([*lines, f"echo '{_DONE}'", "sleep 60", "poweroff -f", ""])


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def results(text: str, programs: Sequence[Program]) -> list[Result]:
    """Cut what came over the serial port into the programs' results."""
    found = {program.name: Result(program.name, -1, "") for program in programs}
    current, output = "", list[str]()
    for line in text.replace("\r", "").split("\n"):
        begin, end = re.match(rf"{_MARK} begin (\S+)$", line), re.match(rf"{_MARK} end (\S+) (\d+)$", line)
        if begin:
            current, output = begin[1], []
        elif end and end[1] == current:
            found[current] = Result(current, int(end[2]), "\n".join(output))
            current, output = "", []
        else:
            output.append(line)
    rest = "\n".join(output)  # of a program that never ended, or of a host that never came so far
    return [replace(item, output=rest) if item.code < 0 and item.name == (current or item.name) else item
            for item in found.values()]
