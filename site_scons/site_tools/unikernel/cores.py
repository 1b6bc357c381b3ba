"""How many cores a guest gets, and the host cores that they keep."""
# SPDX-License-Identifier: BSD-3-Clause
# proxy imports this on every start: nothing heavier than os.
import os

from .messages import EXIT_USAGE, UnikernelError

MOST = 252  # kernel/abi/src/layout.rs: MAX_CORES
ALL = (1 << 32) - 1  # DefaultsNote::cpus of a program that wants all of the host's
_MOST_HOST = 1024  # bits of the set that uhyve uses


def parse(text: str) -> int:
    """A number of cores, or ALL; ValueError says in words what to give."""
    if text == "all":
        return ALL
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError("give a number of cores, or all")
    if len(text) > 4 or int(text) > MOST:
        raise ValueError(f"at most {MOST}")
    return int(text)


def keyword(value: object, where: str) -> int:
    """The keyword cpus= of the builders, checked; 0 where it is None."""
    if value is None:
        return 0
    try:
        return parse("" if isinstance(value, bool) else str(value))
    except ValueError as error:
        raise UnikernelError(f"wrong value cpus={value!r}", where, str(error), EXIT_USAGE) from None


def word(count: int) -> str:
    """The reverse of parse."""
    return "all" if count == ALL else str(count)


def usable() -> set[int]:
    """The host cores that this process may use."""
    return os.sched_getaffinity(0)


def resolve(wish: int, note: int, program: str) -> int:
    """Cores of a guest: the caller's wish, else the program's note, else 1; 0 is none."""
    count = wish or note or 1
    if count == ALL:
        return min(len(usable()), MOST)
    if count > MOST:
        what = f"the program asks for {count} cores and a guest has at most {MOST}"
        raise UnikernelError(what, program, "give fewer: -c or HERMIT_CPUS", EXIT_USAGE)
    return count


def host_list(text: str) -> list[int]:
    """Host cores from a list such as 0,2-3; ValueError where it is none."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        ends = (first, last if dash else first)
        if not all(end.isascii() and end.isdigit() and len(end) <= 4 and int(end) < _MOST_HOST for end in ends):
            raise ValueError(text)
        if int(ends[0]) > int(ends[1]):
            raise ValueError(text)
        found += range(int(ends[0]), int(ends[1]) + 1)
    return found


def confinement(pin: str, count: int) -> set[int]:
    """The host cores that a whole QEMU with `count` cores may use: those of a list, else all."""
    if pin in ("", "auto", "off"):
        return usable()
    chosen = host_list(pin)
    if len(chosen) < count:
        what = f"{len(chosen)} host cores are named for {count} cores of the guest"
        raise UnikernelError(what, f"--pin {pin}", "name more, or give fewer with -c", EXIT_USAGE)
    foreign = sorted(set(chosen) - usable())
    if foreign:
        raise UnikernelError(f"host core {foreign[0]} may not be used here", f"--pin {pin}", "", EXIT_USAGE)
    return set(chosen[:count])
