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

_FORTRAN = {
    "lto": "-O2 -flto", "ofast": "-Ofast -march=x86-64-v2", "real8": "-O2 -fdefault-real-8",
    "trap": "-O0 -ffpe-trap=invalid,zero,overflow -finit-real=snan -fbacktrace", "ubsan": "-O1 -fsanitize=undefined",
}

PROGRAMS = {
    f"flags-{name}": {"source": _SOURCE, "CCFLAGS": f"-w {flags}", "LIBS": ["m"]} for name, flags in _SETS.items()
}

PROGRAMS.update({
    f"flags-fortran-{name}": {"source": ["flags-fortran.f90"], "FORTRANFLAGS": f"-w {flags}"}
    for name, flags in _FORTRAN.items()
})

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
TESTS.update({
    f"flags-fortran-{name}": {
        "isle": "uhyve", "expect": ["kind 8" if name == "real8" else "kind 4", "sum 10.00", "end"],
    } for name in _FORTRAN
})
for _what, _line in (("zero", 17), ("unset", 29)):
    TESTS[f"flags-fortran-{_what}"] = {
        "program": "flags-fortran-trap", "isle": "uhyve", "args": [_what], "exit_code": 136,
        "expect": ["sum 10.00", "SIGFPE", f"flags-fortran.f90:{_line}"],
    }
TESTS["flags-fortran-overflow"] = {
    "program": "flags-fortran-ubsan", "isle": "uhyve", "args": ["overflow"], "expect": [
        "went on -2147483648", "end",
        "flags-fortran.f90:22:21: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type "
        "'integer(kind=4)'\n",
    ],
}
