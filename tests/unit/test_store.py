"""The store: whole entries or none, whoever builds, breaks or is killed."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from unikernel.messages import UnikernelError
from unikernel.store import Store, remove, roots

BUILDER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from unikernel.store import Store

def make(tmp, final):
    with open(sys.argv[3], "a") as stream:
        stream.write("made\\n")
    (tmp / "first").write_text("1")
    time.sleep(float(sys.argv[4]))
    (tmp / "second").write_text("2")

print(Store([Path(sys.argv[2])]).ensure("pkg", "ab12", make))
"""


def builder(home: Path, store: Store, journal: Path, pause: float) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", BUILDER, home / "site_scons/site_tools", store.root, journal, str(pause)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def test_makes_once_and_read_only(store: Store) -> None:
    made = []

    def make(tmp: Path, final: Path) -> None:
        made.append(final)
        (tmp / "folder").mkdir()
        (tmp / "folder" / "file").write_text("x")

    entry = store.ensure("pkg", "ab12", make)
    assert store.ensure("pkg", "ab12", make) == entry == made[0] == store.path("pkg", "ab12")
    assert len(made) == 1
    modes = [path.stat().st_mode & 0o222 for path in (entry, entry / "folder", entry / "folder" / "file")]
    assert modes == [0, 0, 0]


def test_failure_leaves_nothing(store: Store) -> None:
    def make(tmp: Path, _: Path) -> None:
        (tmp / "half").write_text("x")
        raise UnikernelError("no luck")

    with pytest.raises(UnikernelError, match="no luck"):
        store.ensure("pkg", "ab12", make)
    assert not store.has("pkg", "ab12")
    assert [path.name for path in (store.root / "tmp").iterdir()] == ["pkg-ab12.lock"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_disk_full_is_one_line(store: Store, code: int) -> None:
    def make(tmp: Path, _: Path) -> None:
        (tmp / "half").write_text("x")
        raise OSError(code, os.strerror(code))

    with pytest.raises(UnikernelError) as caught:
        store.ensure("pkg", "ab12", make)
    assert "disk full" in str(caught.value) and str(store.root) in str(caught.value)
    assert not store.has("pkg", "ab12")


def test_two_builders_make_it_once(home: Path, store: Store, tmp: Path) -> None:
    journal = tmp / "journal"
    both = [builder(home, store, journal, 0.5) for _ in range(2)]
    outputs = {process.communicate(timeout=30)[0] for process in both}
    assert outputs == {f"{store.path('pkg', 'ab12')}\n"}
    assert journal.read_text() == "made\n"


def test_a_killed_builder_leaves_no_entry_and_its_scratch_goes(home: Path, store: Store, tmp: Path) -> None:
    journal = tmp / "journal"
    victim = builder(home, store, journal, 60)
    scratch = store.root / "tmp"
    while not list(scratch.glob("pkg-ab12.*.*/first")):
        assert victim.poll() is None
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    assert not store.has("pkg", "ab12")
    assert builder(home, store, journal, 0).wait(30) == 0
    assert sorted(path.name for path in store.path("pkg", "ab12").iterdir()) == ["first", "second"]
    assert not list(scratch.glob("pkg-ab12.*.*"))


def test_earlier_roots_are_read_and_never_written(tmp: Path) -> None:
    site = Store([tmp / "site"])
    site.ensure("pkg", "aa", lambda path, _: None)
    both = Store([tmp / "site", tmp / "own"])
    assert both.path("pkg", "aa") == tmp / "site" / "pkg" / "aa"
    assert both.ensure("pkg", "bb", lambda path, _: None) == tmp / "own" / "pkg" / "bb"
    assert not site.has("pkg", "bb")


def test_loser_of_a_race_without_locks_uses_the_winners_entry(store: Store) -> None:
    def make(tmp: Path, final: Path) -> None:
        (tmp / "file").write_text("second")
        final.mkdir(parents=True)  # the other builder was faster
        (final / "file").write_text("first")

    assert (store.ensure("pkg", "ab12", make) / "file").read_text() == "first"


@pytest.mark.parametrize("code, says", [(errno.EACCES, "not writable"), (errno.EROFS, "not writable"),
                                        (errno.ENOSPC, "disk full"), (errno.EIO, "Input/output error")])
def test_a_store_that_cannot_be_written_is_one_line(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(UnikernelError, match=says) as caught:
        store.ensure("pkg", "ab12", lambda path, _: None)
    assert str(store.root) in str(caught.value)


def test_roots_come_from_the_environment() -> None:
    assert roots({"HOME": "/h"}) == [Path("/h/.cache/unikernel")]
    assert roots({"HOME": "/h", "XDG_CACHE_HOME": "/c"}) == [Path("/c/unikernel")]
    assert roots({"HOME": "/h", "UNIKERNEL_STORE": "/site:/own"}) == [Path("/site"), Path("/own")]


@pytest.mark.parametrize("name", ["a b", "it's", "$x", "a,b", "a:b/c\n"])
def test_a_store_where_the_toolchain_cannot_be_built_is_one_line(name: str) -> None:
    for environ in ({"UNIKERNEL_STORE": f"/ok:/{name.replace(':', '%')}"}, {"XDG_CACHE_HOME": f"/{name}"}):
        with pytest.raises(UnikernelError, match="UNIKERNEL_STORE") as failure:
            roots(environ)
        assert failure.value.code == 2 and "\n" not in str(failure.value)


def test_letters_of_any_language_may_stand_in_a_stores_path() -> None:
    assert roots({"XDG_CACHE_HOME": "/home/jürgen-ø_1.2+~@x"}) == [Path("/home/jürgen-ø_1.2+~@x/unikernel")]


def test_remove_takes_read_only_trees_and_leaves_link_targets(tmp: Path) -> None:
    (tmp / "kept").write_text("x")
    (tmp / "tree" / "sub").mkdir(parents=True)
    (tmp / "tree" / "sub" / "link").symlink_to(tmp / "kept")
    (tmp / "tree" / "sub").chmod(0o555)
    remove(tmp / "tree")
    assert not (tmp / "tree").exists() and (tmp / "kept").exists()
