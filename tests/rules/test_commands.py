"""`unikernel build`, `run` and `env`: programs without a build system, and build systems outside SCons."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from project import MAIN, TOOLPATH

TWICE = "int twice(int x) { return 2 * x; }\n"
USES = """#include <stdio.h>
int twice(int);
int main(int n, char **v) { printf("%d %s\\n", twice(n), v[1]); return 7; }
"""
CMAKE = """cmake_minimum_required(VERSION 3.13)
project(outside C)
include(CheckCSourceRuns)
check_c_source_runs("int main(void) { return 0; }" RUNS)
check_c_source_runs("int main(void) { return 1; }" RUNS_NOT)
if(NOT RUNS OR RUNS_NOT OR NOT CMAKE_SYSTEM_NAME STREQUAL Hermit)
  message(FATAL_ERROR "wrong answers")
endif()
add_executable(app main.c)
enable_testing()
add_test(NAME app COMMAND app)
"""


class Shell:
    """Runs commands in a folder with `unikernel` on PATH, and the sealed tools of the SDK alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        script = folder / "bin" / "unikernel"
        script.write_text(f"#!{sys.executable}\nimport sys\nsys.path[:0] = {[str(TOOLPATH), *sys.path]!r}\n"
                          "from unikernel.cli import main\nsys.exit(main(sys.argv[1:]))\n")
        script.chmod(0o755)

    def run(self, script: str, code: int = 0) -> str:
        """What a script of the shell prints; it must end with `code`."""
        environ = {**{key: value for key, value in os.environ.items() if not key.startswith("HERMIT_")},
                   "PATH": f"{self.folder}/bin:{tool('toolchain', 'commands')}"}
        shell = [f"{tool('toolchain', 'commands')}/sh", "-ec", script]
        done = subprocess.run(shell, cwd=self.folder, env=environ, text=True, capture_output=True, check=False)
        assert done.returncode == code, f"exit code {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


def tool(step: str, folder: str) -> Path:
    """A folder of one of the store's entries."""
    from unikernel import context, steps

    return steps.load(step).path(context.from_environ(os.environ)) / folder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path)


def test_build_and_run(shell: Shell) -> None:
    (shell.folder / "main.c").write_text(USES)
    (shell.folder / "part.c").write_text(TWICE)
    assert "LINK" in shell.run("unikernel build main.c part.c -o app -O3 -DNAME=1 -Wall --mem=64M")
    assert shell.run("unikernel run app word", code=7) == "4 word\n"
    assert "up to date" in shell.run("unikernel build main.c part.c -o app -O3 -DNAME=1 -Wall --mem=64M")
    (shell.folder / "part.c").write_text(TWICE.replace("2", "3"))
    out = shell.run("unikernel build main.c part.c -o app -O3 -DNAME=1 -Wall --mem=64M")
    assert "part.c.o" in out and "main.c.o" not in out
    assert shell.run("unikernel run --timeout 60 ./app x", code=7) == "6 x\n"


@pytest.mark.parametrize(("call", "line"), [
    ("build -o app", "no sources given"), ("build main.c -o", "-o wants a value"),
    ("build main.c -o main.c", "the image would replace a source"), ("build main.c -o no/app", "no such folder: no ("),
    ("build main.xyz", "unknown kind of source .xyz"),
    ("build main.c -shared", "refused: -shared"), ("run --isle moon app", "HERMIT_ISLE|--isle"),
    ("run missing", "missing"), ("env --languages ada", "invalid choice: 'ada'"),
])
def test_wrong_calls(shell: Shell, call: str, line: str) -> None:
    (shell.folder / "main.c").write_text(MAIN)
    out = shell.run(f"unikernel {call} && exit 3; exit 4", code=4)
    assert any(word in out for word in line.split("|"))


def test_variables_for_make(shell: Shell) -> None:
    (shell.folder / "main.c").write_text(MAIN)
    out = shell.run('eval "$(unikernel env)"; make main; unikernel run main; echo $PKG_CONFIG_LIBDIR; '
                    "x86_64-hermit-run main")
    assert out.count("\nhello\n") == 2 and "x86_64-hermit-gcc" in out and "/usr/lib/pkgconfig" in out


def test_the_driver_refuses_the_hosts_folders(shell: Shell) -> None:
    (shell.folder / "main.c").write_text(MAIN)
    out = shell.run('eval "$(unikernel env)"; $CC -c main.c -I . -I/usr/include', code=1)
    assert "x86_64-hermit: refused: -I/usr/include in the command" in out and not (shell.folder / "main.o").exists()
    shell.run('eval "$(unikernel env)"; $CC -c main.c -I . -I/usr/includes -I "$PWD/usr/include"')


def test_a_toolchain_file_for_cmake(shell: Shell) -> None:
    """CMake's own questions are answered by running programs in a guest, and ctest runs there."""
    (shell.folder / "CMakeLists.txt").write_text(CMAKE)
    (shell.folder / "main.c").write_text(MAIN)
    cmake = tool("cmake", "usr/bin")
    out = shell.run(
        f'{cmake}/cmake -G "Unix Makefiles" -DCMAKE_TOOLCHAIN_FILE="$(unikernel env --cmake)" -S . -B out && '
        f"make -C out && {cmake}/ctest --test-dir out --output-on-failure")
    assert "100% tests passed" in out


def test_a_cross_file_for_meson_and_answers_for_configure(shell: Shell) -> None:
    text = Path(shell.run("unikernel env --meson").strip()).read_text()
    assert "system = 'hermit'" in text and "x86_64-hermit-gfortran'" in text and "exe_wrapper = '/" in text
    out = shell.run('host_alias=x86_64-hermit; . "$(unikernel env --config-site)"; echo $ac_cv_func_malloc_0_nonnull; '
                    "host_alias=other; ac_cv_func_fork=; . \"$(unikernel env --config-site)\"; echo [$ac_cv_func_fork]")
    assert out == "yes\n[]\n"
