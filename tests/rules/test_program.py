"""UnikernelProgram and UnikernelLibrary: what is built, where, when anew, and what is refused."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from project import MAIN, Project

PROGRAM = "app = env.UnikernelProgram('app', ['main.c'])\n"


def test_one_call_builds_an_image(project: Project) -> None:
    project.sconstruct(PROGRAM)
    project.write("main.c", MAIN)
    project.build()
    with open(project.folder / "app", "rb") as stream:
        elf = ELFFile(stream)
        assert elf["e_ident"]["EI_OSABI"] in (255, "ELFOSABI_STANDALONE")
        assert elf["e_type"] == "ET_EXEC"
    assert (project.folder / "_objs/app/main.c.o").is_file()


def test_nothing_is_built_twice(project: Project) -> None:
    project.sconstruct(PROGRAM)
    project.write("main.c", MAIN)
    project.build()
    assert project.build("app").lines == []
    project.write("main.c", "/* comment */ " + MAIN)
    result = project.build("app")
    assert result.did("CC") and not result.did("LINK"), "an object that stays the same is not linked again"


def test_header_of_the_user_counts(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'], CPPPATH=['include'])\n")
    project.write("main.c", '#include <value.h>\nint main(void) { return VALUE; }\n')
    project.write("include/value.h", "#define VALUE 3\n")
    project.build()
    project.write("include/value.h", "#define VALUE 4\n")
    assert project.build().did("LINK")


def test_same_source_with_other_flags(project: Project) -> None:
    """Two programs and the host build one source in one tree."""
    project.sconstruct(
        "env.UnikernelProgram('one', ['main.c'], CPPDEFINES={'N': 1})\n"
        "env.UnikernelProgram('two', ['main.c'], CPPDEFINES=['N=2'])\n"
        "env.Object('main.c', CPPDEFINES=['N=3'])\n"
    )
    project.write("main.c", "int main(void) { return N; }\n")
    project.build()
    for name in ("_objs/one/main.c.o", "_objs/two/main.c.o", "main.o"):
        assert (project.folder / name).is_file()


def test_variant_dir_library_and_generated_source(project: Project) -> None:
    project.sconstruct("SConscript('src/SConscript', variant_dir='out', duplicate=False, exports='env')\n")
    project.write(
        "src/SConscript",
        "Import('env')\n"
        "made = env.Command('made.c', [], lambda target, source, env: "
        "open(target[0].abspath, 'w').write('int made(void) { return 1; }') and None)\n"
        "lib = env.UnikernelLibrary('part', ['part/f.c', made])\n"
        "env.UnikernelProgram('app', ['main.c', 'low.s', 'high.S'], LIBS=[lib])\n",
    )
    project.write("src/main.c", "int f(void), made(void), low(void), high(void);\n"
                                "int main(void) { return f() + made() + low() + high(); }\n")
    project.write("src/part/f.c", "int f(void) { return 2; }\n")
    project.write("src/low.s", '.globl low\nlow: mov $3, %eax\n ret\n.section .note.GNU-stack,"",@progbits\n')
    project.write("src/high.S", '#define HIGH 4\n.globl high\nhigh: mov $HIGH, %eax\n ret\n'
                                '.section .note.GNU-stack,"",@progbits\n')
    project.build()
    for name in ("libpart.a", "app", "_objs/libpart.a/part/f.c.o", "_objs/libpart.a/made.c.o", "_objs/app/low.s.o"):
        assert (project.folder / "out" / name).is_file()
    assert not list(project.folder.glob("src/**/*.o")), "nothing is written beside the sources"


def test_flags_of_the_environment_are_lent(project: Project) -> None:
    project.sconstruct(
        "env.Append(CPPDEFINES=[('A', 1)], CCFLAGS='-DB=2 -O1', CFLAGS=['-std=c99'])\n"
        "env.Append(WHERE='inc', CPPPATH=['$WHERE'])\n" + PROGRAM
    )
    project.write("inc/c.h", "#define C 3\n")
    project.write("main.c", "#include <c.h>\n#if A + B + C != 6 || __STDC_VERSION__ != 199901L\n#error flags\n#endif\n"
                            "int main(void) { return 0; }\n")
    project.build()


def test_paths_and_values_with_spaces(tmp_path: Path) -> None:
    project = Project(tmp_path / "my project")
    project.sconstruct(
        "env.UnikernelProgram('my app', ['my main.c'], CPPDEFINES={'TEXT': r'\\\"a b\\\"'}, CPPPATH=['in c'])\n"
    )
    project.write("in c/my head.h", "#define HEAD 1\n")
    project.write("my main.c", '#include "my head.h"\n#include <stdio.h>\n'
                               "int main(void) { return puts(TEXT) - HEAD; }\n")
    project.build()
    assert b"a b\0" in (project.folder / "my app").read_bytes()


def test_march_native_is_spelled_out(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'], CCFLAGS=['-march=native'])\n")
    project.write("main.c", MAIN)
    result = project.build("verbose=1")
    assert "-march=native" not in result.out and "-march=x86-64" in result.out


def test_executable_stack_is_mentioned(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['main.c'], CCFLAGS=['-O0'])\n")
    project.write("main.c", "int call(int (*f)(void)) { return f(); }\n"
                            "int main(int argc, char **argv) { int g(void) { return argc; } return call(g); }\n")
    result = project.build()
    ours = [line for line in result.err.splitlines() if line.startswith("unikernel: app")]
    assert len(ours) == 1 and "executable stack" in ours[0]


def test_compile_error_is_the_compilers(project: Project) -> None:
    project.sconstruct(PROGRAM)
    project.write("main.c", "int main(void) { return x; }\n")
    result = project.scons()
    assert result.code == 2 and "'x' undeclared" in result.err
    assert not (project.folder / "app").exists()


def test_missing_source(project: Project) -> None:
    project.sconstruct(PROGRAM)
    line = project.refuses()
    assert "main.c" in line and "not found" in line


@pytest.mark.parametrize(("keywords", "words"), [
    ("'app.go'", "Go comes"), ("'app.txt'", "unknown kind"),
    ("'a.c', CCFLAGS='-fopenacc'", "refused: -fopenacc"), ("'a.c', files={'/x': 'x'}", "files= comes"),
    ("'a.c', openmp=True, LINKFLAGS='-foffload=nvptx-none'", "refused: -foffload=nvptx-none"),
    ("'a.c', cpus=0", "cpus=0"), ("'a.c', cpus=253", "at most 252"), ("'a.c', cpus='many'", "cpus='many'"),
    ("'a.c', mem='12Q'", "mem='12Q'"), ("'a.c', stack=-1", "stack=-1"),
    ("'a.c', OPTIMIZE=1", "unknown keyword OPTIMIZE="), ("[]", "no sources"),
    ("", "missing a required argument: 'source'"), ("'a.c', CCFLAGS=5", "CCFLAGS=5"), ("'a.c', CPPPATH=5", "CPPPATH=5"),
    ("'a.c', CCFLAGS=\"-DX='y\"", "No closing quotation"), ("'a.c', CPPDEFINES={'X': \"'\"}", "No closing quotation"),
])
def test_wrong_keywords_are_one_line(project: Project, keywords: str, words: str) -> None:
    project.sconstruct(f"env.UnikernelProgram('app', {keywords})\n")
    assert words in project.refuses()


@pytest.mark.parametrize("flags", [
    "CCFLAGS=['-I/usr/include']", "CCFLAGS='-isystem /usr/local/include'", "CPPPATH=['/usr/include/linux']",
    "LIBPATH=['/usr/lib/x86_64-linux-gnu']", "LINKFLAGS=['-L/lib64']", "LINKFLAGS=['-shared']",
    "LINKFLAGS=['-Wl,-z,now,-L/usr/lib']", "CCFLAGS=['--sysroot=/']", "CCFLAGS=['-specs=x']", "LINKFLAGS=['-pie']",
    "CCFLAGS=['-B/usr/bin']", "CCFLAGS=['-m32']", "CPPPATH='include:/usr/include'",
    "CPPPATH=[__import__('os').path.relpath('/usr/include')]",
    "LIBS=[File('/usr/lib/x86_64-linux-gnu/libz.a')]", "LINKFLAGS=['/usr/lib/x86_64-linux-gnu/libz.a']",
])
def test_flags_that_reach_the_host_are_refused_by_name(project: Project, flags: str) -> None:
    project.sconstruct(f"env.UnikernelProgram('app', ['main.c'], {flags})\n")
    project.write("main.c", MAIN)
    line = project.refuses()
    assert line.startswith("unikernel: refused: ") and "app" in line


def test_compile_commands(project: Project) -> None:
    project.sconstruct("env.UnikernelProgram('app', ['src/main.c'], CPPDEFINES=['X=1'], CPPPATH=['inc'])\n")
    project.write("src/main.c", MAIN)
    project.build("app")
    entries = json.loads((project.folder / "build/compile_commands.json").read_text())
    assert [entry["file"] for entry in entries] == ["src/main.c"]
    words = entries[0]["arguments"]
    assert {"-DX=1", "-Iinc", "--target=x86_64-unknown-none-elf"} <= set(words)
    headers = words[words.index("-isystem") + 1]
    assert headers.startswith("/") and entries[0]["directory"] == str(project.folder)
