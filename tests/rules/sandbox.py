"""A sandbox that shows a build nothing but given folders and the Python that runs SCons."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

# What SCons and the plugin import that is a shared library, or brings one.
_MODULES = "bz2, ctypes, hashlib, lzma, math, mmap, select, socket, sqlite3, ssl, struct, zlib, _decimal"
_MAPS = f"""
import importlib
for name in {_MODULES!r}.split(", "):
    try: importlib.import_module(name)
    except ImportError: pass
print(open("/proc/self/maps").read())
"""
_LOADER = "/lib64/ld-linux-x86-64.so.2"  # System V ABI, AMD64 supplement: the interpreter of host programs


def command(bwrap: Path, *, shown: list[Path], writable: list[Path], folder: Path) -> list[str]:
    """The words before the sandboxed command: no network, no host but `shown` (read-only) and `writable`."""
    words = [str(bwrap), "--unshare-all", "--die-with-parent", "--new-session", "--dev", "/dev", "--proc", "/proc",
             "--tmpfs", "/tmp"]
    for path in [*map(str, shown), *_python()]:
        words += ["--ro-bind", path, path]
    for path in map(str, writable):
        words += ["--bind", path, path]
    return [*words, "--chdir", str(folder)]


def why_not(bwrap: Path) -> str:
    """Why sandboxes cannot be made here; empty if they can."""
    probe = [*command(bwrap, shown=[], writable=[], folder=Path("/")), sys.executable, "-IS", "-c", "pass"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"no sandbox here: {done.stderr.strip().splitlines()[-1]}"


def _python() -> list[str]:
    """The interpreter, its standard library and the shared libraries it maps: no compiler, no headers."""
    maps = subprocess.run([sys.executable, "-c", _MAPS], capture_output=True, text=True, check=True).stdout
    mapped = {line.split(maxsplit=5)[5] for line in maps.splitlines() if line.count(" /") == 1 and ".so" in line}
    library = sysconfig.get_path("stdlib")
    packages = [path for path in sys.path if os.path.isdir(path) and not path.startswith(library)]
    found = [os.path.realpath(sys.executable), sys.executable, library, _LOADER, *_names(mapped), *packages]
    return list(dict.fromkeys(path for path in found if os.path.exists(path)))


def _names(libraries: set[str]) -> list[str]:
    """The libraries and the links to them by which the loader finds them (libffi.so.8 to libffi.so.8.1.2)."""
    found = set(libraries)
    for library in libraries:
        folder, name = os.path.split(library)
        stem = name.partition(".so")[0] + ".so"
        links = (os.path.join(folder, item) for item in os.listdir(folder) if item.startswith(stem))
        found |= {link for link in links if os.path.realpath(link) == library}
    return sorted(found)
