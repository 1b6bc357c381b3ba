"""CacheDir, shared by checkouts and by users whose stores lie elsewhere."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from pathlib import Path

from project import MAIN, Project

BODY = """CacheDir({cache!r})
lib = env.UnikernelLibrary('f', ['f.c'])
env.UnikernelProgram('app', ['main.c'], LIBS=[lib])
"""


def prepare(folder: Path, cache: Path) -> Project:
    project = Project(folder)
    project.sconstruct(BODY.format(cache=str(cache)))
    project.write("main.c", MAIN.replace("int main(void) {", "int f(void);\nint main(void) { f();"))
    project.write("f.c", "#include <assert.h>\nint f(void) { assert(__FILE__[0]); return 0; }\n")
    return project


def retrieved(out: str) -> set[str]:
    return {line.split("`")[1].split("'")[0] for line in out.splitlines() if line.startswith("Retrieved")}


def test_hits_across_checkouts_and_stores(tmp_path: Path) -> None:
    first, second = (prepare(tmp_path / name, tmp_path / "cache") for name in ("here", "there/deeper"))
    first.build()
    # Another user's store: the same entries under another path.
    store = tmp_path / "other-store"
    real = (first.folder / "build/sdk/sysroot").resolve().parents[1]
    for kind in real.iterdir():
        if kind.name != "tmp":
            (store / kind.name).mkdir(parents=True)
            for entry in kind.iterdir():
                (store / kind.name / entry.name).symlink_to(entry)
    result = second.build(UNIKERNEL_STORE=str(store))
    assert retrieved(result.out) == {"_objs/app/main.c.o", "_objs/libf.a/f.c.o", "libf.a", "app"}
    assert not result.did("CC") and not result.did("LINK")
    assert (first.folder / "app").read_bytes() == (second.folder / "app").read_bytes()


def test_no_path_of_this_machine_in_the_output(tmp_path: Path) -> None:
    project = prepare(tmp_path / "secret-place", tmp_path / "cache")
    project.build()
    sysroot = (project.folder / "build/sdk/sysroot").resolve()
    for name in ("app", "_objs/app/main.c.o", "_objs/libf.a/f.c.o"):
        data = (project.folder / name).read_bytes()
        assert os.fsencode(tmp_path) not in data, name
        assert os.fsencode(sysroot.parents[1]) not in data, name


def test_a_users_own_decider_and_cache(tmp_path: Path) -> None:
    """Decider is ignored; CacheDir of the environment, not only the global one, is obeyed."""
    project = Project(tmp_path / "project")
    project.sconstruct(f"env.Decider('make')\nenv.CacheDir({str(tmp_path / 'cache')!r})\n"
                       "env.UnikernelProgram('app', ['main.c'])\n")
    source = project.write("main.c", MAIN)
    project.build()
    os.utime(source)
    assert not project.build().did("CC"), "contents decide"
    (project.folder / "app").unlink()
    assert retrieved(project.build().out) == {"app"}
