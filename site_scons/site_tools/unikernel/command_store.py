"""`unikernel store du|gc`: how much the store holds; remove what was not used for some time."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os

from . import housekeeping
from .store import Store, roots


def main(words: list[str]) -> int:
    """Print the store's size, or tidy it."""
    parser = argparse.ArgumentParser(prog="unikernel store", description="Look at the store, or tidy it.")
    verbs = parser.add_subparsers(required=True, metavar="du|gc", dest="verb")
    verbs.add_parser("du", help="tell how much the store holds")
    collect = verbs.add_parser("gc", help="remove what was not used for some time")
    collect.add_argument("--days", type=_days, default=30.0, metavar="N", help="unused for N days (default 30)")
    options = parser.parse_args(words)
    store = Store(roots(os.environ))
    if options.verb == "du":
        _tell(store)
    else:
        done = housekeeping.collect(store, options.days)
        print(f"removed {done.entries} entries, {done.size / 1e6:.1f} MB")
    return 0


def _days(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise ValueError(text)
    return value


def _tell(store: Store) -> None:
    found = housekeeping.usage(store)
    print(store.root)
    for item in found:
        print(f"{item.kind:5} {item.entries:6} entries {item.size / 1e6:10.1f} MB")
    print(f"total {sum(item.entries for item in found):6} entries {sum(item.size for item in found) / 1e6:10.1f} MB")
