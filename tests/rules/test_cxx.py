"""C++: its sources, mixtures with C, libraries of it, what is linked, and that C programs wait for nothing of it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from project import MAIN, Project

HELLO = '#include <iostream>\nint main() { std::cout << "hello from C++\\n"; }\n'
PART = (
    "#include <stdexcept>\n#include <string>\nextern \"C\" int part(const char *text) {\n"
    "  try { return std::stoi(text); } catch (const std::invalid_argument &) { return -1; }\n}\n"
)
CALLER = (
    "#include <stdio.h>\nint part(const char *);\n"
    'int main(void) { printf("%d %d\\n", part("42"), part("x")); return 0; }\n'
)


def test_a_suffix_is_all_it_takes(project: Project) -> None:
    names = ["a.cpp", "b.cc", "c.cxx", "d.C"]
    project.sconstruct(f"app = env.UnikernelProgram('app', {names!r})\nenv.UnikernelRun('app', app)\n")
    project.write("a.cpp", HELLO)
    for name in names[1:]:
        project.write(name, f"struct {name[0]} {{ virtual ~{name[0]}() = default; }};\n")
    result = project.build("run-app")
    assert "hello from C++" in result.out.splitlines() and len([line for line in result.lines if "CXX" in line]) == 4


@pytest.mark.parametrize("program", [
    "env.UnikernelProgram('app', ['main.c', 'part.cpp'])",
    "env.UnikernelProgram('app', ['main.c'], LIBS=[env.UnikernelLibrary('part', ['part.cpp'])])",
    "env.UnikernelProgram('app', ['main.c', env.UnikernelLibrary('part', ['part.cpp'])])",
    "env.UnikernelProgram('app', ['main.c'], LIBS=[env.UnikernelLibrary('part', ['part.cpp']), 'stdc++'])",
])
def test_c_and_cxx(project: Project, program: str) -> None:
    """Whoever links an object in C++ links its library, wherever it comes from; main is in C."""
    project.sconstruct(f"app = {program}\nenv.UnikernelRun('app', app)\n")
    project.write("main.c", CALLER)
    project.write("part.cpp", PART)
    assert "42 -1" in project.build("run-app").out.splitlines()


def test_flags_of_each_language(project: Project) -> None:
    project.sconstruct(
        "env.UnikernelProgram('app', ['main.c', 'part.cc'], CFLAGS='-std=c11', CXXFLAGS='-std=c++20',"
        " CCFLAGS='-DBOTH')\n"
    )
    project.write("main.c", "#if __STDC_VERSION__ != 201112L || !defined BOTH\n#error flags\n#endif\n" + MAIN)
    project.write("part.cc", "#if __cplusplus != 202002L || !defined BOTH\n#error flags\n#endif\n")
    project.build()


def test_c_waits_for_nothing_of_it(project: Project, tmp_path: Path) -> None:
    project.environ["UNIKERNEL_STORE"] = str(tmp_path / "store")
    project.sconstruct("env.UnikernelProgram('c', ['main.c'])\nenv.UnikernelProgram('cxx', ['main.c', 'a.cpp'])\n")
    project.write("main.c", MAIN)
    project.write("a.cpp", HELLO)
    assert not [line for line in project.build("-n", "c").lines if "++" in line]
    lines = project.build("-n", "cxx").lines
    assert "SDK   C++ compiler" in lines and "SDK   libstdc++" in lines


def test_an_edited_header_builds_again(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.cpp'])\n")
    project.write("value.hpp", "inline int value() { return 1; }\n")
    project.write("main.cpp", '#include "value.hpp"\n#include <vector>\nint main() { return value(); }\n')
    assert project.build().did("CXX")
    assert not project.build().did("CXX")
    project.write("value.hpp", "inline int value() { return 2; }\n")
    assert project.build().did("CXX")


def test_the_image_tells_nothing_of_the_store(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.cpp'])\n")
    project.write("main.cpp", HELLO)
    project.build()
    entry = (project.folder / "build/sdk/stdcxx").resolve()
    assert (entry / "usr/lib/libstdc++.a").is_file()
    assert str(entry.parent).encode() not in (project.folder / "app").read_bytes()
