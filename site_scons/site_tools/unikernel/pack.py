"""Packs the plugin and all that its builds need into a wheel: what pip calls (PEP 517, 660), and `./sconsw wheel`."""
# SPDX-License-Identifier: BSD-3-Clause
# Runs in pip's empty environment: Python's own modules, and ours that need no more. The wheel is not compressed, and no
# time or mode of this machine goes in: the same checkout gives the same bytes everywhere.
from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import __version__, context, lock, steps
from .digest import IGNORED
from .messages import EXIT_USAGE, UnikernelError
from .store import Store

NAME = "unikernel"
# What the plugin runs on; of each, requirements.txt pins the version that the tests run with.
REQUIRES = ("scons>=4.11.1,<5", "pyelftools>=0.33,<1", "jinja2>=3.1.6,<4")
WHEEL = f"{NAME}-{__version__}-py3-none-any.whl"
SOURCES = f"{NAME}-{__version__}.tar.gz"
# What steps read of a checkout, and what tells of it: `home/` in the wheel.
HOME = ("kernel", "uhyve", "runtimes", "docs", "toolchain.lock", "requirements.txt", "requirements-dev.txt", "LICENSE")
_MORE = ("pyproject.toml", "README.md", "CHANGELOG.md")  # beside these in an archive of sources
_PACKAGE = Path(__file__).resolve().parent
_PLUGIN = Path("site_scons", "site_tools", NAME)
_INFO = f"{NAME}-{__version__}.dist-info"
_SCRIPTS = f"{NAME}-{__version__}.data/scripts"
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can tell
_SHIM = f'''"""Environment(tools=["{NAME}"]), where the wheel lies beside SCons."""
# SPDX-License-Identifier: BSD-3-Clause
from {NAME} import exists, generate, options

__all__ = ["exists", "generate", "options"]
'''


def build_wheel(
    wheel_directory: str, config_settings: Mapping[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """The wheel; its name."""
    clone = _clone()
    members = {f"{NAME}/{name}": data for name, data in _files(clone / _PLUGIN)}
    for part in HOME:
        members |= {f"{NAME}/home/{name}": data for name, data in _part(clone, part)}
    members[f"{_SCRIPTS}/proxy"] = _proxy(uhyve=_key(clone, "uhyve"), qemu=_key(clone, "qemu"))
    return _write(Path(wheel_directory), {**members, **_common(clone)})


def build_editable(
    wheel_directory: str, config_settings: Mapping[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """A wheel that only points to this checkout."""
    clone = _clone()
    members = {f"{NAME}.pth": f"{clone / _PLUGIN.parent}\n".encode(), f"{_SCRIPTS}/proxy": _proxy(uhyve="", qemu="")}
    return _write(Path(wheel_directory), {**members, **_common(clone)})


def build_sdist(sdist_directory: str, config_settings: Mapping[str, Any] | None = None) -> str:
    """An archive of the sources from which the same wheel can be built; its name."""
    clone, top = _clone(), f"{NAME}-{__version__}"
    members = {f"{_PLUGIN.as_posix()}/{name}": data for name, data in _files(clone / _PLUGIN)}
    for part in (*HOME, *_MORE):
        members |= dict(_part(clone, part))
    members["PKG-INFO"] = _metadata(clone)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in sorted(members.items()):
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size, info.mode = len(data), 0o644
            archive.addfile(info, io.BytesIO(data))
    place = Path(sdist_directory, SOURCES)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gzip.compress(plain.getvalue(), mtime=0))
    return place.name


def _clone() -> Path:
    """The checkout that this module lies in."""
    clone = _PACKAGE.parents[2]
    if clone / _PLUGIN != _PACKAGE or not (clone / lock.FILE).is_file():
        raise UnikernelError("a wheel is made from a clone", _PACKAGE, "run its `./sconsw wheel`", EXIT_USAGE)
    return clone


def _part(clone: Path, part: str) -> Iterator[tuple[str, bytes]]:
    if (clone / part).is_dir():
        for name, data in _files(clone / part):
            yield f"{part}/{name}", data
    else:
        yield part, (clone / part).read_bytes()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What digest() counts of a folder, so that steps have the same keys from a wheel."""
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in IGNORED)
        for name in sorted(files):
            path = Path(place, name)
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _key(clone: Path, step: str) -> str:
    """A step's key; the store it would lie in is no part of it."""
    locked = lock.read(clone / lock.FILE)
    lock.check_fresh(locked, clone / lock.FILE)
    return steps.load(step).key(context.Context(clone, locked, Store([clone]), offline=True, jobs=1))


def _proxy(**values: str) -> bytes:
    text = (_PACKAGE / "proxy.in").read_text()
    for name, value in {**values, "version": __version__}.items():
        text = text.replace(f"@{name.upper()}@", value)
    return text.encode()


def _common(clone: Path) -> dict[str, bytes]:
    """What every wheel of ours has beside the plugin."""
    wheel = f"Wheel-Version: 1.0\nGenerator: {NAME} {__version__}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return {
        f"SCons/Tool/{NAME}.py": _SHIM.encode(),
        f"{_INFO}/METADATA": _metadata(clone),
        f"{_INFO}/WHEEL": wheel.encode(),
        f"{_INFO}/entry_points.txt": f"[console_scripts]\n{NAME} = {NAME}.cli:start\n".encode(),
        f"{_INFO}/licenses/LICENSE": (clone / "LICENSE").read_bytes(),
    }


def _metadata(clone: Path) -> bytes:
    lines = ["Metadata-Version: 2.1", f"Name: {NAME}", f"Version: {__version__}",
             "Summary: SCons rules that turn a program into a unikernel", "License: BSD-3-Clause",
             "Requires-Python: >=3.10", *(f"Requires-Dist: {item}" for item in REQUIRES),
             "Description-Content-Type: text/markdown", "", (clone / "README.md").read_text()]
    return "\n".join(lines).encode()


def _write(folder: Path, members: Mapping[str, bytes]) -> str:
    """The zip file, with the record of what it holds, under its name once it is whole."""
    record = [f"{name},sha256={_hash(data)},{len(data)}" for name, data in sorted(members.items())]
    text = "\n".join([*record, f"{_INFO}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{WHEEL}.{os.getpid()}"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, data in [*sorted(members.items()), (f"{_INFO}/RECORD", text.encode())]:
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = 3  # Unix, whose modes follow
            info.external_attr = (0o100755 if name.startswith(_SCRIPTS) else 0o100644) << 16
            archive.writestr(info, data)
    partial.replace(folder / WHEEL)
    return WHEEL


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
