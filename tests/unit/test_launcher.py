"""proxy as a process: what it becomes on uhyve, and how it attends a QEMU; a stand-in plays QEMU and the guest."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from images import IMAGE, PVH, defaults, image

Start = Callable[..., "subprocess.Popen[bytes]"]


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    """A proxy as the build renders it, an image, a stand-in for uhyve that shows what it was given."""
    script(tmp_path / "uhyve", f"""#!{sys.executable} -IS
import os, sys
if sys.argv[1] == "symbolize":
    print(f"kernel: SIGSEGV in {{sys.argv[2]}}, {{len(sys.stdin.buffer.read())}} bytes\\nblock")
else:
    print(sys.argv[1:])
    print(sorted(open("/proc/self/environ").read().split("\\0")[:-1]))
""")
    script(tmp_path / "qemu", f"#!/bin/sh\nexec {sys.executable} -IS {home / 'tests' / 'unit' / 'machine.py'} \"$@\"\n")
    script(tmp_path / "proxy", f"""#!{sys.executable} -IS
import sys
sys.path.insert(0, {str(home / "site_scons" / "site_tools")!r})
from unikernel.proxy import Tools, main
sys.exit(main(sys.argv[1:], Tools({str(tmp_path / "uhyve")!r}, {str(tmp_path / "none")!r}, "1.2.3")))
""")
    (tmp_path / "image").write_bytes(image())
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Start:
    """Start proxy with words; keywords are Popen's. HERMIT_QEMU is the stand-in."""
    def run(*words: str, **keywords: Any) -> subprocess.Popen[bytes]:
        environ = {"HERMIT_QEMU": str(folder / "qemu"), "HERMIT_KVM": "0", **keywords.pop("environ", {})}
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([folder / "proxy", *words], env=environ, cwd=folder, **{**pipes, **keywords})

    return run


def ended(child: subprocess.Popen[bytes], given: bytes | None = None) -> tuple[int, str, str]:
    out, err = child.communicate(given, timeout=30)
    return child.returncode, out.decode(), err.decode()


def gone(pid: int) -> bool:
    """Whether a process ends within a second; a zombie that some init never reaps has ended."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_uhyve_gets_what_was_asked_for_and_no_more(start: Start) -> None:
    words = ["--isle", "uhyve", "-m", "32M", "--stack=1M", "--timeout", "1.5", "--result", "r", "--verbose", "image"]
    words += ["-x", ""]
    code, out, _ = ended(start(*words, environ={"HERMIT_CPUS": "all", "HERMIT_PIN": "off", "A": "b"}))
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == str([
        "run", "--mem", "33554432", "--cpus", "all", "--pin", "off", "--stack", "1048576",
        "--timeout", "1.5", "--result", "r", "--verbose", "--",
        "image", "-x", "",
    ])
    assert lines[1] == "['A=b']"


def test_openmp_s_variables_pass(start: Start) -> None:
    environ = {"OMP_NUM_THREADS": "3", "GOMP_SPINCOUNT": "0", "HERMIT_CPUS": "2"}
    code, out, _ = ended(start("--isle", "uhyve", "image", environ=environ))
    assert (code, out.splitlines()) == (0, [
        "['run', '--cpus', '2', '--', 'image']", "['GOMP_SPINCOUNT=0', 'OMP_NUM_THREADS=3']",
    ])


def test_python_adds_nothing_to_the_environment(start: Start) -> None:
    code, out, _ = ended(start("--isle", "uhyve", "-e", "NEW=1", "image"))
    assert (code, out.splitlines()[1]) == (0, "['NEW=1']")


def test_uhyve_is_not_there(start: Start, folder: Path) -> None:
    (folder / "uhyve").unlink()
    code, _, err = ended(start("--isle", "uhyve", "image"))
    assert code == 125 and "cannot start uhyve" in err and err.count("\n") == 1


def test_help_and_version(start: Start) -> None:
    assert ended(start("--version")) == (0, "proxy 1.2.3\n", "")
    code, out, _ = ended(start("--help"))
    names = ("ISLE", "MEM", "CPUS", "PIN", "STACK", "VERBOSE", "KVM", "QEMU")
    assert code == 0 and all(f"HERMIT_{name}" in out for name in names)


@pytest.mark.parametrize(("words", "code", "line"), [
    ([], 2, "no image given"),
    (["-m", "abc", "image"], 2, "wrong value -m=abc"),
    (["none"], 127, "no such file: none"),
    (["/bin/true"], 126, "made for Linux"),
    (["proxy"], 126, "no ELF"),
    (["-m", "100T", "image"], 125, "this host has"),
    (["-m", "1M", "image"], 122, "do not hold the image"),
    (["image", "die"], 125, "QEMU ended with status 1 and without word from the guest: qemu: no such thing"),
    (["image", "garbage"], 125, "no proper record"),
    (["image", "early", "125"], 125, "kernel: no FSGSBASE"),
    (["--timeout", "0.5", "image", "hang"], 124, "timeout: ended after 0.5 s"),
])
def test_failures_are_one_line(start: Start, folder: Path, words: list[str], code: int, line: str) -> None:
    found, _, err = ended(start("--isle", "qemu", "--result", "result", *words))
    assert found == code
    assert line in err and err.count("\n") == 1 and "Traceback" not in err
    assert json.loads((folder / "result").read_text())["exit_code"] == code if words else True


def test_no_kvm_no_qemu(start: Start) -> None:
    code, _, err = ended(start("--isle", "qemu", "image", environ={"HERMIT_QEMU": "/none"}))
    assert code == 125 and "HERMIT_QEMU is no program: /none" in err
    code, _, err = ended(start("--isle", "qemu", "image", environ={"HERMIT_QEMU": "", "PATH": "/none"}))
    assert code == 125 and "QEMU is not there yet" in err


def test_exit_code_and_streams(start: Start, folder: Path) -> None:
    code, out, err = ended(start("--isle", "qemu", "--result", "result", "image", "exit", "42"))
    assert (code, out, err) == (42, "out\n", "err\n")
    result = json.loads((folder / "result").read_text())
    assert result.pop("seconds") > 0
    assert result == {"exit_code": 42, "reason": "exit", "isle": "qemu", "memory": 64 << 20, "message": ""}


def test_environment_without_hermit(start: Start) -> None:
    environ = {"A": "1", "HERMIT_MEM": "32M"}
    code, out, _ = ended(start("--isle", "qemu", "-e", "C=3", "image", "environ", environ=environ))
    assert (code, out) == (0, "A=1\nC=3")


def test_memory_of_the_program_and_of_the_caller(start: Start, folder: Path) -> None:
    (folder / "image").write_bytes(image(notes=PVH + IMAGE + defaults(mem=48 << 20)))
    for words, size in ((["-m", "32M"], 32 << 20), ([], 48 << 20)):
        ended(start("--isle", "qemu", "--result", "result", *words, "image", "exit", "0"))
        assert json.loads((folder / "result").read_text())["memory"] == size


def test_stdin_is_binary_and_ends(start: Start) -> None:
    data = bytes(range(256)) * 1000
    child = start("--isle", "qemu", "image", "echo", stdin=subprocess.PIPE)
    out, err = child.communicate(data, timeout=30)
    assert (child.returncode, out, err) == (0, data, b"")


def test_stdin_is_left_to_others(folder: Path, start: Start) -> None:
    """As in a shell's loop: a guest that reads nothing takes nothing."""
    (folder / "input").write_bytes(b"line\n" * 100)
    with open(folder / "input", "rb") as stream:
        ended(start("--isle", "qemu", "image", "exit", "0", stdin=stream))
        assert os.lseek(stream.fileno(), 0, os.SEEK_CUR) == 0


def test_a_line_is_seen_while_the_guest_goes_on(start: Start) -> None:
    child = start("--isle", "qemu", "image", "hang")
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    child.send_signal(signal.SIGTERM)
    code, _, err = ended(child)
    assert (code, err) == (143, "proxy: ended by signal 15\n")
    assert gone(pid)


def test_much_output_to_a_slow_reader(start: Start) -> None:
    child = start("--isle", "qemu", "image", "flood")
    time.sleep(0.3)
    assert ended(child)[:2] == (0, "x" * 3_000_000)


def test_nobody_reads(start: Start) -> None:
    child = start("--isle", "qemu", "image", "endless")
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.wait(10) == 141


def test_a_full_disk_is_not_a_missing_reader(start: Start) -> None:
    with open("/dev/full", "wb") as full:
        child = start("--isle", "qemu", "image", "endless", stdout=full)
    assert child.stderr is not None
    assert child.stderr.read() == b"proxy: standard output: No space left on device\n"
    assert child.wait(10) == 125


def test_closed_streams(start: Start) -> None:
    child = start("--isle", "qemu", "image", "exit", "7", preexec_fn=lambda: [os.close(fd) for fd in range(3)])
    assert child.wait(10) == 7


def test_the_clock(start: Start) -> None:
    _, out, _ = ended(start("--isle", "qemu", "image", "clock"))
    kind, nanoseconds = map(int, out.split())
    assert kind == 4 and abs(nanoseconds - time.time_ns()) < 10_000_000_000


def test_a_fault_is_printed_by_uhyve(start: Start, folder: Path) -> None:
    code, _, err = ended(start("--isle", "qemu", "--result", "result", "image", "fault"))
    assert (code, err) == (139, "kernel: SIGSEGV in image, 220 bytes\nblock\n")
    result = json.loads((folder / "result").read_text())
    assert (result["reason"], result["message"]) == ("fault", "kernel: SIGSEGV in image, 220 bytes")


def test_places_of_threads_end_nothing(start: Start) -> None:
    code, _, err = ended(start("--isle", "qemu", "image", "places"))
    assert (code, err) == (121, "kernel: SIGSEGV in image, 220 bytes\nblock\nthen\n" * 2)


@pytest.mark.parametrize(("words", "line"), [
    (["-c", "2", "--pin", "0"], "1 host cores are named for 2 cores"),
    (["--pin", "1023"], "host core 1023 may not be used here: --pin 1023"),
])
def test_lists_of_host_cores_that_do_not_fit(start: Start, words: list[str], line: str) -> None:
    code, _, err = ended(start("--isle", "qemu", *words, "image", "exit", "0"))
    assert code == 2 and line in err and err.count("\n") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals(start: Start, number: signal.Signals, code: int) -> None:
    child = start("--isle", "qemu", "image", "hang", preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    child.send_signal(number)
    assert ended(child)[0] == code
    assert gone(pid)


def test_an_ignored_signal_stays_ignored(start: Start) -> None:
    words = ["--isle", "qemu", "--timeout", "2", "image", "hang"]
    child = start(*words, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGHUP)
    assert ended(child)[0] == 124


def test_qemu_dies_with_its_parent(start: Start) -> None:
    child = start("--isle", "qemu", "image", "hang")
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    assert gone(pid)


def test_qemu_killed_from_outside(start: Start) -> None:
    child = start("--isle", "qemu", "image", "hang")
    assert child.stdout is not None
    os.kill(int(child.stdout.readline()), signal.SIGKILL)
    code, _, err = ended(child)
    assert code == 125 and "QEMU ended with signal 9" in err
