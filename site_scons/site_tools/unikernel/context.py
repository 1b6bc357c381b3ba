"""What every step needs to know: the plugin's home, the lock, the store and how to work."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import lock as locks
from .lock import Lock
from .messages import UnikernelError
from .store import Store, plain, roots, store_error

_PACKAGE = Path(__file__).resolve().parent
INSTALLED = _PACKAGE / "home"  # in a wheel: what a clone has beside the plugin (pack.py)


@dataclass(frozen=True)
class Context:
    """Passed to each step's key(), path() and ensure()."""

    home: Path  # the checkout that holds kernel/, uhyve/, runtimes/ and toolchain.lock
    lock: Lock
    store: Store
    offline: bool
    jobs: int
    debug: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)  # for downloads only: mirrors, proxies, cargo, pip


def from_environ(
    environ: Mapping[str, str], *, home: Path | None = None, offline: bool = False, jobs: int | None = None,
    debug: bool = False, stale: bool = False,
) -> Context:
    """The context of this process: UNIKERNEL_HOME, UNIKERNEL_STORE, XDG_CACHE_HOME and the lock of `home`.

    `stale` lets a stale lock pass: for the command that makes it anew.
    """
    where = home or find_home(environ)
    lock = locks.read(where / locks.FILE)
    if not stale:
        locks.check_fresh(lock, where / locks.FILE)
    count = jobs or len(os.sched_getaffinity(0))
    return Context(where, lock, Store(roots(environ)), offline, count, debug, dict(environ))


def for_making(ctx: Context) -> Context:
    """`ctx` with a home that make and gcc can name: where its own path holds blanks, a link in the store.

    No key depends on where home is.
    """
    if plain(ctx.home):
        return ctx
    link = ctx.store.root / "home" / hashlib.sha256(os.fsencode(ctx.home)).hexdigest()
    fresh = link.with_name(f"{link.name}.{os.getpid()}")
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        fresh.symlink_to(ctx.home)
        fresh.replace(link)
    except OSError as error:
        raise store_error(error, ctx.store.root) from error
    return replace(ctx, home=link)


def find_home(environ: Mapping[str, str]) -> Path:
    """UNIKERNEL_HOME, else `home/` inside the wheel, else the clone this package lies in.

    A wheel's own comes first: it may be unpacked somewhere in a clone, of another version.
    """
    given = environ.get("UNIKERNEL_HOME")
    places = [Path(given).absolute()] if given else [INSTALLED, _PACKAGE.parents[2]]
    for place in places:
        if (place / locks.FILE).is_file():
            return place
    mend = "use the plugin from a clone (toolpath=['<clone>/site_scons/site_tools']) or set UNIKERNEL_HOME to one"
    raise UnikernelError("no toolchain.lock", places[-1], mend, 2)
