"""Suites of pytest as nodes: a cached report each, like a guest's."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from SCons.Environment import Base as Environment

from . import action, children, junit, modules, reports
from .action import StepFailed
from .messages import EXIT_FAILED
from .session import Session


def add(session: Session, name: str, files: list[Any], inputs: list[Any], environ: dict[str, str]) -> Any:
    """The report of one pytest run over `files`, made anew when they or `inputs` change; it sees `environ`, too."""
    report = session.build.Dir("reports").File(f"{name}.xml")

    def run(target: Any, source: Any, env: Environment) -> None:
        _run(session, name, environ, [node.srcnode().abspath for node in files], Path(target[0].abspath))

    env = session.base
    node = env.Command(report, files, action.step(run, f"  TEST  {name}", "suite"))[0]
    env.Depends(node, inputs)
    env.NoCache(node)
    env.Clean(node, report.dir.File(f"{name}.failed.xml"))
    reports.add(session, node, name)
    return node


def _run(session: Session, name: str, added: dict[str, str], files: list[str], report: Path) -> None:
    """Quiet while all is well; a failure shows what pytest printed."""
    from . import wheels  # brings http and ssl, which a build without tests does not need

    failed, partial = report.with_suffix(".failed.xml"), report.with_suffix(".part")
    failed.unlink(missing_ok=True)
    partial.unlink(missing_ok=True)
    start = time.monotonic()
    argv = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={partial}", *files]
    environ = {key: value for key, value in modules.environ().items() if not key.startswith("HERMIT_")}
    environ.update(added)
    environ["PYTHONPATH"] += os.pathsep + str(wheels.ensure(session.ctx, wheels.DEVELOP))
    child = children.start(
        argv, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    text = child.communicate()[0].decode(errors="replace")
    code = children.finish(child)
    if children.interrupted():
        raise StepFailed("interrupted")
    if code == 0:
        partial.replace(report)
        return
    sys.stdout.write(text)
    if not partial.is_file():  # pytest itself did not come to an end
        why, seconds = f"ended with exit code {code}", time.monotonic() - start
        junit.write(partial, junit.Case(name, "pytest", seconds, why, stdout=text))
    partial.replace(failed)
    raise StepFailed(f"pytest ended with exit code {code} (its output stands above)", EXIT_FAILED)
