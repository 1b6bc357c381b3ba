"""The launcher of an installed wheel: finds uhyve and QEMU in the store by the keys that the wheel was made with."""
# SPDX-License-Identifier: BSD-3-Clause
# Imported by each start of proxy: nothing heavy at the top.
import os
import sys

from . import __version__, proxy
from .messages import UnikernelError


def main(words: list[str], uhyve: str, qemu: str) -> int:
    """Run one unikernel. `uhyve`, `qemu`: keys of the wheel's own steps, or "" where they change (a clone)."""
    try:
        tools = computed() if os.environ.get("UNIKERNEL_HOME") or not uhyve else noted(uhyve, qemu)
    except UnikernelError as error:
        print(f"proxy: {error}", file=sys.stderr)
        return error.code
    return proxy.main(words, tools)


def noted(uhyve: str, qemu: str) -> proxy.Tools:
    """By keys alone: nothing of the wheel is read (30 ms for all it holds)."""
    return proxy.Tools(entry("sdk", uhyve) + "/bin/uhyve", entry("pkg", qemu), __version__)


def entry(kind: str, key: str) -> str:
    """The place of a store's entry, as Store.path() finds it, without what store.py imports."""
    roots = [root for root in os.environ.get("UNIKERNEL_STORE", "").split(":") if root]
    if not roots:
        home = os.environ.get("HOME") or os.path.expanduser("~")
        roots = [os.path.join(os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache", "unikernel")]
    places = [os.path.join(os.getcwd(), os.path.expanduser(root), kind, key) for root in roots]
    return next((place for place in places if os.path.isdir(place)), places[-1])


def computed() -> proxy.Tools:
    """From the sources that this plugin works with now."""
    from . import context, steps

    ctx = context.from_environ(os.environ)
    return proxy.Tools(f"{steps.load('uhyve').path(ctx)}/bin/uhyve", str(steps.load("qemu").path(ctx)), __version__)
