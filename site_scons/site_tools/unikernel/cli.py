"""The `unikernel` command: a table of its subcommands, each a module of its own."""
# SPDX-License-Identifier: BSD-3-Clause
# Started by other builds' makefiles, too: only the module of the command asked for is imported, and no argparse here.
from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from . import __version__
from .messages import EXIT_USAGE, UnikernelError

# Command -> its module and what it does. A module has main(words), which returns the exit code and may raise
# UnikernelError; usage and options are its own.
COMMANDS: dict[str, tuple[str, str]] = {
    "fetch": ("command_fetch", "download the pinned inputs into the store"),
    "build": ("command_build", "compile and link sources into an image, without a build system"),
    "run": ("command_run", "start an image"),
    "env": ("command_env", "print variables and files for make, configure, CMake and Meson"),
    "sdk": ("command_sdk", "make parts of the SDK before a program asks for them"),
    "lock": ("command_lock", "resolve toolchain.lock anew"),
    "store": ("command_store", "look at the store, or tidy it"),
    "init": ("command_init", "write a starter SConstruct and a small program into the working folder"),
    "licences": ("command_licences", "tell what an image links, and under which terms"),
    "doctor": ("doctor", "tell what this host can run, and how to enable the rest"),
}
_EPILOG = """environment:
  UNIKERNEL_STORE   folders of the store, colon-separated; the last is written (default: the user's cache folder)
  UNIKERNEL_DEBIAN  base of a Debian mirror or snapshot, where this host's apt knows none
  UNIKERNEL_MIRROR  folder or address filled by `unikernel fetch --into DIR`; nothing else is asked then
  UNIKERNEL_HOME    the clone to use, if not the one this command lies in
exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted
"""


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code. Failures are one line on stderr."""
    name, words = (argv[0], list(argv[1:])) if argv else ("", [])
    if name in ("-h", "--help", "--version"):
        print(f"unikernel {__version__}\n" if name == "--version" else _help(), end="")
        return 0
    try:
        if name not in COMMANDS:
            mend = f"commands are: {' '.join(COMMANDS)}; `unikernel --help` tells more"
            raise UnikernelError("no such command" if name else "no command given", name, mend, EXIT_USAGE)
        module = importlib.import_module(f".{COMMANDS[name][0]}", __package__)
        code: int = module.main(words)
        sys.stdout.flush()
        return code
    except UnikernelError as error:
        print(f"unikernel: {error}", file=sys.stderr)
        return error.code
    except BrokenPipeError:  # whoever reads has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("unikernel: interrupted", file=sys.stderr)
        return 130


def start() -> int:
    """The command as pip installs it."""
    return main(sys.argv[1:])


def _help() -> str:
    lines = [f"  {name:9} {text}" for name, (_, text) in COMMANDS.items()]
    head = ["Usage: unikernel COMMAND ...; `unikernel COMMAND --help` has its options.", "", "commands:"]
    return "\n".join([*head, *lines, _EPILOG])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
