"""Makes toolchain.lock: reads Debian's signed package metadata through a private apt state and resolves it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import lock, mirrors, resolve
from .digest import sha256_of
from .messages import UnikernelError, note


def make_lock(target: Path, environ: Mapping[str, str]) -> list[lock.Entry]:
    """Resolve packages.json against the suite's present metadata and write the lock."""
    data = json.loads(lock.ROOTS.read_text())
    wanted = resolve.groups(data)
    sources = sorted({name for group in wanted.values() for name in group.sources})
    with tempfile.TemporaryDirectory(prefix="unikernel-lock-") as folder:
        apt = _Apt(Path(folder), mirrors.bases(environ)[0], data["component"], environ)
        apt.run("apt-get", "update")
        known = resolve.index(apt.run("apt-cache", "dumpavail"), apt.run("apt-cache", "showsrc", *sources))
    entries = resolve.resolve(wanted, known)
    lock.write(target, entries, sha256_of(lock.ROOTS))
    total = sum(entry.size for entry in {entry.sha256: entry for entry in entries}.values())
    note(f"{target}: {len(entries)} entries in {len(wanted)} groups, {total / 1e6:.0f} MB")
    return entries


class _Apt:
    """apt with all its state in `folder` and one base as its only source: needs no root, changes no host setting."""

    def __init__(self, folder: Path, base: mirrors.Base, component: str, environ: Mapping[str, str]) -> None:
        self.environ = mirrors.user_environment(environ)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "status").touch()
        address = f"file:{base.address}" if base.local else base.address
        lines = [f"{kind} {address} {lock.SUITE} {component}\n" for kind in ("deb", "deb-src")]
        (folder / "sources.list").write_text("".join(lines))
        options = {
            "Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State": folder, "Dir::State::lists": folder / "lists", "Dir::State::status": folder / "status",
            "Dir::Cache": folder, "APT::Architecture": "amd64", "APT::Architectures": "amd64",
            "Acquire::Languages": "none", "APT::Update::Error-Mode": "any", "APT::Sandbox::User": "",
        }
        self.options = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]

    def run(self, tool: str, *arguments: str) -> str:
        """The output of one apt command; a failure is one line."""
        found = shutil.which(tool, path=self.environ["PATH"])
        if found is None:
            raise UnikernelError("the lock command needs apt", tool, "run it on Debian or in a Debian container", 2)
        argv: Sequence[str] = [found, *self.options, *arguments]
        done = subprocess.run(argv, env=self.environ, capture_output=True, text=True, check=False, cwd=os.sep)
        if done.returncode != 0:
            raise UnikernelError(f"{tool} {arguments[0]} failed", done.stderr.strip()[-400:], mirrors.MEND)
        return done.stdout
