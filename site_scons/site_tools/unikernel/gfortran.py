"""libgfortran, Fortran's runtime, for x86_64-hermit, with IEEE's and OpenMP's modules."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from . import f951, gccsource, gomp, libc, newlib, parts, sealed, toolchain
from .context import Context
from .digest import digest
from .gccbuild import Build
from .store import remove

_HERE = Path(__file__).resolve().parent
_MODULES = ("gfortran.py", "gccbuild.py", "gomp.py", "driver.py", "parallel.py", "templates")
# Kinds that GCC's own scripts look for, as its configure tells them.
_INTEGERS, _REALS = "1 2 4 8 16", "4 8 10 16"
_SCRIPTS = {
    "kinds.h": ("mk-kinds-h.sh", (_INTEGERS, _REALS)),
    "selected_int_kind.inc": ("mk-sik-inc.sh", (_INTEGERS,)),
    "selected_real_kind.inc": ("mk-srk-inc.sh", (_REALS,)),
}


def key(ctx: Context) -> str:
    """Digest of GCC's source, of our recipe, and of the compilers and headers that it is compiled with."""
    return digest("gfortran", toolchain.key(ctx), f951.key(ctx), newlib.key(ctx), gccsource.key(ctx), libc.headers(ctx),
                  recipe_dir(ctx), gomp.recipe_dir(ctx) / "recipe.json", *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The entry's place in the store: usr/lib with libgfortran.a, libcaf_single.a, .spec, include/ and finclude/."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Compile libgfortran if the store lacks it (about a minute on two cores)."""
    if path(ctx).is_dir():
        return path(ctx)
    source, name, compiler = gccsource.ensure(ctx), key(ctx), f951.ensure(ctx)

    def make(tmp: Path, _final: Path) -> None:
        build = Build(ctx, source, recipe_dir(ctx), tmp / "work", ctx.store.log(name), {"f951": compiler})
        _prepare(ctx, build)
        lib = tmp / parts.FOLDERS["gfortran"]
        objects = build.compile()
        caf = [item for item in objects if item.stem == "single"]
        build.archive([item for item in objects if item not in caf], lib / "libgfortran.a")
        build.archive(caf, lib / "libcaf_single.a")
        shutil.copyfile(recipe_dir(ctx) / "libgfortran.spec", lib / "libgfortran.spec")
        for folder in ("include", "finclude"):
            (lib / folder).mkdir()
        shutil.copyfile(source / "libgfortran" / "ISO_Fortran_binding.h", lib / "include" / "ISO_Fortran_binding.h")
        for module in sorted(build.made.glob("*.mod")):
            shutil.copyfile(module, lib / "finclude" / module.name)
        shutil.copyfile(build.made / "omp_lib.h", lib / "finclude" / "omp_lib.h")
        remove(tmp / "work")

    return ctx.store.ensure("sdk", name, make)


def _prepare(ctx: Context, build: Build) -> None:
    """The files that GCC's makefiles make before they compile anything."""
    top, made = build.source / "libgfortran", build.made
    commands, compiler = build.tools / toolchain.COMMANDS, f"{build.tool('gfortran')} -I ."
    for name, (script, kinds) in _SCRIPTS.items():
        text = sealed.output([commands / "sh", top / script, *kinds, compiler], cwd=made, env={"PATH": str(commands)})
        (made / name).write_text(text)
    _lines(made / "kinds.inc", "#(?!.*include)", made / "kinds.h", top / "kinds-override.h")
    _lines(made / "c99_protos.inc", "#", top / "c99_protos.h")
    _lines(made / "fpu-target.inc", "#define GFC_FPE_", build.source / "gcc" / "fortran" / "libgfortran.h")
    shutil.copyfile(top / "config" / "fpu-387.h", made / "fpu-target.h")
    values = json.loads((gomp.recipe_dir(ctx) / "recipe.json").read_text())["values"]
    for name in ("omp_lib.f90", "omp_lib.h"):
        template = build.source / "libgomp" / f"{name}.in"
        (made / name).write_text(gomp.fill_in(template.read_text(), values, template.name))
    module = [build.tool("gfortran"), "-cpp", "-fopenmp", "-fsyntax-only", f"-J{made}", made / "omp_lib.f90"]
    sealed.run(module, cwd=build.work, log=build.log)


def _lines(target: Path, pattern: str, *sources: Path) -> None:
    """The lines that Fortran's preprocessor can read of C headers."""
    every = (line for source in sources for line in source.read_text().splitlines())
    target.write_text("".join(f"{line}\n" for line in every if re.match(pattern, line)))


def recipe_dir(ctx: Context) -> Path:
    """The folder of our own files."""
    return ctx.home / "runtimes" / "gfortran"
