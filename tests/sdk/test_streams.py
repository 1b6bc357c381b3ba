"""Standard streams that fail: the program is told, as it would be on Linux."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess

import pytest
from conftest import HOME, Sdk
from unikernel import context, kvm, uhyve

ENDLESS = """
#include <errno.h>
#include <signal.h>
#include <stdio.h>
int main(int argc, char **argv) {
    if (argc > 1)
        signal(SIGPIPE, SIG_IGN);
    while (puts("y") >= 0 || argc == 1)
        ;
    return errno == EPIPE ? 3 : 4;
}
"""
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


pytestmark = pytest.mark.skipif(bool(kvm.why_not()), reason=f"uhyve needs KVM: {kvm.why_not()}")


def run(sdk: Sdk, source: str, stdout: int, *args: str) -> tuple[int, str]:
    """Exit code and stderr of a program on uhyve."""
    sdk.ok("gcc", sdk.source(source), "-o", "app")
    launcher = uhyve.ensure(context.from_environ(os.environ, home=HOME)) / "bin/uhyve"
    done = subprocess.run(
        [launcher, "run", "app", *args], cwd=sdk.work, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
        text=True, timeout=60, check=False,
    )
    return done.returncode, done.stderr


def test_a_full_disk_fails_the_write_that_meets_it(sdk: Sdk) -> None:
    with open("/dev/full", "wb") as full:
        assert run(sdk, ONCE, full.fileno()) == (0, "-1 1\n")


@pytest.mark.parametrize("args, code", [((), 141), (("ignore",), 3)])
def test_who_writes_where_nobody_reads_ends(sdk: Sdk, args: tuple[str, ...], code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result, text = run(sdk, ENDLESS, writer, *args)
    finally:
        os.close(writer)
    assert result == code and ("SIGPIPE" in text) == (code == 141)
    assert len(text.splitlines()) <= 1
