"""Rust projects: staged sources, pinned crates, exported symbols."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
import io
import os
import tarfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from unikernel import cargo, crates, kernel
from unikernel.context import Context
from unikernel.messages import UnikernelError

MANIFEST = """\
# About it.
[package]
name = "uhyve"

[profile.release]
lto = true

[dependencies]
hermit-abi = { path = "../kernel/abi" }

[workspace]

[profile.release.package."*"]
opt-level = 3

[[bin]]
name = "x"
"""


def test_split_moves_what_cargo_reads_in_the_root_only() -> None:
    root, member = cargo.split(MANIFEST)
    assert root == '[profile.release]\nlto = true\n\n[profile.release.package."*"]\nopt-level = 3\n\n'
    assert member.startswith("# About it.\n[package]") and "[[bin]]" in member and "[dependencies]" in member
    assert "profile" not in member and "[workspace]" not in member


@pytest.fixture
def project(tmp: Path, make_context: Callable[..., Context]) -> Context:
    """A checkout with uhyve and the crate it shares."""
    files = {"uhyve/Cargo.toml": MANIFEST, "uhyve/Cargo.lock": "", "uhyve/src/main.rs": "fn main() {}",
             "kernel/abi/Cargo.toml": '[package]\nname = "hermit-abi"\n', "kernel/abi/src/lib.rs": "// shared",
             "kernel/src/lib.rs": "// not uhyve's", "uhyve/target/old": "x"}
    for name, text in files.items():
        (tmp / "home" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp / "home" / name).write_text(text)
    return replace(make_context(), home=tmp / "home")


def test_stage_holds_the_project_and_the_shared_crate(project: Context, tmp: Path) -> None:
    cargo._stage(project, "uhyve", tmp / "src")
    found = sorted(str(path.relative_to(tmp / "src")) for path in (tmp / "src").rglob("*") if path.is_file())
    assert found == ["Cargo.lock", "Cargo.toml", "kernel/abi/Cargo.toml", "kernel/abi/src/lib.rs", "uhyve/Cargo.lock",
                     "uhyve/Cargo.toml", "uhyve/src/main.rs"]
    assert 'members = ["uhyve"]' in (tmp / "src/Cargo.toml").read_text()


def test_stage_again_touches_only_what_changed(project: Context, tmp: Path) -> None:
    cargo._stage(project, "uhyve", tmp / "src")
    for path in (tmp / "src").rglob("*"):
        os.utime(path, (1000, 1000))
    source = project.home / "uhyve/src/main.rs"
    source.write_text("fn main() { }")
    os.utime(source, (1, 1))  # an older file put back must count as new all the same
    (project.home / "kernel/abi/src/lib.rs").unlink()
    cargo._stage(project, "uhyve", tmp / "src")
    assert (tmp / "src/uhyve/src/main.rs").stat().st_mtime > 1000
    assert (tmp / "src/uhyve/Cargo.toml").stat().st_mtime == 1000
    assert not (tmp / "src/kernel/abi/src/lib.rs").exists()


def test_key_covers_project_shared_crate_and_kind(project: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (cargo.rust, cargo.toolchain):
        monkeypatch.setattr(step, "key", lambda _: "fixed")

    def key(ctx: Context) -> str:
        return cargo.key(ctx, "uhyve", ())

    first = key(project)
    assert key(replace(project, debug=True)) != first
    (project.home / "kernel/src/lib.rs").write_text("// changed")
    assert key(project) == first
    (project.home / "kernel/abi/src/lib.rs").write_text("// changed")
    second = key(project)
    (project.home / "uhyve/src/main.rs").write_text("// changed")
    assert len({first, second, key(project)}) == 3


@pytest.fixture
def commands(project: Context, tmp: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[object]]:
    """The commands that a build would run, none of them run; its tools are stand-ins."""
    asked: list[list[object]] = []
    (project.home / "uhyve/Cargo.toml").write_text('[package]\nname = "uhyve"\n')
    for step in (cargo.rust, cargo.toolchain, cargo.crates):
        monkeypatch.setattr(step, "ensure", lambda _: tmp / "tools")
        monkeypatch.setattr(step, "key", lambda _: "fixed")
    monkeypatch.setattr(cargo.Workspace, "run", lambda space, argv, *_: asked.append([*argv]))
    return asked


def test_sources_edited_meanwhile_are_not_built(project: Context, commands: list[list[object]], tmp: Path) -> None:
    with (pytest.raises(UnikernelError, match="uhyve/ was edited.*run again"),
          cargo.build(project, "uhyve", (), tmp / "t", tmp / "log", lambda: False)):
        pytest.fail("was built")
    assert not commands


@pytest.mark.parametrize("clone", [True, False])
def test_a_clone_keeps_its_working_folder(
    project: Context, commands: list[list[object]], tmp: Path, clone: bool
) -> None:
    if clone:
        (project.home / ".git").touch()
    with cargo.build(project, "uhyve", (), tmp / "t", tmp / "log", lambda: True) as (built, sources):
        assert sources.is_relative_to(project.home / "build/cargo" if clone else tmp / "t")
        assert built.parts[-2:] == (cargo.rust.TARGET, "release")
    (words,) = commands
    assert {"--offline", "--locked", "--package=uhyve", "--profile=release"} <= set(words)


def test_another_compiler_starts_afresh(
    project: Context, commands: list[list[object]], tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.home / ".git").touch()
    left = project.home / "build/cargo/uhyve-release/target/left"
    for name, stays in (("fixed", False), ("fixed", True), ("other", False)):
        monkeypatch.setattr(cargo.rust, "key", lambda _, name=name: name)
        with cargo.build(project, "uhyve", (), tmp / "t", tmp / "log", lambda: True):
            assert left.exists() == stays
        left.parent.mkdir(exist_ok=True)
        left.touch()


@functools.cache  # gzip writes the time of day into its header
def crate(name: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo(f"{name}-1.0.0/src/lib.rs")
        archive.addfile(member)
    return packed.getvalue()


def cargo_lock(name: str, data: bytes) -> str:
    return (f'[[package]]\nname = "{name}"\nversion = "1.0.0"\nsource = "registry+x"\n'
            f'checksum = "{sha256(data).hexdigest()}"\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n')


@pytest.fixture
def pinned(project: Context, tmp: Path) -> Context:
    """The project with one crate in each lock, both in a mirror."""
    (tmp / "mirror/crates").mkdir(parents=True)
    for folder, name in (("kernel", "aa"), ("uhyve", "bb")):
        (project.home / folder / "Cargo.lock").write_text(cargo_lock(name, crate(name)))
        (tmp / f"mirror/crates/{name}-1.0.0.crate").write_bytes(crate(name))
    return replace(project, environ={"UNIKERNEL_MIRROR": str(tmp / "mirror")})


def test_crates_come_from_a_mirror_and_go_back_into_one(pinned: Context, tmp: Path) -> None:
    entry = crates.ensure(pinned)
    assert (entry / "sources/aa-1.0.0/src/lib.rs").exists() and (entry / "sources/bb-1.0.0").is_dir()
    assert sha256(crate("aa")).hexdigest() in (entry / "sources/aa-1.0.0/.cargo-checksum.json").read_text()
    crates.export(pinned, tmp / "copy")
    assert (tmp / "copy/crates/aa-1.0.0.crate").read_bytes() == crate("aa")


def test_a_foreign_or_missing_crate_is_refused(pinned: Context, tmp: Path) -> None:
    (tmp / "mirror/crates/bb-1.0.0.crate").write_bytes(b"<html>")
    with pytest.raises(UnikernelError, match="crate not to be had, wrong sha256.*bb-1.0.0"):
        crates.ensure(pinned)
    (tmp / "mirror/crates/bb-1.0.0.crate").unlink()
    with pytest.raises(UnikernelError, match="crate not to be had, not found.*bb-1.0.0"):
        crates.ensure(pinned)
    assert not crates.path(pinned).exists()


def test_offline_crates_need_the_store(pinned: Context) -> None:
    with pytest.raises(UnikernelError, match="offline=1"):
        crates.ensure(replace(pinned, offline=True))


def test_a_crate_without_hash_is_refused(project: Context) -> None:
    lock = project.home / "uhyve/Cargo.lock"
    lock.write_text('[[package]]\nname = "g"\nversion = "1.0.0"\nsource = "git+https://x"\n')
    with pytest.raises(UnikernelError, match="crate without a hash.*g"):
        crates.locked(lock)
    with pytest.raises(UnikernelError, match="no Cargo.lock"):
        crates.locked(project.home / "absent")


def test_exports_are_names_and_patterns() -> None:
    symbols = ["sys_a", "sys_b", "start", "hidden"]
    assert kernel.exported("# why\nsys_*\nstart # entry\n\n", symbols) == ["start", "sys_a", "sys_b"]
    with pytest.raises(UnikernelError, match="no such symbol.*absent_"):
        kernel.exported("absent_*\n", symbols)
