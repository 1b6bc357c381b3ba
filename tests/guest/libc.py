"""The C library: strings, formatting, numbers, streams and what the port adds to newlib."""
# SPDX-License-Identifier: BSD-3-Clause
import decimal
import math
import struct

BOTH = ["uhyve", "qemu"]
_MASK = (1 << 64) - 1
_ROUNDS = 1500  # of format.c
_START, _PRIME = 14695981039346656037, 1099511628211  # FNV-1a


class _Draw:
    """The generator of format.c."""

    def __init__(self) -> None:
        self.state = 88172645463325252

    def __call__(self) -> int:
        state = self.state
        state ^= state << 13 & _MASK
        state ^= state >> 7
        state ^= state << 17 & _MASK
        self.state = state
        return state


def _hash(value: int, text: str) -> int:
    for byte in text.encode():
        value = (value ^ byte) * _PRIME & _MASK
    return value


def _number(kind: int, bits: int) -> float:
    signed = bits - (1 << 64) if bits >> 63 else bits
    if kind == 0:
        (value,) = struct.unpack("<d", struct.pack("<Q", bits))
        return value if math.isfinite(value) else 1.0
    if kind == 1:
        return float(bits >> (bits & 63) if bits & 63 else signed)
    if kind == 2:
        return (bits % 2000001) / 1000.0 - 1000.0
    if kind == 3:
        high = bits >> 32
        return math.ldexp(float(bits % 4096), int(math.fmod(high - (1 << 32) if high >> 31 else high, 80)) - 40)
    return 5e-324 * float(bits >> 40)


def _as_int(bits: int) -> int:
    """C's conversion of the low 32 bits to int."""
    low = bits & 0xFFFFFFFF
    return low - (1 << 32) if low >> 31 else low


def _reference() -> list[str]:
    """What format.c prints, by Python's exact conversion of doubles and by decimal arithmetic for long doubles."""
    draw, lines = _Draw(), []
    for kind in range(5):
        value = _START
        for _ in range(_ROUNDS):
            number = _number(kind, draw())
            how = draw()
            precision = int(math.fmod(_as_int(how >> 8), 20 if how % 16 else 120))
            form = "efg"[(how >> 40) % 3]
            # a negative precision counts as none given
            value = _hash(value, f"%.{precision}{form}" % number if precision >= 0 else f"%{form}" % number)
        lines.append(f"double {kind}: {value:016x}")
    value = _START
    for _ in range(300):
        mantissa = draw() | 1 << 63
        how = draw()
        exponent = int(math.fmod(_as_int(how >> 32), 200 if how % 8 else 30000)) - 100
        precision = int(math.fmod(_as_int(how >> 8), 60))
        if exponent + 63 >= 16384:
            continue
        value = _hash(value, _long_double(mantissa, exponent, precision if precision >= 0 else 6))
    return [*lines, f"long double: {value:016x}"]


def _long_double(mantissa: int, exponent: int, precision: int) -> str:
    lowest = -16445
    if exponent < lowest:  # denormal: round to even, as ldexpl does
        shift = lowest - exponent
        whole, rest = mantissa >> shift, mantissa & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        mantissa, exponent = whole + (rest > half or (rest == half and whole & 1)), lowest
    if mantissa == 0:
        return f"{0.0:.{precision}e}"
    with decimal.localcontext() as context:
        context.prec, context.Emax, context.Emin = 20000, 99999, -99999
        text = f"{decimal.Decimal(mantissa) * decimal.Decimal(2) ** exponent:.{precision}e}"
    digits, _, power = text.partition("e")
    return f"{digits}e{int(power):+03d}"


PROGRAMS = {name: {"source": [f"{name}.c"], "LIBS": ["m"]} for name in ("format", "math", "math-fast")}

TESTS = {
    "sort": {"isle": BOTH, "expect": "\n0 failures", "mem": "16M"},
    "string": {"isle": BOTH, "expect": "string: all as by bytes", "mem": "96M"},
    "string-search": {"isle": BOTH, "expect": "string-search: all as by bytes"},
    "format": {"isle": BOTH, "expect": [
        *_reference(),
        "0.000000 -0.000000e+00 100000 1E-05 INF 0x1.8p+0 0X1.999999999999AP-4 0x1.ffep+1",
        "0 2 2 2e+01 0.2   2.2|3.00e+00|+5| 5|1.00000|-00003.142",
        "2.500000 0.1000000000000000000013553 -1.000000e+4000 0x1.8p+0",
        "up 0.2 -0.1 down 0.1 -0.2 cut 0.1 -0.1",
    ]},
    "blocks": {"isle": BOTH, "expect": "blocks: all as written"},
    "printf": {"isle": BOTH, "expect": "\n0 failures"},
    "stdio": {"isle": BOTH, "stdin": "12 -7 0x1f 2.5e3 word\nrest of a line\n", "expect": "\n0 failures"},
    "math": {"isle": BOTH, "expect": "\n0 failures"},
    "math-fast": {"isle": BOTH, "expect": "\n0 failures"},
    "port": {"isle": BOTH, "args": ["one", ""], "env": {"PORT_TEST": "set"}, "expect": [
        "\n0 failures", "atexit second, first", "destructor last",
    ]},
    "port-abort": {"program": "port", "args": ["--abort"], "isle": BOTH, "exit_code": 134},
    "port-handler": {
        "program": "port", "args": ["--abort-handled"], "isle": BOTH, "exit_code": 134, "expect": "handler saw 6",
    },
    "port-assert": {"program": "port", "args": ["--assert"], "isle": BOTH, "exit_code": 134, "expect": "assertion"},
}
