"""`unikernel sdk`: make the parts of the SDK that are else made when a program asks for them."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os

from . import context, languages, steps


def main(words: list[str]) -> int:
    """Make what languages need, or the entry of a step."""
    known = [languages.C, *languages.STEPS]
    parser = argparse.ArgumentParser(
        prog="unikernel sdk", description="Make what a language needs, for x86_64-hermit-gcc outside the rules."
    )
    parser.add_argument("parts", nargs="+", metavar="PART", choices=[*known, *steps.MADE_FROM],
                        help=f"{' '.join(known)}, or a step: {' '.join(steps.MADE_FROM)}")
    options = parser.parse_args(words)
    ctx = context.from_environ(os.environ)
    for part in options.parts:
        for name in [part] if part in steps.MADE_FROM else languages.steps([part]):
            steps.make(ctx, name)
    return 0
