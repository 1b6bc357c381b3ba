"""The Rust crates of our Cargo.lock files, fetched once and then built from offline."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import re
import shutil
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import debs, download, mirrors, rust, sealed
from .context import Context
from .digest import digest, sha256_of
from .messages import UnikernelError, note

PROJECTS = ("kernel", "uhyve")  # each with a Cargo.lock of its own
_FIELD = re.compile(r'^(name|version|source|checksum) = "([^"]*)"$', re.MULTILINE)
_TERMS = re.compile(r'^license = "([^"]+)"$', re.MULTILINE)
_CA_FILE = "/etc/ssl/certs/ca-certificates.crt"  # where the locked cargo's curl looks
_MEND = "check the network and cargo's settings ($CARGO_HOME/config.toml), or set UNIKERNEL_MIRROR"


@dataclass(frozen=True, order=True)
class Crate:
    """One crate of the registry, as Cargo.lock pins it."""

    name: str
    version: str
    sha256: str

    @property
    def folder(self) -> str:
        """Name of its unpacked folder."""
        return f"{self.name}-{self.version}"

    @property
    def file(self) -> str:
        """Name of its archive."""
        return f"{self.folder}.crate"


def locked(lock: Path) -> list[Crate]:
    """The registry crates of a Cargo.lock, sorted; one from anywhere else has no hash and is refused."""
    try:
        text = lock.read_text()
    except FileNotFoundError:
        raise UnikernelError("no Cargo.lock", lock, "restore it by version control") from None
    found = []
    for block in text.split("[[package]]")[1:]:
        fields = dict(_FIELD.findall(block))
        if "source" not in fields:
            continue  # a package of this repository
        if not fields["source"].startswith("registry+") or "checksum" not in fields:
            raise UnikernelError("crate without a hash", f"{lock}: {fields.get('name')}", "use crates of the registry")
        found.append(Crate(fields["name"], fields["version"], fields["checksum"]))
    return sorted(found)


def wanted(ctx: Context) -> list[Crate]:
    """All crates of all projects."""
    return sorted({crate for name in PROJECTS for crate in locked(ctx.home / name / "Cargo.lock")})


def terms(ctx: Context, project: str) -> list[str]:
    """Name, version and terms of each crate that a project is made of."""
    sources, found = ensure(ctx) / "sources", []
    for crate in locked(ctx.home / project / "Cargo.lock"):
        match = _TERMS.search((sources / crate.folder / "Cargo.toml").read_text())
        if match is None:
            raise UnikernelError("a crate does not say its terms", crate.folder, "replace it by one that does")
        found.append(f"{crate.name} {crate.version} {match.group(1).replace('/', ' OR ')}")
    return found


def key(ctx: Context) -> str:
    """Digest of the pinned crates."""
    return digest("crates", *(f"{crate.file} {crate.sha256}" for crate in wanted(ctx)))


def path(ctx: Context) -> Path:
    """The entry: archives/*.crate as published, sources/<name>-<version>/ as cargo's directory source."""
    return ctx.store.path("pkg", key(ctx))


def ensure(ctx: Context) -> Path:
    """Fetch and unpack the crates, if the store lacks them."""
    def make(tmp: Path, _final: Path) -> None:
        needed = wanted(ctx)
        archives = tmp / "archives"
        archives.mkdir()
        if needed:
            _fetch(ctx, needed, archives, tmp / "cargo")
            shutil.rmtree(tmp / "cargo", ignore_errors=True)
        _unpack(needed, archives, tmp / "sources")

    return ctx.store.ensure("pkg", key(ctx), make)


def export(ctx: Context, into: Path) -> None:
    """Copy the crates' archives into <into>/crates."""
    folder = into / "crates"
    folder.mkdir(parents=True, exist_ok=True)
    for archive in sorted((ensure(ctx) / "archives").iterdir()):
        shutil.copyfile(archive, folder / archive.name)


def _fetch(ctx: Context, needed: list[Crate], archives: Path, cargo_home: Path) -> None:
    if ctx.offline:
        mend = "run `unikernel fetch`, or `./sconsw fetch`, with network first"
        raise UnikernelError("not in the store and offline=1 is set", "Rust crates", mend)
    note(f"fetching crates: {len(needed)} files")
    mirror = mirrors.own_mirror(ctx.environ)
    if mirror is not None:
        _from_mirror(ctx, mirror, needed, archives)
    else:
        _by_cargo(ctx, cargo_home)
        for crate in needed:
            _take(crate, cargo_home, archives)


def _from_mirror(ctx: Context, mirror: mirrors.Base, needed: Iterable[Crate], archives: Path) -> None:
    """From a folder that `unikernel fetch --into` filled. Cargo.lock pins no sizes: the hash decides."""
    for crate in needed:
        address = mirror.of(f"crates/{crate.file}")
        try:
            download.get(address, archives / crate.file, crate.sha256, None, ctx.environ, lambda _: None)
        except (download.MissingError, download.ForeignError, download.BrokenError) as error:
            mend = "fill the mirror anew with `unikernel fetch --into DIR`"
            raise UnikernelError(f"crate not to be had, {error}", address, mend) from error


def _by_cargo(ctx: Context, cargo_home: Path) -> None:
    """`cargo fetch --locked` with the user's settings, in a CARGO_HOME of our own: theirs stays untouched."""
    tree = rust.ensure(ctx)
    cargo_home.mkdir()
    users = Path(ctx.environ.get("CARGO_HOME") or Path(ctx.environ.get("HOME", "/")) / ".cargo")
    for name in ("config.toml", "config", "credentials.toml", "credentials"):
        if (users / name).is_file():
            shutil.copyfile(users / name, cargo_home / name)
    environ = {name: value for name, value in ctx.environ.items() if not name.startswith(("RUST", "CARGO_BUILD"))}
    environ |= {"CARGO_HOME": str(cargo_home), "RUSTC": str(tree / "usr/bin/rustc"), "LC_ALL": "C"}
    authorities = ssl.get_default_verify_paths().cafile
    if authorities and not os.path.exists(_CA_FILE):
        environ.setdefault("CARGO_HTTP_CAINFO", authorities)
    log = ctx.store.log(key(ctx))
    for project in PROJECTS:
        manifest = ctx.home / project / "Cargo.toml"
        argv = [tree / "usr/bin/cargo", "fetch", "--locked", "--manifest-path", manifest]
        try:
            sealed.run(argv, cwd=ctx.home, env=environ, log=log)
        except UnikernelError as error:
            raise UnikernelError("cannot fetch the Rust crates", error.where, _MEND) from error


def _take(crate: Crate, cargo_home: Path, archives: Path) -> None:
    for file in cargo_home.glob(f"registry/cache/*/{crate.file}"):
        if sha256_of(file) == crate.sha256:
            os.rename(file, archives / crate.file)
            return
    raise UnikernelError("cargo did not bring the locked crate", crate.file, _MEND)


def _within(folder: str) -> Callable[[str], bool]:
    """An archive may fill its own folder only."""
    return lambda name: name.startswith(f"{folder}/")


def _unpack(needed: Iterable[Crate], archives: Path, sources: Path) -> None:
    sources.mkdir()
    for crate in needed:
        debs.untar(archives / crate.file, sources, _within(crate.folder))
        checksum = {"files": {}, "package": crate.sha256}
        (sources / crate.folder / ".cargo-checksum.json").write_text(json.dumps(checksum))
