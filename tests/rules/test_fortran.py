"""Fortran: modules in parallel builds, from libraries and folders, in variant folders; what cannot be, in one line."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest
from project import HEAD, Project, Result

MAIN = "program main\n  use b\n  print *, 'b', nb()\nend program\n"
B = "module b\ncontains\n  integer function nb()\n    use a, only: na\n    nb = na() + 1\n  end function\nend module\n"
A = "module a\ncontains\n  integer function na()\n    na = 1\n  end function\nend module\n"
APP = "app = env.UnikernelProgram('app', ['main.f90', 'b.f90', 'a.f90'])\nenv.UnikernelRun('app', app)\n"


def three(project: Project, body: str = APP, head: str = HEAD) -> None:
    """A program whose sources stand in the order that is the wrong one to compile them."""
    project.sconstruct(body, head)
    for name, text in {"main.f90": MAIN, "b.f90": B, "a.f90": A}.items():
        project.write(name, text)


def compiled(result: Result) -> list[str]:
    """The names of the sources that were compiled."""
    return sorted(line.split("/")[-1].removesuffix(".o") for line in result.lines if line.startswith("FC"))


def printed(result: Result) -> list[str]:
    return [" ".join(line.split()) for line in result.out.splitlines()]


def test_sources_are_compiled_in_the_order_of_their_modules(project: Project) -> None:
    three(project)
    result = project.build("-j8", "run-app")
    assert "b 2" in printed(result) and compiled(result) == ["a.f90", "b.f90", "main.f90"]
    assert "is up to date" in project.build("app").out
    assert {path.name for path in (project.folder / "_objs/app/mod").iterdir()} == {"a.mod", "b.mod"}
    assert not list(project.folder.glob("*.mod"))


def test_a_changed_body_recompiles_no_user_and_a_changed_interface_does(project: Project) -> None:
    three(project)
    project.build("app")
    project.write("a.f90", A.replace("na = 1", "na = 5"))
    result = project.build("run-app")
    assert compiled(result) == ["a.f90"] and "b 6" in printed(result)
    project.write("a.f90", A.replace("integer function", "integer(8) function"))
    assert compiled(project.build("app")) == ["a.f90", "b.f90"]


def test_submodules(project: Project) -> None:
    project.sconstruct("app = env.UnikernelProgram('app', ['t.f90', 's.f90', 'main.f90', 'a.f90'])\n"
                       "env.UnikernelRun('app', app)\n")
    project.write("a.f90", "module a\n  interface\n    module subroutine one\n    end subroutine\n"
                           "    module subroutine two\n    end subroutine\n  end interface\nend module\n")
    project.write("s.f90", "submodule (a) s\n  integer :: n = 3\ncontains\n  module procedure one\n"
                           "    print *, 'one', n\n  end procedure\nend submodule\n")
    project.write("t.f90", "submodule (a:s) t\ncontains\n  module procedure two\n    print *, 'two', n\n"
                           "  end procedure\nend submodule\n")
    project.write("main.f90", "use a\ncall one\ncall two\nend\n")
    assert {"one 3", "two 3"} <= set(printed(project.build("-j8", "run-app")))
    project.write("s.f90", (project.folder / "s.f90").read_text().replace("'one', n", "'uno', n"))
    assert compiled(project.build("app")) == ["s.f90"]
    project.write("s.f90", (project.folder / "s.f90").read_text().replace("integer ::", "integer(8) ::"))
    assert compiled(project.build("app")) == ["s.f90", "t.f90"]
    assert "is up to date" in project.build("app").out


@pytest.mark.parametrize("duplicate", [0, 1])
def test_variant_folders(project: Project, duplicate: int) -> None:
    three(project, f"SConscript('src/SConscript', 'env', variant_dir='out', duplicate={duplicate})\n")
    for name in ("main.f90", "b.f90", "a.f90"):
        (project.folder / "src").mkdir(exist_ok=True)
        (project.folder / name).rename(project.folder / "src" / name)
    project.write("src/SConscript", "Import('env')\n" + APP)
    assert "b 2" in printed(project.build("-j8", "run-app"))
    assert (project.folder / "out/_objs/app/mod/a.mod").is_file() and not list(project.folder.glob("src/**/*.mod"))
    project.write("src/a.f90", "! another\n" + A)
    assert compiled(project.build("out/app")) == ["a.f90"]
    assert "is up to date" in project.build("out/app").out


def test_two_programs_have_modules_of_the_same_name(project: Project) -> None:
    project.sconstruct("for name in ('one', 'two'):\n"
                       "    app = env.UnikernelProgram(name, ['main.f90', f'{name}.f90'])\n"
                       "    env.UnikernelRun(name, app)\n")
    project.write("main.f90", "use what\nprint *, 'what', n\nend\n")
    project.write("one.f90", "module what\n  integer, parameter :: n = 1\nend module\n")
    project.write("two.f90", "module what\n  real, parameter :: n = 2.5\nend module\n")
    result = printed(project.build("-j8", "run-one", "run-two"))
    assert "what 1" in result and "what 2.50000000" in result


def test_modules_of_a_library(project: Project) -> None:
    three(project, "lib = env.UnikernelLibrary('parts', ['b.f90', 'a.f90'])\n"
                   "app = env.UnikernelProgram('app', ['main.f90'], LIBS=[lib])\nenv.UnikernelRun('app', app)\n"
                   "env.UnikernelProgram('by-name', ['main.f90'], LIBS=['parts'], LIBPATH=['.'])\n")
    assert "b 2" in printed(project.build("-j8", "run-app", "by-name"))
    project.write("b.f90", B.replace("integer function", "integer(8) function"))
    assert compiled(project.build("app")) == ["b.f90", "main.f90"]


def test_a_module_that_moved_into_a_library_is_the_librarys(project: Project) -> None:
    three(project)
    project.build("app")
    project.write("b.f90", B.replace("integer function nb", "real function nb"))
    project.sconstruct("lib = env.UnikernelLibrary('parts', ['b.f90', 'a.f90'])\n"
                       "app = env.UnikernelProgram('app', ['main.f90'], LIBS=[lib])\nenv.UnikernelRun('app', app)\n")
    assert "b 2.00000000" in printed(project.build("run-app"))


def test_modules_in_a_folder_of_cpppath(project: Project) -> None:
    three(project)
    project.build("app")
    (project.folder / "kept").mkdir()
    for name in ("mod/b.mod", "b.f90.o", "a.f90.o"):
        path = project.folder / "_objs/app" / name
        path.rename(project.folder / "kept" / path.name)
    project.sconstruct("env.UnikernelRun('app', env.UnikernelProgram('app', ['main.f90', 'kept/b.f90.o', "
                       "'kept/a.f90.o'], CPPPATH=['kept']))\n")
    assert "b 2" in printed(project.build("run-app"))


def test_macros_and_included_files_choose_modules(project: Project) -> None:
    project.sconstruct("defines = ['OLD'] if ARGUMENTS.get('old') else {'LEVEL': 2}\n"
                       "app = env.UnikernelProgram('app', ['main.F90', 'm.F90'], CPPDEFINES=defines, CPPPATH=['inc'])\n"
                       "env.UnikernelRun('app', app)\n")
    project.write("main.F90", "#ifdef OLD\nuse older\n#elif LEVEL > 1\nuse newer\n#endif\ninclude 'part.inc'\nend\n")
    project.write("m.F90", "#ifndef OLD\nmodule newer\n#else\nmodule older\n#endif\ninteger, parameter :: n = N_IS\n"
                           "end module\n#define N_IS 0\n".replace("N_IS\n", "7\n", 1))
    project.write("inc/part.inc", "print *, 'n', n\n")
    assert "n 7" in printed(project.build("run-app"))
    assert (project.folder / "_objs/app/mod/newer.mod").is_file()
    project.write("inc/part.inc", "print *, 'm', n\n")
    result = project.build("run-app")
    assert "m 7" in printed(result) and compiled(result) == ["main.F90"]
    assert "m 7" in printed(project.build("run-app", "old=1"))


def test_generated_sources_come_after_what_they_use(project: Project) -> None:
    three(project, "made = env.Command('b.f90', 'b.txt', Copy('$TARGET', '$SOURCE'))\n"
                   "app = env.UnikernelProgram('app', ['main.f90', made, 'a.f90'])\nenv.UnikernelRun('app', app)\n")
    (project.folder / "b.f90").rename(project.folder / "b.txt")
    assert "b 2" in printed(project.build("-j8", "run-app"))
    assert "is up to date" in project.build("app").out


def test_three_languages_in_one_program(project: Project) -> None:
    project.sconstruct("app = env.UnikernelProgram('app', ['main.f90', 'kernel.c', 'glue.cpp', 'old.f'], "
                       "FORTRANFLAGS='-fdefault-real-8', F90FLAGS='-fcheck=all')\nenv.UnikernelRun('app', app)\n")
    project.write("main.f90", "program main\n  use, intrinsic :: iso_c_binding\n  implicit none\n  interface\n"
                              "    subroutine kernel(n) bind(c)\n      import c_int\n      integer(c_int), value :: n\n"
                              "    end subroutine\n  end interface\n  call kernel(kind(1.0))\n  call old(20)\n"
                              "end program\n")
    project.write("kernel.c", "void glue(int n);\nvoid kernel(int n) { glue(n + 1); }\n")
    project.write("glue.cpp", "#include <iostream>\nextern \"C\" void glue(int n) { std::cout << \"glue \" << n << "
                              "std::endl; }\n")
    project.write("old.f", "C     in the old form\n      SUBROUTINE OLD(N)\n      PRINT 10, N\n 10   FORMAT('OLD',\n"
                           "     &  I3)\n      END\n")
    result = project.build("run-app", "verbose=1")
    assert {"glue 9", "OLD 20"} <= set(printed(result))
    lines = {line.split()[-1]: line for line in result.out.splitlines() if " -c " in line}
    assert "-fdefault-real-8 -fcheck=all" in lines["main.f90"]
    assert "-fdefault-real-8" in lines["old.f"] and "-fcheck" not in lines["old.f"]
    assert "-fdefault-real-8" not in lines["kernel.c"]


def test_openmp_from_fortran(project: Project) -> None:
    project.sconstruct("app = env.UnikernelProgram('app', ['main.f90'], openmp=True)\nenv.UnikernelRun('app', app, "
                       "cpus=2)\n")
    project.write("main.f90", "program main\n  use omp_lib\n  integer :: n = 0\n  !$omp parallel reduction(+: n)\n"
                              "  n = n + 1\n  !$omp end parallel\n  !$ print *, 'threads', n, omp_get_max_threads()\n"
                              "end program\n")
    assert "threads 2 2" in printed(project.build("run-app"))


@pytest.mark.parametrize(("a", "words"), [
    (A.replace("module a", "module z"), "no file defines module a: b.f90 uses it"),
    (A.replace("contains", "use b\ncontains"), "modules use each other: b -> a -> b: b.f90, a.f90"),
    (A.replace("module a", "module B"), "module b is defined by two files: app: b.f90, a.f90"),
    (A.replace("contains", "use mpi\ncontains"), "module mpi: MPI comes with a later version: a.f90"),
    (A.replace("contains", "use, intrinsic :: iso_c\ncontains"), "no intrinsic module iso_c: a.f90"),
])
def test_what_cannot_be_ordered_is_one_line(project: Project, a: str, words: str) -> None:
    three(project)
    project.write("a.f90", a)
    assert words in project.refuses("app")


def test_the_place_of_modules_is_not_the_users_to_choose(project: Project) -> None:
    three(project, APP.replace("])\n", "], FORTRANFLAGS='-Jmods')\n", 1))
    assert "refused: -Jmods: app (modules are in the target's own folder" in project.refuses("app")
