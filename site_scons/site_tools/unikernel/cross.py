"""Files that tell other build systems of our SDK: CMake's toolchain file, Meson's cross file, configure's answers."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
import sys
from pathlib import Path

from . import crosstools, driver, modules, sysroot
from .context import Context
from .digest import digest

_FILES = Path(__file__).resolve().parent / "crossfiles"
CMAKE, MESON, SITE = "share/hermit.cmake", "share/hermit.meson", "share/config.site"
RUN = f"bin/{driver.TARGET}-run"  # starts an image; for CMake's try_run, ctest, and Meson
_CMAKE_LANGUAGES = {"C": "gcc", "CXX": "g++", "Fortran": "gfortran", "ASM": "gcc"}
_CMAKE_TOOLS = ("AR", "RANLIB", "NM", "STRIP", "OBJCOPY", "OBJDUMP", "READELF")
_MESON = {"c": "gcc", "cpp": "g++", "fortran": "gfortran", "ar": "ar", "strip": "strip", "objcopy": "objcopy"}


def key(ctx: Context) -> str:
    """Digest of the SDK that the files name, and of where they find Python and this plugin."""
    paths = (str(ctx.home.resolve()), sys.executable, *modules.package_path())
    return digest("cross", sysroot.key(ctx), _FILES, Path(__file__), Path(crosstools.__file__), *paths)


def path(ctx: Context) -> Path:
    """The entry: share/ with the files, bin/x86_64-hermit-run."""
    return ctx.store.path("sdk", key(ctx))


def ensure(ctx: Context) -> Path:
    """Write them, if the store lacks them; they name the sysroot's place, whether it is made or not."""
    return ctx.store.ensure("sdk", key(ctx), lambda tmp, final: _make(ctx, tmp, final))


def _make(ctx: Context, tmp: Path, final: Path) -> None:
    root = sysroot.path(ctx)
    (tmp / "bin").mkdir()
    (tmp / RUN).write_text(_runner(ctx))
    (tmp / RUN).chmod(0o755)
    share = tmp / "share"
    shutil.copytree(_FILES / "Platform", share / "Platform", copy_function=shutil.copyfile)
    shutil.copyfile(_FILES / "config.site", tmp / SITE)
    values = {"sysroot": root, "bin": root / "bin", "target": driver.TARGET, "folder": final / "share"}
    tools = {name: crosstools.TOOLS[name] for name in _CMAKE_TOOLS}
    text = _render("hermit.cmake.j2", **values, compilers=_CMAKE_LANGUAGES, tools=tools, runner=final / RUN)
    (tmp / CMAKE).write_text(text)
    (tmp / MESON).write_text(_render("hermit.meson.j2", **values, binaries=_MESON, runner=final / RUN))


def _runner(ctx: Context) -> str:
    return f"""{modules.shebang(" -I")}
import os, sys
sys.path[:0] = {modules.package_path()!r}
os.environ.setdefault("UNIKERNEL_HOME", {str(ctx.home.resolve())!r})
from {modules.PACKAGE.name}.cli import main
sys.exit(main(["run", *sys.argv[1:]]))
"""


def _render(name: str, **values: object) -> str:
    import jinja2  # takes 40 ms, of which a build that renders nothing wants none

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return environment.from_string((_FILES / name).read_text()).render(values)
