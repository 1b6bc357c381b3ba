"""Our Rust code: formatted, free of clippy's warnings, and its own tests pass; by the locked tools, offline."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import rustlint
from unikernel.context import Context


@pytest.mark.parametrize("project", ["kernel", "uhyve"])
def test_is_formatted(ctx: Context, tmp_path: Path, project: str) -> None:
    rustlint.rustfmt(ctx, project, tmp_path / "log")


@pytest.mark.parametrize("project, options", [("kernel", ()), ("uhyve", ("--all-targets",))])
def test_clippy_is_silent(ctx: Context, tmp_path: Path, project: str, options: tuple[str, ...]) -> None:
    rustlint.clippy(ctx, project, tmp_path / "log", *options)


_PACKAGES = [("uhyve", "uhyve"), ("kernel", "hermit-abi"), ("kernel", "hermit-fs"), ("kernel", "hermit-signal")]


@pytest.mark.parametrize("project, package", _PACKAGES)
def test_its_own_tests_pass(ctx: Context, tmp_path: Path, project: str, package: str) -> None:
    rustlint.unit_tests(ctx, project, package, tmp_path / "log")
