"""The emulated hosts' pure parts: archive, script, and what is read from the serial port."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from unikernel import bochs, cpio, hosts
from unikernel.hosts import Program, Result

PROGRAMS = [Program("one", Path("one"), ("a", "it's")), Program("two", Path("two"), options=("--mem", "4M"))]


def test_the_archive_by_its_bytes() -> None:
    data = cpio.archive({"a/b": b"xyz"})
    assert data.count(b"070701") == 3 and data.endswith(b"TRAILER!!!\0\0\0\0")
    assert len(data) % 4 == 0
    place = data.index(b"a/b\0")
    assert data[place - 110 : place][:6] == b"070701"
    assert data[-(-(place + 4) // 4) * 4 :].startswith(b"xyz\0")


def test_the_script_quotes_arguments() -> None:
    text = hosts.script("amd", "npt=0", PROGRAMS)
    assert "kvm-amd.ko npt=0" in text
    assert "'--' 'one' 'a' 'it'\\''s' </dev/null 2>&1" in text
    assert "'--mem' '4M' '--' 'two'" in text
    assert subprocess.run(["/bin/sh", "-n"], input=text.encode(), check=False).returncode == 0


def test_results_of_all() -> None:
    text = "boot noise\r\n@@ begin one\r\nHello\r\nline\r\n\r\n@@ end one 0\r\n"
    text += "@@ begin two\r\n@@ end two 139\r\n@@ done\r\n"
    assert hosts.results(text, PROGRAMS) == [Result("one", 0, "Hello\nline\n"), Result("two", 139, "")]


def test_a_program_that_never_ended() -> None:
    text = "@@ begin one\nHello\nKernel panic"
    assert hosts.results(text, PROGRAMS) == [Result("one", -1, "Hello\nKernel panic"), Result("two", -1, "")]


def test_a_host_that_died_at_boot() -> None:
    assert [result.code for result in hosts.results("Kernel panic\n", PROGRAMS)] == [-1, -1]
    assert "Kernel panic" in hosts.results("Kernel panic\n", PROGRAMS)[0].output


def test_a_program_cannot_end_for_another() -> None:
    text = "@@ begin one\n@@ end two 0\n@@ end one 3\n"
    found = {result.name: result.code for result in hosts.results(text, PROGRAMS)}
    assert found == {"one": 3, "two": -1}


def test_the_terminal_that_bochs_draws_on(tmp_path: Path) -> None:
    """As curses reads it."""
    pytest.importorskip("curses")
    bochs._make_terminal(tmp_path)
    program = """
import curses
curses.setupterm("hermit", 1)
print(curses.tigetnum("cols"), curses.tigetnum("lines"))
print(curses.tparm(curses.tigetstr("cup"), 4, 6), curses.tigetstr("clear"))
"""
    environ = {"TERMINFO": str(tmp_path), "TERM": "hermit"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["80", "25", r"b'\x1b[5;7H'", r"b'\x1b[H\x1b[J'"], done.stderr
