"""toolchain.lock: the real one keeps the rules, and damage is one line."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
from pathlib import Path

import pytest
from packages import Package
from unikernel import context, lock
from unikernel.messages import UnikernelError


def real(home: Path) -> lock.Lock:
    return lock.read(home / lock.FILE)


def test_every_entry_is_of_bookworm_main(home: Path) -> None:
    for entry in real(home).entries:
        assert entry.suite == "bookworm" and entry.path.startswith("pool/main/"), entry


def test_no_address_stands_in_it(home: Path) -> None:
    assert "://" not in (home / lock.FILE).read_text()


def test_is_sorted_one_line_per_entry(home: Path) -> None:
    entries = real(home).entries
    assert list(entries) == sorted(entries)
    assert sum('"sha256"' in line for line in (home / lock.FILE).read_text().splitlines()) == len(entries)


def test_is_fresh_and_has_all_groups(home: Path) -> None:
    lock.check_fresh(real(home), home / lock.FILE)
    assert set(json.loads(lock.ROOTS.read_text())["groups"]) == set(real(home).groups())


def test_every_group_with_programs_brings_its_loader(home: Path) -> None:
    for group in set(real(home).groups()) - {"pip", "lint", "runtimes", "c++", "fortran", "projects", "bench"}:
        assert "libc6" in {entry.name for entry in real(home).group(group)}, group


def test_write_and_read_give_the_same(tmp: Path, packages: list[Package]) -> None:
    entries = [package.entry for package in packages]
    lock.write(tmp / "l", entries, "r")
    assert lock.read(tmp / "l") == lock.Lock(tuple(sorted(entries)), "r")


def test_groups_share_files_once(packages: list[Package]) -> None:
    again = Package("d", packages[0].name, packages[0].data)
    both = lock.Lock(tuple(sorted(package.entry for package in [*packages, again])), "")
    assert sorted(entry.name for entry in both.group("c", "d")) == ["other", "small", "tool"]
    with pytest.raises(UnikernelError, match="no such group.*c d"):
        both.group("x")


def test_stale_lock_names_the_command(tmp: Path, packages: list[Package], monkeypatch: pytest.MonkeyPatch) -> None:
    lock.write(tmp / lock.FILE, [packages[0].entry], "0" * 64)
    monkeypatch.setenv("UNIKERNEL_HOME", str(tmp))
    with pytest.raises(UnikernelError, match="stale lock.*sconsw lock"):
        context.from_environ({"UNIKERNEL_HOME": str(tmp), "HOME": str(tmp)})
    assert context.from_environ({"UNIKERNEL_HOME": str(tmp), "HOME": str(tmp)}, stale=True).lock.entries


def test_no_lock_names_what_to_set(tmp: Path) -> None:
    with pytest.raises(UnikernelError, match="UNIKERNEL_HOME"):
        context.from_environ({"UNIKERNEL_HOME": str(tmp), "HOME": str(tmp)})


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"packages": [{}], "roots": ""}', '{"packages": [', "\0"])
def test_damaged_lock_is_one_line(tmp: Path, text: str) -> None:
    (tmp / "l").write_text(text)
    with pytest.raises(UnikernelError, match="unreadable lock") as caught:
        lock.read(tmp / "l")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("field, value", [
    ("path", "pool/../../etc/passwd"), ("path", "/etc/passwd"), ("path", "http://x/pool/a"), ("sha256", "12"),
    ("size", 0), ("size", "7"), ("name", ""), ("version", 3),
])
def test_unsound_entry_is_refused(tmp: Path, packages: list[Package], field: str, value: object) -> None:
    lock.write(tmp / "l", [packages[0].entry], "r")
    data = json.loads((tmp / "l").read_text())
    data["packages"][0][field] = value
    (tmp / "l").write_text(json.dumps(data))
    with pytest.raises(UnikernelError, match="unsound entry"):
        lock.read(tmp / "l")
