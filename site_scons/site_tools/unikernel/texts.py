"""The full texts of the terms of what images link, from the pinned sources themselves."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import crates, debs, fetch, gccsource
from .context import Context
from .messages import UnikernelError

_LICENCES = ("LICENSE*", "LICENCE*", "COPYRIGHT*", "COPYING*", "NOTICE*")  # in a crate's folder


def read(ctx: Context, source: str) -> Iterator[tuple[str, str]]:
    """Titles and texts of `source`, kind:name as origins.Part.texts has them; fetched if the store lacks it."""
    kind, _, name = source.partition(":")
    yield from _KINDS[kind](ctx, name)


def _home(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    yield f"{name} of this project", (ctx.home / name).read_text()


def _gcc(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    """A file of GCC's source, or the comment at its head."""
    name, _, head = name.partition(":")
    text = (gccsource.ensure(ctx) / name).read_text()
    yield f"{name} of GCC", comment(text) if head else text


def _newlib(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    package = fetch.fetch(ctx, ["c"])["newlib-source"]
    with tempfile.TemporaryDirectory(prefix="unikernel-texts-") as place:
        debs.unpack([package], Path(place), keep=lambda file: file.endswith(".tar.xz"))
        (archive,) = Path(place).glob("usr/src/newlib/*.tar.xz")
        yield f"{name} of newlib", _member(archive, name)


def _musl(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    yield f"{name} of musl", _member(fetch.fetch(ctx, ["c"])["musl"], name)


def _rust(ctx: Context, name: str) -> Iterator[tuple[str, str]]:
    packages = fetch.fetch(ctx, ["rust"])
    package = next(packages[name] for name in sorted(packages) if name.startswith("rustc"))
    with tempfile.TemporaryDirectory(prefix="unikernel-texts-") as place:
        debs.unpack([package], Path(place), keep=lambda file: file.endswith(f"/{name}"))
        for file in Path(place).glob(f"usr/share/doc/*/{name}"):
            yield f"{name} of Rust, as Debian packages it", file.read_text()


def _crate(ctx: Context, folder: str) -> Iterator[tuple[str, str]]:
    place = crates.ensure(ctx) / "sources" / folder
    for file in sorted({file for pattern in _LICENCES for file in place.glob(pattern)}):
        yield f"{file.name} of the crate {folder}", file.read_text()


_KINDS: dict[str, Callable[[Context, str], Iterator[tuple[str, str]]]] = {
    "home": _home, "gcc": _gcc, "newlib": _newlib, "musl": _musl, "rust": _rust, "crate": _crate,
}


def _member(archive: Path, name: str) -> str:
    """A file in the top folder of a source archive."""
    with tempfile.TemporaryDirectory(prefix="unikernel-texts-") as place:
        debs.untar(archive, Path(place), keep=lambda file: file.split("/")[1:] == [name])
        for file in Path(place).glob(f"*/{name}"):
            return file.read_text(errors="replace")
    raise UnikernelError("no such text", f"{archive}: {name}")


def comment(text: str) -> str:
    """The comment of // lines with which a source begins, without its marks."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        lines.append(line.removeprefix("//").removeprefix(" "))
    return "\n".join([*lines, ""])
