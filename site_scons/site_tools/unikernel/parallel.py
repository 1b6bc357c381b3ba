"""Compiles a list of sources at once, by the locked make."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import sealed


def compile_all(
    commands: Path, compiler: Path, sources: Sequence[Path], flags: Sequence[str], out: Path, cwd: Path, jobs: int,
    log: Path,
) -> list[Path]:
    """Compile each of `sources` (C or assembler, distinct stems) into `out`/<stem>.o; returns the objects in order.

    `commands` holds make, `cwd` is what relative flags refer to.
    """
    out.mkdir(parents=True, exist_ok=True)
    objects = [out / f"{source.stem}.o" for source in sources]
    if len(set(objects)) != len(objects):
        raise ValueError("two sources of one stem")
    rules = ["all: " + " ".join(map(str, objects))]
    command = " ".join([str(compiler), *flags])
    for source, target in zip(sources, objects, strict=True):
        rules.append(f"{target}: {source}\n\t{command} -c {source} -o {target}")
    makefile = out / "objects.mk"
    makefile.write_text("\n".join(rules) + "\n")
    sealed.run([commands / "make", f"-j{jobs}", f"SHELL={commands}/sh", "-f", makefile], cwd=cwd, log=log)
    return objects
