"""Standard streams that fail: the program is told, as it would be on Linux."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess

import pytest
from conftest import HOME, Sdk
from unikernel import context, kvm, uhyve

ONCE = """
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
    long got = write(1, "x", 1);
    fprintf(stderr, "%ld %d\\n", got, errno == ENOSPC);
    return 0;
}
"""


@pytest.mark.skipif(bool(kvm.why_not()), reason="no KVM")
def test_a_full_disk_fails_the_write_that_meets_it(sdk: Sdk) -> None:
    sdk.ok("gcc", sdk.source(ONCE), "-o", "once")
    launcher = uhyve.ensure(context.from_environ(os.environ, home=HOME)) / "bin/uhyve"
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [launcher, "run", "once"], cwd=sdk.work, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=60, check=False,
        )
    assert (done.returncode, done.stderr) == (0, "-1 1\n")
