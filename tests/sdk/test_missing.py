"""What is missing: functions at the link, headers at the compile, flags that cannot work; a line for each."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import HOME, Sdk
from unikernel import context, gfortran

DATA = HOME / "site_scons/site_tools/unikernel"
WANTS = """
int fork_it(void);
void *dlinfo(const char *, int);
int getifaddrs(int), MPI_Init(void *, void *), mine(int), dgemm_(void);
double sin(double);
static int other(void) { return mine(2); }
int main(int argc, char **argv) {
  return getifaddrs(1) + MPI_Init(0, 0) + mine(argc) + dgemm_() + (int)sin(argc) + !dlinfo("x", 0) + other() + !argv;
}
"""


def lines(text: str) -> dict[str, str]:
    """Symbol -> what was said of it."""
    return dict(re.findall(r"^x86_64-hermit-ld: .*undefined reference to `(\w+)'[^:]*: (.*)$", text, re.M))


@pytest.mark.parametrize("flags", [("-g",), ("-O2",), ("-O2", "-flto"), ("-O0", "-ffunction-sections")])
def test_each_missing_function_is_one_line(sdk: Sdk, flags: tuple[str, ...]) -> None:
    done = sdk.run("gcc", *flags, sdk.source(WANTS))
    said = lines(done.stderr)
    assert done.returncode == 1 and not (sdk.work / "a.out").exists()
    assert set(said) == {"getifaddrs", "MPI_Init", "mine", "dgemm_", "sin", "dlinfo"}
    assert "networking" in said["getifaddrs"] and "(planned)" in said["getifaddrs"] and "RCCE" in said["MPI_Init"]
    assert "(not planned)" in said["dlinfo"] and "-lm" in said["sin"] and "BLAS" in said["dgemm_"]
    assert said["mine"] == "no object or library on the line defines it"
    assert len(done.stderr.splitlines()) == len(said) + 2 and "UNIKERNEL_ERRORS=full" in done.stderr
    assert "collect2: error: ld returned 1 exit status" in done.stderr


def test_who_wants_it(sdk: Sdk) -> None:
    sdk.source("int missing(void);\nint part(void) {\n  return missing();\n}\n", "part.c")
    sdk.ok("gcc", "-g", "-c", "part.c")
    sdk.ok("ar", "rcs", "libpart.a", "part.o")
    sdk.source("int part(void), missing(void);\nint main(void) { return part(); }\n")
    for words in (["main.c", "part.c", "-g"], ["main.c", "-L.", "-lpart"]):
        done = sdk.run("gcc", *words)
        assert re.search(r"part\.c:3: undefined reference to `missing' in `part': ", done.stderr), done.stderr


def test_the_linkers_own_words(sdk: Sdk) -> None:
    done = sdk.run("gcc", sdk.source(WANTS), UNIKERNEL_ERRORS="full")
    assert done.returncode == 1 and done.stderr.count("undefined reference to `mine'") == 2
    assert "x86_64-hermit-ld: " not in done.stderr


def test_other_errors_of_the_linker_stay(sdk: Sdk) -> None:
    sdk.source("int twice, other;\nint f(void) { return 1; }\n", "one.c")
    sdk.source("int f(void) { return 2; }\nint missing(void);\nint main(void) { return missing(); }\n")
    done = sdk.run("gcc", "main.c", "one.c")
    assert "multiple definition of `f'" in done.stderr and list(lines(done.stderr)) == ["missing"]
    assert "-lnone: No such file" in sdk.run("gcc", "one.c", "-lnone").stderr
    said = lines(sdk.run("gcc", "one.c").stderr)
    assert said == {"main": "a program needs a main; link its object, or compile with -c"}


def test_many_missing_functions(sdk: Sdk) -> None:
    names = [f"missing_{i}" for i in range(2000)]
    text = "".join(f"int {name}(void);\n" for name in names)
    text += "int main(void) {\n  return " + " +\n  ".join(f"{name}()" for name in names) + ";\n}\n"
    done = sdk.run("gcc", sdk.source(text))
    assert len(lines(done.stderr)) == 50 and "and more undefined references" in done.stderr


def test_the_table_tells_the_truth(sdk: Sdk) -> None:
    """What is said to be missing is in none of the libraries that every program is linked with."""
    table = json.loads((DATA / "missing.json").read_text())["symbols"]
    absent = {name for names, text in table if "planned)" in text for name in names if not name.endswith("*")}
    defined = set()
    for name in ("libc.a", "libhermit.a"):
        symbols = sdk.ok("nm", "-g", "--defined-only", sdk.root / "usr/lib" / name)
        defined |= {line.split()[-1] for line in symbols.splitlines() if len(line.split()) == 3}
    assert not absent & defined


@pytest.mark.parametrize("flags", [(), ("-E",), ("-fdiagnostics-color=always",), ("-M",)])
def test_mpi_is_one_line(sdk: Sdk, flags: tuple[str, ...]) -> None:
    done = sdk.run("gcc", "-c", *flags, sdk.source("#include <stdio.h>\n#include <mpi.h>\nint x;\n"))
    assert done.returncode == 1
    assert re.fullmatch(r"main\.c:2:10: error: mpi\.h: MPI is not there yet; .* planned.*\n", done.stderr)


@pytest.mark.parametrize(("line", "name"), [
    ("use mpi", "mpi.mod"), ("use mpi_f08", "mpi_f08.mod"), ("include 'mpif.h'", "mpif.h"),
])
def test_mpi_in_fortran(sdk: Sdk, line: str, name: str) -> None:
    """gfortran tells the place before, on lines of its own."""
    gfortran.ensure(context.from_environ(os.environ, home=HOME))
    done = sdk.run("gfortran", "-c", sdk.source(f"program p\n  {line}\nend program\n", "main.f90"))
    assert done.returncode == 1 and done.stderr.startswith("main.f90:2:")
    assert re.search(f"^error: {re.escape(name)}: MPI is not there yet; .* planned.*\n$", done.stderr, re.M)


@pytest.mark.parametrize("name", ["mpicc", "mpif90", "mpicxx", "mpirun"])
def test_commands_of_mpi_say_what_is_planned(sdk: Sdk, name: str) -> None:
    done = sdk.run(name, "-c", "main.c")
    assert done.returncode == 1
    assert re.fullmatch(f"x86_64-hermit: {name}: MPI is not there yet; .* planned.*\n", done.stderr)


def test_headers_that_are_known_to_be_missing(sdk: Sdk) -> None:
    table = json.loads((DATA / "missing.json").read_text())["files"]
    for name in ("cuda_runtime.h", "sys/epoll.h", "linux/futex.h", "mqueue.h", "omp-tools.h", "none.h"):
        done = sdk.run("gcc", "-c", sdk.source(f"#include <{name}>\n"))
        known = [text for names, text in table for one in names if one == name or name.startswith(one.rstrip("*") + "/")
                 or (one[-1] == "*" and name.startswith(one[:-1]))]
        assert done.returncode == 1 and (known[0] if known else "No such file or directory") in done.stderr
        assert not known or len(done.stderr.splitlines()) == 1
    present = [name for names, _ in table for name in names if (sdk.root / "usr/include" / name).exists()]
    assert present == []


def test_a_missing_header_may_be_asked_for(sdk: Sdk) -> None:
    sdk.ok("gcc", "-c", sdk.source("#if __has_include(<mpi.h>)\n#error found\n#endif\n"))


def test_several_sources_each_have_their_errors(sdk: Sdk) -> None:
    sdk.source("#include <mpi.h>\n", "one.c")
    sdk.source("int f(void) { return unknown; }\n", "two.c")
    done = sdk.run("gcc", "-c", "one.c", "two.c")
    assert done.returncode == 1 and "one.c:1:10: error: mpi.h" in done.stderr and "two.c:1:22" in done.stderr


@pytest.mark.parametrize("flag", [
    "-fsanitize=address", "-fsanitize=thread", "-fsanitize=undefined,leak", "-fopenacc", "-foffload=nvptx-none",
    "-shared", "-m32", "-pg", "--coverage", "-fprofile-generate", "-fuse-ld=gold", "@args",
])
def test_flags_that_cannot_work_are_refused_by_name(sdk: Sdk, flag: str) -> None:
    (sdk.work / "args").write_text("-O2 -shared")
    done = sdk.run("gcc", flag, sdk.source("int main(void) { return 0; }\n"), "-o", "x")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "refused: " in done.stderr
    assert (flag if flag[0] == "-" else "-shared") in done.stderr and not (sdk.work / "x").exists()


def test_no_answer_for_a_question_is_lost(sdk: Sdk) -> None:
    """Warnings, and messages longer than any buffer, come as the compiler wrote them."""
    done = sdk.run("gcc", "-Wall", "-c", sdk.source("int f(void) { int unused; return 1; }\n"))
    assert done.returncode == 0 and "unused variable" in done.stderr
    long = "x" * 100_000
    done = sdk.run("gcc", "-c", sdk.source(f"#error {long}\n"))
    assert done.returncode == 1 and long in done.stderr


def test_a_crash_of_the_compiler_is_told(sdk: Sdk, tmp_path: Path) -> None:
    assert sdk.run("gcc", "-c", "nothere.c").returncode == 1
    done = sdk.run("gcc", "-c", sdk.source("int x;\n"), "-o", tmp_path / "none" / "x.o")
    assert done.returncode == 1 and "No such file or directory" in done.stderr
