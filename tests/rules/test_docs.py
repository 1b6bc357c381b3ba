"""The documents are true: the tutorial's files and commands do what it shows; links lead somewhere."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from project import HOME
from unikernel import context, isles, toolchain

DOCS = sorted([HOME / "README.md", HOME / "CHANGELOG.md", *(HOME / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?(?: (\+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is (if any), whether it is added to that file's end, its text."""

    language: str
    file: str
    added: bool
    text: str


def blocks(text: str) -> list[Block]:
    return [Block(language, file or "", bool(plus), body) for language, file, plus, body in _BLOCK.findall(text)]


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    pieces = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(line, output) for line, _, output in (piece.partition("\n") for piece in pieces)]


def matches(shown: str, printed: str) -> bool:
    """`...` on a line of its own stands for any lines, within a line for any text."""

    def pattern(line: str) -> str:
        return r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"

    return re.fullmatch("".join(map(pattern, shown.splitlines())), printed) is not None


def shell(line: str, folder: Path, tools: Path) -> str:
    """What a command prints, stderr in between; exit codes show in the text where they matter."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HERMIT_", "PYTHON"))}
    kept["PATH"] = f"{tools}:{kept.get('PATH', os.defpath)}"
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=kept, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
    ).stdout


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True), ("a\n", "a\nb\n", False), ("", "", True), ("", "error\n", False),
        ("...\nb\n", "x\ny\nb\n", True), ("...\nb\n", "b\n", True), ("a\n...\nb\n", "a\nx\nb\n", True),
        ("a\n...\nb\n", "a\nx\nc\n", False), ("at ...\n", "at 0x1\n", True), ("at ...\n", "at 0x1\nb\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_the_comparison_itself(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


def test_the_tutorial_does_what_it_shows(tmp_path: Path) -> None:
    if isles.why_no_kvm():
        pytest.skip(f"the tutorial shows a host with KVM: {isles.why_no_kvm()}")
    clone, folder, tools = tmp_path / "clone", tmp_path / "project", tmp_path / "tools"
    clone.symlink_to(HOME)  # whose own name may need quotes
    folder.mkdir()
    tools.mkdir()
    # The tutorial's reader has a make; a machine that runs the tests may have none.
    locked = toolchain.ensure(context.from_environ(os.environ, home=HOME)) / "usr/bin/make"
    (tools / "make").symlink_to(locked)
    text = (HOME / "docs" / "tutorial.md").read_text().replace("<clone>", str(clone))
    ran = 0
    for block in blocks(text):
        if block.file:
            (folder / block.file).parent.mkdir(exist_ok=True)
            with open(folder / block.file, "a" if block.added else "w") as stream:
                stream.write(block.text)
        for line, shown in commands(block.text) if block.language == "console" else ():
            printed = shell(line, folder, tools)
            assert matches(shown, printed), f"$ {line}\nshown:\n{shown}\nprinted:\n{printed}"
            ran += 1
    assert ran >= 10, "the tutorial's commands were not found"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(HOME)))
def test_links_lead_somewhere(path: Path) -> None:
    missing = [link for link in _LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert not missing
