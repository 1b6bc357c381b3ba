"""This repository's own SConstruct: help, tree, dry run, clean, debug, variables."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from checkout import copy_checkout, snapshot
from project import Project


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """Another checkout, sharing the store."""
    return copy_checkout(tmp_path / "checkout")


def test_help_names_targets_and_variables(checkout: Project) -> None:
    result = checkout.build("-h")
    words = ("run-<name>", "hello", "stream", "test", "bench", "doctor", "debug=", "offline=", "verbose=", "cache=")
    assert [word for word in words if word not in result.out] == []


def test_unknown_and_wrong_variables(checkout: Project) -> None:
    assert checkout.refuses("debgu=1").startswith("unikernel: unknown variable debgu=")
    assert "wrong value debug=yes" in checkout.refuses("debug=yes")


@pytest.mark.parametrize("words", [["cache="], ["cache=/proc/none"], ["-n", "cache=/proc/none"]])
def test_a_cache_that_cannot_be_is_one_line(checkout: Project, words: list[str]) -> None:
    assert "cache" in checkout.refuses(*words)
    assert not (checkout.folder / "config").exists()


def test_default_builds_examples_and_commands(checkout: Project) -> None:
    checkout.build()
    for name in ("bin/proxy", "bin/unikernel", "bin/x86_64-hermit-gcc", "sdk/sysroot", "compile_commands.json",
                 "examples/hello/hello", "examples/stream/stream"):
        assert (checkout.folder / "build" / name).exists(), name
    assert not (checkout.folder / "build/reports").exists()


def test_wheel(checkout: Project) -> None:
    result = checkout.build("-Q", "wheel")
    (wheel,) = (checkout.folder / "build/dist").iterdir()
    assert wheel.suffix == ".whl" and f"build/dist/{wheel.name}" in result.out
    checkout.build("-c", "wheel")
    assert not wheel.exists()


def test_tree_shows_the_graph(checkout: Project) -> None:
    result = checkout.build("-n", "--tree=all", "build/examples/hello/hello")
    for node in ("hello.c.o", "hello.c", "sysroot.digest"):
        assert node in result.out


def test_explain(checkout: Project) -> None:
    checkout.build("build/examples/hello/hello")
    source = checkout.folder / "examples/hello/hello.c"
    source.write_text(source.read_text().replace("Hello", "Hullo"))
    result = checkout.build("--debug=explain", "build/examples/hello/hello")
    assert "rebuilding" in result.out and "hello/hello.c'" in result.out


def test_dry_run_downloads_and_writes_nothing(checkout: Project, tmp_path: Path) -> None:
    store = tmp_path / "empty-store"
    result = checkout.build("-n", UNIKERNEL_STORE=str(store), UNIKERNEL_MIRROR=str(tmp_path / "nowhere"))
    assert "LINK  build/examples/hello/hello" in result.lines
    assert not store.exists() or not snapshot(store)
    assert not (checkout.folder / "build/examples").exists()


def test_clean_keeps_the_store(checkout: Project) -> None:
    checkout.build()
    store = (checkout.folder / "build/sdk/sysroot").resolve().parents[1]
    # Other builds may add entries meanwhile, and come and go in tmp.
    before = {path for kind in ("pkg", "sdk") for path in (store / kind).iterdir()}
    checkout.build("-c")
    assert all(path.is_dir() for path in before)
    assert (checkout.folder / "build/sdk/sysroot").is_symlink()
    left = [name for name in snapshot(checkout.folder / "build") if os.path.isfile(name) and "/sdk" not in name]
    assert [os.path.basename(name) for name in left] == [".sconsign.dblite"], left
    assert "SDK" not in checkout.build().out


def test_cache_is_shared_with_other_checkouts(checkout: Project, tmp_path: Path) -> None:
    cache, target = f"cache={tmp_path / 'cache'}", "build/examples/hello/hello"
    checkout.build(cache, target)
    result = copy_checkout(tmp_path / "other").build(cache, target)
    assert "Retrieved `build/examples/hello/hello' from cache" in result.out and not result.did("CC")


def test_debug_has_a_folder_of_its_own(checkout: Project) -> None:
    result = checkout.build("debug=1", "verbose=1", "build-debug/examples/hello/hello")
    assert " -Og " in result.out and " -O2 " not in result.out
    assert not (checkout.folder / "build").exists()


def test_compile_commands_name_all_examples(checkout: Project) -> None:
    checkout.build()
    entries = json.loads((checkout.folder / "build/compile_commands.json").read_text())
    assert {"examples/hello/hello.c", "examples/stream/stream.c"} <= {entry["file"] for entry in entries}
    assert all((checkout.folder / entry["file"]).is_file() for entry in entries)


def test_offline_with_an_empty_store_says_how_to_mend(checkout: Project, tmp_path: Path) -> None:
    result = checkout.scons("-Q", "offline=1", "-j1", UNIKERNEL_STORE=str(tmp_path / "empty"))
    assert result.code == 2
    ours = [line for line in result.err.splitlines() if line.startswith("unikernel: ")]
    assert len(ours) == 1 and "Traceback" not in result.err
    assert not list((tmp_path / "empty").glob("[!t]*/*")), "nothing half-made"


def test_two_builds_at_once_share_the_store(checkout: Project, tmp_path: Path) -> None:
    other = copy_checkout(tmp_path / "other")
    running = [project.start("build/examples/hello/hello") for project in (checkout, other)]
    assert [process.wait(300) for process in running] == [0, 0]
    images = [(project.folder / "build/examples/hello/hello").read_bytes() for project in (checkout, other)]
    assert images[0] == images[1]
