"""The plugin as pip installs it: wheels to install from, without a network, and projects that see nothing else."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

from project import HOME, Project
from unikernel import context, wheels


def requirements() -> Path:
    """The folder of the pinned packages that sconsw runs SCons with."""
    return wheels.ensure(context.from_environ(os.environ, home=HOME), wheels.RUN)


def repack(folder: Path, into: Path) -> None:
    """Wheels of the packages that pip installed in `folder`: what it found there came by hash."""
    into.mkdir(parents=True, exist_ok=True)
    for info in sorted(folder.glob("*.dist-info")):
        fields = HeaderParser().parsestr((info / "WHEEL").read_text())
        tag = ".".join(sorted(tag.rpartition("-")[2] for tag in fields.get_all("Tag")))
        python, abi = fields["Tag"].split("-")[:2]
        with zipfile.ZipFile(into / f"{info.name.removesuffix('.dist-info')}-{python}-{abi}-{tag}.whl", "w") as archive:
            names = list(_recorded(info))
            for name in names:
                archive.write(folder / name, name)
            record = f"{info.name}/RECORD"
            archive.writestr(record, "".join(f"{name},,\n" for name in [*names, record]))


def _recorded(info: Path) -> Iterator[str]:
    """The package's files, without what pip made of them."""
    for line in (info / "RECORD").read_text().splitlines():
        name = line.split(",")[0]
        made = name.startswith("..") or name.endswith(".pyc") or name.startswith(f"{info.name}/RE")
        if not made and not name.startswith("bin/"):
            yield name


def pip(*words: object, python: str | Path = sys.executable) -> str:
    """Run pip without any network; what it prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    argv = [*wheels.pip(context.from_environ(os.environ, home=HOME), str(python)), *map(str, words)]
    done = subprocess.run(argv, env={**environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def outside(folder: Path, python: str | Path = sys.executable, **environ: str) -> Project:
    """A project that knows no clone and no packages but what `environ` and `python` bring."""
    project = Project(folder)
    for name in [name for name in project.environ if name.startswith(("PYTHON", "UNIKERNEL_HOME"))]:
        del project.environ[name]
    project.environ.update(environ)
    project.python = str(python)
    return project
