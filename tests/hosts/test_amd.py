"""uhyve on an AMD host: QEMU's TCG with SVM, Debian's kernel with kvm-amd, nested paging on and off."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest
from conftest import NAMES, Host, make

host = make("amd")


@pytest.mark.parametrize("name", NAMES)
def test_guest(host: Host, name: str) -> None:
    assert host.judge(name) == ""
