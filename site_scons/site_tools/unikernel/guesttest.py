"""UnikernelTest: one cached report per isle and number of cores; a failure never looks up to date."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment
from SCons.Util import is_String

from . import action, children, cores, isles, judge, junit, keywords, launchers, reports, stamps
from .action import StepFailed
from .messages import EXIT_FAILED, EXIT_USAGE, UnikernelError
from .runs import program_of
from .session import Session, builder, current

# Beyond a guest's own timeout, for a launcher that hangs itself.
_PATIENCE = 20.0


@dataclass(frozen=True)
class Plan:
    """What one node runs and expects; its repr is part of the report's key."""

    name: str
    isle: str
    skipped: str
    cpus: int
    args: tuple[str, ...]
    mem: str
    env: tuple[tuple[str, str], ...]
    stdin: str | None
    expect: tuple[judge.Expectation, ...]
    exit_code: int
    timeout: float


@builder
def UnikernelTest(  # noqa: N802 - the signature that docs/rules.md promises
    outer: Environment, name: str, program: Any, *, args: Sequence[Any] = (), isle: str | Sequence[str] = "auto",
    cpus: int | str | Sequence[int | str] = 1, mem: int | str | None = None, env: Mapping[str, str] | None = None,
    stdin: Any = None, mounts: Sequence[str] = (), inputs: Mapping[str, Any] | None = None,
    expect: judge.Expectation | Sequence[judge.Expectation] | None = None, expect_file: Any = None, exit_code: int = 0,
    timeout: float = 60, outputs: Sequence[Any] = (),
) -> list[Any]:
    """One report per isle and number of cores, in build/reports; docs/rules.md says what each keyword means."""
    session, name = current(outer), str(name)
    title = f"test {name}"
    for keyword, value in (("mounts", mounts), ("inputs", inputs), ("outputs", outputs)):
        if value:
            raise UnikernelError(f"{keyword}= comes with a later version", title, "leave it out", EXIT_USAGE)
    if not re.fullmatch(r"[\w.+-]+", name):
        raise UnikernelError("a test's name is part of a file name", repr(name), "letters, digits, . + - _", EXIT_USAGE)
    image = program_of(outer, program, title)
    files = {key: outer.arg2nodes(value, outer.File)[0] for key, value in (("expect", expect_file),) if value}
    if stdin is not None and not is_String(stdin):
        files["stdin"] = outer.arg2nodes(stdin, outer.File)[0]
    made = []
    for where in isles.resolve_all(isle, title):
        for count in _counts(cpus, title):
            # All of the host's are so many here: on another host the pass says nothing.
            plan = Plan(
                name, where, "" if where == "qemu" else isles.why_no_kvm(), cores.resolve(count, 0, title),
                keywords.words(args, title), keywords.size(mem, title),
                tuple(sorted(keywords.variables(env, title).items())),
                str(stdin) if is_String(stdin) else None, keywords.expectations(expect, title),
                keywords.code(exit_code, title), keywords.seconds(timeout, title),
            )
            made.append(_node(session, plan, f"{name}-{where}-{cores.word(count)}", image, files))
    return made


def _counts(cpus: int | str | Sequence[int | str], title: str) -> list[int]:
    """One or several numbers of cores, each once."""
    values = [cpus] if isinstance(cpus, int | str) else list(cpus or ())
    if not values:
        raise UnikernelError("no number of cores given", title, "give cpus=1, cpus='all' or a list", EXIT_USAGE)
    return list(dict.fromkeys(cores.keyword(value, title) or 1 for value in values))


def _node(session: Session, plan: Plan, base: str, image: Any, files: dict[str, Any]) -> Any:
    report = session.build.Dir("reports").File(f"{base}.xml")
    if report in session.reports:
        raise UnikernelError("two tests of one name", base, "give each its own", EXIT_USAGE)
    inner = session.base.Clone(UNIKERNEL_PLAN=repr(plan))
    proxy = launchers.proxy(session)

    def run(target: Any, source: Any, env: Environment) -> None:
        _run(session, plan, proxy.abspath, image, files, Path(target[0].abspath))

    modules = ("guesttest", "judge", "junit", *isles.MODULES[plan.isle])
    test = action.step(run, f"  TEST  {base}", *modules, varlist=("UNIKERNEL_PLAN",))
    node = inner.Command(report, [image, *files.values()], test)[0]
    inner.Depends(node, [proxy, *stamps.of_isle(session, plan.isle)] if not plan.skipped else [])
    inner.NoCache(node)
    inner.Clean(node, report.dir.File(f"{base}.failed.xml"))
    if plan.cpus > len(cores.usable()):
        # They take time from each other, and from a bench.
        inner.SideEffect(session.cores, node)
    reports.add(session, node, base)
    inner.Alias(reports.ALIAS, node)
    # A plain `scons` runs no test, though it builds all below its folder; a plain `scons -c` removes the report.
    inner.Ignore(report.dir, node)
    inner.Clean(image, [node, report.dir.File(f"{base}.failed.xml")])
    return node


def _run(session: Session, plan: Plan, proxy: str, image: Any, files: dict[str, Any], report: Path) -> None:
    failed = report.with_suffix(".failed.xml")
    failed.unlink(missing_ok=True)
    if plan.skipped:
        junit.write(report, junit.Case(plan.isle, plan.name, skipped=plan.skipped))
        return
    start = time.monotonic()
    outcome = _launch(plan, proxy, image, files)
    # As the output is, so that a file that is no text compares, too.
    whole = files["expect"].get_contents().decode(errors="replace") if "expect" in files else None
    why = judge.judge(outcome, exit_code=plan.exit_code, expect=plan.expect, whole=whole, timeout=plan.timeout)
    case = junit.Case(plan.isle, plan.name, time.monotonic() - start, why, "", outcome.stdout, outcome.stderr)
    if children.interrupted():
        raise StepFailed("interrupted")
    if why:
        junit.write(failed, case)
        last = (outcome.stderr.strip().splitlines() or [""])[-1]
        raise StepFailed(f"{why}{': ' + last if last else ''} (output in {os.path.relpath(failed)})", EXIT_FAILED)
    junit.write(report, case)


def _launch(plan: Plan, proxy: str, image: Any, files: dict[str, Any]) -> judge.Outcome:
    """Run the guest with the declared environment alone; HERMIT_* of the caller never reaches it."""
    argv = [proxy, "--isle", plan.isle, "--timeout", f"{plan.timeout:g}"]
    # Several run side by side: two that keep the same host core would wait for each other.
    argv += ["-c", str(plan.cpus), "--pin", "off", *(["-m", plan.mem] if plan.mem else [])]
    argv += [image.abspath, *plan.args]
    given = files["stdin"].get_contents() if "stdin" in files else (plan.stdin or "").encode()
    child = children.start(
        argv, env=dict(plan.env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        out, err = child.communicate(given, timeout=plan.timeout + _PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
        err += f"\nproxy did not end within {plan.timeout + _PATIENCE:g} s and was killed\n".encode()
    code = children.finish(child)
    return judge.Outcome(code, out.decode(errors="replace"), err.decode(errors="replace"))
