"""sconsw and the pinned Python packages: warm start, where SCons runs, old or missing Pythons."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from unikernel import wheels
from unikernel.context import Context
from unikernel.messages import UnikernelError

# A stand-in for SCons that tells how it was called.
TELLS = 'import os, sys\nprint(sys.argv[1:], os.getcwd(), os.environ["PYTHONPATH"])\n'


@pytest.fixture
def clone(home: Path, tmp: Path) -> Path:
    """A clone with sconsw and requirements, and a store in which the packages are a stand-in for SCons."""
    folder = tmp / "clone"
    folder.mkdir()
    for name in ("sconsw", wheels.RUN, wheels.DEVELOP, "toolchain.lock"):
        shutil.copy(home / name, folder)
    (folder / "site_scons").symlink_to(home / "site_scons")
    (folder / "SConstruct").touch()
    module = tmp / "store" / "py" / wheels.key(folder / wheels.RUN) / "SCons"
    module.mkdir(parents=True)
    (module / "__main__.py").write_text(TELLS)
    return folder


def sconsw(clone: Path, *arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.defpath}"
    env = {"PATH": path, "HOME": str(clone.parent), "UNIKERNEL_STORE": str(clone.parent / "store"), **environ}
    return subprocess.run([str(clone / "sconsw"), *arguments], cwd=cwd, env=env, capture_output=True, text=True,
                          check=False)


def test_a_warm_start_runs_scons_where_the_user_is(clone: Path) -> None:
    done = sconsw(clone, "run-hello", "-n", cwd=clone)
    assert done.stdout.startswith(f"['run-hello', '-n'] {clone} {clone.parent}/store/py/"), done.stderr


def test_below_and_outside_a_project_scons_finds_the_sconstruct(clone: Path, tmp: Path) -> None:
    (clone / "sub").mkdir()
    (tmp / "other").mkdir()
    assert sconsw(clone, "x", cwd=clone / "sub").stdout.startswith(f"['-D', 'x'] {clone}/sub ")
    assert sconsw(clone, "x", cwd=tmp / "other").stdout.startswith(f"['-C', '{clone}', 'x'] {tmp}/other ")


def test_another_projects_sconstruct_is_used_there(clone: Path, tmp: Path) -> None:
    (tmp / "other").mkdir()
    (tmp / "other" / "SConstruct").touch()
    assert sconsw(clone, cwd=tmp / "other").stdout.startswith(f"[] {tmp}/other ")


def test_a_module_in_the_working_folder_hides_nothing(clone: Path) -> None:
    if sys.version_info >= (3, 11):
        (clone / "os.py").write_text("raise SystemExit('hidden')\n")
        assert sconsw(clone, cwd=clone).returncode == 0


def test_offline_without_the_packages_is_one_line(clone: Path) -> None:
    done = sconsw(clone, "test", "offline=1", cwd=clone)
    assert done.returncode == 1 and "offline=1" in done.stderr and "requirements-dev.txt" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_mirror_is_one_line(clone: Path) -> None:
    done = sconsw(clone, "test", cwd=clone, UNIKERNEL_MIRROR="/absent")
    assert done.returncode == 2 and "UNIKERNEL_MIRROR" in done.stderr.splitlines()[-1]


def test_no_python_and_an_old_python_are_one_line(clone: Path, tmp: Path) -> None:
    (tmp / "bin").mkdir()
    done = sconsw(clone, cwd=clone, PATH=str(tmp / "bin"))
    assert done.returncode == 2 and done.stderr.startswith("sconsw: no python3")
    # An old Python is one that says so; whether an old one can parse the file shows in the next test.
    text = (clone / "sconsw").read_text().replace("< (3, 10)", "< (99, 0)")
    (clone / "sconsw").write_text(text)
    done = sconsw(clone, cwd=clone)
    assert done.returncode == 2 and "Python 3.10 or newer" in done.stderr and len(done.stderr.splitlines()) == 1


def test_sconsw_uses_no_syntax_that_old_pythons_lack(home: Path) -> None:
    compile((home / "sconsw").read_text(), "sconsw", "exec", flags=0, dont_inherit=True)
    import ast

    ast.parse((home / "sconsw").read_text(), feature_version=(3, 6))
    assert not re.search(r'\bf"', (home / "sconsw").read_text())


@pytest.mark.parametrize("name", [wheels.RUN, wheels.DEVELOP])
def test_every_requirement_is_pinned_and_hashed(home: Path, name: str) -> None:
    blocks = [block for block in re.split(r"\n(?=[A-Za-z])", (home / name).read_text()) if not block.startswith("#")]
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9_.-]+==[0-9]", block) and "--hash=sha256:" in block, block


def test_markers_choose_by_the_wanted_python() -> None:
    text = '# x\naa==1 \\\n    --hash=sha256:0\nbb==2 ; python_version < "3.11" \\\n    --hash=sha256:1\n'
    assert "bb==2 \\" in wheels._for_python(text, "3.10") and "python_version" not in wheels._for_python(text, "3.10")
    assert "bb" not in wheels._for_python(text, "3.11") and "aa==1" in wheels._for_python(text, "3.11")


def test_packages_that_cannot_be_had_are_one_line(
    make_context: Callable[..., Context], tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp / "wheels").mkdir()
    ctx = make_context({"UNIKERNEL_MIRROR": str(tmp), "PATH": os.defpath})
    with pytest.raises(UnikernelError, match="cannot fetch the Python packages.*UNIKERNEL_MIRROR") as caught:
        wheels.ensure(ctx, wheels.RUN)
    assert "\n" not in str(caught.value)
    assert not (ctx.store.root / "py").exists()


def test_a_foreign_wheel_is_refused(make_context: Callable[..., Context], tmp: Path, home: Path) -> None:
    (tmp / "wheels").mkdir()
    for pin in re.findall(r"^([a-z]+)==(\S+)", (home / wheels.RUN).read_text(), re.MULTILINE):
        (tmp / "wheels" / f"{'-'.join(pin)}-py3-none-any.whl").write_bytes(b"not what was pinned")
    ctx = make_context({"UNIKERNEL_MIRROR": str(tmp), "PATH": os.defpath})
    with pytest.raises(UnikernelError, match="cannot fetch the Python packages.*HASHES"):
        wheels.ensure(ctx, wheels.RUN)
    assert not (ctx.store.root / "py").exists()


def test_pip_comes_from_ensurepip_where_there_is_none(
    make_context: Callable[..., Context], tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheels._bundled_wheel()
    if wheel is None:
        pytest.skip("this Python bundles no pip")
    bare = tmp / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    words = wheels.pip(make_context({"PATH": os.defpath}))
    assert words[-1] == str(wheel)
    done = subprocess.run([*words, "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("pip "), done.stderr
