"""uhyve on an Intel host: Bochs, which checks VM entries strictly, kvm-intel, EPT on and off."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest
from conftest import NAMES, Host, make

host = make("intel")


@pytest.mark.parametrize("name", NAMES)
def test_guest(host: Host, name: str) -> None:
    assert host.judge(name) == ""
