"""Sealed and reproducible: a build from an empty store sees nothing of the host, and gives the same bytes elsewhere."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sandbox
from checkout import copy_checkout
from project import HOME, MAIN, TOOLPATH, Project
from unikernel import context, seal, steps

# What a build must not call, whatever stands on PATH, and what it must not read of the environment.
POISONED = ("gcc", "cc", "cpp", "g++", "ld", "ld.bfd", "as", "ar", "ranlib", "nm", "objcopy", "strip", "make", "sh",
            "bash", "cargo", "rustc", "patchelf", "sed", "cp", "install", "python3", "env", "x86_64-linux-gnu-gcc")
TAINTED = {
    "CPATH": "/usr/include", "C_INCLUDE_PATH": "/usr/include", "LIBRARY_PATH": "/usr/lib", "CC": "gcc",
    "GCC_EXEC_PREFIX": "/usr/lib/gcc/", "COMPILER_PATH": "/usr/bin", "CFLAGS": "-Dpoison",
    "RUSTFLAGS": "--cfg poison", "RUSTC": "/usr/bin/rustc",
    "RUSTC_WRAPPER": "/usr/bin/false", "MAKEFLAGS": "--poison", "LANG": "de_DE.UTF-8", "SHELL": "/bin/false",
    "CARGO_BUILD_TARGET": "wasm32-unknown-unknown",
}
STEPS = ("newlib", "libc", "kernel", "gomp", "stdcxx", "quadmath", "gfortran", "sysroot", "uhyve")


@dataclass
class Built:
    """A build of everything in a place of its own."""

    project: Project
    store: Path
    skipped: str  # why it was not made in a sandbox


def poison(folder: Path) -> Path:
    """A folder of programs that leave a mark when called, and fail."""
    folder.mkdir(parents=True)
    for name in POISONED:
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {name} >> {folder}/called\nexit 99\n")
        program.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Everything built anew: in another folder, from an empty store, poisoned, in a sandbox where that is allowed."""
    place = tmp_path_factory.mktemp("seal")
    project, mirror = copy_checkout(place / "elsewhere" / "checkout"), place / "mirror"
    store = place / "elsewhere" / "checkout-store"  # a path that begins like the checkout's: prefix maps compare so
    store.mkdir()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TOOLPATH), os.environ.get("PYTHONPATH", "")])}
    groups = ("c", "c++", "fortran", "rust", "runtimes", "patch", "crates", "seal")
    fetch = [sys.executable, "-m", "unikernel.cli", "fetch", *groups, "--into", str(mirror)]
    subprocess.run(fetch, env=environ, check=True)
    ctx = context.from_environ(os.environ, home=HOME)
    bwrap = seal.ensure(ctx) / "usr/bin/bwrap"
    skipped = sandbox.why_not(bwrap)
    bad = poison(place / "poison")
    words = [] if skipped else sandbox.command(
        bwrap, shown=[mirror, bad], writable=[project.folder, store], folder=project.folder
    )
    targets = ["build/examples", *(f"build/sdk/{name}.digest" for name in STEPS)]
    done = subprocess.run(
        [*words, sys.executable, "-m", "SCons", "-Q", "-j2", *targets], cwd=project.folder, check=False, text=True,
        capture_output=True, env={
            # The sandbox has no /dev/kvm: else the runs would want QEMU.
            **TAINTED, "HOME": str(place), "PATH": str(bad), "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "UNIKERNEL_STORE": str(store), "UNIKERNEL_MIRROR": str(mirror), "HERMIT_ISLE": "uhyve",
        },
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert not (bad / "called").exists(), (bad / "called").read_text()
    yield Built(project, store, skipped)
    # The store's entries are read-only.
    subprocess.run(["chmod", "-R", "u+w", str(place)], check=False)
    shutil.rmtree(place)


def test_builds_in_a_sandbox_that_shows_only_store_and_checkout(built: Built) -> None:
    if built.skipped:
        pytest.skip(built.skipped)
    assert (built.project.folder / "build/examples/stream/stream").is_file()


@pytest.mark.parametrize("name", STEPS)
def test_the_same_bytes_from_another_place(built: Built, name: str) -> None:
    """Ours came from another folder and another store."""
    ours = steps.load(name).path(context.from_environ(os.environ, home=HOME))
    theirs = built.store / ours.relative_to(ours.parents[1])
    if name == "sysroot":  # specs and driver name their store; the libraries must not
        ours, theirs = ours / "usr", theirs / "usr"
    assert difference(ours, theirs) == []


def test_the_same_programs_from_another_place(built: Built, tmp_path: Path) -> None:
    here = copy_checkout(tmp_path / "here")
    here.build("build/examples")
    names = ("hello", "stream", "openmp-pi", "hello-cpp", "hello-fortran")
    for name in (f"{name}/{name}" for name in names):
        images = [project.folder / "build/examples" / name for project in (here, built.project)]
        assert filecmp.cmp(*images, shallow=False), name


def difference(one: Path, other: Path) -> list[str]:
    """Files of two trees that are not the same."""
    names = {path.relative_to(root) for root in (one, other) for path in root.rglob("*") if not path.is_dir()}
    assert names
    return sorted(
        str(name) for name in names
        if not (os.path.lexists(one / name) and os.path.lexists(other / name))
        or not filecmp.cmp(one / name, other / name, shallow=False)
    )


def test_users_compiler_and_environment_are_ignored(project: Project, tmp_path: Path) -> None:
    bad = poison(tmp_path / "poison")
    project.environ.update(TAINTED, PATH=str(bad))
    project.sconstruct(
        f"env.Replace(CC='{bad}/gcc', LINK='{bad}/ld', AR='{bad}/ar', SHELL='{bad}/sh', CCCOM='false')\n"
        f"env['ENV'] = {{'PATH': '{bad}'}}\n"
        "env.UnikernelProgram('app', ['main.c'], LIBS=[env.UnikernelLibrary('f', ['f.c'])])\n"
    )
    project.write("main.c", MAIN)
    project.write("f.c", "#ifdef poison\n#error the environment's flags\n#endif\nint f;\n")
    project.build()
    assert not (bad / "called").exists()


@pytest.mark.parametrize("header", ["linux/kvm.h", "gnu/libc-version.h", "X11/Xlib.h", "asm/unistd.h"])
def test_host_headers_are_out_of_reach(project: Project, header: str) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'])\n")
    project.write("main.c", f"#include <{header}>\n{MAIN}")
    result = project.scons()
    assert result.code == 2 and f"main.c:1:10: error: {header}: " in result.err


def test_host_libraries_are_out_of_reach(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'], LIBS=['crypt'])\n")
    project.write("main.c", MAIN)
    result = project.scons()
    assert result.code == 2 and "cannot find -lcrypt" in result.err
