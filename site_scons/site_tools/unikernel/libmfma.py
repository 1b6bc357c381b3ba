"""libm's hot functions compiled once more for processors with FMA; each call chooses by what libhermit found."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from . import sealed

FAST, PLAIN = "__fma_", "__sse2_"
# Arguments and result pass through: a jump serves any signature. Bit 0: HERMIT_CPU_AVX2 of hermit/syscalls.h.
_CHOICE = """\
\t.text
\t.globl\t{name}
\t.type\t{name}, @function
\t.p2align 4
{name}:
\t.cfi_startproc
\ttestb\t$1, hermit_cpu_features(%rip)
\tje\t{plain}{name}
\tjmp\t{fast}{name}
\t.cfi_endproc
\t.size\t{name}, . - {name}
\t.section .note.GNU-stack, "", @progbits
"""


def defined(nm_output: str) -> set[str]:
    """The global names that `nm -g --defined-only` lists."""
    fields = (line.split() for line in nm_output.splitlines())
    return {words[2] for words in fields if len(words) == 3}


def members(nm_output: str, names: Iterable[str]) -> dict[str, set[str]]:
    """Which members of an archive define which of `names`, from `nm -A -g --defined-only`."""
    wanted, found = set(names), dict[str, set[str]]()
    for line in nm_output.splitlines():
        place, _, rest = line.rpartition(":")
        name = rest.split()[-1]
        if name in wanted:
            found.setdefault(place.rpartition(":")[2], set()).add(name)
    return found


def public(names: Iterable[str]) -> list[str]:
    """Those that programs call; the others are the library's own."""
    return sorted(name for name in names if not name.startswith("_"))


def choice(name: str) -> str:
    """Assembly of a function that goes on as the fast or as the plain one."""
    return _CHOICE.format(name=name, plain=PLAIN, fast=FAST)


def join(archive: Path, fast: Sequence[Path], tool: Callable[[str], Path], compile_: Callable[[list[Path]], list[Path]],
         work: Path, log: Path) -> None:
    """Add the `fast` objects and the choices to `archive`, whose own functions are renamed.

    `compile_` makes objects of assembly files; `work` is a folder for them.
    """
    work.mkdir()
    names = defined(sealed.output([tool("nm"), "-g", "--defined-only", *fast]))
    renames = work / "fast.names"
    renames.write_text("".join(f"{name} {FAST}{name}\n" for name in sorted(names)))
    for item in fast:
        sealed.run([tool("objcopy"), f"--redefine-syms={renames}", item], cwd=work, log=log)
    plain = members(sealed.output([tool("nm"), "-A", "-g", "--defined-only", archive]), public(names))
    sealed.run([tool("ar"), "x", archive, *sorted(plain)], cwd=work, log=log)
    for member, own in plain.items():
        words = [f"--redefine-sym={name}={PLAIN}{name}" for name in sorted(own)]
        sealed.run([tool("objcopy"), *words, member], cwd=work, log=log)
    sources = []
    for name in public(names):
        sources.append(work / f"choose-{name}.S")
        sources[-1].write_text(choice(name))
    choices = compile_(sources)
    renamed = []
    for item in fast:
        renamed.append(item.rename(work / f"fma-{item.name}"))
    sealed.run([tool("ar"), "d", archive, *sorted(plain)], cwd=work, log=log)
    sealed.run([tool("ar"), "qs", archive, *sorted(plain), *renamed, *choices], cwd=work, log=log)
