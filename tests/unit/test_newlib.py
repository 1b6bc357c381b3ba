"""What newlib's and libc's entries depend on, and what is taken from the sources."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from unikernel import libc, lock, newlib, toolchain
from unikernel.context import Context
from unikernel.messages import UnikernelError
from unikernel.store import Store


@pytest.fixture
def ctx(home: Path, tmp: Path) -> Context:
    """A context whose home is a copy of the recipe, the kernel's headers and the lock."""
    copy = tmp / "home"
    for name in ("runtimes/newlib", "runtimes/pte", "runtimes/atomic", "runtimes/ubsan", "kernel/include"):
        shutil.copytree(home / name, copy / name)
    return Context(copy, lock.read(home / lock.FILE), Store([tmp / "store"]), True, 2)


@pytest.mark.parametrize("file, newlib_changes, libc_changes", [
    ("runtimes/newlib/recipe.json", True, True),
    ("runtimes/newlib/newlib.patch", True, True),
    ("runtimes/newlib/include/sys/uio.h", True, True),
    ("runtimes/newlib/libc.json", False, True),
    ("runtimes/newlib/port/io.c", False, True),
    ("runtimes/newlib/string/new.c", False, True),
    ("runtimes/pte/mutex.c", False, True),
    ("runtimes/ubsan/libsanitizer.spec", False, True),
    ("kernel/include/hermit/syscalls.h", False, True),
    ("runtimes/README", False, False),
])
def test_what_a_change_rebuilds(ctx: Context, file: str, newlib_changes: bool, libc_changes: bool) -> None:
    before = newlib.key(ctx), libc.key(ctx)
    with open(ctx.home / file, "a") as stream:
        stream.write("\n")
    assert (newlib.key(ctx) != before[0], libc.key(ctx) != before[1]) == (newlib_changes, libc_changes)


def test_keys_do_not_depend_on_the_place(ctx: Context, tmp: Path) -> None:
    shutil.copytree(ctx.home, tmp / "other")
    other = Context(tmp / "other", ctx.lock, Store([tmp / "other-store"]), True, 1)
    assert (newlib.key(ctx), libc.key(ctx)) == (newlib.key(other), libc.key(other))


def test_only_some_packages_make_the_compilers_key(ctx: Context) -> None:
    def without(name: str) -> Context:
        entries = tuple(entry for entry in ctx.lock.entries if entry.name != name)
        return Context(ctx.home, lock.Lock(entries, ctx.lock.roots), ctx.store, True, 2)

    assert toolchain.key(without("musl")) == toolchain.key(ctx)
    assert newlib.key(without("musl")) != newlib.key(ctx)
    assert toolchain.key(without("libmpc3")) != toolchain.key(ctx)


@pytest.mark.parametrize("name, kept", [
    ("usr/bin/x86_64-linux-gnu-gcc-12", True), ("usr/lib/gcc/x86_64-linux-gnu/12/cc1", True),
    ("usr/lib/gcc/x86_64-linux-gnu/12/libgcc_eh.a", True), ("usr/lib/gcc/x86_64-linux-gnu/12/crtbeginT.o", True),
    ("usr/lib/gcc/x86_64-linux-gnu/12/libgomp.spec", False), ("usr/lib/gcc/x86_64-linux-gnu/12/libatomic.a", False),
    ("usr/lib/gcc/x86_64-linux-gnu/12/libasan_preinit.o", False), ("usr/share/doc/gcc/README", False),
])
def test_what_of_the_packages_is_unpacked(name: str, kept: bool) -> None:
    assert toolchain._keep(name) is kept


def test_x86_sources_come_before_generic_ones(tmp: Path) -> None:
    settings = json.loads((Path(__file__).parents[2] / "runtimes/newlib/recipe.json").read_text())["musl"]
    math = tmp / "src" / "math"
    (math / "x86_64").mkdir(parents=True)
    for name in ("sinl.c", "fabsl.c", "x86_64/fabsl.s", "sqrtl.c", "x86_64/sqrtl.c", "sin.c", "ceil.c", "nexttoward.c"):
        (math / name).touch()
    found = [str(source.relative_to(math)) for source in newlib._musl_sources(tmp, settings)]
    assert found == ["x86_64/fabsl.s", "nexttoward.c", "sinl.c", "x86_64/sqrtl.c"]


def test_other_sources_than_expected_are_one_line(tmp: Path) -> None:
    with pytest.raises(UnikernelError, match="long-double"):
        newlib._musl_sources(tmp, {"sources": ["*l.c"], "without": []})
