"""Projects in folders of any name, and a store where none can be."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from project import MAIN, Project

BODY = "app = env.UnikernelProgram('my app', ['my main.c'])\nenv.UnikernelRun('app', app, args=[\"it's a b\"])\n"


@pytest.mark.parametrize("name", ["with blanks", "it's", 'a "quoted" one', "naïve ünïcode", "$HOME & more; #1"])
def test_a_project_may_lie_anywhere(tmp_path: Path, name: str) -> None:
    project = Project(tmp_path / name)
    project.sconstruct(BODY)
    project.write("my main.c", MAIN.replace('"hello"', "argv[1]").replace("void", "int argc, char **argv"))
    result = project.build("run-app")
    assert "it's a b" in result.out.splitlines()
    assert not project.build().did("CC"), "built once"
    assert str(tmp_path).encode() not in (project.folder / "my app").read_bytes(), "a path of this machine"


def test_a_store_where_none_can_be_is_one_line(project: Project, tmp_path: Path) -> None:
    project.sconstruct(BODY)
    project.write("my main.c", MAIN)
    project.environ["UNIKERNEL_STORE"] = str(tmp_path / "a store")
    line = project.refuses()
    assert "a store" in line and "UNIKERNEL_STORE" in line
    assert not (tmp_path / "a store").exists()
