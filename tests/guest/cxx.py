"""C++: exceptions, the order of objects' lives, threads, the library, and what std::terminate says."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
FLAGS = ["-Wall", "-Wextra", "-Werror", "-std=gnu++20"]
ENDS = {"program": "cxx_terminate", "isle": "uhyve", "exit_code": 134}

PROGRAMS = {
    "cxx_exceptions": {"source": ["cxx_exceptions.cpp"], "CXXFLAGS": [*FLAGS, "-fnon-call-exceptions"]},
    "cxx_order": {"source": ["cxx_order.cpp", "cxx_order_other.cpp"], "CXXFLAGS": FLAGS},
    "cxx_threads": {"source": ["cxx_threads.cpp"], "CXXFLAGS": FLAGS},
    "cxx_library": {"source": ["cxx_library.cpp"], "CXXFLAGS": FLAGS},
    "cxx_files": {"source": ["cxx_files.cpp"], "CXXFLAGS": FLAGS},
    "cxx_terminate": {
        "source": ["cxx_terminate.cpp"], "CXXFLAGS": [*FLAGS, "-fno-inline"], "CPPDEFINES": ["_GLIBCXX_ASSERTIONS"],
    },
}

MADE = """cout works early
constructor 150
made 1, priority 200
made 2, priority 300
made 3, without a priority
made of the second file
main
made in a function
made of a thread
thread touches 1
gone of a thread
joined
made of a thread
of the second file
unflushed in cout
"""
GONE = """atexit after the function's object
gone in a function
atexit
gone of the second file
gone 3, without a priority
gone 2, priority 300
gone 1, priority 200
destructor 150
"""
ORDER = {"program": "cxx_order", "isle": "uhyve"}


def thrown(kind: str, what: str = "", *frames: str) -> list[str]:
    """What std::terminate says of an exception that nobody catches, and frames of the backtrace that follows."""
    said = [f"terminate called after throwing an instance of '{kind}'\n"]
    return [*said, *([f"  what():  {what}\n"] if what else []), "SIGABRT", *(frames or (" main",))]


BROKEN = ("app::broken", "the sky is falling")
TESTS = {
    "cxx-exceptions": {"program": "cxx_exceptions", "isle": BOTH, "cpus": [1, 2], "expect": "0 failures\n"},
    "cxx-threads": {"program": "cxx_threads", "isle": BOTH, "cpus": [1, 2], "timeout": 180, "expect": "0 failures\n"},
    "cxx-library": {
        "program": "cxx_library", "isle": BOTH, "stdin": "17 rest of it",
        "expect": ["cout wcout\n0 failures\n", "cerr clog\n"],
    },
    "cxx-files": {"program": "cxx_files", "isle": BOTH, "expect": "0 failures\n"},
    "cxx-order": {**ORDER, "isle": BOTH, "expect": MADE + "gone of a thread\n" + GONE},
    "cxx-order-exit": {**ORDER, "args": ["exit"], "exit_code": 4, "expect": MADE + "gone of a thread\n" + GONE},
    "cxx-order-thread": {**ORDER, "args": ["thread"], "exit_code": 6, "expect": MADE + GONE},
    "cxx-order-quick": {**ORDER, "args": ["quick"], "exit_code": 3, "expect": MADE + "at_quick_exit\n"},
    "cxx-order-_Exit": {**ORDER, "args": ["_Exit"], "exit_code": 5, "expect": MADE},
    "cxx-uncaught": {
        **ENDS, "isle": BOTH, "args": ["type"],
        "expect": thrown(*BROKEN, "thrower", "cxx_terminate.cpp:38\n", " main "),
    },
    "cxx-uncaught-int": {**ENDS, "args": ["int"], "expect": thrown("int")},
    "cxx-uncaught-plain": {**ENDS, "args": ["plain"], "expect": thrown("app::plain")},
    "cxx-uncaught-thread": {**ENDS, "args": ["thread"], "expect": thrown(*BROKEN, "thrower")},
    "cxx-noexcept": {**ENDS, "args": ["noexcept"], "expect": thrown(*BROKEN, "promises")},
    "cxx-while-unwinding": {**ENDS, "args": ["unwinding"], "expect": thrown("int")},
    "cxx-pure": {**ENDS, "args": ["pure"], "expect": ["pure virtual method called\n", "without an active exception\n"]},
    "cxx-joinable": {**ENDS, "args": ["joinable"], "expect": "terminate called without an active exception\n"},
    "cxx-rethrow": {**ENDS, "args": ["rethrow"], "expect": "terminate called without an active exception\n"},
    "cxx-handler": {**ENDS, "args": ["handler"], "exit_code": 9, "expect": "my handler\n"},
    "cxx-range": {
        **ENDS, "args": ["range"], "expect": thrown(
            "std::out_of_range", "vector::_M_range_check: __n (which is 7) >= this->size() (which is 3)"),
    },
    "cxx-static": {**ENDS, "args": ["static"], "expect": thrown(*BROKEN)},
    "cxx-assertions": {
        **ENDS, "args": ["assertions"], "expect": ["Assertion '__n < this->size()' failed", "SIGABRT"],
    },
    "cxx-abort": {**ENDS, "args": ["abort"], "expect": ["printed before", "SIGABRT"]},
}
