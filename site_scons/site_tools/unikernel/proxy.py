"""Starts a unikernel: reads HERMIT_* and options, picks the isle, becomes uhyve or stays as the parent of QEMU."""
# SPDX-License-Identifier: BSD-3-Clause
# Start-up is the whole cost on uhyve: only os and sys are imported here, the rest where it is needed.
import os
import sys

from . import cores
from . import settings as wishes
from .messages import EXIT_CANNOT_RUN, EXIT_USAGE, UnikernelError
from .settings import Settings

HELP = """Usage: proxy [options] IMAGE [argument ...]

Starts a unikernel and ends with its exit code.

  --isle uhyve|qemu     where to run it; else the best that this host can run       HERMIT_ISLE
  -m, --mem SIZE        guest memory: bytes, or a number with K, M, G, T            HERMIT_MEM
  -c, --cpus N|all      cores; all: as many as this process may use of the host     HERMIT_CPUS
  --pin auto|off|LIST   host cores that they keep, such as 0,2-3; auto: if enough   HERMIT_PIN
  --stack SIZE          the main thread's stack                                     HERMIT_STACK
  -e, --env NAME=VALUE  set a variable for the guest, which gets all but HERMIT_*
  --timeout SECONDS     end the guest then, with exit code 124
  --result FILE         write how it ended as JSON
  --verbose             show the kernel's log                                       HERMIT_VERBOSE=1
  --help, --version

HERMIT_KVM=0 runs QEMU without KVM, HERMIT_QEMU=PATH another QEMU.
Exit codes: the guest's own; 128+n ended by signal n; 120 bug of the libOS; 121 deadlock; 122 too little memory;
124 timeout; 125 cannot run here; 126 not a hermit image; 127 no such file; 2 wrong usage.
"""


class Tools:
    """Where the build puts what the launcher starts: uhyve's program and QEMU's unpacked tree; QEMU may be absent."""

    def __init__(self, uhyve: str, qemu: str, version: str) -> None:
        self.uhyve = uhyve
        self.qemu = qemu
        self.version = version


def main(words: list[str], tools: Tools) -> int:
    """Run one unikernel; returns only where uhyve does not take this process over."""
    settings = Settings()
    try:
        wishes.read_environ(settings, os.environ)
        wishes.read_options(settings, words)
        if settings.ask:
            sys.stdout.write(HELP if settings.ask == "--help" else f"proxy {tools.version}\n")
            return 0
        return _start(settings, tools)
    except UnikernelError as error:
        return _failed(settings, error)
    except KeyboardInterrupt:
        return 130


def _start(settings: Settings, tools: Tools) -> int:
    if not settings.program:
        raise UnikernelError("no image given", "", "proxy [options] IMAGE [argument ...]", EXIT_USAGE)
    environ = guest_environ(settings.env)
    if (settings.isle or _best(settings.verbose)) == "uhyve":
        return _become_uhyve(settings, tools, environ)
    from . import isle_qemu

    return isle_qemu.run(settings, tools, environ)


def _best(verbose: bool) -> str:
    from . import kvm

    reason = kvm.why_not()
    if reason and verbose:
        print(f"proxy: qemu, as uhyve cannot run here: {reason}", file=sys.stderr)
    return "qemu" if reason else "uhyve"


def _become_uhyve(settings: Settings, tools: Tools, environ: dict[bytes, bytes]) -> int:
    try:
        os.execve(tools.uhyve, uhyve_words(settings, tools.uhyve), environ)
    except OSError as error:
        mend = "build it: scons, or `unikernel sdk uhyve`" if isinstance(error, FileNotFoundError) else ""
        raise UnikernelError(f"cannot start uhyve: {error.strerror}", tools.uhyve, mend, EXIT_CANNOT_RUN) from error


def uhyve_words(settings: Settings, uhyve: str) -> list[str]:
    """uhyve's command line. What nobody asked for is left to it: it knows the image's note."""
    words = [uhyve, "run"]
    cpus = cores.word(settings.cpus) if settings.cpus else ""
    for name, value in (("mem", settings.mem), ("cpus", cpus), ("pin", settings.pin), ("stack", settings.stack),
                        ("timeout", settings.timeout), ("result", settings.result)):
        if value:
            words += [f"--{name}", str(value)]
    if settings.verbose:
        words.append("--verbose")
    return [*words, "--", *settings.program]


def guest_environ(extra: list[str]) -> dict[bytes, bytes]:
    """The caller's environ without HERMIT_*, and what `-e` adds."""
    environ = {name: value for name, value in os.environb.items() if not name.startswith(b"HERMIT_")}
    # In the C locale Python itself puts this into its environment (PEP 538): the guest shall see the caller's.
    if environ.get(b"LC_CTYPE") == b"C.UTF-8" and not _inherited(b"LC_CTYPE=C.UTF-8"):
        del environ[b"LC_CTYPE"]
    for text in extra:
        name, _, value = os.fsencode(text).partition(b"=")
        environ[name] = value
    return environ


def _inherited(assignment: bytes) -> bool:
    try:
        with open("/proc/self/environ", "rb") as stream:
            return assignment in stream.read().split(b"\0")
    except OSError:
        return True


def _failed(settings: Settings, error: UnikernelError) -> int:
    print(f"proxy: {error}", file=sys.stderr)
    if settings.result:
        from . import outcome

        outcome.Outcome(settings.isle, error.code, "error", str(error)).write(settings.result)
    return error.code
