"""The emulated AMD host: QEMU's TCG with SVM, Debian's cloud kernel, serial port as its voice."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

from . import qemu, qemu_command, sealed
from .context import Context
from .messages import UnikernelError

_SECONDS = 180.0  # for one boot with all its programs; 3 to 20 are usual
_MEMORY = "768"  # MiB
# Time counts instructions (2 ns each, sleep is skipped): on a busy machine Linux's calibration of the TSC, our timers
# and our timeouts would else fail at random. The TSC then runs at 1 GHz.
_TIME = ("-accel", "tcg,thread=single", "-icount", "shift=1,sleep=off", "-smp", "1")
_TSC = "tsc_early_khz=1000000"
KERNEL_WORDS = "console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check random.trust_cpu=on"


def boot_amd(ctx: Context, _tree: Path, kernel: Path, initramfs: Path, folder: Path, done: str) -> str:
    """Boot it and return what it said, up to the line `done`."""
    program = qemu.path(ctx) / "usr" / "bin" / "qemu-system-x86_64"
    words = [program, *_TIME, "-machine", "microvm,isa-serial=on", "-cpu", "max,+svm", "-m", _MEMORY]
    words += ["-no-user-config", "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio"]
    words += ["-L", qemu.path(ctx) / "usr" / "share" / "qemu", "-bios", "qboot.rom"]
    words += ["-kernel", kernel, "-initrd", initramfs, "-append", f"{KERNEL_WORDS} {_TSC}"]
    return listen([str(word) for word in words], qemu_command.environment(str(program)), folder, done)


def listen(words: list[str], environ: dict[str, str], folder: Path, done: str) -> str:
    """Run an emulator whose standard output is the host's serial port; end it at the line `done`."""
    log = folder / "emulator.log"
    with open(log, "wb") as errors:
        try:
            child = subprocess.Popen(
                words, cwd=folder, env={**sealed.ENVIRONMENT, **environ}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=errors, preexec_fn=sealed.die_with_parent,
            )
        except OSError as error:
            raise UnikernelError(f"cannot run the emulator: {error.strerror}", words[0]) from error
    text = _read(child, done)
    (folder / "serial.log").write_text(text)
    if not text:
        raise UnikernelError("the emulated host said nothing", f"{log}: {sealed.tail(log)}")
    return text


def _read(child: subprocess.Popen[bytes], done: str) -> str:
    assert child.stdout is not None
    timer = threading.Timer(_SECONDS, child.kill)
    timer.start()
    data = b""
    try:
        while block := os.read(child.stdout.fileno(), 1 << 16):
            data += block
            if done.encode() in data:
                break
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        child.stdout.close()
    return data.decode(errors="replace")
