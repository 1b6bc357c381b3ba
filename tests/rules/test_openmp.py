"""OpenMP: what asks for it, what it is compiled and linked with, and that nobody else waits for it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from project import MAIN, Project

THREADS = (
    "#include <omp.h>\n#include <stdio.h>\nint main(void) {\n  int threads = 0;\n"
    "#pragma omp parallel reduction(+ : threads)\n  threads++;\n"
    '  printf("threads: %d\\n", threads);\n  return 0;\n}\n'
)
APP = "app = env.UnikernelProgram('app', ['main.c']{})\nenv.UnikernelRun('app', app, cpus=2)\n"


@pytest.mark.parametrize("body", [
    APP.format(", openmp=True"), APP.format(", CCFLAGS='-O1 -fopenmp'"), APP.format(", CFLAGS=['-fopenmp']"),
    "env.Append(CCFLAGS=['-fopenmp'])\n" + APP.format(""),
])
def test_one_word_is_all_it_takes(project: Project, body: str) -> None:
    project.sconstruct(body)
    project.write("main.c", THREADS)
    assert "threads: 2" in project.build("run-app").out.splitlines()
    result = project.build("run-app", OMP_NUM_THREADS="5")
    assert "threads: 5" in result.out.splitlines() and not result.did("LINK")


def test_the_flags_stand_on_both_lines(project: Project) -> None:
    project.sconstruct(APP.format(", openmp=True"))
    project.write("main.c", THREADS)
    lines = [line for line in project.build("verbose=1").out.splitlines() if "/x86_64-hermit-gcc " in line]
    assert len(lines) == 2 and all(" -fopenmp " in line for line in lines)


def test_the_image_tells_nothing_of_the_store(project: Project) -> None:
    project.sconstruct(APP.format(", openmp=True"))
    project.write("main.c", "#include <omp.h>\nomp_lock_t lock;\n" + THREADS)
    project.build()
    entry = (project.folder / "build/sdk/gomp").resolve()
    assert (entry / "usr/lib/libgomp.a").is_file()
    assert str(entry.parent).encode() not in (project.folder / "app").read_bytes()


def test_a_library_with_openmp(project: Project) -> None:
    project.sconstruct(
        "lib = env.UnikernelLibrary('part', ['part.c'], openmp=True)\n"
        "app = env.UnikernelProgram('app', ['main.c'], LIBS=[lib], LINKFLAGS=['-fopenmp'])\n"
        "env.UnikernelRun('app', app, cpus=2)\n"
    )
    project.write("part.c", THREADS.replace("main", "part"))
    project.write("main.c", "int part(void);\nint main(void) { return part(); }\n")
    assert "threads: 2" in project.build("run-app").out.splitlines()


@pytest.mark.parametrize("keywords", [
    "", ", CCFLAGS='-fopenmp-simd'", ", CCFLAGS='-fopenmp -fno-openmp'", ", openmp=False",
])
def test_others_wait_for_nothing_of_it(project: Project, keywords: str) -> None:
    project.sconstruct(APP.format(keywords))
    project.write("main.c", "#ifdef _OPENMP\n#error on\n#endif\n" + MAIN)
    result = project.build("--tree=all")
    assert "sysroot.digest" in result.out and "gomp.digest" not in result.out
    assert not (project.folder / "build/sdk/gomp.digest").exists()


def test_no_package_of_it_is_fetched_for_c(project: Project, tmp_path: Path) -> None:
    """The nodes of an OpenMP program in an empty store, and those of a C program."""
    project.environ["UNIKERNEL_STORE"] = str(tmp_path / "store")
    project.sconstruct("env.UnikernelProgram('c', ['main.c'])\nenv.UnikernelProgram('omp', ['main.c'], openmp=True)\n")
    project.write("main.c", MAIN)
    assert "SDK   libgomp" not in project.build("-n", "c").lines
    assert "SDK   libgomp" in project.build("-n", "omp").lines
    assert not (tmp_path / "store/dl").exists()
