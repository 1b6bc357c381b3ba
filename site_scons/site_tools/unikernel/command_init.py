"""`unikernel init`: a starter SConstruct with a small program, in the working folder."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import context, languages
from .messages import EXIT_USAGE, UnikernelError, note

# Language -> its program in starters/<language>/; offered if this version builds it.
PROGRAMS = {languages.C: "main.c", languages.CXX: "main.cpp", languages.FORTRAN: "main.f90"}
LANGUAGES = {name: file for name, file in PROGRAMS.items() if Path(file).suffix in languages.BUILT}
SCONSTRUCT = "SConstruct"
_STARTERS = Path(__file__).resolve().parent / "starters"
_TEXT = """\"\"\"`scons` builds the program, `scons run-app` runs it, `scons unikernel-test` tests it.\"\"\"
{environment}
app = env.UnikernelProgram("app", ["{source}"])
env.UnikernelRun("app", app, args=["you"])
env.UnikernelTest("app", app, args=["you"], expect="Hello from a unikernel to you!")
"""
_BY_IMPORT = """import unikernel

env = Environment(tools=["default", unikernel.tool])"""
_BY_PATH = 'env = Environment(tools=["default", "unikernel"], toolpath=[{!r}])'


def main(words: list[str]) -> int:
    """Write the files, all or none."""
    parser = argparse.ArgumentParser(
        prog="unikernel init", description="Write a starter SConstruct and a small program into the working folder.")
    parser.add_argument("--language", choices=LANGUAGES, default=languages.C,
                        help=f"of the program, of {' '.join(LANGUAGES)} (default {languages.C})")
    options = parser.parse_args(words)
    home = context.find_home(os.environ)
    source = LANGUAGES[options.language]
    scons = "scons" if home == context.INSTALLED else str(home / "sconsw")
    _write({
        SCONSTRUCT: _TEXT.format(environment=environment(home), source=source).encode(),
        source: (_STARTERS / options.language / source).read_bytes(),
    })
    note(f"{SCONSTRUCT} and {source} are written: `{scons} run-app` builds and runs the program")
    return 0


def environment(home: Path) -> str:
    """How an SConstruct finds this plugin: pip's by import, wherever it lies; a clone's by its place."""
    return _BY_IMPORT if home == context.INSTALLED else _BY_PATH.format(str(home / "site_scons" / "site_tools"))


def _write(files: dict[str, bytes]) -> None:
    there = [name for name in files if os.path.lexists(name)]
    if there:
        mend = "nothing was written: work in an empty folder, or remove it"
        raise UnikernelError("already here", " ".join(there), mend, EXIT_USAGE)
    written: list[str] = []
    try:
        for name, data in files.items():
            with open(name, "xb") as stream:
                written.append(name)
                stream.write(data)
    except OSError as error:
        for name in written:
            os.unlink(name)
        mend = "work in a folder of yours"
        raise UnikernelError(f"cannot write: {error.strerror}", name, mend) from error
