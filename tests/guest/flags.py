"""Flags of HPC Makefiles: each program is flags.c and flags-part.c, compiled in another way."""
# SPDX-License-Identifier: BSD-3-Clause
_SETS = {
    "lto": "-O2 -flto", "lto-auto": "-O3 -flto=auto -ffat-lto-objects", "ofast": "-Ofast",
    "fast-math": "-O2 -ffast-math",
    "simd": "-O2 -fopenmp-simd -ftree-vectorize", "native": "-O3 -march=native -mtune=native",
    "v2": "-O3 -march=x86-64-v2 -mtune=haswell", "hard": "-O2 -fcf-protection -fPIC -fno-plt -fno-common",
    "large": "-O2 -mcmodel=large", "unrolled": "-O3 -funroll-loops -fno-math-errno -fno-trapping-math",
    "protector": "-O2 -fstack-protector-strong", "fortify": "-O2 -D_FORTIFY_SOURCE=2",
    "loops": "-O2 -ftree-parallelize-loops=2", "lto-ubsan": "-O2 -flto -fsanitize=undefined",
}
_SOURCE = ["flags.c", "flags-part.c"]
_END = ["denormals: right", "sum: 135500.0", "blocks: right"]

PROGRAMS = {
    f"flags-{name}": {"source": _SOURCE, "CCFLAGS": f"-w {flags}", "LIBS": ["m"]} for name, flags in _SETS.items()
}

TESTS = {f"flags-{name}": {"isle": "uhyve", "expect": [*_END, "end"]} for name in _SETS}
TESTS["flags-loops"]["cpus"] = 2
TESTS["flags-smash"] = {
    "program": "flags-protector", "isle": ["uhyve", "qemu"], "args": ["smash"], "exit_code": 134,
    "expect": [*_END, "stack smashing detected"],
}
TESTS["flags-overflow"] = {
    "program": "flags-fortify", "isle": "uhyve", "args": ["overflow"], "exit_code": 134,
    "expect": [*_END, "buffer overflow detected"],
}
