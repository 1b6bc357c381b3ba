"""The user's flags: which line they reach, which are refused; what is said of programs that cannot be linked or run."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re

import pytest
from project import MAIN, Project

APP = "app = env.UnikernelProgram('app', ['main.c']{})\nenv.UnikernelRun('app', app)\n"


def link_line(project: Project) -> str:
    """The command that links the program."""
    out = project.build("-n", "verbose=1").out
    return next(line for line in out.splitlines() if "--no-warn-execstack" in line)


@pytest.mark.parametrize(("given", "linked"), [
    ("CCFLAGS='-Ofast'", "-Ofast"), ("CFLAGS=['-flto=2']", "-flto=2"), ("CCFLAGS='-ffast-math -Wall'", "-ffast-math"),
    ("CCFLAGS='-fsanitize=undefined'", "-fsanitize=undefined"), ("CCFLAGS='-flto -mavx2'", "-flto -mavx2"),
])
def test_the_link_heeds_flags_of_the_compile_line(project: Project, given: str, linked: str) -> None:
    project.sconstruct(APP.format(f", {given}"))
    project.write("main.c", MAIN)
    assert f" {linked} " in link_line(project) and "-Wall" not in link_line(project)


def test_loops_for_threads_need_openmps_runtime(project: Project) -> None:
    project.sconstruct(APP.format(", CCFLAGS='-ftree-parallelize-loops=4'"))
    project.write("main.c", MAIN)
    result = project.build("-n", "verbose=1", "--tree=all")
    assert "gomp.digest" in result.out and " -fopenmp " not in result.out


def test_a_library_compiled_for_lto(project: Project) -> None:
    """Its archive's index names what only the linker's plugin reads."""
    project.sconstruct(
        "lib = env.UnikernelLibrary('part', ['part.c'], CCFLAGS='-flto')\n"
        + APP.format(", LIBS=[lib], CCFLAGS='-flto'")
    )
    project.write("part.c", "#include <string.h>\nint part(char *to, int n) { memset(to, n, 100); return to[n]; }\n")
    project.write("main.c", "#include <stdio.h>\nint part(char *, int);\nchar bytes[100];\n"
                            "int main(void) { return printf(\"%d\\n\", part(bytes, 7)) == 0; }\n")
    assert "7" in project.build("run-app").out.splitlines()


def test_a_processor_that_lacks_what_the_program_was_compiled_for(project: Project) -> None:
    """QEMU's own processor has no AVX-512."""
    project.sconstruct(APP.format(", CCFLAGS='-march=x86-64-v4'"))
    project.write("main.c", MAIN)
    result = project.scons("run-app", HERMIT_ISLE="qemu", HERMIT_KVM="0")
    assert result.code == 2 and "hello" not in result.out and "SIGILL" not in result.err
    line = next(line for line in result.err.splitlines() if line.startswith("kernel: "))
    assert re.fullmatch(r"kernel: the program was compiled for a CPU with avx512f .*, which this one lacks: "
                        r"compile it with -march=x86-64-v3, or run it elsewhere", line)
    assert "125" in result.err


@pytest.mark.parametrize("flag", [
    "-shared", "-fsanitize=address", "-fsanitize=undefined,thread", "-fopenacc", "-foffload=nvptx-none", "-m32",
    "-static-pie", "-pg", "--coverage", "-fuse-ld=lld",
])
def test_what_cannot_be_is_refused_by_name(project: Project, flag: str) -> None:
    project.sconstruct(f"env.UnikernelProgram('app', ['main.c'], CCFLAGS='{flag}')\n")
    line = project.refuses()
    assert f"refused: {flag}: app (" in line


def test_a_missing_function_is_one_line(project: Project) -> None:
    project.sconstruct(APP.format(""))
    project.write("main.c", "int getifaddrs(int);\nint main(void) { return getifaddrs(1); }\n")
    result = project.scons("-Q")
    lines = result.err.splitlines()
    assert result.code == 2 and not (project.folder / "app").exists()
    assert lines[0] == ("x86_64-hermit-ld: main.c:2: undefined reference to `getifaddrs' in `main': networking comes "
                        "with a later version (planned)")
    assert "ld.bfd: " in project.scons("-Q", "verbose=1").err


def test_mpi_is_one_line(project: Project) -> None:
    project.sconstruct(APP.format(""))
    project.write("main.c", "#include <mpi.h>\n" + MAIN)
    result = project.scons("-Q")
    assert result.code == 2 and result.err.startswith("main.c:1:10: error: mpi.h: MPI is not there yet; ")
