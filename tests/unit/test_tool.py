"""The tool's door: what SCons imports first."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import unikernel
from unikernel import modules


def test_without_its_python_packages_it_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jinja2" else find(name))
    with pytest.raises(SystemExit) as ended:
        unikernel.generate(object())
    lines = capfd.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert len(lines) == 1 and "jinja2" in lines[0] and "sconsw" in lines[0] and "requirements.txt" in lines[0]


def test_an_installed_one_names_the_python_that_lacks_them(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp: Path
) -> None:
    (tmp / "home").mkdir()
    monkeypatch.setattr(unikernel, "__file__", str(tmp / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        unikernel.generate(object())
    line = capfd.readouterr().err
    assert sys.executable in line and "pyelftools" in line and "sconsw" not in line


def test_importing_it_brings_nothing_heavy(home: Path) -> None:
    """proxy does so at each start."""
    path = f"import sys; sys.path.insert(0, {str(home / 'site_scons/site_tools')!r})"
    script = "before = set(sys.modules); import unikernel; print(*sorted(set(sys.modules) - before))"
    argv = [sys.executable, "-IS", "-c", f"{path}; {script}"]
    brought = subprocess.run(argv, text=True, capture_output=True, check=True).stdout.split()
    assert set(brought) <= {"unikernel", "__future__"}


def test_the_packages_place_is_the_same_in_a_child(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> None:
    """The key of the cross files holds it, and they are made in a process of its own."""
    before = modules.package_path()
    monkeypatch.syspath_prepend(str(tmp))  # as SCons does while it reads an SConscript
    assert str(tmp) in modules.search_path() and modules.package_path() == before
    asked = "from unikernel import modules; print(repr(modules.package_path()))"
    child = subprocess.run([sys.executable, "-c", asked], env=modules.environ(), text=True, check=True,
                           capture_output=True)
    assert child.stdout.strip() == repr(before)
