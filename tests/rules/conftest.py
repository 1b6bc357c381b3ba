"""Fixtures: a fresh project per test."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys
from pathlib import Path

import pytest
from project import TOOLPATH, Project

sys.path.insert(0, str(TOOLPATH))  # the plugin itself, for its pure modules


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project in a folder of its own."""
    return Project(tmp_path / "project")
