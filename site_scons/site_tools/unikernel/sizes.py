"""Memory sizes as people write them: bytes, or a number with K, M, G or T (powers of 1024)."""
# SPDX-License-Identifier: BSD-3-Clause
# proxy imports this on every start: no imports of its own.

_SHIFTS = {"K": 10, "M": 20, "G": 30, "T": 40}
_LIMIT = 1 << 48  # more than any x86_64 host addresses


def parse(text: str) -> int:
    """Bytes of a positive size such as "64M"; ValueError for anything else."""
    shift = _SHIFTS.get(text[-1:].upper(), 0)
    digits = text[:-1] if shift else text
    # The length is bounded first: int() of a huge digit string is slow and may itself refuse it.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        raise ValueError(text)
    size = int(digits) << shift
    if not 0 < size < _LIMIT:
        raise ValueError(text)
    return size


def short(size: int) -> str:
    """A size for people: the largest unit that divides it, else bytes."""
    for unit, shift in reversed(_SHIFTS.items()):
        if size >= 1 << shift and size % (1 << shift) == 0:
            return f"{size >> shift}{unit}"
    return str(size)
