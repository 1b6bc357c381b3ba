"""Fixtures: the context of this checkout."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / "site_scons" / "site_tools"))

from unikernel import context  # noqa: E402
from unikernel.context import Context  # noqa: E402


@pytest.fixture(scope="session")
def ctx() -> Context:
    """Builds in this checkout's build/cargo, so that a second run compiles only what changed."""
    return context.from_environ(os.environ, home=HOME)
