"""Which isle a program is run on: uhyve where this host can create a KVM machine, else qemu."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
from collections.abc import Iterable

from . import kvm
from .messages import EXIT_USAGE, UnikernelError
from .settings import ISLES

# Isle -> the steps that make what it needs. QEMU's guests fault, too, and uhyve prints the faults of both.
STEPS = {"uhyve": ("uhyve",), "qemu": ("qemu", "uhyve")}
# Isle -> the modules of the launcher that a test's outcome depends on.
_LAUNCHER = ("proxy", "settings", "cores", "outcome")
MODULES = {
    "uhyve": _LAUNCHER,
    "qemu": (*_LAUNCHER, "isle_qemu", "qemu_command", "bootinfo", "console", "control", "headers", "lifeline"),
}


@functools.cache
def why_no_kvm() -> str:
    """Why uhyve cannot run here, asked once; "" if it can."""
    return kvm.why_not()


def resolve(isle: str, where: str) -> str:
    """`isle` itself, or what 'auto' means on this host."""
    if isle == "auto":
        return "qemu" if why_no_kvm() else "uhyve"
    if isle not in ISLES:
        raise UnikernelError(f"unknown isle {isle!r}", where, f"known: auto {' '.join(ISLES)}", EXIT_USAGE)
    return isle


def resolve_all(isle: str | Iterable[str], where: str) -> list[str]:
    """One or several isles, each once."""
    names = [isle] if isinstance(isle, str) else list(isle)
    if not names:
        raise UnikernelError("no isle given", where, f"known: auto {' '.join(ISLES)}", EXIT_USAGE)
    return list(dict.fromkeys(resolve(name, where) for name in names))
