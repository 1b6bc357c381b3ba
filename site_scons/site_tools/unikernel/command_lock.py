"""`unikernel lock`: resolve toolchain.lock anew, or pin the Python packages' hashes."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os

from . import context, lock, metadata, wheels
from .messages import EXIT_USAGE, UnikernelError


def main(words: list[str]) -> int:
    """Write the clone's toolchain.lock, or its requirements files."""
    parser = argparse.ArgumentParser(
        prog="unikernel lock",
        description="Resolve packages.json against Debian's present metadata (needs apt).")
    parser.add_argument("--python", action="store_true", help="pin the hashes of the Python packages' wheels instead")
    options = parser.parse_args(words)
    home = context.find_home(os.environ)
    if home == context.INSTALLED:
        raise UnikernelError("an installed plugin keeps its lock", home, "lock in a clone", EXIT_USAGE)
    if options.python:
        ctx = context.from_environ(os.environ)
        for name in (wheels.RUN, wheels.DEVELOP):
            wheels.pin(ctx, home / name)
    else:
        metadata.make_lock(home / lock.FILE, os.environ)
    return 0
