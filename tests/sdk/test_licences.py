"""unikernel licences tells what the very image links, stripped or not; the linker's own map is the witness."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import HOME, Sdk
from unikernel import cli, context, gomp, languages, origins, parts, steps

ALWAYS = {"libhermit", "newlib", "libgcc", "rust", "ppv-lite86", "rand_chacha", "rand_core", "spin"}
PLAIN = "int main(void) { return 0; }\n"
SINL = "#include <math.h>\nint main(int c, char **v) { return (int)sinl(c); }\n"
CHARCONV = """#include <charconv>
int main(int, char **argv) { char text[40]; return *std::to_chars(text, text + 40, 1.5 * **argv).ptr; }
"""
FORTRAN = """real({kind}) :: x
read *, x
print *, sqrt(x)
end
"""


@dataclass(frozen=True)
class Program:
    """A source for one of the commands, and what its image links beside what all do."""

    language: str
    command: str
    file: str
    text: str
    flags: str = ""
    links: frozenset[str] = frozenset()


PROGRAMS = {
    "plain": Program("c", "gcc", "main.c", PLAIN),
    "sinl": Program("c", "gcc", "main.c", SINL, "-lm", frozenset({"musl"})),
    "unused": Program("c", "gcc", "main.c", f"long double sinl(long double), (*unused)(long double);\n{PLAIN}", "-lm"),
    "openmp": Program("openmp", "gcc", "main.c", "#include <omp.h>\nint main(void) { return omp_get_level(); }\n",
                      "-fopenmp", frozenset({"libgomp"})),
    "c++": Program("c++", "g++", "main.cpp", CHARCONV, "-std=c++17", frozenset({"libstdc++", "musl", "ryu"})),
    "fortran": Program("fortran", "gfortran", "main.f90", FORTRAN.format(kind=8), "",
                       frozenset({"libgfortran", "musl"})),
    "real16": Program("fortran", "gfortran", "main.f90", FORTRAN.format(kind=16), "",
                      frozenset({"libgfortran", "libquadmath", "musl"})),
}
BUILT = (languages.C, *languages.STEPS)
# The parts that are archives of their own, by the archive.
_ARCHIVES = {f"{part.name}.a": part.name for part in origins.PARTS} | {"libsupc++.a": "libstdc++"}
_TAKEN = re.compile(r"^\S*/(lib[^/]+\.a)\(([^)]+)\)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIKERNEL_HOME", str(HOME))


def witness(listing: str) -> set[str]:
    """The parts by the linker's map: what it took out of archives, before it says anything else."""
    found = set()
    for archive, member in _TAKEN.findall(listing.partition("\nDiscarded")[0]):
        inner = [part.name for part in origins.PARTS if f"{archive}:*{member}" in " ".join(part.files)]
        if inner:
            found.update(inner)
        elif archive in ("libc.a", "libm.a"):
            musl = archive == "libm.a" and member.endswith("l.o") or member == "frexpl.o"
            found |= {"newlib"} if member.startswith("lib_a-") else {"musl"} if musl else set()
        elif archive in _ARCHIVES:
            found.add(_ARCHIVES[archive])
    return found


def listed(image: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
    capsys.readouterr()
    assert cli.main(["licences", str(image)]) == 0
    return {line.split()[0] for line in capsys.readouterr().out.splitlines()[1:] if line.startswith("  ")}


@pytest.mark.parametrize("name", [name for name in PROGRAMS if PROGRAMS[name].language in BUILT])
def test_what_is_linked(sdk: Sdk, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = PROGRAMS[name]
    ctx = context.from_environ(os.environ, home=HOME)
    for step in languages.steps([program.language]):
        steps.make(ctx, step)
    sdk.ok(program.command, "-O2", sdk.source(program.text, program.file), "-o", "image", *program.flags.split(),
           "-Wl,-Map,map")
    found = listed(sdk.work / "image", capsys)
    assert found == witness((sdk.work / "map").read_text()) | ALWAYS
    assert found - {"musl"} == (ALWAYS | program.links) - {"musl"} and found >= program.links
    sdk.ok("strip", "image", "-o", "stripped")
    assert listed(sdk.work / "stripped", capsys) == found


def test_texts_are_those_of_the_sources(sdk: Sdk, capsys: pytest.CaptureFixture[str]) -> None:
    sdk.ok("gcc", sdk.source(SINL), "-o", "image", "-lm")
    assert cli.main(["licences", "--texts", str(sdk.work / "image")]) == 0
    text = capsys.readouterr().out
    for words in ("libhermit: LICENSE", "newlib: COPYING.NEWLIB", "Red Hat", "Rich Felker", "spin: LICENSE",
                  "GCC RUNTIME LIBRARY EXCEPTION", "GNU GENERAL PUBLIC LICENSE", "The Rust Project Developers"):
        assert words in text, words
    assert re.search(r"rand_chacha: LICENSE-MIT.*\nrand_core: LICENSE-MIT", text), "the same text is printed once"


def test_a_linker_script_of_ones_own_needs_no_sections_for_it(sdk: Sdk) -> None:
    script = sdk.source("SECTIONS { . = 0x200000; .text : { *(.text*) } }\n", "own.ld")
    sdk.ok("gcc", sdk.source("void _start(void) {}\n"), "-nostdlib", "-nostartfiles", f"-Wl,-T,{script}", "-o", "image")


def test_failures_are_one_line(sdk: Sdk, capsys: pytest.CaptureFixture[str]) -> None:
    sdk.ok("gcc", sdk.source(PLAIN), "-o", "image")
    sdk.ok("objcopy", "-R", ".comment.crates", "image", "bare")
    for name, code, words in (("bare", 1, "does not tell"), ("main.c", 126, "ELF"), ("none", 127, "cannot read")):
        assert cli.main(["licences", str(sdk.work / name)]) == code
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1


def test_no_runtimes_archive_is_linked_unnoticed() -> None:
    ctx = context.from_environ(os.environ, home=HOME)
    gomp.ensure(ctx)
    known = " ".join(file for part in origins.PARTS for file in part.files)
    archives = [file.name for step in parts.FOLDERS for file in (steps.load(step).path(ctx) / "usr/lib").glob("lib*.a")]
    assert "libgomp.a" in archives
    assert [name for name in archives if f"*/usr/lib/{name}:" not in known] == []
