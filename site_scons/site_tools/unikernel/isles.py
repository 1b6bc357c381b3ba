"""Which isle a program is run on: uhyve where this host can create a KVM machine, else qemu."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import fcntl
import functools
import os
from collections.abc import Iterable

from .messages import EXIT_USAGE, UnikernelError

ISLES = ("uhyve", "qemu")
_KVM = "/dev/kvm"
_KVM_CREATE_VM = 0xAE01  # linux/kvm.h: _IO(KVMIO, 0x01)


@functools.cache
def kvm_usable() -> bool:
    """Whether /dev/kvm opens and a machine can be created (0.3 ms)."""
    try:
        device = os.open(_KVM, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.close(fcntl.ioctl(device, _KVM_CREATE_VM, 0))
    except OSError:
        return False
    finally:
        os.close(device)
    return True


def resolve(isle: str, where: str) -> str:
    """`isle` itself, or what 'auto' means on this host."""
    if isle == "auto":
        return "uhyve" if kvm_usable() else "qemu"
    if isle not in ISLES:
        raise UnikernelError(f"unknown isle {isle!r}", where, f"known: auto {' '.join(ISLES)}", EXIT_USAGE)
    return isle


def resolve_all(isle: str | Iterable[str], where: str) -> list[str]:
    """One or several isles, each once."""
    names = [isle] if isinstance(isle, str) else list(isle)
    return list(dict.fromkeys(resolve(name, where) for name in names))
