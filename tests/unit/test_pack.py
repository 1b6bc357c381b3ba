"""The wheel's contents, and the launcher that it installs."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from unikernel import __version__, context, digest, installed, pack, wheels
from unikernel.messages import UnikernelError
from unikernel.store import Store, roots


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_the_pins_lie_in_the_ranges_that_the_wheel_requires(home: Path) -> None:
    pins = dict(re.findall(r"^([a-z0-9]+)==([0-9.]+)", (home / wheels.RUN).read_text(), re.MULTILINE))
    for required in pack.REQUIRES:
        match = re.fullmatch(r"([a-z0-9]+)>=([0-9.]+),<([0-9.]+)", required)
        assert match and numbers(match[2]) <= numbers(pins[match[1]]) < numbers(match[3]), required


def test_it_holds_what_keys_are_made_of(home: Path, tmp: Path) -> None:
    with zipfile.ZipFile(tmp / pack.build_wheel(str(tmp))) as wheel:
        wheel.extractall(tmp)
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in wheel.infolist()}
    assert digest.digest(tmp / "unikernel" / "home" / "kernel") == digest.digest(home / "kernel")
    assert digest.digest(tmp / "unikernel" / "templates") == digest.digest(Path(pack.__file__).parent / "templates")
    launcher = f"unikernel-{__version__}.data/scripts/proxy"
    assert [name for name, mode in modes.items() if mode & 0o111] == [launcher]
    assert not [name for name in modes if "__pycache__" in name]
    record = (tmp / f"unikernel-{__version__}.dist-info/RECORD").read_text()
    assert sorted(modes) == sorted(line.split(",")[0] for line in record.splitlines())


def test_an_installed_plugin_packs_nothing(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> None:
    monkeypatch.setattr(pack, "_PACKAGE", tmp / "lib" / "python3" / "site-packages" / "unikernel")
    with pytest.raises(UnikernelError, match="a wheel is made from a clone"):
        pack.build_wheel(str(tmp))


@pytest.mark.parametrize("environ", [
    {"UNIKERNEL_STORE": "/one:~/two:three"}, {"XDG_CACHE_HOME": "/caches"}, {"XDG_CACHE_HOME": "caches"}, {},
    {"UNIKERNEL_STORE": ""},
])
def test_the_launcher_finds_entries_where_the_store_has_them(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UNIKERNEL_STORE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert installed.entry("sdk", "0" * 64) == str(Store(roots(os.environ)).path("sdk", "0" * 64))


def test_the_launcher_prefers_an_entry_that_is_there(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp / "site/sdk/key").mkdir(parents=True)
    monkeypatch.setenv("UNIKERNEL_STORE", f"{tmp}/site:{tmp}/own")
    assert installed.entry("sdk", "key") == f"{tmp}/site/sdk/key"
    assert installed.entry("sdk", "other") == f"{tmp}/own/sdk/other"


def test_the_installed_launcher_imports_as_little_as_the_clones(home: Path) -> None:
    path = f"import sys; sys.path.insert(0, {str(home / 'site_scons/site_tools')!r})"
    script = "import unikernel.proxy; before = set(sys.modules); import unikernel.installed; " \
             "print(*sorted(set(sys.modules) - before))"
    argv = [sys.executable, "-IS", "-c", f"{path}; {script}"]
    done = subprocess.run(argv, text=True, capture_output=True, check=True)
    assert done.stdout.split() == ["unikernel.installed"]


def test_a_wheels_own_home_comes_first(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "INSTALLED", tmp)
    (tmp / "toolchain.lock").touch()
    assert context.find_home({}) == tmp
