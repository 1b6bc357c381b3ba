"""Unpacking: a merged /usr, links that stay inside, damage and a full disk as one line."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from packages import deb
from unikernel import debs
from unikernel.messages import UnikernelError


def packed(folder: Path, data: bytes) -> Path:
    file = folder / "package.deb"
    file.write_bytes(data)
    return file


def test_merges_usr_and_keeps_modes(tmp: Path) -> None:
    file = packed(tmp, deb({"lib/x86/liba.so": b"a", "bin/tool": b"t", "usr/lib/x86/libb.so": b"b", "etc/conf": b"c"}))
    debs.unpack([file], tmp / "tree")
    assert (tmp / "tree/usr/lib/x86/liba.so").read_bytes() == b"a"
    assert sorted(path.name for path in (tmp / "tree/lib/x86").iterdir()) == ["liba.so", "libb.so"]
    assert (tmp / "tree/usr/bin/tool").stat().st_mode & 0o777 == 0o755
    assert (tmp / "tree/etc/conf").stat().st_mode & 0o777 == 0o644


def test_links_stay_inside(tmp: Path) -> None:
    file = packed(tmp, deb({
        "usr/lib/x/real": b"r", "lib64/abs": ("link", "/lib/x/real"), "usr/lib/x/rel": ("link", "real"),
        "usr/bin/same": ("hard", "usr/lib/x/real"), "usr/share/up": ("link", "../lib/x/real"),
    }))
    debs.unpack([file], tmp / "tree")
    for name in ("lib64/abs", "usr/lib/x/rel", "usr/bin/same", "usr/share/up"):
        assert (tmp / "tree" / name).read_bytes() == b"r"
    assert not (tmp / "tree/usr/lib64/abs").readlink().is_absolute()


def test_keep_chooses(tmp: Path) -> None:
    file = packed(tmp, deb({"usr/share/doc/a": b"a", "usr/bin/b": b"b"}))
    debs.unpack([file], tmp / "tree", keep=lambda name: "doc" not in name)
    assert not (tmp / "tree/usr/share").exists() and (tmp / "tree/usr/bin/b").exists()


@pytest.mark.parametrize("files", [
    {"../outside": b"x"}, {"usr/../../outside": b"x"}, {"usr/bin/a": ("link", "../../../../outside")},
    {"usr/bin/a": ("hard", "../outside")},
])
def test_nothing_gets_out(tmp: Path, files: dict[str, bytes | tuple[str, str]]) -> None:
    with pytest.raises(UnikernelError, match="unsafe"):
        debs.unpack([packed(tmp, deb(files))], tmp / "tree")
    assert not (tmp / "outside").exists()


GOOD = deb({"usr/bin/a": bytes(range(256)) * 64})


@pytest.mark.parametrize("data", [
    b"", b"<html>", GOOD[:40], GOOD[:100], GOOD[:-30], GOOD[:220] + b"\xff" * 40 + GOOD[260:],
    GOOD[:8] + GOOD[8:68].replace(b"debian-binary", b"something-els"),
])
def test_damage_is_one_line_with_the_file(tmp: Path, data: bytes) -> None:
    with pytest.raises(UnikernelError, match="damaged archive.*package.deb") as caught:
        debs.unpack([packed(tmp, data)], tmp / "tree")
    assert "\n" not in str(caught.value)


FULL = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from unikernel import debs
from unikernel.messages import UnikernelError
from unikernel.store import Store
try:
    Store([Path(sys.argv[3])]).ensure("pkg", "ab12", lambda tmp, _: debs.unpack([Path(sys.argv[2])], tmp))
except UnikernelError as error:
    sys.exit(f"one line: {error}")
"""


def test_a_full_disk_leaves_nothing(home: Path, tmp: Path) -> None:
    """A limit on file sizes stands in for the full disk: the write fails in the middle of a file just so."""
    file = packed(tmp, deb({"usr/bin/small": b"s", "usr/bin/large": b"l" * 200_000}))
    done = subprocess.run(
        [sys.executable, "-c", FULL, home / "site_scons/site_tools", file, tmp / "store"], capture_output=True,
        text=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)),
    )
    assert done.returncode == 1 and done.stderr.startswith("one line: disk full"), done.stderr
    assert not (tmp / "store" / "pkg").exists()
    assert [path.name for path in (tmp / "store" / "tmp").iterdir()] == ["pkg-ab12.lock"]
