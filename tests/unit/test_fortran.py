"""Fortran's sources: what they define and use, in both forms and behind the preprocessor, and which waits for which."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re

import pytest
from unikernel import fortran_order, fortran_scan, fortran_text
from unikernel.fortran_scan import Facts, Use
from unikernel.messages import UnikernelError


def scan(text: str, name: str = "x.f90", *flags: str, openmp: bool = False, **files: str) -> Facts:
    how = fortran_scan.dialect(name, flags, fortran_text.defines_of(flags), openmp=openmp)
    return fortran_scan.scan(text, how, lambda included: files.get(included.partition(".")[0]))


def uses(text: str, name: str = "x.f90", *flags: str, openmp: bool = False, **files: str) -> list[str]:
    return [use.name for use in scan(text, name, *flags, openmp=openmp, **files).uses]


@pytest.mark.parametrize(("text", "names"), [
    ("module Heat\nend module Heat\n", ["heat.mod"]),
    ("MODULE A; END MODULE; module b\nend module b", ["a.mod", "b.mod"]),
    ("module &\n  ! between\n\n  & long_name\nend module", ["long_name.mod"]),
    ("module procedure f\nmodule subroutine s\nmodule = 3\nmodules = 4\n", []),
    ("program p\n  print *, 'module a'\n  ! module b\nend\n", []),
    ("module a\ninterface\n module subroutine s(x)\n end subroutine\nend interface\nend", ["a.mod", "a.smod"]),
    ("module a\ninterface\n pure real(8) module function f(x)\nend interface\nend", ["a.mod", "a.smod"]),
    ("module a\ninterface g\n module procedure f\nend interface\nend", ["a.mod"]),
    ("submodule (a) s\nend submodule", ["a@s.smod"]),
    ("submodule(a:s)  T\ncontains\nmodule subroutine x\nend\nend submodule", ["a@t.smod"]),
])
def test_what_a_source_writes(text: str, names: list[str]) -> None:
    assert scan(text).files() == names


@pytest.mark.parametrize(("text", "names"), [
    ("use a\nuse b, only: c\nuse :: d\nuse,non_intrinsic::e\nUSE F,G=>H\n", ["a", "b", "d", "e", "f"]),
    ("use a; use b ! ; use c\n", ["a", "b"]),
    ("print *, 'it''s'; use a\nprint *, \"use b; use c\"\n", ["a"]),
    ("use &\n & a, &\n ! use b\n only: c\n", ["a"]),
    ("use_it = 1\nuse = 2\nuse(1) = 3\nuse%a = 1\nuser a\n", []),
    ("use a\nuse a\n", ["a"]),
])
def test_what_a_source_uses(text: str, names: list[str]) -> None:
    assert uses(text) == names


def test_intrinsic_modules_are_marked() -> None:
    assert scan("use, intrinsic :: iso_c_binding\nuse omp_lib\n").uses == [
        Use("iso_c_binding", "intrinsic"), Use("omp_lib"),
    ]
    assert scan("submodule (a:b) c\nend").parents == ["a@b"] and scan("submodule (a) c\nend").parents == ["a"]


@pytest.mark.parametrize(("text", "names"), [
    ("C     USE NO\n* use no\n!     use no\n      USE A\n     &, ONLY: X\n", ["a"]),
    ("      use\n     1 a\n      use b" + " " * 62 + "use c\n", ["a", "b"]),
    ("\tuse a\n\tuse b,\n\t1only: c\n 10   continue\n      stop; end\n", ["a", "b"]),
])
def test_fixed_form(text: str, names: list[str]) -> None:
    assert uses(text, "x.f") == names and uses(text, "x.f90", "-ffixed-form") == names


def test_the_length_of_fixed_lines() -> None:
    line = "      use a" + " " * 61 + ";use b\n"
    assert uses(line, "x.f") == ["a"]
    assert uses(line, "x.f", "-ffixed-line-length-none") == ["a", "b"] == uses(line, "x.f", "-ffixed-line-length-132")


def test_openmps_lines() -> None:
    assert uses("!$ use a\n!$omp parallel\n", openmp=True) == ["a"] and uses("!$ use a\n") == []
    assert uses("c$    use a\n", "x.f", openmp=True) == ["a"]


BRANCHES = """
#ifdef MPI
use mpi
#elif LEVEL >= 2 && !defined(OLD)
use new
#else
use old
#endif
#if defined(__GFORTRAN__) && (1 + 2 * 3 == 7)
use gnu
#endif
#if WHAT(3)
use maybe
#else
use other
#endif
"""


@pytest.mark.parametrize(("flags", "names"), [
    ([], ["old", "gnu", "maybe", "other"]), (["-DMPI"], ["mpi", "gnu", "maybe", "other"]),
    (["-DLEVEL=2"], ["new", "gnu", "maybe", "other"]), (["-D", "LEVEL=3", "-DOLD"], ["old", "gnu", "maybe", "other"]),
    (["-DMPI", "-UMPI"], ["old", "gnu", "maybe", "other"]),
])
def test_the_preprocessor_decides(flags: list[str], names: list[str]) -> None:
    assert uses(BRANCHES, "x.F90", *flags) == names
    assert uses(BRANCHES, "x.f90", "-cpp", *flags) == names


def test_without_preprocessor_all_lines_count() -> None:
    assert uses(BRANCHES)[:3] == ["mpi", "new", "old"] == uses(BRANCHES, "x.F90", "-nocpp")[:3]


def test_names_by_macros_and_included_files() -> None:
    text = "#define KIND r4\n#define NAME solver_r4\n#include \"body.inc\"\ninclude 'more.inc'\n"
    facts = scan(text, "x.F90", body="module NAME\nuse KIND\nend module\n", more="use c ! here\n")
    assert facts.modules == ["solver_r4"] and [use.name for use in facts.uses] == ["r4", "c"]


def test_what_includes_itself_ends() -> None:
    text = "include 'x.inc'\nuse a\n"
    assert uses(text, x=text) == ["a"]
    assert uses('#include "x.inc"\nuse a\n', "x.F90", x='#include "x.inc"\n') == ["a"]


@pytest.mark.parametrize(("condition", "value"), [
    ("1", 1), ("0x10", 16), ("010", 8), ("A", 0), ("B == 3", 1), ("!B || -1 < 0", 1), ("7 / 2 % 2", 1),
    ("-7 / 2", -3),
    ("defined B && defined(C)", 1),
])
def test_conditions(condition: str, value: int) -> None:
    assert fortran_text.value(condition, {"B": "3", "C": ""}) == value


@pytest.mark.parametrize("condition", ["", "1 +", "(1", "1)", "1 / 0", "A(1)", "'a'", "1 ? 2 : 3", "E"])
def test_what_is_no_condition(condition: str) -> None:
    with pytest.raises(ValueError):
        fortran_text.value(condition, {"E": "E + E"})


def resolve(others: str = "", *, generated: bool = False, **sources: str) -> dict[str, fortran_order.Wants]:
    facts = {f"{name}.f90": scan(text) for name, text in sources.items()}
    return fortran_order.resolve(facts, lambda file: file in others.split(), "app", generated=generated)


def test_who_waits_for_whom() -> None:
    wants = resolve(
        "lib.mod", main="use b\nuse lib\nuse omp_lib\nend",
        a="module a\ninterface\nmodule subroutine s\nend interface\nend",
        b="module b\nuse a\nend\nmodule c\nuse b\nend", s="submodule (a) s\nend", t="submodule (a:s) t\nend",
    )
    assert wants["main.f90"].own == ["b.mod"] and wants["main.f90"].foreign == ["lib.mod"]
    assert wants["b.f90"].own == ["a.mod"] and wants["a.f90"].own == []
    assert wants["s.f90"].own == ["a.smod"] and wants["t.f90"].own == ["a@s.smod"]


def test_ones_own_module_goes_before_the_compilers() -> None:
    own = resolve(a="module ieee_arithmetic\nend", b="use ieee_arithmetic\nend")["b.f90"].own
    assert own == ["ieee_arithmetic.mod"]
    assert resolve(a="module omp_lib\nend", b="use, intrinsic :: omp_lib\nend")["b.f90"].own == []


@pytest.mark.parametrize(("sources", "words"), [
    ({"main": "use heat\nend"}, "no file defines module heat: main.f90 uses it ("),
    ({"main": "use, non_intrinsic :: omp_lib\nend"}, "no file defines module omp_lib: main.f90 uses it"),
    ({"main": "use, intrinsic :: heat\nend"}, "no intrinsic module heat: main.f90 (known: ieee_arithmetic "),
    ({"main": "use mpi\nend"}, "module mpi: MPI comes with a later version: main.f90"),
    ({"main": "use openacc\nend"}, "no module openacc: main.f90 (a unikernel has no accelerators)"),
    ({"s": "submodule (a:b) s\nend"}, "no file gives a:b an interface for submodules: s.f90 is a submodule of it"),
    ({"s": "submodule (a) s\nend", "a": "module a\nend"}, "no file gives a an interface"),
    ({"a": "module m\nend", "b": "module M\nend"}, "module m is defined by two files: app: a.f90, b.f90"),
    ({"a": "module m\nend\nmodule m\nend"}, "module m is twice in one target: a.f90"),
    ({"a": "module a\nuse b\nend", "b": "module b\nuse c\nend", "c": "module c\nuse a\nend", "m": "use a\nend"},
     "modules use each other: a -> b -> c -> a: a.f90, b.f90, c.f90"),
])
def test_what_cannot_be_resolved_is_one_line(sources: dict[str, str], words: str) -> None:
    with pytest.raises(UnikernelError, match=re.escape(words)):
        resolve(**sources)


def test_generated_sources_may_define_what_nobody_else_does() -> None:
    sources = {"a": "module a\nend", "b": "module b\nuse made\nend", "c": "module c\nuse b\nend"}
    wants = resolve(generated=True, **sources)
    assert wants["b.f90"].unknown == ["made"] and wants["c.f90"].own == ["b.mod"]
    facts = {f"{name}.f90": scan(text) for name, text in sources.items()}
    assert fortran_order.ready(facts, wants) == ["a.mod"]


def test_what_a_source_may_include() -> None:
    text = "include 'a.inc'\n#ifdef X\n  # include \"b.h\"\n#endif\nprint *, \"include 'c'\"\n#include <d.h>\n"
    assert fortran_scan.includes(text) == ["a.inc", "b.h", "d.h"]
