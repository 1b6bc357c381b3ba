"""Fortran: input and output, types and arrays, IEEE, the system, C both ways, and how a program ends."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
PASSES = {"isle": BOTH, "expect": "0 failures\n"}
WARNINGS = "-Wall -Wno-unused-dummy-argument -Wno-maybe-uninitialized"


def of(name: str, *more: str, flags: str = "") -> dict[str, object]:
    """Keywords of the program `name`, which counts its failures."""
    return {"source": ["fortran_check.f90", f"{name}.f90", *more], "FORTRANFLAGS": f"-O2 -g {WARNINGS} {flags}"}


PROGRAMS = {
    "fortran_io": of("fortran_io"), "fortran_system": of("fortran_system"),
    "fortran_types": of("fortran_types", flags="-fcoarray=single"),
    "fortran_coarrays": {**of("fortran_types", flags="-fcoarray=lib"), "LIBS": ["caf_single"]},
    "fortran_ieee": of("fortran_ieee"), "fortran_c": of("fortran_c", "fortran_c_side.c"),
    "fortran_end": {
        "source": ["fortran_end.f90"], "openmp": True,
        "FORTRANFLAGS": "-O1 -g -fcheck=all -ffpe-trap=zero,invalid,overflow -fno-inline",
    },
}
AT = "At line {} of file "
# Argument of fortran_end: the exit code, and what is printed beside.
_ENDS: dict[str, tuple[int, list[str]]] = {
    "end": (0, []), "stop": (0, []), "stop-7": (7, ["STOP 7"]), "stop-words": (0, ["STOP these words"]),
    "quiet": (5, []), "error-stop-9": (9, ["ERROR STOP 9", "Backtrace:", "fortran_end.f90:45"]),
    "error-stop-words": (1, ["ERROR STOP these words"]), "exit": (200, []),
    "abort": (134, ["Program aborted. Backtrace:", "SIGABRT"]),
    "bounds": (2, [
        AT.format(9), "Index '11' of dimension 1 of array 'a' above upper bound of 10", "store at ",
        "fortran_end.f90:9\n", "main at ",
    ]),
    "read": (2, [AT.format(55), "Bad integer for item 1 in list input", "fortran_end.f90:55\n"]),
    "unit": (2, [AT.format(57), "Cannot open file '/nowhere/at/all'", "fortran_end.f90:57\n"]),
    "unallocated": (2, ["fortran_end.f90", "Backtrace:"]),
    "allocate": (1, ["told of no memory", "Error allocating", "Backtrace:"]),
    "command": (2, ["told of no commands", "EXECUTE_COMMAND_LINE", "Backtrace:"]),
    "divide": (136, ["SIGFPE", "fortran_end.f90:69"]),
    "divide-in-a-thread": (136, ["SIGFPE", "divide_in_threads", "fortran_end.f90:17"]),
    "recursion": (139, ["stack overflow", "deeper"]),
    "trace": (0, ["goes on", "fortran_end.f90:75\n"]),
}
# QEMU's TCG raises no floating-point exceptions.
_ISLES = {"divide": ["uhyve"], "divide-in-a-thread": ["uhyve"]}

TESTS: dict[str, dict[str, object]] = {
    "fortran-io": {**PASSES, "program": "fortran_io", "stdin": "12\na whole line\n"},
    "fortran-types": {**PASSES, "program": "fortran_types"},
    "fortran-coarrays": {**PASSES, "program": "fortran_coarrays", "isle": "auto"},
    "fortran-ieee": {**PASSES, "program": "fortran_ieee"},
    "fortran-c": {**PASSES, "program": "fortran_c"},
    "fortran-system": {
        **PASSES, "program": "fortran_system", "args": ["one", "two words"], "env": {"GIVEN": "by the test"},
    },
    **{
        f"fortran-end-{name}": {
            "program": "fortran_end", "isle": _ISLES.get(name, BOTH), "args": [name], "exit_code": code, "cpus": 2,
            "expect": ["unfinished", *words],
        }
        for name, (code, words) in _ENDS.items()
    },
}
