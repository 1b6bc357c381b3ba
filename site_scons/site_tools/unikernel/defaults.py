"""A program's defaults (cores, memory, stack, jit) as an ELF note that launchers and kernel read."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from dataclasses import dataclass

from . import cores, sizes
from .messages import EXIT_USAGE, UnikernelError

# kernel/abi/src/note.rs: TYPE_DEFAULTS, struct DefaultsNote {u32 cpus, u32 flags, u64 mem, u64 stack}, DEFAULTS_JIT.
_TYPE_DEFAULTS = 2
_JIT = 1


@dataclass(frozen=True)
class Defaults:
    """What a program's builder asked for; 0 means nothing."""

    cpus: int = 0
    mem: int = 0
    stack: int = 0
    jit: bool = False

    @classmethod
    def parse(
        cls, cpus: int | str | None, mem: int | str | None, stack: int | str | None, jit: bool, where: str
    ) -> Defaults:
        """From the keywords of UnikernelProgram; a wrong one is one line, exit 2."""
        return cls(cores.keyword(cpus, where), _bytes("mem", mem, where), _bytes("stack", stack, where), bool(jit))


def _bytes(name: str, value: int | str | None, where: str) -> int:
    if value is None:
        return 0
    try:
        return sizes.parse(str(value))
    except ValueError:
        mend = "give bytes, or a number with K, M, G or T"
        raise UnikernelError(f"wrong value {name}={value!r}", where, mend, EXIT_USAGE) from None


def assembly(defaults: Defaults) -> str:
    """The note as assembly text; empty where nothing is asked for."""
    if defaults == Defaults():
        return ""
    return f"""# Defaults of this program, read by launcher and kernel.
\t.section .note.hermit.defaults, "a", @note
\t.balign 4
\t.long 7, 24, {_TYPE_DEFAULTS}
\t.asciz "Hermit"
\t.balign 4
\t.long {defaults.cpus}, {_JIT if defaults.jit else 0}
\t.quad {defaults.mem}, {defaults.stack}
\t.section .note.GNU-stack, "", @progbits
"""
