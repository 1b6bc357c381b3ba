"""Runs guest tests on an emulated host, one boot for all of them, and judges each as UnikernelTest does."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "site_scons" / "site_tools"))

from unikernel import context, hosts, judge, uhyve  # noqa: E402

# Which of the guest tests run on emulated hosts: what depends on how a KVM enters, leaves and protects a guest. Not
# fault-float: QEMU's TCG raises no SSE exceptions.
NAMES = (
    "launch", "launch-exit", "fault-null-write", "fault-null-call", "fault-divide", "fault-illegal", "fault-privileged",
    "fault-breakpoint", "fault-single-step", "fault-syscall", "fault-text", "fault-run-heap", "fault-overflow",
    "memory", "memory-4m", "memory-out", "memory-guard", "gate", "clock", "clock-deadlock", "upcall", "timer", "fpu",
    "cores-2", "cores-4", "gate-2", "thread-create-2", "thread-mutex-2", "thread-cond-2", "thread-cancel-2",
    "thread-sched-2", "many-storm-2", "many-locks-2", "many-signals-2", "many-registers-2", "many-memory-2",
    "many-tls-2", "many-clock-2", "many-end-overflow", "many-end-fault-busy", "many-end-deadlock", "many-end-return",
    "signal-fault", "signal-thread-2", "signal-wait-2",
)
# Several vCPUs share the one core of an emulated host. Its KVM gives ring 3 the CPUID that is the guest's.
SEVERAL: dict[str, dict[str, Any]] = {
    "cores-2": {"program": "cores", "cpus": 2, "args": ["2", "topology"], "expect": "2 cores, 0 failures"},
    "cores-4": {"program": "cores", "cpus": 4, "args": ["4", "topology"], "expect": "4 cores, 0 failures"},
    "gate-2": {"program": "gate", "cpus": 2, "expect": "\n0 failures"},
    # Switches, wake-ups between cores, timers and upcalls with all of a CPU's state.
    **{
        f"thread-{name}-2": {"program": f"thread-{name}", "cpus": 2, "expect": "\n0 failures"}
        for name in ("create", "mutex", "cond", "cancel", "sched")
    },
    **{
        f"many-{name}-2": {"program": f"many_{name}", "cpus": 2, "expect": "\n0 failures"}
        for name in ("storm", "locks", "signals", "registers", "memory", "tls", "clock")
    },
    # Frames under an asynchronous signal, sent by interrupts between cores.
    "signal-thread-2": {"program": "signal-thread", "cpus": 2, "args": ["20"], "expect": "0 failures"},
    "signal-wait-2": {"program": "signal-wait", "cpus": 2, "expect": "0 failures"},
}


def described() -> dict[str, dict[str, Any]]:
    """The keywords of all guest tests."""
    tests: dict[str, dict[str, Any]] = dict(SEVERAL)
    for table in sorted((HOME / "tests" / "guest").glob("*.py")):
        tests.update(runpy.run_path(str(table))["TESTS"])
    return {name: tests[name] for name in NAMES}


def images() -> Path:
    """Where the guests were built; SCons says it, and else a build in the usual place is meant."""
    return Path(os.environ.get("UNIKERNEL_IMAGES", HOME / "build" / "tests" / "guest"))


def options(test: dict[str, Any]) -> tuple[str, ...]:
    """uhyve's options for a test; where it lists numbers of cores, one is meant."""
    cpus = test.get("cpus", 1)
    memory = ("--mem", test["mem"]) if "mem" in test else ()
    return (*memory, "--cpus", str(cpus if isinstance(cpus, int) else 1))


class Host:
    """An emulated host that has run all programs."""

    def __init__(self, kind: str, module_args: str, folder: Path) -> None:
        ctx = context.from_environ(os.environ, home=HOME)
        self.tests = described()
        programs = [
            hosts.Program(
                name, images() / test.get("program", name), tuple(test.get("args", ())),
                options(test),
            )
            for name, test in self.tests.items()
        ]
        ended = hosts.run(ctx, kind, module_args, uhyve.path(ctx) / uhyve.PROGRAM, programs, folder)
        self.results = {result.name: result for result in ended}

    def judge(self, name: str) -> str:
        """Why the program failed, with what it printed; empty if it passed."""
        test, result = self.tests[name], self.results[name]
        if result.code < 0:
            return f"never ended; the host's last words:\n{result.output[-4000:]}"
        outcome = judge.Outcome(result.code, result.output)
        expect = judge.expectations(test.get("expect"))
        why = judge.judge(outcome, exit_code=test.get("exit_code", 0), expect=expect)
        return why and f"{why}; it printed:\n{result.output}"


def make(kind: str) -> Any:
    """The fixture `host` of one kind: booted once for each setting of the KVM module."""
    settings = {"amd": ("npt=1", "npt=0"), "intel": ("ept=1", "ept=0")}[kind]

    @pytest.fixture(scope="module", params=settings)
    def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Host:
        """The host, after it has run all programs."""
        return Host(kind, request.param, tmp_path_factory.mktemp(kind))

    return host
