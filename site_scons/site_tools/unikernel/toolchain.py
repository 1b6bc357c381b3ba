"""The C compiler's tree: gcc, binutils, make and busybox from the lock, unpacked so that they run from the store."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import fnmatch
from pathlib import Path

from . import debs, patch, sealed
from .context import Context
from .digest import digest
from .fetch import fetch

_HERE = Path(__file__).resolve().parent
_MODULES = ("toolchain.py", "debs.py", "patch.py")
_SOURCES = ("newlib-source", "musl")  # in the same group, but no tools

BIN = "usr/bin"
PREFIX = "x86_64-linux-gnu"
GCC = f"usr/lib/gcc/{PREFIX}/12"
GCC_INCLUDE = f"{GCC}/include"
COMMANDS = "commands"  # folder of make and busybox's applets, the PATH of newlib's build

# gcc looks for these beside its own folder; without them it would fall back to PATH, that is the host's.
_ASSEMBLERS = ("as", "ld", "ld.bfd", "ld.gold", "ar", "nm", "ranlib", "objcopy", "objdump", "strip")
# Runtimes built for glibc and their specs: they would hide the sysroot's own.
_FOREIGN = (
    "libasan*", "libatomic.*", "libgomp.*", "libitm*", "liblsan*", "libquadmath.*", "libsanitizer*", "libtsan*",
    "libubsan*", "libssp_nonshared.a", "libcc1.so", "libgfortran.spec",
)
_UNUSED = (
    "usr/share/*", "etc/*", "usr/lib/*/gconv/*", "usr/lib/*/bfd-plugins/*", "usr/bin/*lto-dump*", "usr/bin/gmake",
    "usr/bin/*gprof*", "usr/bin/gp-*", "usr/bin/*gcov*",
)
# Applets that would shadow real tools, or that configure must not have.
_NO_APPLETS = ("ar", "strings", "make", "dpkg", "dpkg-deb", "rpm", "busybox")


def key(ctx: Context) -> str:
    """Digest of the packages and of how they are unpacked."""
    packages = [f"{entry.name} {entry.sha256}" for entry in ctx.lock.group("c") if entry.name not in _SOURCES]
    return digest("toolchain", patch.key(ctx), *packages, *(_HERE / name for name in _MODULES))


def path(ctx: Context) -> Path:
    """The tree's place in the store."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Unpack and patch the tree if the store lacks it."""
    if path(ctx).is_dir():
        return path(ctx)
    files = fetch(ctx, ["c"])
    name = key(ctx)

    def make(tmp: Path, final: Path) -> None:
        debs.unpack((file for package, file in files.items() if package not in _SOURCES), tmp, keep=_keep)
        tools = tmp / "usr" / PREFIX / "bin"
        tools.mkdir(parents=True)
        for tool in _ASSEMBLERS:
            (tools / tool).symlink_to(f"../../bin/{PREFIX}-{tool}")
        _commands(tmp / COMMANDS, tmp / BIN)
        patch.patch(ctx, tmp, final, ctx.store.log(name))

    return ctx.store.ensure("pkg", name, make)


def _keep(name: str) -> bool:
    if any(fnmatch.fnmatch(name, pattern) for pattern in _UNUSED):
        return False
    folder, _, file = name.rpartition("/")
    return folder != GCC or not any(fnmatch.fnmatch(file, pattern) for pattern in _FOREIGN)


def _commands(folder: Path, programs: Path) -> None:
    """All that newlib's configure and Makefiles call: make, and busybox by the name of each applet."""
    folder.mkdir()
    for applet in sealed.output([programs / "busybox", "--list"]).split():
        if applet not in _NO_APPLETS:
            (folder / applet).symlink_to("../usr/bin/busybox")
    (folder / "make").symlink_to("../usr/bin/make")
