"""The unikernel command."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import unikernel
from unikernel import cli, housekeeping, steps
from unikernel.store import Store


def test_help_names_every_command_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    for word in (*cli.COMMANDS, "UNIKERNEL_STORE", "UNIKERNEL_DEBIAN", "UNIKERNEL_MIRROR"):
        assert f"\n  {word} " in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"unikernel {unikernel.__version__}\n"


def test_a_reader_that_has_seen_enough() -> None:
    """No traceback where the output's reader is gone, as `head` is."""
    reader, writer = os.pipe()
    os.close(reader)
    program = f"import sys; sys.path[:0] = {sys.path!r}; from unikernel import cli, command_store; " \
              "command_store.main = lambda words: print('x' * 100000); sys.exit(cli.main(['store']))"
    words = [sys.executable, "-c", program]
    result = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.parametrize("argv", [[], ["x"], ["--x"]])
def test_a_command_that_is_none_is_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv) == 2
    error = capsys.readouterr().err
    assert error.startswith("unikernel: no ") and "fetch" in error and error.count("\n") == 1


@pytest.mark.parametrize("argv", [["sdk"], ["sdk", "x"], ["store"],
                                  ["store", "gc", "--days", "x"], ["store", "gc", "--days=-1"]])
def test_wrong_use_is_exit_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2


def test_unknown_group_names_the_known_ones(
    tmp: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNIKERNEL_STORE", str(tmp / "store"))
    assert cli.main(["fetch", "c", "nonsense"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("unikernel: no such group: nonsense (groups are: ") and error.count("\n") == 1
    assert " c " in error


def test_sdk_makes_a_step_and_what_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("toolchain", "sysroot", "gomp"):
        monkeypatch.setattr(steps.load(name), "ensure", lambda ctx, name=name: made.append(name))
    assert cli.main(["sdk", "gomp", "sysroot"]) == 0
    assert made == ["gomp", "toolchain", "sysroot"]
    made.clear()
    assert cli.main(["sdk", "openmp"]) == 0
    assert made == ["toolchain", "sysroot", "gomp"]


def fill(path: Path, age_days: float = 0) -> None:
    (path / "folder").mkdir(parents=True)
    (path / "folder" / "file").write_bytes(b"x" * 10_000)
    os.chmod(path / "folder", 0o555)
    os.utime(path, (time.time() - age_days * 86400,) * 2)


def test_du_and_gc(store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIKERNEL_STORE", str(store.root))
    store.ensure("pkg", "new", lambda tmp, _: fill(tmp / "x"))
    fill(store.root / "pkg" / "old", 40)
    fill(store.root / "tmp" / "pkg-zz.1.ab", 2)
    fill(store.root / "tmp" / "pkg-yy.1.ab")  # may be a build under way
    (usage,) = (item for item in housekeeping.usage(store) if item.kind == "pkg")
    assert usage.entries == 2 and usage.size >= 20_000
    assert cli.main(["store", "du"]) == 0 and "pkg        2 entries" in capsys.readouterr().out
    assert cli.main(["store", "gc", "--days", "60"]) == 0 and "removed 1 entries" in capsys.readouterr().out
    assert store.has("pkg", "old")
    os.utime(store.root / "pkg" / "old", (time.time() - 40 * 86400,) * 2)  # has() was a use
    assert cli.main(["store", "gc"]) == 0 and "removed 1 entries" in capsys.readouterr().out
    assert store.has("pkg", "new") and not store.has("pkg", "old")
    assert not (store.root / "tmp" / "pkg-zz.1.ab").exists() and (store.root / "tmp" / "pkg-yy.1.ab").exists()


def test_use_keeps_an_entry(store: Store) -> None:
    fill(store.root / "pkg" / "old", 40)
    store.path("pkg", "old")
    assert housekeeping.collect(store, 30).entries == 0 and store.has("pkg", "old")
