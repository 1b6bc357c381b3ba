"""The `unikernel` command: fetch, build, lock, store, doctor."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import context, crates, fetch, housekeeping, lock, metadata, steps, wheels
from .context import Context
from .messages import EXIT_USAGE, UnikernelError, note
from .store import Store, roots

CRATES, PYTHON = "crates", "python"  # what can be fetched beside the lock's groups


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code. Failures are one line on stderr."""
    parser = _parser()
    if list(argv[:1]) == ["doctor"]:
        code: int = importlib.import_module(".doctor", __package__).main(list(argv[1:]))
        return code
    options = parser.parse_args(list(argv))
    try:
        code = options.run(options)
        return code
    except UnikernelError as error:
        print(f"unikernel: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("unikernel: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="unikernel", description=__doc__, epilog=_EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("fetch", help="download the pinned inputs into the store",
                                  description="Download the pinned inputs into the store, so that offline=1 works.")
    command.add_argument("groups", nargs="*", metavar="GROUP",
                         help=f"groups of toolchain.lock, {CRATES}, {PYTHON}; all if none is given")
    command.add_argument("--into", type=Path, metavar="DIR",
                         help="fill DIR, too: it serves elsewhere as UNIKERNEL_MIRROR=DIR, without network")
    command.set_defaults(run=_fetch)
    command = commands.add_parser("build", help="make parts of the store that are made on demand",
                                  description="Make a step's entry of the store: gomp, for x86_64-hermit-gcc -fopenmp.")
    command.add_argument("steps", nargs="+", metavar="STEP", choices=steps.MADE_FROM,
                         help=f"of {' '.join(steps.MADE_FROM)}")
    command.set_defaults(run=_build)
    command = commands.add_parser("lock", help="resolve toolchain.lock anew",
                                  description="Resolve packages.json against Debian's present metadata (needs apt).")
    command.add_argument("--python", action="store_true",
                         help="pin the hashes of the Python packages' wheels instead")
    command.set_defaults(run=_lock)
    group = commands.add_parser("store", help="look at the store, or tidy it").add_subparsers(
        required=True, metavar="du|gc")
    command = group.add_parser("du", help="tell how much the store holds")
    command.set_defaults(run=_usage)
    command = group.add_parser("gc", help="remove what was not used for some time")
    command.add_argument("--days", type=_days, default=30.0, metavar="N", help="unused for N days (default 30)")
    command.set_defaults(run=_collect)
    commands.add_parser("doctor", help="tell what this host can run, and how to enable the rest", add_help=False)
    return parser


_EPILOG = """environment:
  UNIKERNEL_STORE   folders of the store, colon-separated; the last is written (default: the user's cache folder)
  UNIKERNEL_DEBIAN  base of a Debian mirror or snapshot, where this host's apt knows none
  UNIKERNEL_MIRROR  folder or address filled by `unikernel fetch --into DIR`; nothing else is asked then
  UNIKERNEL_HOME    the clone to use, if not the one this command lies in
exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted"""


def _days(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise ValueError(text)
    return value


def _context() -> Context:
    return context.from_environ(os.environ)


def _fetch(options: argparse.Namespace) -> int:
    ctx = _context()
    known = [*ctx.lock.groups(), CRATES, PYTHON]
    wrong = [name for name in options.groups if name not in known]
    if wrong:
        raise UnikernelError("no such group", " ".join(wrong), f"groups are: {' '.join(known)}", EXIT_USAGE)
    asked = options.groups or known
    groups = [name for name in asked if name in ctx.lock.groups()]
    if groups:
        fetch.fetch(ctx, groups)
    if CRATES in asked:
        crates.ensure(ctx)
    if PYTHON in asked:
        for name in (wheels.RUN, wheels.DEVELOP):
            wheels.ensure(ctx, name)
    if options.into is not None:
        _export(ctx, options.into.absolute(), asked, groups)
    return 0


def _build(options: argparse.Namespace) -> int:
    ctx = _context()
    for name in options.steps:
        for needed in (*steps.USES.get(name, ()), name):
            steps.load(needed).ensure(ctx)
    return 0


def _export(ctx: Context, into: Path, asked: Sequence[str], groups: Sequence[str]) -> None:
    try:
        into.mkdir(parents=True, exist_ok=True)
        if groups:
            fetch.export(ctx, groups, into)
        if CRATES in asked:
            crates.export(ctx, into)
        if PYTHON in asked:
            wheels.export(ctx, into)
    except OSError as error:
        raise UnikernelError(f"cannot fill the folder: {error.strerror}", error.filename or into) from error
    note(f"{into} is ready: use it with UNIKERNEL_MIRROR={into}")


def _lock(options: argparse.Namespace) -> int:
    home = context.find_home(os.environ)
    if options.python:
        ctx = _context()
        for name in (wheels.RUN, wheels.DEVELOP):
            wheels.pin(ctx, home / name)
    else:
        metadata.make_lock(home / lock.FILE, os.environ)
    return 0


def _usage(_options: argparse.Namespace) -> int:
    store = Store(roots(os.environ))
    found = housekeeping.usage(store)
    print(store.root)
    for item in found:
        print(f"{item.kind:5} {item.entries:6} entries {item.size / 1e6:10.1f} MB")
    print(f"total {sum(item.entries for item in found):6} entries {sum(item.size for item in found) / 1e6:10.1f} MB")
    return 0


def _collect(options: argparse.Namespace) -> int:
    done = housekeeping.collect(Store(roots(os.environ)), options.days)
    print(f"removed {done.entries} entries, {done.size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
