"""The plugin from projects that are not this repository."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
import time
from pathlib import Path

from checkout import snapshot
from project import HOME, MAIN, TOOLPATH, Project

BODY = "app = env.UnikernelProgram('app', ['main.c'])\nenv.UnikernelRun('app', app)\nDefault(app)\n"
BY_NAME = "env = Environment(tools=['unikernel'])\n"


def prepare(project: Project, head: str) -> None:
    project.sconstruct(BODY, head)
    project.write("main.c", MAIN)


def test_toolpath(project: Project) -> None:
    prepare(project, f"env = Environment(tools=['default', 'unikernel'], toolpath=[{str(TOOLPATH)!r}])\n")
    assert "hello" in project.build("run-app").out.splitlines()


def test_symlink(project: Project) -> None:
    prepare(project, BY_NAME)
    (project.folder / "site_scons").symlink_to(HOME / "site_scons")
    project.build()


def test_symlink_of_the_tool_alone(project: Project) -> None:
    prepare(project, BY_NAME)
    (project.folder / "site_scons/site_tools").mkdir(parents=True)
    (project.folder / "site_scons/site_tools/unikernel").symlink_to(TOOLPATH / "unikernel")
    project.build()


def copy_tool(project: Project) -> None:
    target = project.folder / "site_scons/site_tools/unikernel"
    shutil.copytree(TOOLPATH / "unikernel", target, ignore=shutil.ignore_patterns("__pycache__"))


def test_a_bare_copy_stops_with_one_line(project: Project) -> None:
    prepare(project, BY_NAME)
    copy_tool(project)
    project.environ.pop("UNIKERNEL_HOME", None)
    line = project.refuses()
    assert "toolchain.lock" in line and "toolpath" in line and "UNIKERNEL_HOME" in line


def test_a_copy_with_unikernel_home(project: Project) -> None:
    prepare(project, BY_NAME)
    copy_tool(project)
    project.environ["UNIKERNEL_HOME"] = str(HOME)
    project.build()


def test_wrong_unikernel_home(project: Project, tmp_path: Path) -> None:
    prepare(project, f"env = Environment(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}])\n")
    project.environ["UNIKERNEL_HOME"] = str(tmp_path)
    assert str(tmp_path) in project.refuses()


def test_only_its_own_aliases_and_any_variable(project: Project) -> None:
    head = f"env = Environment(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}])\n"
    prepare(project, head)
    with open(project.folder / "SConstruct", "a") as stream:
        stream.write("env.UnikernelTest('t', app, isle='qemu')\n"
                     "from SCons.Node.Alias import default_ans\nprint('aliases', sorted(default_ans))\n")
    result = project.build("-n", "color=blue")
    assert "aliases ['run-app', 'unikernel-test']" in result.out


def test_variables_hook(project: Project) -> None:
    prepare(
        project,
        f"vars = Variables(None, ARGUMENTS)\n"
        f"env = Environment(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}], variables=vars)\n",
    )
    project.build("-n")


def test_users_environment_is_left_alone(project: Project) -> None:
    """A host program beside the unikernel builds as ever."""
    prepare(project, f"env = Environment(tools=['default', 'unikernel'], toolpath=[{str(TOOLPATH)!r}])\n"
                     "before = env.Dump()\n")
    with open(project.folder / "SConstruct", "a") as stream:
        stream.write("assert env.Dump() == before, 'the environment was changed'\n")
    project.build()


def test_two_environments(project: Project) -> None:
    head = f"tools = dict(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}])\n"
    project.sconstruct(
        "for name in ('one', 'two'):\n"
        "    env = Environment(**tools)\n    env.UnikernelProgram(name, ['main.c'])\n", head,
    )
    project.write("main.c", MAIN)
    project.build()
    assert (project.folder / "one").is_file() and (project.folder / "two").is_file()


def test_an_environment_that_builds_nothing_costs_nothing(project: Project) -> None:
    project.sconstruct("")
    project.environ.update(UNIKERNEL_STORE=str(project.folder / "store"))
    project.build("-n")
    assert not (project.folder / "store").exists()


def test_a_second_project_takes_all_from_the_store(project: Project, tmp_path: Path) -> None:
    prepare(project, f"env = Environment(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}])\n")
    project.build()
    second = Project(tmp_path / "second")
    shutil.copytree(project.folder, second.folder, ignore=lambda *_: ["build", "_objs", "app", ".sconsign.dblite"],
                    dirs_exist_ok=True)
    start = time.monotonic()
    result = second.build("offline=1")
    assert [line for line in result.lines if line.startswith("SDK")] == ["SDK   x86_64-hermit-gcc"]
    # Building the SDK takes minutes; how fast this is exactly, `scons bench` says.
    assert time.monotonic() - start < 30


def test_the_clone_is_only_read(project: Project) -> None:
    """A site-wide clone may be read-only: nothing is written into it (Python's own caches aside)."""
    before = names(HOME)
    prepare(project, f"env = Environment(tools=['unikernel'], toolpath=[{str(TOOLPATH)!r}])\n")
    project.build("run-app")
    assert names(HOME) - before == set()


def names(clone: Path) -> set[str]:
    """What lies in a clone, but for its own build."""
    own = ("build", "build-debug", ".git")
    found = {path.name for path in clone.iterdir()} | snapshot(clone / "site_scons") | snapshot(clone / "kernel")
    return {name for name in found if name not in own and "__pycache__" not in name}
