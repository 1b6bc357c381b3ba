"""The pinned Python packages: installed by pip into the store, apart from the host's."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import debs, fetch, mirrors, sealed
from .context import Context
from .digest import digest, sha256_of
from .messages import UnikernelError, note

RUN, DEVELOP = "requirements.txt", "requirements-dev.txt"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")  # those whose wheels are pinned
# What hosts with glibc 2.17 to 2.28 and newer accept.
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_12_x86_64")
_PIN = re.compile(r"^([A-Za-z0-9._-]+==\S+)(\s*;\s*[^\\]+?)?\s*(\\|$)", re.MULTILINE)
_BUNDLED = "/usr/share/python-wheels"  # Debian keeps ensurepip's wheel here, in a package of its own
_MEND = "check the network and pip's settings, or set UNIKERNEL_MIRROR=<dir|url>"
# A pip older than Python 3.12 names a class that 3.12 took out of pkgutil; nothing uses it.
_RUN_WHEEL = (
    "import pkgutil, runpy, sys; pkgutil.ImpImporter = getattr(pkgutil, 'ImpImporter', type(None)); "
    "wheel = sys.argv.pop(1); sys.path.insert(0, wheel); runpy.run_module('pip', run_name='__main__', alter_sys=True)"
)


def key(requirements: Path) -> str:
    """Digest of the pins and of the Python they are for; sconsw computes the same without importing us."""
    return hashlib.sha256(f"{sys.implementation.cache_tag}\n".encode() + requirements.read_bytes()).hexdigest()


def ensure(ctx: Context, name: str) -> Path:
    """The folder to put on PYTHONPATH for requirements.txt or requirements-dev.txt, made by pip if absent."""
    requirements = ctx.home / name

    def make(tmp: Path, final: Path) -> None:
        if ctx.offline:
            mend = "run `unikernel fetch`, or `./sconsw fetch`, with network first"
            raise UnikernelError("not in the store and offline=1 is set", name, mend)
        note(f"installing the Python packages of {name}")
        options = ["--target", str(tmp), "--no-compile", "--no-warn-script-location", "-r", str(requirements)]
        _pip(ctx, ["install", *options, *_sources(ctx)])
        # Names of the final place in tracebacks; compiled now, for the entry is read-only later.
        subprocess.run(
            [sys.executable, "-m", "compileall", "-q", "-s", tmp, "-p", final, tmp], check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(ctx),
        )

    return ctx.store.ensure("py", key(requirements), make)


def export(ctx: Context, into: Path) -> None:
    """Download the wheels for all supported Pythons into <into>/wheels, with an index that pip reads over http."""
    folder = into / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (RUN, DEVELOP):
        _download(ctx, ctx.home / name, folder, hashed=True)
    links = [f'<a href="{file.name}">{file.name}</a><br>' for file in sorted(folder.glob("*.whl"))]
    (folder / "index.html").write_text("<!DOCTYPE html>\n" + "\n".join(links) + "\n")


def pin(ctx: Context, requirements: Path) -> None:
    """Write the hashes of all wheels of the pinned versions into the requirements file."""
    text = requirements.read_text()
    head = "".join(line + "\n" for line in text.splitlines() if line.startswith("#"))
    pins = [(match.group(1), (match.group(2) or "").strip()) for match in _PIN.finditer(text)]
    with tempfile.TemporaryDirectory(prefix="unikernel-pin-") as place:
        bare = Path(place, "bare.txt")
        bare.write_text("".join(f"{name} {marker}\n" for name, marker in pins))
        _download(ctx, bare, Path(place, "wheels"), hashed=False)
        files = sorted(Path(place, "wheels").glob("*.whl"))
        lines = []
        for name, marker in pins:
            wanted = name.replace("==", "-").replace("_", "-").lower()
            hashes = [sha256_of(file) for file in files
                      if "-".join(file.name.split("-")[:2]).replace("_", "-").lower() == wanted]
            lines.append(" \\\n    ".join([f"{name} {marker}".strip(), *(f"--hash=sha256:{item}" for item in hashes)]))
    requirements.write_text(head + "\n".join(lines) + "\n")


def _download(ctx: Context, requirements: Path, folder: Path, *, hashed: bool) -> None:
    text = requirements.read_text()
    for version in PYTHONS:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as chosen:
            # pip applies a marker to the Python that runs it, not to the one it downloads for.
            chosen.write(_for_python(text, version))
            chosen.flush()
            options = ["--python-version", version, *(word for name in _PLATFORMS for word in ("--platform", name))]
            _pip(ctx, ["download", *options, "-d", str(folder), "-r", chosen.name, *_sources(ctx)],
                 hashed=hashed)


def _for_python(text: str, version: str) -> str:
    """The requirements without markers, and without those whose marker excludes this Python."""
    minor = int(version.split(".")[1])
    kept = []
    for block in re.split(r"\n(?=[A-Za-z])", text):
        match = re.search(r';\s*python_version < "3\.(\d+)"', block)
        if match is None or minor < int(match.group(1)):
            kept.append(re.sub(r'\s*;\s*python_version < "3\.\d+"', "", block))
    return "\n".join(kept)


def _sources(ctx: Context) -> list[str]:
    """Where pip looks: the user's own settings, or UNIKERNEL_MIRROR alone."""
    mirror = mirrors.own_mirror(ctx.environ)
    return [] if mirror is None else ["--no-index", "--find-links", mirror.of("wheels/")]


def _pip(ctx: Context, arguments: list[str], *, hashed: bool = True) -> None:
    verb, *rest = arguments
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    argv = [*pip(ctx), verb, *options, *(["--require-hashes"] if hashed else []), *rest]
    child = subprocess.Popen(argv, env=_environment(ctx), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, preexec_fn=sealed.die_with_parent)
    try:
        _, complaint = child.communicate()
    except BaseException:
        sealed.end(child)
        raise
    if child.returncode != 0:
        errors = [line for line in complaint.decode(errors="replace").splitlines() if line.startswith("ERROR")]
        raise UnikernelError("cannot fetch the Python packages", (errors or ["pip failed"])[0][:300], _MEND)


def pip(ctx: Context, python: str = "") -> list[str]:
    """The words that start a pip for `python` (this one): its own, ensurepip's wheel, or Debian's from the lock."""
    python = python or sys.executable
    if subprocess.run([python, "-m", "pip", "--version"], env=_environment(ctx), check=False,
                      stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
        return [python, "-m", "pip"]
    found = _bundled_wheel()
    if found is None:
        tree = ctx.store.ensure("pkg", digest("pip", ctx.lock.digest("pip")),
                                lambda tmp, _: debs.unpack(fetch.fetch(ctx, ["pip"]).values(), tmp))
        found = next(iter((tree / "usr/share/python-wheels").glob("pip-*.whl")))
    return [python, "-c", _RUN_WHEEL, str(found)]


def _bundled_wheel() -> Path | None:
    spec = importlib.util.find_spec("ensurepip")
    places = [Path(_BUNDLED)]
    if spec is not None and spec.origin:
        places.insert(0, Path(spec.origin).with_name("_bundled"))
    for place in places:
        for wheel in sorted(place.glob("pip-*.whl")):
            return wheel
    return None


def _environment(ctx: Context) -> Mapping[str, str]:
    """The user's environment (proxies, pip's settings) without what would send the packages elsewhere."""
    kept = {name: value for name, value in ctx.environ.items() if not name.startswith("PYTHON")}
    plain = {"PIP_USER": "0", "PIP_TARGET": "", "PIP_PREFIX": "", "PIP_ROOT": ""}
    return {**kept, **plain, "PATH": kept.get("PATH", os.defpath)}
