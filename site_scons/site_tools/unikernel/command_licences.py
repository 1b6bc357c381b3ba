"""`unikernel licences`: what an image links, and under which terms."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import context, origins, texts
from .messages import EXIT_NO_FILE, UnikernelError

_RULE = "=" * 78


def main(words: list[str]) -> int:
    """List the parts, or print their terms in full."""
    parser = argparse.ArgumentParser(
        prog="unikernel licences",
        description="Tell what an image links beside your own objects, and under which terms (docs/licences.md).")
    parser.add_argument("image", type=Path, metavar="IMAGE", help="a program of x86_64-hermit-gcc or the rules")
    parser.add_argument("--texts", action="store_true", help="print the terms in full, to pass on with the image")
    options = parser.parse_args(words)
    try:
        parts = origins.read(options.image)
    except OSError as error:
        raise UnikernelError(f"cannot read: {error.strerror}", options.image, "", EXIT_NO_FILE) from error
    if options.texts:
        _print_texts(parts)
    else:
        _print_table(options.image, parts)
    return 0


def _print_table(image: Path, parts: list[origins.Part]) -> None:
    print(f"{image} links, beside its own objects:")
    names, terms = (max(map(len, column)) for column in zip(*((part.name, part.terms) for part in parts), strict=True))
    for part in parts:
        print(f"  {part.name:{names}}  {part.terms:{terms}}  {part.title}")
    if any("LGPL" in part.terms for part in parts):
        print("The LGPL asks something of whoever passes this on: docs/licences.md says what, and how to do without.")


def _print_texts(parts: list[origins.Part]) -> None:
    """Each text once, below what it is of: crates have many in common."""
    ctx = context.from_environ(os.environ)
    titles: dict[str, list[str]] = {}
    for source in dict.fromkeys(source for part in parts for source in part.texts):
        users = ", ".join(part.name for part in parts if source in part.texts)
        for title, text in texts.read(ctx, source):
            titles.setdefault(text.strip("\n"), []).append(f"{users}: {title}")
    for text, names in titles.items():
        print("\n".join([_RULE, *names, _RULE, "", text, ""]))
