"""Digests: what counts and what does not."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import digest as digests
from unikernel.digest import digest
from unikernel.messages import UnikernelError


def test_parts_are_framed() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") != digest(b"a")


def test_an_input_that_is_missing_is_one_line(tmp: Path) -> None:
    with pytest.raises(UnikernelError, match="cannot be read: No such file.*nowhere.*git status"):
        digest(tmp / "nowhere")


def test_folder_counts_names_and_contents(tmp: Path) -> None:
    (tmp / "x").mkdir()
    (tmp / "x" / "a").write_text("1")
    first = digest(tmp / "x")
    (tmp / "x" / "a").rename(tmp / "x" / "b")
    renamed = digest(tmp / "x")
    (tmp / "x" / "b").write_text("2")
    assert len({first, renamed, digest(tmp / "x")}) == 3


def test_modes_do_not_count(tmp: Path) -> None:
    """The wheel's files have the modes that pip gives them, those on other file systems whatever these say."""
    (tmp / "a").write_text("1")
    first = digest(tmp), digest(tmp / "a")
    (tmp / "a").chmod(0o755)
    assert (digest(tmp), digest(tmp / "a")) == first


def test_folder_does_not_count_its_place_or_leftovers(tmp: Path) -> None:
    for name in ("one", "two"):
        (tmp / name / "sub").mkdir(parents=True)
        (tmp / name / "sub" / "a").write_text("1")
    (tmp / "two" / "target").mkdir()
    (tmp / "two" / "target" / "object").write_text("leftover")
    (tmp / "two" / "__pycache__").mkdir()
    assert digest(tmp / "one") == digest(tmp / "two")


def test_what_is_remembered_is_read_once(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of SCons asks for the same sources at each program."""
    (tmp / "a").write_text("1")
    first = digest(tmp)
    monkeypatch.setattr(digests, "_remembered", None)
    digests.remember()
    assert digest(tmp) == first
    (tmp / "a").write_text("2")
    assert digest(tmp) == first
    monkeypatch.setattr(digests, "_remembered", None)
    assert digest(tmp) != first
