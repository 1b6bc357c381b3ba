"""unikernel init: what it writes, and that it never overwrites."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import cli, command_init, context, languages


@pytest.fixture
def folder(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    (tmp / "project").mkdir()
    monkeypatch.chdir(tmp / "project")
    return tmp / "project"


@pytest.mark.parametrize("language", command_init.LANGUAGES)
def test_each_language_has_a_program(language: str, folder: Path, home: Path) -> None:
    assert cli.main(["init", "--language", language]) == 0
    source = command_init.LANGUAGES[language]
    text = (folder / "SConstruct").read_text()
    assert f'["{source}"]' in text and str(home) in text
    assert "Hello from a unikernel" in (folder / source).read_text()


def test_each_language_that_is_built_is_offered() -> None:
    for language, file in command_init.PROGRAMS.items():
        assert (language in command_init.LANGUAGES) == (Path(file).suffix in languages.BUILT)
        assert (Path(command_init.__file__).parent / "starters" / language / file).is_file()


def test_an_installed_plugin_is_imported(tmp: Path) -> None:
    assert "unikernel.tool" in command_init.environment(context.INSTALLED)
    assert "toolpath" not in command_init.environment(context.INSTALLED)


@pytest.mark.parametrize("name", ["SConstruct", "main.c"])
def test_nothing_is_overwritten(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).symlink_to("nowhere")
    assert cli.main(["init"]) == 2
    error = capsys.readouterr().err
    assert name in error and error.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_folder_that_is_not_ones_own_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.rmdir()
    assert cli.main(["init"]) == 1
    error = capsys.readouterr().err
    assert "cannot write" in error and error.count("\n") == 1
