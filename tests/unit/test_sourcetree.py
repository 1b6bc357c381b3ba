"""Copies and digests of another project's source."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from unikernel import sourcetree
from unikernel.messages import UnikernelError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a file, a script, a link, and what is no source."""
    top = tmp_path / "tree"
    (top / "sub").mkdir(parents=True)
    (top / ".git").mkdir()
    (top / ".git" / "HEAD").write_text("ref")
    (top / "build").mkdir()
    (top / "build" / "left.o").write_text("old")
    (top / "sub" / "a.c").write_text("int a;\n")
    (top / "run.sh").write_text("#!/usr/bin/env bash\necho\n")
    (top / "run.sh").chmod(0o755)
    (top / "link").symlink_to("sub/a.c")
    return top


def scan(tree: Path) -> dict[str, str]:
    """The files of the tree, with notes beside it."""
    return sourcetree.scan(str(tree), [str(tree / "build")], str(tree.parent / "notes" / "files.json"))


def test_what_is_source(tree: Path) -> None:
    assert sorted(scan(tree)) == ["link", "run.sh", "sub/a.c"]


def test_contents_and_modes_count_times_do_not(tree: Path) -> None:
    first = sourcetree.digest_of(scan(tree))
    os.utime(tree / "sub/a.c", (1, 1))
    assert sourcetree.digest_of(scan(tree)) == first
    (tree / "sub/a.c").write_text("int b;\n")
    second = sourcetree.digest_of(scan(tree))
    assert second != first
    (tree / "sub/a.c").chmod(0o755)
    assert sourcetree.digest_of(scan(tree)) not in (first, second)


def test_only_what_changed_is_read_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sourcetree, "_UNSETTLED", -(10**18))  # as if all had been there for long
    before = scan(tree)
    (tree / "new.c").write_text("")
    monkeypatch.setattr(sourcetree, "_digest", lambda path, status: f"read {path}")
    assert scan(tree) == {**before, "new.c": f"read {tree}/new.c"}


def test_a_file_written_just_now_is_not_trusted(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sourcetree, "_UNSETTLED", 10**18)
    scan(tree)
    monkeypatch.setattr(sourcetree, "_digest", lambda path, status: "read")
    assert set(scan(tree).values()) == {"read"}


def test_a_copy_and_its_update(tree: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    before = scan(tree)
    sourcetree.copy(str(tree), before, copy)
    assert (copy / "link").readlink() == Path("sub/a.c") and os.access(copy / "run.sh", os.X_OK)
    assert (copy / "sub/a.c").stat().st_mtime == (copy / "run.sh").stat().st_mtime
    (tree / "sub/a.c").write_text("int b;\n")
    (tree / "link").unlink()
    assert sourcetree.update(str(tree), scan(tree), before, copy) == ["sub/a.c"]
    assert (copy / "sub/a.c").read_text() == "int b;\n" and not (copy / "link").is_symlink()
    assert (copy / "sub/a.c").stat().st_mtime > (copy / "run.sh").stat().st_mtime


@pytest.mark.parametrize(("line", "mended"), [
    ("#!/bin/sh", "#!/store/sh"), ("#! /bin/sh -e", "#!/store/sh -e"), ("#!/usr/bin/env bash", "#!/store/bash"),
    ("#!/usr/bin/perl -w", "#!/usr/bin/perl -w"), ("#!/bin/shell", "#!/bin/shell"), ("plain", "plain"),
])
def test_interpreters(tmp_path: Path, line: str, mended: str) -> None:
    script = tmp_path / "script"
    script.write_text(f"{line}\nrest\n")
    os.utime(script, (5, 5))
    sourcetree.mend_scripts(tmp_path, {"sh": Path("/store/sh"), "bash": Path("/store/bash")})
    assert script.read_text() == f"{mended}\nrest\n" and script.stat().st_mtime == 5


@pytest.mark.parametrize("top", ["project-1.0/", ""])
def test_an_archive(tree: Path, tmp_path: Path, top: str) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(tree / "sub/a.c", f"{top}src/a.c")
        archive.add(tree / "run.sh", f"{top}run.sh")
    sourcetree.unpack(tmp_path / "a.tar.gz", tmp_path / "out")
    assert sorted(os.listdir(tmp_path / "out")) == ["run.sh", "src"]
    assert (tmp_path / "out/src/a.c").stat().st_mtime == (tmp_path / "out/run.sh").stat().st_mtime


def test_a_damaged_archive(tmp_path: Path) -> None:
    (tmp_path / "a.tar.xz").write_bytes(b"nothing")
    with pytest.raises(UnikernelError, match=r"damaged archive.*a\.tar\.xz \(download it again\)"):
        sourcetree.unpack(tmp_path / "a.tar.xz", tmp_path / "out")
    with pytest.raises(UnikernelError, match="neither a folder nor an archive"):
        sourcetree.kind("a.tar.zst")
