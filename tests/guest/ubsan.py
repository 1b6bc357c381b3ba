"""-fsanitize=undefined: what is said, where, and whether the program goes on: ubsan.c, in libubsan's words."""
# SPDX-License-Identifier: BSD-3-Clause
import re

_FLAGS = "-O1 -w -fsanitize=undefined,float-cast-overflow,float-divide-by-zero"
_ALL = [
    "ubsan.c:19:16: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'\n",
    "ubsan.c:20:18: runtime error: signed integer overflow: -2147483648 - 1 cannot be represented in type 'int'\n",
    "signed integer overflow: 2147483647 * 2 cannot be represented in type 'int'\n",
    "negation of -2147483648 cannot be represented in type 'int'; cast to an unsigned type to negate this value to "
    "itself\n",
    "shift exponent 40 is too large for 32-bit type 'int'\n", "shift exponent -1 is negative\n",
    "left shift of negative value -1\n", "left shift of 2147483647 by 2 places cannot be represented in type 'int'\n",
    "signed integer overflow: 0x40000000000000000000000000000000 * 4 cannot be represented in type '__int128'\n",
    "1e+30 is outside the range of representable values of type 'int'\n", "1e+3000 is outside the range",
    "-500 is outside the range of representable values of type 'unsigned char'\n",
    "load of value 2, which is not a valid value for type '_Bool'\n", "division by zero\n",
    "index 4 out of bounds for type 'int [4]'\n",
    re.compile(r"load of address 0x[0-9a-f]{12} with insufficient space for an object of type 'int'\n"
               r"0x[0-9a-f]{12}: note: pointer points here\n[ 0-9a-f]{100,}\n +\^ \n"),
    re.compile(r"load of misaligned address 0x[0-9a-f]{12} for type 'int', which requires 4 byte alignment\n"),
    "null pointer passed as argument 1, which is declared to never be null\n",
    "null pointer returned from function declared to never return null\n",
    "pointer index expression with base 0xfffffffffffffff0 overflowed to 0x000000000030\n",
    "passing zero to ctz(), which is not a valid argument\n", "passing zero to clz(), which is not a valid argument\n",
    "variable length array bound evaluates to non-positive value 0\n",
    re.compile(r"runtime error: signed integer overflow: 2147483647 \+ 1 [^\n]*\nwent on\n$"),
]

_OTHER = re.compile(
    r"ubsan-cxx\.cpp:24:\d+: runtime error: member call on address 0x[0-9a-f]{12} which does not point to an object of "
    r"type 'Other'\n0x[0-9a-f]{12}: note: object is of type '\(anonymous namespace\)::Square'\n[ 0-9a-f]+\n"
    r" +\^~+ *\n +vptr for '"
)

PROGRAMS = {
    "ubsan": {"CCFLAGS": _FLAGS},
    "ubsan-fatal": {"source": ["ubsan.c"], "CCFLAGS": f"{_FLAGS} -fno-sanitize-recover=all"},
    "ubsan-trap": {"source": ["ubsan.c"], "CCFLAGS": f"{_FLAGS} -fsanitize-undefined-trap-on-error"},
    "ubsan-cxx": {"source": ["ubsan-cxx.cpp"], "CCFLAGS": "-O1 -w -fsanitize=undefined"},
    "ubsan-lto": {"source": ["ubsan.c"], "CCFLAGS": f"{_FLAGS} -flto"},
}

TESTS = {
    "ubsan": {"isle": ["uhyve", "qemu"], "expect": _ALL},
    "ubsan-lto": {"isle": "uhyve", "expect": [_ALL[0], _ALL[-1]]},
    "ubsan-cxx": {"isle": "uhyve", "expect": ["right: 22\n", _OTHER, "went on: 1\n"]},
    "ubsan-unreachable": {
        "program": "ubsan", "isle": "uhyve", "args": ["unreachable"], "exit_code": 1,
        "expect": re.compile(r"ubsan\.c:\d+:5: runtime error: execution reached an unreachable program point\n$"),
    },
    "ubsan-division": {
        "program": "ubsan", "isle": "uhyve", "args": ["division"], "exit_code": 136,
        "expect": ["division of -2147483648 by -1 cannot be represented in type 'int'\n", "SIGFPE"],
    },
    "ubsan-options": {
        "program": "ubsan", "isle": ["uhyve", "qemu"], "exit_code": 7,
        "env": {"UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1,exitcode=7"},
        "expect": [_ALL[0], "thread 1 is here\n", re.compile(r"#\d+ .* arithmetic at \./tests/guest/ubsan\.c:19\n")],
    },
    "ubsan-abort": {
        "program": "ubsan", "isle": "uhyve", "exit_code": 134,
        "env": {"UBSAN_OPTIONS": "halt_on_error=1 abort_on_error=true"}, "expect": [_ALL[0], "SIGABRT"],
    },
    "ubsan-fatal": {"isle": "uhyve", "exit_code": 1, "expect": re.compile(re.escape(_ALL[0]) + "$")},
    "ubsan-trap": {"isle": "uhyve", "exit_code": 132, "expect": "SIGILL"},
}
