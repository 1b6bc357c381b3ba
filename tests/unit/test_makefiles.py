"""What makefiles say of their tools, and what make is told in turn."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel.makefiles import Makefiles


def overrides(tmp: Path, text: str, name: str = "Makefile") -> list[str]:
    """What make's command line says for one makefile."""
    (tmp / "sub").mkdir()
    (tmp / "sub" / name).write_text(text)
    return Makefiles(tmp).overrides()


@pytest.mark.parametrize(("text", "words"), [
    ("CC = gcc -std=gnu99\n", ["CC=x86_64-hermit-gcc -std=gnu99"]),
    ("CC:=cc # the compiler\n", ["CC=x86_64-hermit-gcc"]),
    ("export CXX ?= g++-12\n", ["CXX=x86_64-hermit-g++"]),
    ("AR= ar rcu\nRANLIB= ranlib\n", ["AR=x86_64-hermit-ar rcu", "RANLIB=x86_64-hermit-ranlib"]),
    ("F90 = gfortran -O3 \\\n  -march=native\n", ["F90=x86_64-hermit-gfortran -O3    -march=native"]),
    ("LINKER = /usr/bin/ld\n", ["LINKER=x86_64-hermit-ld"]),
    ("HOSTCC = gcc -O1\nCC_FOR_BUILD = cc\n", ["CC_FOR_BUILD=x86_64-linux-gnu-gcc", "HOSTCC=x86_64-linux-gnu-gcc -O1"]),
    ("CROSS =\nCC = $(CROSS)gcc\n", ["CROSS=x86_64-hermit-", "CC=x86_64-hermit-gcc"]),
    ("LD = $(CC)\nFC = $(F90) -c\n", []),
    ("PROGRAMS = ar ld\nall:\n\tCC=gcc ./run\n", []),
])
def test_tools_by_name(tmp_path: Path, text: str, words: list[str]) -> None:
    assert overrides(tmp_path, text) == words


@pytest.mark.parametrize("name", ["GNUmakefile", "makefile.linux", "make.inc", "Make.config", "rules.mk"])
def test_names_of_makefiles(tmp_path: Path, name: str) -> None:
    assert overrides(tmp_path, "CC = gcc\n", name) == ["CC=x86_64-hermit-gcc"]


@pytest.mark.parametrize("name", ["Makefile.in", "Makefile.am", "main.c", "README"])
def test_what_is_no_makefile(tmp_path: Path, name: str) -> None:
    assert overrides(tmp_path, "CC = gcc\n", name) == []


def test_flags_follow_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("CC = gcc -std=c99\nAR = ar\nSHELL = /bin/bash\ninstall:\n\tcp x $(DESTDIR)/y\n")
    found = Makefiles(tmp_path)
    assert found.overrides(["-fopenmp"]) == ["AR=x86_64-hermit-ar", "CC=x86_64-hermit-gcc -fopenmp -std=c99"]
    assert found.bash and found.destdir
