"""The installed wheel: nothing of a clone is seen, and the store is shared with clones."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from checkout import copy_checkout
from installed import outside, pip, repack, requirements
from project import HOME, MAIN, Project
from test_user import without_powers
from unikernel import context, pack, steps

STANDALONE = HOME / "examples" / "standalone"
KEYS = ("import os; from unikernel import context, steps; ctx = context.from_environ(os.environ); "
        "print(ctx.home, *(f'{name}={steps.load(name).key(ctx)}' for name in steps.MADE_FROM))")


@dataclass
class Wheels:
    """A folder of wheels, ours (as pip built it) among them."""

    folder: Path

    def install(self, *words: object, python: str | Path = sys.executable) -> None:
        pip("install", "--quiet", "--no-warn-script-location", "--find-links", self.folder, *words, python=python)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    folder = tmp_path_factory.mktemp("wheels")
    repack(requirements(), folder)
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", folder, HOME)
    return Wheels(folder)


@pytest.fixture(scope="module")
def target(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install --target` makes of an empty folder."""
    folder = tmp_path_factory.mktemp("target")
    wheels.install("--target", folder, "unikernel")
    return folder


def project_of(target: Path, folder: Path) -> Project:
    path = f"{target}/bin{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
    return outside(folder, PYTHONPATH=str(target), PATH=path)


def run(project: Project, *words: str, code: int = 0, **environ: str) -> str:
    """A command as its user types it: what it prints."""
    done = subprocess.run(words, cwd=project.folder, env={**project.environ, **environ}, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == code, done.stdout
    return done.stdout


def test_the_same_bytes_by_pip_and_from_a_copy_and_from_an_archive(wheels: Wheels, tmp_path: Path) -> None:
    """Whatever the modes and times of the files."""
    copy = copy_checkout(tmp_path / "copy")
    for path in copy.folder.rglob("*"):
        if path.is_file():
            path.chmod(0o755)
    pack.build_sdist(str(tmp_path / "sources"))
    with tarfile.open(tmp_path / "sources" / pack.SOURCES) as archive:
        archive.extractall(tmp_path)
    build = "import sys; from unikernel import pack; pack.build_wheel(sys.argv[1])"
    places = [copy.folder, tmp_path / pack.SOURCES.removesuffix(".tar.gz")]
    for place in places:
        environ = {"PYTHONPATH": str(place / "site_scons/site_tools"), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, "-c", build, place / "dist"], env=environ, check=True)
        assert (place / "dist" / pack.WHEEL).read_bytes() == (wheels.folder / pack.WHEEL).read_bytes()


def test_keys_are_those_of_the_clone(target: Path, tmp_path: Path) -> None:
    project = project_of(target, tmp_path)
    home, *keys = run(project, sys.executable, "-c", KEYS).split()
    assert home == str(target / "unikernel" / "home")
    ctx = context.from_environ(os.environ, home=HOME)
    own = {"cross"}  # which names the place of the plugin
    ours = [f"{name}={steps.load(name).key(ctx)}" for name in steps.MADE_FROM if name not in own]
    assert [key for key in keys if key.partition("=")[0] not in own] == ours


def test_standalone_needs_nothing_but_the_wheel(target: Path, tmp_path: Path) -> None:
    shutil.copytree(STANDALONE, tmp_path / "standalone", ignore=shutil.ignore_patterns("build", "_objs", ".scons*"))
    project = project_of(target, tmp_path / "standalone")
    result = project.build("offline=1")
    assert [line for line in result.lines if line.startswith("SDK")] == ["SDK   x86_64-hermit-gcc"], "shared store"
    assert "mean 2.333, geometric 2.000" in run(project, f"{target}/bin/scons", "-Q", "offline=1", "run-standalone")
    assert "2 passed, 0 failed, 0 skipped" in project.build("offline=1", "unikernel-test").out
    assert "mean 1.500, geometric 1.414" in run(project, "proxy", "standalone", "1", "2")


def test_by_name_where_the_wheel_lies_beside_scons(target: Path, tmp_path: Path) -> None:
    project = project_of(target, tmp_path / "project")
    project.sconstruct("env.UnikernelProgram('app', ['main.c'])\nassert 'unikernel' in env['TOOLS']\n",
                       "env = Environment(tools=['default', 'unikernel'])\n")
    project.write("main.c", MAIN)
    project.build("offline=1")


def test_init_in_an_empty_directory(target: Path, tmp_path: Path) -> None:
    project = project_of(target, tmp_path / "project")
    assert "scons run-app" in run(project, "unikernel", "init")
    assert "Hello from a unikernel to you!" in run(project, "scons", "-Q", "run-app", "offline=1")
    before = {path.name for path in project.folder.iterdir()}
    line = run(project, "unikernel", "init", code=2)
    assert "SConstruct main.c" in line and line.count("\n") == 1
    assert {path.name for path in project.folder.iterdir()} == before


def test_the_launcher_by_a_link_and_without_its_hypervisor(target: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/proxy").symlink_to(target / "bin/proxy")  # as pipx does
    project = project_of(target, tmp_path / "project")
    assert run(project, str(tmp_path / "bin/proxy"), "--version") == f"proxy {pack.WHEEL.split('-')[1]}\n"
    line = run(project, "proxy", "--isle", "uhyve", "x", code=125, UNIKERNEL_STORE=str(tmp_path / "empty"))
    assert "unikernel sdk uhyve" in line and line.count("\n") == 1


def test_unikernel_home_wins(target: Path, tmp_path: Path) -> None:
    project = project_of(target, tmp_path / "project")
    project.environ["UNIKERNEL_HOME"] = str(HOME)
    assert run(project, sys.executable, "-c", KEYS).split()[0] == str(HOME)
    assert run(project, "proxy", "--version").startswith("proxy ")
    project.environ["UNIKERNEL_HOME"] = str(tmp_path)
    assert run(project, "proxy", "x", code=2) == f"proxy: {refusal(tmp_path)}\n"


def refusal(place: Path) -> str:
    with pytest.raises(context.UnikernelError) as caught:
        context.find_home({"UNIKERNEL_HOME": str(place)})
    return str(caught.value)


def test_a_wheel_inside_a_clone_is_its_own_home(target: Path, tmp_path: Path) -> None:
    """`pip install --target <clone>/build/target`: the clone, two folders up, may be of another version."""
    (tmp_path / "toolchain.lock").write_text("{}")
    shutil.copytree(target / "unikernel", tmp_path / "build" / "target" / "unikernel")
    project = outside(tmp_path / "project", PYTHONPATH=str(tmp_path / "build/target"))
    inside = tmp_path / "build/target/unikernel/home"
    assert run(project, sys.executable, "-c", KEYS).split()[0] == str(inside)


def test_read_only_and_in_a_virtual_environment_of_any_name(wheels: Wheels, tmp_path: Path) -> None:
    place = tmp_path / "my venv"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python3"
    wheels.install("unikernel", python=python)
    project = outside(tmp_path / "project", python, PATH=f"{place}/bin{os.pathsep}{os.defpath}")
    subprocess.run(["chmod", "-R", "a-w", place], check=True)
    try:
        run(project, "unikernel", "init")
        scons = project.start("-Q", "run-app", "offline=1", preexec_fn=without_powers)
        out, err = scons.communicate(timeout=300)
        assert scons.returncode == 0 and "Hello from a unikernel to you!" in out, out + err
        for proxy in ("proxy", "build/bin/proxy"):
            assert "Hello from a unikernel to me!" in run(project, proxy, "app", "me")
    finally:
        subprocess.run(["chmod", "-R", "u+w", place], check=True)


def test_two_versions_side_by_side(wheels: Wheels, target: Path, tmp_path: Path) -> None:
    clone, other = copy_checkout(tmp_path / "clone").folder, tmp_path / "other"
    door = clone / "site_scons/site_tools/unikernel/__init__.py"
    door.write_text(door.read_text().replace(f'__version__ = "{pack.__version__}"', '__version__ = "99.1"'))
    wheels.install("--no-deps", "--target", other, clone)
    for place, version in ((target, pack.__version__), (other, "99.1")):
        project = project_of(target, tmp_path / f"project-{version}")
        project.environ.update(PYTHONPATH=f"{place}{os.pathsep}{target}", PATH=f"{place}/bin:{project.environ['PATH']}")
        run(project, "unikernel", "init")
        assert "SDK   x86_64-hermit-gcc" in project.build("offline=1").lines
        for proxy in ("proxy", "build/bin/proxy"):
            assert run(project, proxy, "--version") == f"proxy {version}\n"


def test_an_editable_installation_is_the_clone(wheels: Wheels, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python3"
    wheels.install("--no-deps", "--editable", HOME, python=python)
    project = outside(tmp_path / "project", python)
    assert run(project, str(python), "-c", KEYS).split()[0] == str(HOME)
    assert run(project, f"{tmp_path}/venv/bin/proxy", "--version") == f"proxy {pack.__version__}\n"
