"""What others' build systems find on PATH: the build machine's tools from the lock, guards in place of the host's."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

from . import toolchain, tree
from .context import Context
from .driver import TARGET

GROUP = "foreign"
COMMANDS, GUARDS = "commands", "guards"  # folders for PATH: before busybox's, and behind everything else
BUILD_CC = f"{toolchain.PREFIX}-gcc"  # compiles what the build itself runs
# A build that calls one of these would make code for the host. The guard says so, and writes the command down.
FOR_TARGET = {
    **dict.fromkeys(("cc", "gcc", "gcc-12", "c89", "c99", "clang", "tcc", "icc", "icx"), "CC"),
    **dict.fromkeys(("c++", "g++", "g++-12", "clang++", "icpc", "icpx"), "CXX"),
    **dict.fromkeys(("gfortran", "gfortran-12", "f77", "f90", "f95", "g77", "flang", "ifort", "ifx"), "FC"),
    **dict.fromkeys(("ld", "ld.bfd", "ld.gold", "ld.lld", "gold"), "LD"),
    "cpp": "CPP", "ar": "AR", "gcc-ar": "AR", "ranlib": "RANLIB", "as": "AS", "strip": "STRIP", "objcopy": "OBJCOPY",
}
MPI = ("mpicc", "mpicxx", "mpic++", "mpif77", "mpif90", "mpifort", "mpirun", "mpiexec")
# These only look at files, of whatever origin.
_LOOKS = ("nm", "objdump", "readelf", "size", "strings", "addr2line", "c++filt")
_PROGRAMS = ("bash", "m4", "perl", "pkg-config", "pkgconf")
_HOST_FLAGS = "-static"  # its own loader may be another's, in an old host


def key(ctx: Context) -> str:
    """Digest of the tree, and of the compiler that the build machine's programs are made with."""
    return tree.key(ctx, GROUP, toolchain.key(ctx), Path(__file__))


def path(ctx: Context) -> Path:
    """The tree: commands/, guards/, and the libc that generators are linked with."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack it, if the store lacks it."""
    tools = toolchain.ensure(ctx)

    def finish(tmp: Path, final: Path) -> None:
        for folder in (COMMANDS, GUARDS):
            (tmp / folder).mkdir()
        for name in _PROGRAMS:
            (tmp / COMMANDS / name).symlink_to(f"../usr/bin/{name}")
        # busybox's shell would run its own applets, such as ar, whatever stands on PATH
        (tmp / COMMANDS / "sh").symlink_to("../usr/bin/bash")
        for name in _LOOKS:
            (tmp / COMMANDS / name).symlink_to(tools / toolchain.BIN / f"{toolchain.PREFIX}-{name}")
        _script(tmp / COMMANDS / BUILD_CC, tools, build_compiler(tools, final))
        for name, variable in FOR_TARGET.items():
            _script(tmp / GUARDS / name, tools, _guard(f"use ${variable}, or tools={{'{name}': '{variable}'}}"))
        for name in MPI:
            _script(tmp / GUARDS / name, tools, _guard("MPI is planned for a later version"))

    return tree.ensure(ctx, GROUP, key(ctx), keep=tree.without_docs, finish=finish)


def build_compiler(tools: Path, final: Path) -> str:
    """The line of shell that compiles a program of the build machine."""
    compiler = tools / toolchain.BIN / f"{toolchain.PREFIX}-gcc-12"
    return f'exec {compiler} --sysroot={final} -B{final}/{toolchain.GCC} {_HOST_FLAGS} "$@"\n'


def _guard(mend: str) -> str:
    """A host's tool that is not to be had; questions about its version are no use of it."""
    quoted = mend.replace("'", "'\\''")
    return f"""case "$*" in ''|-v|-V|--version|-dump*|--help) exit 127 ;; esac
line="${{0##*/}} $*"
if [ -n "$UNIKERNEL_REFUSED" ]; then echo "host tool for target code: $line" '({quoted})' >>"$UNIKERNEL_REFUSED"; fi
echo "{TARGET}: host tool for target code: $line" '({quoted})' >&2
exit 1
"""


def _script(place: Path, tools: Path, text: str) -> None:
    place.write_text(f"#!{tools / toolchain.COMMANDS / 'sh'}\n{text}")
    place.chmod(0o755)
