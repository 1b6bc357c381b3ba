"""UnikernelRepository: what only this repository's own SConstruct has: checked variables, aliases, build/bin, help."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import Any

import SCons.Errors
import SCons.Script
from SCons.Environment import Base as Environment

from . import action, children, isles, launchers, modules, reports, stamps, suite, variables
from .action import StepFailed
from .messages import EXIT_USAGE, UnikernelError
from .session import Session, builder, current

_VERBS = {
    "fetch": "download and verify all inputs into the store",
    "lock": "resolve toolchain.lock anew",
    "doctor": "what this host can run, what costs noise, how to enable the rest",
}
_ASKED = {
    "test": "all tests but the slow ones",
    "test-<part>": "a part of them: unit rust rules sdk guest hosts projects",
    "test-all": "the slow ones too",
    "wheel": "the plugin and all that it builds from, for pip: build/dist/*.whl",
    "bench": "host and unikernel side by side: a table, and build/reports/bench.json",
    "bench-<case>": "a case of it: stream memory text calls start size builds; beside it: libc threads cold",
}
_PROJECTS = "projects"  # group of the lock
# All that the plugin reads of its own folder.
_PLUGIN = ("*.py", "*.in", "*.json", "templates/*", "crossfiles/*", "crossfiles/*/*", "starters/*/*")


class Repository:
    """What the SConstruct and the SConscripts of tests and benches use."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.build: str = session.build.path

    def asks_for(self, folder: str) -> bool:
        """Whether the command line names an alias (test, test-hosts, bench ...) or a file that `folder` defines."""
        alias = folder.removesuffix("s")
        places = (f"{self.build}/{folder}", f"{self.build}/reports")
        asked = map(str, SCons.Script.COMMAND_LINE_TARGETS)
        named = any(name == alias or name.startswith((f"{alias}-", *places)) for name in asked)
        if named and alias == "test":
            reports.keep_going()
        return named

    def asks_for_projects(self) -> bool:
        """Whether the command line names the slow tests, or what one of others' projects gives."""
        asked = map(str, SCons.Script.COMMAND_LINE_TARGETS)
        places = (f"{self.build}/foreign", f"{self.build}/reports", f"{self.build}/tests/projects")
        return any(name in ("test-all", "test-projects") or name.startswith(places) for name in asked)

    def pytest(
        self, folder: str, *, steps: Sequence[str] = (), each: bool = False, images: Sequence[Any] = ()
    ) -> list[Any]:
        """The reports of the suite tests/<folder>/test_*.py: one, or one of `each` file.

        It needs the `steps` made and the guest `images` built, and is run anew when they change.
        """
        base = self.session.base
        files = base.Glob(f"#tests/{folder}/test_*.py")
        helpers = base.Glob(f"#tests/{folder}/*.py")
        needs = [*helpers, *self._plugin(), *images, *(stamps.stamp(self.session, name) for name in steps)]
        groups = {f"{folder}-{node.name[5:-3]}": [node] for node in files} if each else {folder: files}
        environ = {"UNIKERNEL_IMAGES": images[0].dir.abspath} if images else {}
        return [suite.add(self.session, name, group, needs, environ) for name, group in groups.items() if group]

    def project(self, name: str) -> Any:
        """The archive of another's project that the lock's group `projects` pins; fetched when it is needed."""
        from . import fetch  # brings urllib, which no build without these needs

        base, ctx = self.session.base, self.session.ctx
        entry = next(entry for entry in ctx.lock.group(_PROJECTS) if entry.name == name)

        def bring(target: Any, source: Any, env: Any) -> None:
            if not fetch.path(ctx, entry).is_file():
                words = [*modules.command("cli"), "fetch", _PROJECTS]
                if ctx.offline or children.run(words, env=modules.environ()) != 0:
                    raise StepFailed(f"{name} could not be fetched (`unikernel fetch {_PROJECTS}` does, with network)")
            shutil.copyfile(fetch.path(ctx, entry), target[0].abspath)

        folder = self.session.build.Dir("tests").Dir("projects")
        node = base.Command(folder.File(entry.file), base.Value(entry.sha256), action.step(bring, f"  FETCH {name}"))[0]
        base.NoCache(node)
        return node

    def host_program(self, target: str, sources: list[Any], **flags: Any) -> list[Any]:
        """The same source as a program of this host, by the same compiler."""
        from . import hostprogram  # brings the steps of the host's libraries, of which only benches want anything

        return hostprogram.program(self.session, target, sources, **flags)

    def bench(self, alias: str, needs: list[Any], options: list[str]) -> None:
        """An alias that runs the package bench alone, after all else that was asked for."""
        base = self.session.base
        argv = [sys.executable, "-m", "bench", "--build", self.session.build.path, *options]

        def run(target: Any, source: Any, env: Any) -> None:
            environ = modules.environ()
            environ["PYTHONPATH"] += f"{os.pathsep}{self.session.ctx.home}"
            if children.run(argv, env=environ) != 0:
                raise StepFailed("a case of the bench did not run (its line stands above)")

        tools = [launchers.proxy(self.session), stamps.stamp(self.session, "uhyve")]
        others = [name for name in SCons.Script.COMMAND_LINE_TARGETS if not name.startswith("bench")]
        made = base.Alias(alias, [*needs, *tools], action.step(run, f"  BENCH {alias}"))
        base.Depends(made, [base.Alias(name) if base.ans.lookup(name) else base.Entry(name) for name in others])
        base.AlwaysBuild(made)
        base.SideEffect(self.session.cores, made)

    def _plugin(self) -> list[Any]:
        """What every suite drives."""
        base, home = self.session.base, "#site_scons/site_tools/unikernel"
        own = (*(f"{home}/{name}" for name in _PLUGIN), "#bench/*.py")
        patterns = (*own, "#SConstruct", "#sconsw", "#toolchain.lock")
        return [node for pattern in patterns for node in base.Glob(pattern)]


@builder
def UnikernelRepository(outer: Environment) -> Repository:  # noqa: N802 - a method of environments
    """Set up this repository's own build; foreign SConstructs have no use for it."""
    variables.check(SCons.Script.ARGUMENTS)
    SCons.Script.SetOption("num_jobs", len(os.sched_getaffinity(0)))
    session = current(outer)
    os.makedirs(session.build.abspath, exist_ok=True)  # else SConsignFile says that it makes it
    outer.SConsignFile(session.build.File(".sconsign").path)
    if "cache" in SCons.Script.ARGUMENTS:
        _share(session, SCons.Script.ARGUMENTS["cache"])
    for verb in _VERBS:
        _verb(session, verb)
    _wheel(session)
    SCons.Script.Default(launchers.proxy(session), launchers.command(session), launchers.tools(session))
    # So that build/bin/proxy works after a plain build.
    SCons.Script.Default(stamps.of_isle(session, isles.resolve("auto", "")))
    outer.Help(_help([node.dir.name for node in outer.Glob("#examples/*/SConscript")]))
    return Repository(session)


def _share(session: Session, cache: str) -> None:
    """SCons's cache of built files; SCons checks the folder at once."""
    if not cache:
        raise UnikernelError("wrong value cache=", "", "say cache=FOLDER", EXIT_USAGE)
    try:
        session.base.CacheDir(cache)
        session.base.get_CacheDir()  # else -n would notice later, and hang
    except (OSError, SCons.Errors.SConsEnvironmentError) as error:
        raise UnikernelError(f"no cache: {error}", cache, "give a folder of yours", EXIT_USAGE) from error


def _verb(session: Session, verb: str) -> None:
    """An alias that does the same as `unikernel <verb>`."""

    def run(target: Any, source: Any, env: Any) -> None:
        code = children.run([*modules.command("cli"), verb], env=modules.environ())
        if code != 0:
            raise StepFailed(f"unikernel {verb} ended with exit code {code}")

    session.base.AlwaysBuild(session.base.Alias(verb, [], action.step(run, "")))


def _wheel(session: Session) -> None:
    """The alias `wheel`, made anew each time: it takes no time, and its inputs are the whole checkout."""
    folder = session.build.Dir("dist").abspath

    def build(target: Any, source: Any, env: Any) -> None:
        from . import pack  # what it imports costs 10 ms, of which other builds want none

        print(f"  WHEEL {os.path.relpath(os.path.join(folder, pack.build_wheel(folder)))}")

    alias = session.base.AlwaysBuild(session.base.Alias("wheel", [], action.step(build, "")))
    session.base.Clean(alias, folder)


def _help(examples: list[str]) -> str:
    lines = ["Targets (none given: examples and build/bin):"]
    lines += [f"  {name:12} {text}" for name, text in {**_ASKED, **_VERBS}.items()]
    lines += [f"  run-<name>  build and start an example: {' '.join(examples)}"]
    return "\n".join([*lines, "Variables:", variables.help_text(), "The rules, in docs/: rules.md, tutorial.md", ""])
