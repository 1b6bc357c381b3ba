"""Progress: live on a terminal only, plain lines otherwise."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys

import pytest
from unikernel import progress
from unikernel.progress import Progress


def show(*, failed: bool = False) -> None:
    shown = Progress("c", 2, 3_000_000)
    shown.update("a", 1_000_000)
    shown.done("a", 1_500_000)
    shown.update("b", 500_000)
    shown.close(failed=failed)


def test_plain_lines_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    show()
    first, last = capsys.readouterr().err.splitlines()
    assert first == "unikernel: fetching c: 2 files, 3.0 MB"
    assert last.startswith("unikernel: fetched c: 3.0 MB in ")


def test_a_failure_is_not_called_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    show(failed=True)
    assert "fetched" not in capsys.readouterr().err


def test_live_line_on_a_terminal_and_not_under_scons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress, "_INTERVAL", 0)
    show()
    text = capsys.readouterr().err
    assert "\rfetching c: 1.0/3.0 MB, 0 of 2 files" in text.replace("\x1b[K", "")
    assert "2.0/3.0 MB, 1 of 2 files" in text
    monkeypatch.setattr(progress, "live", False)
    show()
    assert "\r" not in capsys.readouterr().err
