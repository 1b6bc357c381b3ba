"""A program for this host, built by the store's compiler: what benches compare a unikernel with."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from SCons.Action import Action

from . import hostlibs, languages, stamps, steps, toolchain
from .session import Session

# Flags that the driver gives a unikernel, too. Static: glibc picks its fastest string functions all the same.
_FLAGS = "-fPIE -fstack-clash-protection -static -no-pie"
_COMMAND = (
    "$( $UNIKERNEL_GCC --sysroot=$UNIKERNEL_HOST -B$UNIKERNEL_HOST/usr/lib/gcc/x86_64-linux-gnu/12 $_HOST_PARTS "
    "$UNIKERNEL_MAPS $) $UNIKERNEL_FLAGS $_HOST_FLAGS $_HOST_OPENMP $CCFLAGS $FORTRANFLAGS -o $TARGET $SOURCES "
    "$_LIBFLAGS"
)
# Language -> the steps that its programs need beside C's, and the libraries.
_LANGUAGES = {
    languages.FORTRAN: (("f951", "hostlibs"), ("gfortran", "quadmath", "m")),
    languages.CXX: (("cxx", "hostlibs"), ("stdc++", "m")),
}
# glibc's libgomp lies beside the host's libc; its specs, which are as ours, do not. It would dlopen drivers of devices,
# which a static program cannot.
_OPENMP = "-fopenmp $( -B$UNIKERNEL_SPECS/ $) -Wl,--wrap=dlopen,--defsym=__wrap_dlopen=0"


def program(
    session: Session, target: str, sources: list[Any], *, CCFLAGS: Sequence[str] = (),  # noqa: N803
    FORTRANFLAGS: Sequence[str] = (), LIBS: Sequence[str] = (), openmp: bool = False,  # noqa: N803
) -> list[Any]:
    """Compile and link in one step; the sources are of one language."""
    tools, host = (steps.load(name).path(session.ctx) for name in ("toolchain", "rust"))
    language = languages.of(str(sources[0]))
    further, libraries = _LANGUAGES.get(language, ((), ()))
    parts = [f"-B{steps.load(name).path(session.ctx) / toolchain.GCC}/" for name in further]
    if language == languages.CXX:
        parts += ["-nostdinc++", *(f"-isystem{hostlibs.path(session.ctx) / folder}" for folder in hostlibs.CXX_INCLUDE)]
    env = session.base.Clone(
        UNIKERNEL_GCC=str(tools / "usr/bin/x86_64-linux-gnu-gcc-12"), UNIKERNEL_HOST=str(host), _HOST_FLAGS=_FLAGS,
        UNIKERNEL_SPECS=str(session.ctx.home / "runtimes" / "gcc"), _HOST_OPENMP=_OPENMP if openmp else "",
        _HOST_PARTS=parts, CCFLAGS=list(CCFLAGS), FORTRANFLAGS=list(FORTRANFLAGS), LIBS=[*LIBS, *libraries],
    )
    made = env.Command(target, sources, Action(_COMMAND, None if session.verbose else "  HOST  $TARGET"))
    env.Depends(made, [stamps.stamp(session, name) for name in ("toolchain", "rust", *further)])
    return list(made)
