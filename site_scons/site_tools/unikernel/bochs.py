"""The emulated Intel host: Bochs 2.7 with VMX and its strict checks at each VM entry."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import pty
import re
import select
import struct
import subprocess
import time
from pathlib import Path

from . import sealed
from .context import Context
from .emulator import KERNEL_WORDS
from .messages import UnikernelError

LIBS = "usr/lib/x86_64-linux-gnu/bochs/plugins"
_TERMINAL = "hermit"
_SECONDS = 400.0  # for one boot with all its programs; 30 to 60 are usual
# 200 million instructions count as a second: the guest's clock then runs about as fast as ours.
_SETTINGS = """display_library: term
cpu: model=corei7_haswell_4770, count=1, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=1024, host=1024
romimage: file="{tree}/usr/share/bochs/BIOS-bochs-latest"
vgaromimage: file="{tree}/usr/share/vgabios/vgabios.bin"
ata0-master: type=cdrom, path="boot.iso", status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev="serial.log"
sound: driver=dummy
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
    _make_terminal(folder)
    (folder / "bochsrc").write_text(_SETTINGS.format(tree=tree))
    serial, log = folder / "serial.log", folder / "emulator.log"
    serial.write_bytes(b"")
    environ = {"LTDL_LIBRARY_PATH": str(tree / LIBS), "TERM": _TERMINAL, "TERMINFO": str(folder)}
    screen, theirs = pty.openpty()
    child = subprocess.Popen(
        [tree / "usr/bin/bochs-bin", "-q", "-f", "bochsrc"], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**sealed.ENVIRONMENT, **environ}, preexec_fn=sealed.die_with_parent, start_new_session=True,
    )
    os.close(theirs)
    try:
        text = _attend(child, screen, serial, log, done)
    finally:
        child.kill()
        child.wait()
        os.close(screen)
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


def _make_terminal(folder: Path) -> None:
    """Describe the terminal that its screen is drawn on (term(5)): this host may have no such descriptions."""
    names = f"{_TERMINAL}|screen of an emulated host".encode() + b"\0"
    numbers = struct.pack("<3h", 80, -1, 25)  # columns, -, lines
    clear, place = b"\x1b[H\x1b[J\0", b"\x1b[%i%p1%d;%p2%dH\0"
    strings = struct.pack("<11h", *([-1] * 5), 0, *([-1] * 4), len(clear))  # 5: clear_screen, 10: cursor_address
    head = struct.pack("<6h", 0o432, len(names), 0, 3, 11, len(clear) + len(place))
    path = folder / _TERMINAL[0] / _TERMINAL
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head + names + b"\0" * (len(names) % 2) + numbers + strings + clear + place)


def _attend(child: subprocess.Popen[bytes], screen: int, serial: Path, log: Path, done: str) -> str:
    """Until the line `done`. This build stops at a debugger's prompt first; what its screen shows goes to the log."""
    os.write(screen, b"c\n")
    deadline = time.monotonic() + _SECONDS
    with open(log, "wb") as out:
        while child.poll() is None and time.monotonic() < deadline:
            if select.select([screen], [], [], 0.1)[0]:
                try:
                    out.write(os.read(screen, 1 << 16))
                except OSError:  # its end
                    break
            text = serial.read_text(errors="replace")
            if done in text:
                return text
    return serial.read_text(errors="replace")
