"""`unikernel fetch`: download the pinned inputs into the store, and into a folder that serves as a mirror."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from . import context, crates, fetch, wheels
from .context import Context
from .messages import EXIT_USAGE, UnikernelError, note

CRATES, PYTHON = "crates", "python"  # what can be fetched beside the lock's groups


def main(words: list[str]) -> int:
    """Fetch the groups named, or all."""
    parser = argparse.ArgumentParser(
        prog="unikernel fetch", description="Download the pinned inputs into the store, so that offline=1 works.")
    parser.add_argument("groups", nargs="*", metavar="GROUP",
                        help=f"groups of toolchain.lock, {CRATES}, {PYTHON}; all if none is given")
    parser.add_argument("--into", type=Path, metavar="DIR",
                        help="fill DIR, too: it serves elsewhere as UNIKERNEL_MIRROR=DIR, without network")
    options = parser.parse_args(words)
    ctx = context.from_environ(os.environ)
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
