"""The qemu isle: starts QEMU, stays its parent, and leaves nothing behind."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import _socket  # the socket module itself takes 8 ms to import, a fifth of a whole run
import ctypes
import os
import shutil
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from . import bootinfo, cores, headers, kvm, qemu_command, sizes
from .control import PORTS
from .headers import Image
from .messages import EXIT_CANNOT_RUN, EXIT_GUEST_MEMORY, EXIT_TIMEOUT, UnikernelError
from .outcome import Outcome
from .settings import Settings

if TYPE_CHECKING:
    from .proxy import Tools

_PROGRAM = "qemu-system-x86_64"
_DEFAULT_MEMORY = 64 << 20
_MEMORY_PER_CORE = 448 << 20  # beyond the first
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_SIGKILL = 9
_FIRST_CODE = 120  # a guest that cannot use its ports yet ends QEMU with one of our exit codes


def run(settings: Settings, tools: Tools, environ: Mapping[bytes, bytes]) -> int:
    """Run the program; its exit code. Sizes and files are checked before QEMU starts."""
    settings.isle = "qemu"
    image = headers.read(settings.program[0])
    count = cores.resolve(settings.cpus, image.cpus, settings.program[0])
    memory = _memory(settings, image, count)
    host = cores.confinement(settings.pin, count)
    qemu = _find(settings, tools)
    blob = bootinfo.encode(
        image, settings.program, environ, cores=count, host_cores=len(host), stack=settings.stack,
        verbose=settings.verbose,
    )
    machine = Machine(qemu, settings.program[0], blob, memory, _use_kvm(settings), count, host)
    try:
        outcome = machine.attend(settings, tools)
    finally:
        machine.end()
    outcome.memory, outcome.seconds = memory, time.monotonic() - machine.started
    if outcome.message and outcome.reason not in ("fault", "panic"):  # theirs stand in the block already
        print(f"proxy: {outcome.message}", file=sys.stderr)
    if settings.result:
        outcome.write(settings.result)
    return outcome.exit_code


def default_memory(loaded: int, count: int, host: int) -> int:
    """Bytes where nobody asks for a size, as in uhyve/src/image.rs: more with each core, up to half of the host's."""
    least = max(_DEFAULT_MEMORY, 2 * loaded)
    return max(least, min(least + _MEMORY_PER_CORE * (count - 1), host // 2))


def _memory(settings: Settings, image: Image, count: int) -> int:
    host = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    memory = settings.mem or image.mem or default_memory(image.loaded, count, host)
    if memory > host:
        what = f"this host has {host >> 20}M of memory, not the {sizes.short(memory)} asked for"
        raise UnikernelError(what, "", "lower HERMIT_MEM or -m", EXIT_CANNOT_RUN)
    if memory <= image.end:
        what = f"{sizes.short(memory)} of guest memory do not hold the image"
        raise UnikernelError(what, settings.program[0], "raise HERMIT_MEM or -m", EXIT_GUEST_MEMORY)
    return memory


def _find(settings: Settings, tools: Tools) -> str:
    if settings.qemu:
        if os.access(settings.qemu, os.X_OK):
            return settings.qemu
        raise UnikernelError("HERMIT_QEMU is no program", settings.qemu, "", EXIT_CANNOT_RUN)
    ours = os.path.join(tools.qemu, "usr", "bin", _PROGRAM)
    found = ours if os.access(ours, os.X_OK) else shutil.which(_PROGRAM)
    if found is None:
        mend = "`unikernel sdk qemu` makes it ready; or set HERMIT_QEMU"
        raise UnikernelError("QEMU is not there yet", tools.qemu, mend, EXIT_CANNOT_RUN)
    return found


def _use_kvm(settings: Settings) -> bool:
    reason = kvm.why_not() if settings.kvm else "HERMIT_KVM=0"
    if reason and settings.verbose:
        print(f"proxy: QEMU without KVM: {reason}", file=sys.stderr)
    return not reason


class Machine:
    """A running QEMU and our ends of its ports."""

    def __init__(
        self, qemu: str, image: str, blob: bytes, memory: int, use_kvm: bool, count: int, host: set[int]
    ) -> None:
        _occupy_standard()
        self.started = time.monotonic()
        self.kvm = use_kvm
        self.ports: dict[str, int] = {}
        self._status = 0  # QEMU's, once it has ended
        theirs = {name: self._socket(name) for name in (*PORTS, "serial")}
        self.ports["words"], words = os.pipe()
        boot_info = os.memfd_create("boot-info", 0)
        os.write(boot_info, blob)
        module = f"/proc/self/fd/{boot_info}"
        line = qemu_command.command(qemu, image, module, theirs, memory=memory, kvm=use_kvm, cores=count)
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _become(line, qemu_command.environment(qemu), list(theirs.values()), words, parent, host)
        for fd in (*theirs.values(), words, boot_info):
            os.close(fd)
        for fd in self.ports.values():
            os.set_blocking(fd, False)

    def _socket(self, name: str) -> int:
        ours, theirs = _socket.socketpair()
        self.ports[name] = ours.detach()
        return theirs.detach()

    def attend(self, settings: Settings, tools: Tools) -> Outcome:
        """Serve the guest until it ends, is to end, or QEMU fails."""
        from . import console, lifeline

        deadline = self.started + float(settings.timeout or "inf")
        wake = lifeline.catch_signals()
        guest = console.Console(self.ports, wake, deadline, lambda record: _print_fault(record, settings, tools))
        guest.clock = lifeline.clock_steps()
        outcome = guest.run()
        while outcome is None and guest.stopped == lifeline.CHILD and self._runs():
            guest.stopped = 0  # it was uhyve, which had printed a thread's place
            outcome = guest.run()
        if outcome is not None:
            if outcome.exit_code == EXIT_TIMEOUT and outcome.reason == "timeout":
                outcome.message = f"timeout: ended after {settings.timeout} s"
            return outcome
        if guest.stopped != lifeline.CHILD:
            return Outcome("qemu", 128 + guest.stopped, "signal", f"ended by signal {guest.stopped}")
        return self._ended_alone(guest.words)

    def _ended_alone(self, words: bytes) -> Outcome:
        """QEMU ended without an exit record: a code of the guest's early boot, else a failure."""
        code = os.waitstatus_to_exitcode(self._status)
        if code > 0 and code % 2 and code // 2 >= _FIRST_CODE:
            code //= 2
            return Outcome("qemu", code, "panic" if code == _FIRST_CODE else "error")
        how = f"signal {-code}" if code < 0 else f"status {code}"
        last = " ".join(words.decode(errors="replace").split())
        message = f"QEMU ended with {how} and without word from the guest" + (f": {last}" if last else "")
        return Outcome("qemu", EXIT_CANNOT_RUN, "error", message)

    def _runs(self) -> bool:
        """Whether QEMU still runs; else its status is kept."""
        ended, self._status = os.waitpid(self.pid, os.WNOHANG)
        if ended:
            self.pid = 0
        return not ended

    def end(self) -> None:
        """Kill QEMU if it still runs."""
        if self.pid:
            os.kill(self.pid, _SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


def _occupy_standard() -> None:
    """A caller may have closed descriptors 0 to 2; a socket of ours must not take their place."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(fd, True)
    os.close(fd)


def _become(
    line: list[str], environ: dict[str, str], keep: list[int], words: int, parent: int, host: set[int]
) -> NoReturn:
    """In the child: become QEMU, in a session of its own (Ctrl-C is ours to handle), killed when the parent dies."""
    try:
        os.sched_setaffinity(0, host)
        os.setsid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        null = os.open(os.devnull, os.O_RDONLY)
        for fd, place in ((null, 0), (words, 1), (words, 2)):
            os.dup2(fd, place)
        for fd in keep:
            os.set_inheritable(fd, True)
        os.execve(line[0], line, environ)
    except OSError as error:
        os.write(2, f"cannot start {line[0]}: {error.strerror}".encode())
    os._exit(127)


def _print_fault(record: bytes, settings: Settings, tools: Tools) -> str:
    """Let uhyve print the block of a fault (one symbolizer serves both isles); its first line."""
    import subprocess

    words = [tools.uhyve, "symbolize", settings.program[0]]
    try:
        block = subprocess.run(words, input=record, stdout=subprocess.PIPE, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        block = f"proxy: the guest faulted, and uhyve cannot print where: {error}\n".encode()
    sys.stderr.buffer.write(block)
    sys.stderr.buffer.flush()
    return block.partition(b"\n")[0].decode(errors="replace")
