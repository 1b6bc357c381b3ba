"""libgomp's entry: what it depends on, what of GCC's source is taken, how its files are chosen and filled in."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from unikernel import gccsource, gomp, lock, newlib, steps, toolchain
from unikernel.context import Context
from unikernel.messages import UnikernelError
from unikernel.store import Store


@pytest.fixture
def ctx(home: Path, tmp: Path) -> Context:
    """A context whose home is a copy of the recipes, the kernel's headers and the lock."""
    copy = tmp / "home"
    for name in ("runtimes", "kernel/include"):
        shutil.copytree(home / name, copy / name)
    return Context(copy, lock.read(home / lock.FILE), Store([tmp / "store"]), True, 2)


@pytest.mark.parametrize("file, changes", [
    ("runtimes/gcc/recipe.json", True), ("runtimes/gcc/gcc.patch", True), ("runtimes/gcc/hermit/futex.h", True),
    ("runtimes/gcc/libgomp.spec", True), ("runtimes/newlib/include/sys/_pthreadtypes.h", True),
    ("kernel/include/hermit/syscalls.h", True), ("runtimes/newlib/port/io.c", False),
])
def test_what_a_change_rebuilds(ctx: Context, file: str, changes: bool) -> None:
    before = gomp.key(ctx)
    with open(ctx.home / file, "a") as stream:
        stream.write("\n")
    assert (gomp.key(ctx) != before) is changes


def test_the_key_does_not_depend_on_the_place(ctx: Context, tmp: Path) -> None:
    shutil.copytree(ctx.home, tmp / "other")
    assert gomp.key(Context(tmp / "other", ctx.lock, Store([tmp / "other-store"]), True, 1)) == gomp.key(ctx)


def test_gccs_source_is_libgomps_alone(ctx: Context) -> None:
    """Nothing that a C program waits for depends on the 83 MB."""
    entries = tuple(entry for entry in ctx.lock.entries if entry.name != "gcc-12-source")
    other = Context(ctx.home, lock.Lock(entries + _another(ctx), ctx.lock.roots), ctx.store, True, 2)
    assert gomp.key(other) != gomp.key(ctx)
    assert (toolchain.key(other), newlib.key(other)) == (toolchain.key(ctx), newlib.key(ctx))
    assert "gomp" not in {name for needed in steps.MADE_FROM.values() for name in needed}
    assert [entry.name for entry in ctx.lock.group(gccsource.GROUP)] == ["gcc-12-source"]


def _another(ctx: Context) -> tuple[lock.Entry, ...]:
    (entry,) = ctx.lock.group(gccsource.GROUP)
    return (lock.Entry(entry.group, entry.name, "13", entry.suite, entry.path, "0" * 64, entry.size),)


@pytest.mark.parametrize("name, kept", [
    ("gcc-12.2.0/libgomp/team.c", True), ("gcc-12.2.0/libgomp/config/linux/bar.c", True),
    ("gcc-12.2.0/include/gomp-constants.h", True), ("gcc-12.2.0/COPYING.RUNTIME", True),
    ("gcc-12.2.0/libgomp/testsuite/libgomp.c/task-1.c", False), ("gcc-12.2.0/libgomp/plugin/plugin-gcn.c", False),
    ("gcc-12.2.0/gcc/omp-low.cc", False), ("gcc-12.2.0/libgomp2/x.c", False), ("gcc-12.2.0", False),
    ("gcc-12.2.0/libgcc/gthr-posix.h", True), ("gcc-12.2.0/libgcc/config/arm/crti.S", False),
    ("gcc-12.2.0/libstdc++-v3/ChangeLog-2020", False),
    ("gcc-12.2.0/libstdc++-v3/testsuite/util/testsuite_io.h", False), ("gcc-12.2.0/gcc/BASE-VER", True),
])
def test_what_of_the_source_is_unpacked(name: str, kept: bool) -> None:
    assert gccsource.wanted(name) is kept


def test_the_first_folder_that_has_a_source_counts(tmp: Path) -> None:
    for name in ("hermit/proc.c", "linux/proc.c", "linux/bar.c", "team.c"):
        (tmp / name).parent.mkdir(exist_ok=True)
        (tmp / name).touch()
    folders = [tmp / "hermit", tmp / "linux", tmp]
    found = [str(gomp.find(name, folders).relative_to(tmp)) for name in ("proc", "bar", "team")]
    assert found == ["hermit/proc.c", "linux/bar.c", "team.c"]
    with pytest.raises(UnikernelError, match=r"lacks a file: work\.c"):
        gomp.find("work", folders)


def test_headers_are_filled_in(home: Path) -> None:
    values = json.loads((home / "runtimes/gcc/recipe.json").read_text())["values"]
    assert gomp.fill_in("char x[@OMP_LOCK_SIZE@]; // a@b.c", values, "omp.h.in") == "char x[4]; // a@b.c"
    with pytest.raises(UnikernelError, match="no value for @OMP_NEW@: omp.h.in"):
        gomp.fill_in("@OMP_NEW@", values, "omp.h.in")
