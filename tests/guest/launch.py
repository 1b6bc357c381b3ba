"""What every program can rely on: arguments, environment, standard streams, exit codes, defaults in the image."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]

PROGRAMS = {
    "launch-jit": {"source": ["launch.c"], "mem": "48M", "stack": "1M", "jit": True},
}

TESTS = {
    "launch": {
        "isle": BOTH, "args": ["a", "b c", ""], "expect": ["argc 4", "argv[1] 'a'", "argv[2] 'b c'", "argv[3] ''"],
    },
    "launch-environ": {
        "program": "launch", "isle": BOTH, "env": {"GREETING": "hi there"}, "expect": "GREETING=hi there",
    },
    # HERMIT_* is for the launcher; a guest never sees it.
    "launch-hidden": {"program": "launch", "isle": BOTH, "expect": "environ 0"},
    "launch-stdin": {
        "program": "launch", "isle": BOTH, "args": ["--stdin"], "stdin": "one\ntwo\n",
        "expect": ["got 'one'", "got 'two'", "end"],
    },
    "launch-empty-stdin": {"program": "launch", "isle": BOTH, "args": ["--stdin"], "expect": "end"},
    "launch-exit": {"program": "launch", "isle": BOTH, "args": ["--exit", "42"], "exit_code": 42},
    "launch-255": {"program": "launch", "isle": BOTH, "args": ["--exit", "255"], "exit_code": 255},
    "launch-hang": {
        "program": "launch", "isle": BOTH, "args": ["--hang"], "exit_code": 124, "timeout": 2, "expect": "hanging",
    },
    "launch-jit": {"isle": BOTH, "expect": "argc 1"},
}
