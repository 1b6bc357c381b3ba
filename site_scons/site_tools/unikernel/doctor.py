"""`unikernel doctor`: what this host can run, what costs noise, and how to enable the rest. One screen."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import context, kvm, qemu
from .messages import UnikernelError

_CLONE_NEWUSER = 0x10000000  # linux/sched.h
_SMALL = 2 << 30  # bytes of free memory below which the examples' defaults get tight
_CPU = "sys/devices/system/cpu"
_WORDS = {True: "ok", False: "!!", None: "--"}
# Module -> what kind of KVM it is.
_KINDS = {"kvm_intel": "VMX, Intel's", "kvm_amd": "SVM, AMD's", "kvm_pvm": "PVM, in software"}


@dataclass(frozen=True)
class Finding:
    """One line. `good`: True fine, False wants mending (how, in `mend`), None worth knowing."""

    good: bool | None
    topic: str
    text: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"  {_WORDS[self.good]} {self.topic:11} {self.text}"
        return f"{line}\n     {'':11} -> {self.mend}" if self.mend else line


class Host:
    """The facts of a host; `root` is where its /proc and /sys are (another folder in tests)."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.flags = frozenset(self._line("proc/cpuinfo", "flags").split())

    def text(self, path: str) -> str:
        """A file's content, stripped; "" where it is not."""
        try:
            return (self.root / path).read_text(errors="replace").strip()
        except OSError:
            return ""

    def memory(self, field: str) -> int:
        """Bytes of a line of /proc/meminfo."""
        words = self._line("proc/meminfo", field).split()
        return int(words[0]) * (1024 if words[1:] == ["kB"] else 1) if words else 0

    def kind(self) -> str:
        """Which KVM is loaded."""
        modules = self.root / "sys" / "module"
        return next((name for module, name in _KINDS.items() if (modules / module).is_dir()), "unknown")

    def _line(self, path: str, field: str) -> str:
        for line in self.text(path).splitlines():
            name, _, value = line.partition(":")
            if name.strip() == field:
                return value.strip()
        return ""


def isles(host: Host, why_no_kvm: str, qemu_tree: Path | None) -> Iterator[Finding]:
    """What can start a program."""
    lacks = [name for name, flag in (("FSGSBASE", "fsgsbase"), ("XSAVE", "xsave")) if flag not in host.flags]
    if why_no_kvm:
        what, _, mend = why_no_kvm.partition(" (")
        yield Finding(False, "uhyve", f"cannot run: {what}", mend.rstrip(")"))
    elif lacks:
        mend = "a newer CPU; in a virtual machine pass the host's CPU through (-cpu host)"
        yield Finding(False, "uhyve", f"cannot run: this CPU lacks {' and '.join(lacks)}", mend)
    else:
        yield Finding(True, "uhyve", f"{kvm.DEVICE} works (KVM by {host.kind()})")
    speed = "without KVM: integers about 1.2 times slower, floating point 30 to 70 times" if why_no_kvm else "with KVM"
    fetch = "unikernel sdk qemu"
    if qemu_tree is not None and qemu_tree.is_dir():
        yield Finding(True, "qemu", f"unpacked in the store; {speed}")
    elif found := shutil.which("qemu-system-x86_64"):
        yield Finding(None, "qemu", f"the pinned one is not fetched yet; {found} serves; {speed}", fetch)
    else:
        yield Finding(None, "qemu", "not fetched yet; the build does it when a program is run there", fetch)


def machine(host: Host) -> Iterator[Finding]:
    """CPU, memory and cores."""
    vectors = [name for name, flag in (("AVX2", "avx2"), ("AVX-512", "avx512f")) if flag in host.flags]
    place = ", itself a virtual machine: an exit to the hypervisor costs more" if "hypervisor" in host.flags else ""
    yield Finding(None, "CPU", f"{', '.join(vectors) or 'SSE2 only'}{place}")
    stable = {"constant_tsc", "nonstop_tsc"} <= host.flags
    yield Finding(stable or None, "clock", "the TSC is invariant" if stable else "the TSC may change its rate or stop")
    free, total = host.memory("MemAvailable"), host.memory("MemTotal")
    mend = "" if free >= _SMALL else "close other programs, or give small HERMIT_MEM"
    yield Finding(free >= _SMALL, "memory", f"{total / (1 << 30):.1f} GiB, {free / (1 << 30):.1f} GiB of it free", mend)
    yield from _pages(host)
    cores, limit = len(os.sched_getaffinity(0)), _quota(host)
    few = limit is not None and limit < cores
    yield Finding(not few, "cores", f"{cores}" + (f", but a quota of {limit:.1f}" if few else ""),
                  "raise the cgroup's cpu.max: a quota stops all cores in the middle of a computation" if few else "")


def _pages(host: Host) -> Iterator[Finding]:
    choice = host.text("sys/kernel/mm/transparent_hugepage/enabled")
    if "[never]" in choice or not choice:
        mend = "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"
        yield Finding(False, "huge pages", "off: guest memory is touched in pages of 4 KiB, 30 times slower", mend)
    else:
        yield Finding(True, "huge pages", f"transparent ones: {choice.partition('[')[2].partition(']')[0]}")


def _quota(host: Host) -> float | None:
    """Cores that the control group may use in all."""
    words = host.text("sys/fs/cgroup/cpu.max").split()
    return int(words[0]) / int(words[1]) if len(words) == 2 and words[0].isdigit() else None


def noise(host: Host) -> Iterator[Finding]:
    """What disturbs measurements."""
    if host.text(f"{_CPU}/smt/active") == "1":
        mend = "echo off | sudo tee /sys/devices/system/cpu/smt/control, or leave the siblings idle"
        yield Finding(None, "SMT", "on: two threads share a core's units", mend)
    governor = host.text(f"{_CPU}/cpu0/cpufreq/scaling_governor")
    if governor and governor != "performance":
        yield Finding(None, "frequency", f"governor {governor}", "sudo cpupower frequency-set -g performance")
    isolated = host.text(f"{_CPU}/isolated")
    if isolated:
        text = f"cores {isolated} are isolated: HERMIT_CPUS=all taskset -c {isolated} proxy ... keeps one each"
        yield Finding(True, "isolation", text)
    else:
        mend = "boot with isolcpus=<list> nohz_full=<list>"
        yield Finding(None, "isolation", "no core is kept free of other work", mend)
    yield from _many_cores(host, len(os.sched_getaffinity(0)))
    load = host.text("proc/loadavg").split()
    if load and float(load[0]) > 0.5 * len(os.sched_getaffinity(0)):
        text = f"{load[0]} runnable on average: other programs compete"
        yield Finding(None, "load", text, "wait until they are done")


def _many_cores(host: Host, cores: int) -> Iterator[Finding]:
    """What is noise, or takes time, only where a guest has several cores."""
    if cores > 1:
        text = f"a guest with all {cores} leaves none for the host's own work and for uhyve's I/O"
        yield Finding(None, "all cores", text, f"HERMIT_CPUS={cores - 1} for figures that repeat")
    nodes = len(list((host.root / "sys/devices/system/node").glob("node[0-9]*")))
    if nodes > 1:
        mend = "numactl --cpunodebind=0 --membind=0 proxy ..., for a guest that fits one of them"
        yield Finding(None, "NUMA", f"{nodes} nodes: a page lies on that of the core that touches it first", mend)
    poll = host.text("sys/module/kvm/parameters/halt_poll_ns")
    if poll.isdigit() and int(poll):
        text = f"KVM spins up to {int(poll) // 1000} us before a halted core sleeps: quick to wake, but not idle"
        yield Finding(None, "idle cores", text, "echo 0 | sudo tee /sys/module/kvm/parameters/halt_poll_ns")


def building(host: Host) -> Iterator[Finding]:
    """What the builds and tests want."""
    if _may_unshare():
        yield Finding(True, "namespaces", "user namespaces work: the test of hermetic builds can run")
    else:
        setting = "kernel.apparmor_restrict_unprivileged_userns=0"
        if not host.text("proc/sys/kernel/apparmor_restrict_unprivileged_userns"):
            setting = "user.max_user_namespaces=10000"
        text = "forbidden: only the test of hermetic builds is skipped"
        yield Finding(None, "namespaces", text, f"sudo sysctl {setting}")


def _may_unshare() -> bool:
    """Whether this user may make a user namespace, tried by a child that ends at once."""
    libc = ctypes.CDLL(None)
    child = os.fork()
    if child == 0:
        os._exit(0 if libc.unshare(_CLONE_NEWUSER) == 0 else 1)
    return os.waitpid(child, 0)[1] == 0


def main(argv: list[str]) -> int:
    """Print the screen; always 0, as nothing here is a failure of the command."""
    if argv:
        print("Usage: unikernel doctor\n\nTells what this host can run, what costs noise, and how to enable the rest.")
        return 0
    host = Host()
    sections = {
        "Isles": isles(host, kvm.why_not(), _qemu_tree()), "Machine": machine(host), "Noise": noise(host),
        "Building": building(host),
    }
    for title, findings in sections.items():
        print(title)
        for finding in findings:
            print(finding)
    return 0


def _qemu_tree() -> Path | None:
    try:
        return qemu.path(context.from_environ(os.environ))
    except UnikernelError:
        return None  # no lock here: what the host can do is worth telling all the same


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
