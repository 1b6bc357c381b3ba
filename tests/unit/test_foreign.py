"""Foreign builds, part by part: the plan, the seal, and what a failed log means."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from unikernel import confine, crosstools, foreignlog
from unikernel.foreignplan import MAKE, Plan
from unikernel.messages import UnikernelError


def test_a_plan_is_handed_over_whole() -> None:
    plan = Plan("a", MAKE, "/s", "/w", "/p", ["x", "prefix/lib/y.a"], env={"A": "ü"}, languages=["c"])
    assert Plan.from_json(plan.to_json()) == plan
    assert plan.installs and not Plan("a", MAKE, "/s", "/w", "/p", ["prefix.c"]).installs


def test_variables_of_other_build_systems() -> None:
    found = crosstools.variables("/bin", ["-O1"])
    assert found["CC"] == "/bin/x86_64-hermit-gcc -O1" and found["AR"] == "/bin/x86_64-hermit-ar"
    assert crosstools.variables("")["FC"] == "x86_64-hermit-gfortran"
    assert [name for name in ("HOSTCC", "CC_FOR_BUILD", "native_cc", "CC", "REBUILDCC") if crosstools.for_build(name)] \
        == ["HOSTCC", "CC_FOR_BUILD", "native_cc"]


@pytest.mark.parametrize(("line", "what"), [
    ("make: /usr/bin/gcc: Permission denied", "the build calls a host's tool: /usr/bin/gcc"),
    ("/x/sh: 1: /bin/ls: not found", "the build calls a host's tool: /bin/ls"),
    ("x.c:1: fatal error: /usr/include/zlib.h: Permission denied", "the build reads the host's: /usr/include/zlib.h"),
    ("/x/sh: line 1: python3: command not found", "a command that a sealed build has not: python3"),
    ("make[2]: yacc: No such file or directory", "a command that a sealed build has not: yacc"),
    ("x.c:3: error: expected ';'", "make failed with exit code 2"),
])
def test_what_a_log_means(tmp_path: Path, line: str, what: str) -> None:
    log = tmp_path / "a.log"
    log.write_text(f"begin\n{line}\nend\n")
    error = foreignlog.explain("make", UnikernelError("make failed with exit code 2"), log)
    assert error.what.endswith(what) and error.where.endswith("a.log") and error.mend


@pytest.mark.parametrize(("line", "tool"), [
    ("/usr/bin/gcc -c x.c", "/usr/bin/gcc"), ("cd a && /bin/ar rc x.a", "/bin/ar"), ("echo /usr/bin/gccx", ""),
    ("x86_64-hermit-gcc -c x.c", ""), ("/store/usr/bin/gcc -c", ""), ("(/usr/local/bin/g++-12)", ""),
])
def test_host_tools_where_nothing_confines(tmp_path: Path, line: str, tool: str) -> None:
    log = tmp_path / "a.log"
    log.write_text(f"begin\n{line}\n")
    assert foreignlog.host_tool(log) == tool


def test_the_first_error_is_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "a.log"
    log.write_text("\n".join(["start", "x.c:1: error: wrong", *(f"line {number}" for number in range(40))]))
    foreignlog.show_end(log)
    shown = capfd.readouterr().err
    assert "error: wrong" in shown and "line 39" in shown and "line 10" not in shown


@pytest.mark.skipif(confine.version() == 0, reason="this kernel has no Landlock")
def test_confinement(tmp_path: Path) -> None:
    """A confined shell reads and writes where it may, and nowhere else."""
    (tmp_path / "open").mkdir()
    (tmp_path / "closed").write_text("secret")
    shell = ["/bin/sh", "-c", "echo x > open/file; read line < closed || echo denied; echo x > other || echo denied"]
    rules = confine.Confinement([Path("/bin"), Path("/usr"), Path("/lib"), Path("/lib64")], [tmp_path / "open"])
    done = subprocess.run(shell, cwd=tmp_path, preexec_fn=rules.enter, text=True, capture_output=True, check=False)
    rules.close()
    assert done.stdout.split() == ["denied", "denied"], done.stderr
    assert (tmp_path / "open" / "file").exists() and not (tmp_path / "other").exists()
