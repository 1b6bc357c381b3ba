"""`unikernel build`: make entries of the store that only some programs ask for."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os

from . import context, steps


def main(words: list[str]) -> int:
    """Make the steps named, and what they use."""
    parser = argparse.ArgumentParser(
        prog="unikernel build", description="Make a step's entry of the store: gomp, for x86_64-hermit-gcc -fopenmp.")
    parser.add_argument("steps", nargs="+", metavar="STEP", choices=steps.MADE_FROM,
                        help=f"of {' '.join(steps.MADE_FROM)}")
    options = parser.parse_args(words)
    ctx = context.from_environ(os.environ)
    for name in options.steps:
        for needed in (*steps.USES.get(name, ()), name):
            steps.load(needed).ensure(ctx)
    return 0
