"""The emulated Intel host: Bochs 2.7 with VMX and its strict checks at each VM entry."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import time
from pathlib import Path

from . import sealed
from .context import Context
from .emulator import KERNEL_WORDS
from .messages import UnikernelError

LIBS = "usr/lib/x86_64-linux-gnu/bochs/plugins"
_SECONDS = 400.0  # for one boot with all its programs; 30 to 60 are usual
# 200 million instructions count as a second: the guest's clock then runs about as fast as ours.
_SETTINGS = """display_library: rfb, options="timeout=30"
cpu: model=corei7_haswell_4770, count=1, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=1024, host=1024
romimage: file="{tree}/usr/share/bochs/BIOS-bochs-latest"
vgaromimage: file="{tree}/usr/share/vgabios/vgabios.bin"
ata0-master: type=cdrom, path="boot.iso", status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev="serial.log"
log: bochs.log
panic: action=fatal
clock: sync=none, time0=local
"""
_MENU = """SERIAL 0 115200
DEFAULT l
PROMPT 0
LABEL l
 KERNEL vmlinuz
 INITRD initramfs
 APPEND {words} nosmp mitigations=off
"""
_ISO = ("-as", "mkisofs", "-quiet", "-o", "boot.iso", "-b", "isolinux.bin", "-c", "boot.cat", "-no-emul-boot",
        "-boot-load-size", "4", "-boot-info-table", "iso")


def boot_intel(_ctx: Context, tree: Path, kernel: Path, initramfs: Path, folder: Path, done: str) -> str:
    """Boot it and return what it said on its serial port, up to the line `done`."""
    _make_medium(tree, kernel, initramfs, folder)
    (folder / "bochsrc").write_text(_SETTINGS.format(tree=tree))
    serial = folder / "serial.log"
    serial.write_bytes(b"")
    log = folder / "emulator.log"
    with open(log, "wb") as out:
        child = subprocess.Popen(
            [tree / "usr/bin/bochs-bin", "-q", "-f", "bochsrc"], cwd=folder, stdin=subprocess.PIPE, stdout=out,
            stderr=subprocess.STDOUT, env={**sealed.ENVIRONMENT, "LTDL_LIBRARY_PATH": str(tree / LIBS)},
            preexec_fn=sealed.die_with_parent,
        )
        try:
            text = _attend(child, serial, folder / "bochs.log", done)
        finally:
            child.kill()
            child.wait()
    if not text:
        raise UnikernelError("the emulated host said nothing", f"{log}: {sealed.tail(log)}")
    refused = re.findall(r"VMENTER FAIL.*", (folder / "bochs.log").read_text(errors="replace"))
    return text + "".join(f"\n{line}" for line in refused[:5])


def _make_medium(tree: Path, kernel: Path, initramfs: Path, folder: Path) -> None:
    iso = folder / "iso"
    iso.mkdir(exist_ok=True)
    sources = {
        "isolinux.bin": tree / "usr/lib/ISOLINUX/isolinux.bin", "vmlinuz": kernel, "initramfs": initramfs,
        "ldlinux.c32": tree / "usr/lib/syslinux/modules/bios/ldlinux.c32",
    }
    for name, source in sources.items():
        (iso / name).unlink(missing_ok=True)
        (iso / name).write_bytes(source.read_bytes())
    (iso / "isolinux.cfg").write_text(_MENU.format(words=KERNEL_WORDS))
    (folder / "boot.iso").unlink(missing_ok=True)
    sealed.run([tree / "usr/bin/xorriso", *_ISO], cwd=folder, log=folder / "xorriso.log")


def _attend(child: subprocess.Popen[bytes], serial: Path, log: Path, done: str) -> str:
    """Until the line `done`: this build stops at a debugger's prompt first, and its display waits for a viewer."""
    assert child.stdin is not None
    child.stdin.write(b"c\n")
    child.stdin.flush()
    deadline, screen = time.monotonic() + _SECONDS, None
    try:
        while child.poll() is None and time.monotonic() < deadline:
            screen = screen or _viewer(log)
            if screen is not None:
                _look(screen)
            text = serial.read_text(errors="replace")
            if done in text:
                return text
            time.sleep(0.1)
    finally:
        if screen is not None:
            screen.close()
    return serial.read_text(errors="replace")


def _viewer(log: Path) -> socket.socket | None:
    """Connect to the display, as soon as Bochs says where it listens."""
    said = log.read_text(errors="replace") if log.exists() else ""
    found = re.search(r"listening for connections on port (\d+)", said)
    if not found:
        return None
    screen = socket.create_connection(("127.0.0.1", int(found[1])), timeout=10)
    screen.recv(12)
    screen.sendall(b"RFB 003.003\n")
    time.sleep(0.2)
    screen.recv(4)  # the security type: none
    screen.sendall(b"\1")
    screen.setblocking(False)
    return screen


def _look(screen: socket.socket) -> None:
    """Throw away what the display shows, lest it waits for us."""
    with contextlib.suppress(OSError):
        while screen.recv(1 << 16):
            pass
