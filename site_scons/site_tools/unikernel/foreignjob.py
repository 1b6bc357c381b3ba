"""Builds a foreign project: in a copy of its source, confined to it and to the store. A process of its own."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import confine, context, elf, foreign, foreignlog, languages, sealed, sourcetree, steps, toolchain
from .context import Context
from .crosstools import BUILD_COMPILER
from .digest import digest, sha256_of
from .foreignplan import CMAKE, INSTALLED, Plan
from .foreignsteps import MAKE_PROGRAM, Recipe, Step
from .messages import UnikernelError
from .store import remove

# What a change of which means that all is to be built anew: configure's inputs, and what make's do not say.
_SETTINGS = re.compile(r"(^|/)(configure|config\.[a-z]+|.*\.(in|ac|am|m4|patch))$")
_CONFIG_SUB = '\ncase "$1" in x86_64-hermit*|x86_64-*-hermit*) echo x86_64-unknown-hermit; exit 0 ;; esac\n'
_INTERPRETERS = {"awk": "awk", "gawk": "awk", "sed": "sed", "make": "make"}  # of busybox
_MACHINE_INTERPRETERS = {"sh": "sh", "bash": "bash", "perl": "perl", "m4": "m4"}
_MODULES = ("foreignsteps", "sourcetree", "makefiles", "crosstools")
_SHOWN = {"configure": "CONF", "cmake": "CMAKE", "make": "MAKE", "install": "INST"}  # on the terminal
DIGEST = "digest"  # beside the outputs: a digest of all of them, and of what is installed


def main(argv: list[str]) -> int:
    """`python -m unikernel.foreignjob PLAN HOME JOBS offline|online debug|release`; PLAN is a JSON file."""
    file, home, jobs, online, kind = argv
    plan = Plan.from_json(Path(file).read_text())
    try:
        ctx = context.from_environ(
            os.environ, home=Path(home), offline=online == "offline", jobs=int(jobs), debug=kind == "debug")
        Job(ctx, plan).run()
    except UnikernelError as error:
        print(f"unikernel: {plan.name}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        failure = UnikernelError(f"{error.strerror or error}", error.filename or plan.work)
        print(f"unikernel: {plan.name}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


class Job:
    """One build, from the source as it is now to its outputs."""

    def __init__(self, ctx: Context, plan: Plan) -> None:
        self.ctx, self.plan = ctx, plan
        self.work, self.log = Path(plan.work), Path(plan.log)
        self.state = Path(f"{plan.work}.state.json")

    def run(self) -> None:
        """Build and publish. A failure leaves the log and the tree, and no output."""
        self._bring(steps_of(self.plan))
        self.work.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        ready = self._prepare()
        used = {*inside(self.plan, self.work / "src"), *([languages.OPENMP] if self.plan.openmp else [])}
        self._bring(languages.steps(sorted(used)))
        recipe = Recipe(self.ctx, self.plan, used)
        for folder in ("home", "tmp", "tools"):
            (self.work / folder).mkdir(exist_ok=True)
        self._write_tools(recipe)
        remove(self.work / "installed")
        (self.work / "refused").unlink(missing_ok=True)
        self._note(configured=ready, running=True)
        with self._seal() as enter:
            if not ready:
                self._execute(recipe, recipe.configure(), enter)
            self._note(configured=True, running=True)
            try:
                self._execute(recipe, recipe.compile(), enter)
            except sealed.ToolFailed:
                self._note(configured=True, running=False)  # make deletes what it could not finish
                raise
            self._note(configured=True, running=False)
        self._check_refused()
        self._publish(recipe)

    def _bring(self, names: list[str]) -> None:
        """Make what the store lacks of these steps."""
        for name in names:
            for needed in (*steps.USES.get(name, ()), name):
                steps.load(needed).ensure(self.ctx)

    def _prepare(self) -> bool:
        """Bring the copy up to date; whether it is configured already."""
        plan, state = self.plan, self._state()
        archive = os.path.isfile(plan.source)
        if archive:
            files = {"": sha256_of(Path(plan.source))}
        else:
            files = sourcetree.scan(plan.source, plan.without, plan.notes)
        before: dict[str, str] = state.get("files", {})
        self._key, self._files = self._digest(), files
        again = (
            state.get("key") == self._key and state.get("configured") is True
            and not state.get("running") and (self.work / "src").is_dir() and _only_contents(before, files)
            and (before == files or not (archive or plan.patches))
        )
        source = self.work / "src"
        if again:
            sourcetree.update(plan.source, files, before, source)
            self._mend(source)
            return True
        self.state.unlink(missing_ok=True)
        remove(self.work)
        self.work.mkdir()
        if archive:
            sourcetree.unpack(Path(plan.source), source)
        else:
            sourcetree.copy(plan.source, files, source)
        for patch in plan.patches:
            command = toolchain.path(self.ctx) / toolchain.COMMANDS / "patch"
            sealed.run([command, "-p1", "-i", patch], cwd=source, log=self.log)
        if not (source / plan.folder).is_dir():
            raise UnikernelError("no such folder in the source", plan.folder, "correct folder=")
        self._mend(source)
        return False

    def _mend(self, source: Path) -> None:
        """What cannot work in the seal, or on a system younger than the project."""
        commands, machine = toolchain.path(self.ctx) / toolchain.COMMANDS, foreign.path(self.ctx) / foreign.COMMANDS
        places = {name: commands / tool for name, tool in _INTERPRETERS.items()}
        places.update({name: machine / tool for name, tool in _MACHINE_INTERPRETERS.items()})
        sourcetree.mend_scripts(source, places)
        for script in source.rglob("config.sub"):
            text = script.read_text(errors="surrogateescape")
            first, newline, rest = text.partition("\n")
            if script.is_symlink() or _CONFIG_SUB in text or "hermit" in text or not newline:
                continue
            status = script.stat()
            script.write_text(first + newline + _CONFIG_SUB + rest, errors="surrogateescape")
            os.utime(script, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _write_tools(self, recipe: Recipe) -> None:
        """Commands of the build that stand for one of our tools, as the user said; make, as CMake should call it."""
        environment = recipe.environment()
        if self.plan.kind == CMAKE:
            (self.work / MAKE_PROGRAM).write_text(recipe.make_program())
            (self.work / MAKE_PROGRAM).chmod(0o755)
        for name, variable in self.plan.tools.items():
            command = environment[BUILD_COMPILER[0] if variable in BUILD_COMPILER else variable]
            script = self.work / "tools" / name
            script.write_text(f'#!{recipe.shell()}\nexec {command} "$@"\n')
            script.chmod(0o755)

    @contextlib.contextmanager
    def _seal(self) -> Iterator[Callable[[], None] | None]:
        """What confines each command, or None."""
        if confine.version() == 0:
            print(f"unikernel: this kernel has no Landlock (Linux 5.13): {self.plan.name} is sealed by PATH and "
                  "environment alone", file=sys.stderr, flush=True)
            yield None
            return
        readable = [root for root in self.ctx.store.roots if root.is_dir()] + [Path("/proc")]
        readable += [Path(prefix) for prefix in self.plan.uses if os.path.isdir(prefix)]
        rules = confine.Confinement(readable, [self.work])
        try:
            yield rules.enter
        finally:
            rules.close()

    def _execute(self, recipe: Recipe, commands: list[Step], enter: Callable[[], None] | None) -> None:
        environment = recipe.environment()
        for step in commands:
            print(f"  {_SHOWN[step.title]:5} {self.plan.name} (log: {os.path.relpath(self.log)})", flush=True)
            env = {name: value for name, value in {**environment, **step.env}.items() if value}
            try:
                sealed.run(step.argv, cwd=step.cwd, log=self.log, env=env, confine=enter)
            except sealed.ToolFailed as error:
                foreignlog.show_end(self.log)
                self._check_refused()
                raise foreignlog.explain(step.title, error, self.log) from None

    def _check_refused(self) -> None:
        called = "" if confine.version() else foreignlog.host_tool(self.log)
        if called:
            raise UnikernelError("the build calls a host's tool", f"{called}: {os.path.relpath(self.log)}")
        with contextlib.suppress(FileNotFoundError):
            first = (self.work / "refused").read_text(errors="replace").splitlines()[:1]
            if first:
                self.state.unlink(missing_ok=True)
                raise UnikernelError(first[0], os.path.relpath(self.log))

    def _publish(self, recipe: Recipe) -> None:
        """All outputs at once, or none."""
        plan, target = self.plan, Path(self.plan.publish)
        fresh = target.with_name(f".{target.name}.new")
        remove(fresh)
        fresh.mkdir(parents=True)
        if plan.installs and recipe.installed().is_dir():
            shutil.copytree(recipe.installed(), fresh / "prefix", symlinks=True)
        for output in plan.outputs:
            place = fresh / output
            if not output.startswith(INSTALLED):
                place.parent.mkdir(parents=True, exist_ok=True)
                if (recipe.build / output).is_file():
                    shutil.copy2(recipe.build / output, place)
            if not place.is_file():
                remove(fresh)
                made = _made(recipe) or "no image and no archive"
                raise UnikernelError("no such output", output, f"the build made {made}")
            _check(place, output)
        (fresh / DIGEST).write_text(digest(fresh) + "\n")
        remove(target)
        fresh.rename(target)

    def _digest(self) -> str:
        """What a tree is built with: another one is built anew."""
        parts = [dataclasses.asdict(dataclasses.replace(self.plan, outputs=[], source=""))]
        own = [Path(__file__).with_name(f"{name}.py") for name in _MODULES]
        keys = [steps.load(name).key(self.ctx) for name in steps_of(self.plan)]
        used = [Path(prefix).with_name(DIGEST) for prefix in self.plan.uses]
        return digest(json.dumps(parts, sort_keys=True), *keys, *own, *map(Path, self.plan.patches), *used)

    def _state(self) -> dict[str, Any]:
        try:
            data = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _note(self, *, configured: bool, running: bool) -> None:
        data = {"key": self._key, "files": self._files, "configured": configured, "running": running}
        partial = self.state.with_suffix(".new")
        partial.write_text(json.dumps(data))
        partial.replace(self.state)


def inside(plan: Plan, root: Path) -> frozenset[str]:
    """The languages of a project whose source is at `root`: what the user said, or what its files are."""
    if plan.languages is not None:
        return frozenset(plan.languages)
    found: set[str] = set()
    for folder, below, files in os.walk(root / plan.folder):
        below[:] = [name for name in below if os.path.join(folder, name) not in plan.without]
        found |= languages.among(files)
    return frozenset(found)


def steps_of(plan: Plan) -> list[str]:
    """What the store must hold for a build."""
    known = languages.steps(sorted([*(plan.languages or ()), *([languages.OPENMP] if plan.openmp else [])]))
    return [*known, "foreign", "cross", *(["cmake"] if plan.kind == CMAKE else [])]


def _only_contents(before: Mapping[str, str], files: Mapping[str, str]) -> bool:
    """Whether nothing came or went, and nothing that configure reads has changed."""
    if before.keys() != files.keys():
        return False
    return not any(_SETTINGS.search(name) for name, content in files.items() if before[name] != content)


def _check(place: Path, output: str) -> None:
    """An image must be one of ours; a program of the host shows that the build took the host's compiler."""
    with open(place, "rb") as stream:
        head = stream.read(18)
    if head[:4] == b"\x7fELF" and head[16:18] in (b"\x02\x00", b"\x03\x00"):
        try:
            elf.check(place)
        except UnikernelError as error:
            raise UnikernelError(f"output {output} is no unikernel: {error.what}", "", error.mend) from None


def _made(recipe: Recipe) -> str:
    """Images and archives that lie in the build's folders: what outputs= may name."""
    found = []
    for top, prefix in ((recipe.build, ""), (recipe.installed(), INSTALLED)):
        for folder, _, files in os.walk(top):
            for name in sorted(files):
                path = os.path.join(folder, name)
                with contextlib.suppress(OSError), open(path, "rb") as stream:
                    head = stream.read(18)
                    if head.startswith(b"!<arch>\n") or (head[:4] == b"\x7fELF" and head[16:18] == b"\x02\x00"):
                        found.append(prefix + os.path.relpath(path, top))
    return " ".join(sorted(found)[:12])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
