"""Fixtures of the unit tests: small packages, a lock of them, a mirror on the loopback that can misbehave."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "site_scons" / "site_tools"))
sys.path.insert(0, str(Path(__file__).parent))

from packages import Package, deb  # noqa: E402
from server import Server  # noqa: E402
from unikernel.context import Context  # noqa: E402
from unikernel.lock import Lock  # noqa: E402
from unikernel.store import Store, remove  # noqa: E402


@pytest.fixture
def home() -> Path:
    """The checkout."""
    return HOME


@pytest.fixture
def tmp(tmp_path: Path) -> Iterator[Path]:
    """A scratch folder whose read-only store entries are removed, too."""
    yield tmp_path
    remove(tmp_path)


@pytest.fixture
def store(tmp: Path) -> Store:
    """An empty store."""
    return Store([tmp / "store"])


@pytest.fixture
def packages() -> list[Package]:
    """Two packages of group c and one of group d."""
    return [
        Package("c", "tool", deb({"usr/bin/tool": b"#!tool\n" * 5000, "lib/libtool.so": b"library"})),
        Package("c", "small", deb({"usr/share/small": b"small"})),
        Package("d", "other", deb({"usr/share/other": b"other"})),
    ]


@pytest.fixture
def server(packages: list[Package]) -> Iterator[Server]:
    """A mirror of the packages on 127.0.0.1."""
    with Server({package.entry.path: package.data for package in packages}) as running:
        yield running


@pytest.fixture
def make_context(packages: list[Package], store: Store, home: Path) -> Callable[..., Context]:
    """A context with the packages' lock; keywords: environ (a dict), offline."""
    def make(environ: dict[str, str] | None = None, *, offline: bool = False) -> Context:
        lock = Lock(tuple(sorted(package.entry for package in packages)), "0" * 64)
        return Context(home, lock, store, offline, 2, False, environ or {})

    return make
