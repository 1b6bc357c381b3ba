"""Downloads: resumed, verified, refused, explained; by urllib and by apt's downloader."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import Package
from server import Server
from unikernel import download, fetch, mirrors
from unikernel.context import Context
from unikernel.messages import UnikernelError

Make = Callable[..., Context]
WAYS = ["urllib", pytest.param("apt", marks=pytest.mark.skipif(
    not os.path.exists(mirrors.APT_HELPER), reason="this host has no apt-helper"))]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_PAUSE", 0.01)


@pytest.fixture(params=WAYS)
def ctx(request: pytest.FixtureRequest, server: Server, make_context: Make) -> Context:
    """A context that fetches from the server: as a mirror of ours by urllib, as Debian's by apt-helper."""
    variable = "UNIKERNEL_DEBIAN" if request.param == "apt" else "UNIKERNEL_MIRROR"
    return make_context({variable: server.address})


def leftovers(ctx: Context) -> list[str]:
    return [path.name for path in (ctx.store.root / "tmp").iterdir() if not path.name.endswith((".lock", ".part"))]


def test_brings_the_group_and_nothing_else(ctx: Context, packages: list[Package], server: Server) -> None:
    files = fetch.fetch(ctx, ["c"])
    assert {name: path.read_bytes() for name, path in files.items()} == {
        package.name: package.data for package in packages if package.group == "c"}
    assert files["tool"] == ctx.store.root / "dl" / packages[0].entry.sha256 / "tool_1.0_amd64.deb"
    assert not any("other" in path for path, _ in server.asked)
    asked = len(server.asked)
    assert fetch.fetch(ctx, ["c"]) == files and len(server.asked) == asked


def test_a_broken_connection_is_resumed(server: Server, make_context: Make, packages: list[Package]) -> None:
    ctx = make_context({"UNIKERNEL_MIRROR": server.address})
    server.breaks = 2
    fetch.fetch(ctx, ["d"])
    assert [span for _, span in server.asked] == ["", "bytes=100-", "bytes=200-"]


def test_apt_survives_a_broken_connection(ctx: Context, server: Server, packages: list[Package]) -> None:
    server.breaks = 1
    assert fetch.fetch(ctx, ["d"])["other"].read_bytes() == packages[2].data


def test_what_breaks_off_for_good_is_one_line_and_goes_on_later(
    server: Server, make_context: Make, packages: list[Package]
) -> None:
    ctx = make_context({"UNIKERNEL_MIRROR": server.address})
    server.breaks, server.stop_at = download.TRIES, 10
    with pytest.raises(UnikernelError, match="broke off.*run it again"):
        fetch.fetch(ctx, ["d"])
    assert not ctx.store.has("dl", packages[2].entry.sha256) and not leftovers(ctx)
    fetch.fetch(ctx, ["d"])
    assert server.asked[-1][1] == f"bytes={10 * download.TRIES}-"


@pytest.mark.parametrize("damage", ["foreign", "corrupt", "longer"])
def test_a_wrong_file_is_refused(ctx: Context, server: Server, packages: list[Package], damage: str) -> None:
    entry, data = packages[2].entry, packages[2].data
    server.files[entry.path] = {
        "foreign": b"<html>please log in</html>" * 40, "longer": data + b"x",
        "corrupt": data[:50] + b"\xff" + data[51:],
    }[damage]
    with pytest.raises(UnikernelError, match="refused, wrong s.*other_1.0.*UNIKERNEL_DEBIAN") as caught:
        fetch.fetch(ctx, ["d"])
    assert "\n" not in str(caught.value)
    assert not ctx.store.has("dl", entry.sha256) and not leftovers(ctx)
    server.files[entry.path] = data
    fetch.fetch(ctx, ["d"])


def test_a_truncated_file_is_refused(ctx: Context, server: Server, packages: list[Package]) -> None:
    entry = packages[2].entry
    server.files[entry.path] = packages[2].data[:-7]
    with pytest.raises(UnikernelError, match="other_1.0"):
        fetch.fetch(ctx, ["d"])
    assert not ctx.store.has("dl", entry.sha256)


@pytest.mark.parametrize("damage, says", [(b"", "wrong size"), (b"other bytes", "wrong s"), (None, "not .any more.")])
def test_a_folder_as_mirror_is_not_trusted(
    make_context: Make, packages: list[Package], tmp: Path, damage: bytes | None, says: str
) -> None:
    entry = packages[2].entry
    (tmp / "mirror/pool/main").mkdir(parents=True)
    if damage is not None:
        (tmp / "mirror" / entry.path).write_bytes(damage.ljust(entry.size, b"x") if damage else damage)
    ctx = make_context({"UNIKERNEL_MIRROR": str(tmp / "mirror")})
    with pytest.raises(UnikernelError, match=f"{says}.*mirror/pool/main/other_1.0"):
        fetch.fetch(ctx, ["d"])
    assert not ctx.store.has("dl", entry.sha256)


def test_a_vanished_version_is_one_line(ctx: Context, server: Server, packages: list[Package]) -> None:
    del server.files[packages[2].entry.path]
    with pytest.raises(UnikernelError, match="other 1.0 is not .any more. on the mirror.*UNIKERNEL_DEBIAN"):
        fetch.fetch(ctx, ["d"])


def test_the_next_base_is_tried(server: Server, make_context: Make, packages: list[Package], tmp: Path) -> None:
    tool = tmp / "bin" / "apt-get"
    tool.parent.mkdir()
    with Server({}) as empty:
        tool.write_text(f"#!/bin/sh\necho {empty.address} bookworm\necho {server.address} bookworm\n")
        tool.chmod(0o755)
        ctx = make_context({"PATH": f"{tool.parent}:{os.defpath}"})
        assert fetch.fetch(ctx, ["d"])["other"].read_bytes() == packages[2].data


def test_offline_uses_the_store_alone(server: Server, make_context: Make) -> None:
    environ = {"UNIKERNEL_MIRROR": server.address}
    with pytest.raises(UnikernelError, match="offline=1.*unikernel fetch d"):
        fetch.fetch(make_context(environ, offline=True), ["d"])
    assert not server.asked
    fetch.fetch(make_context(environ), ["d"])
    assert fetch.fetch(make_context(environ, offline=True), ["d"])["other"].is_file()


def test_an_export_serves_as_mirror(server: Server, make_context: Make, tmp: Path) -> None:
    ctx = make_context({"UNIKERNEL_MIRROR": server.address})
    total = fetch.export(ctx, ["c", "d"], tmp / "mirror")
    assert total == sum(path.stat().st_size for path in (tmp / "mirror").rglob("*.deb"))
    shutil.move(ctx.store.root, tmp / "first")
    asked = len(server.asked)
    fetch.fetch(make_context({"UNIKERNEL_MIRROR": str(tmp / "mirror")}), ["c", "d"])
    assert len(server.asked) == asked


def test_disk_full_is_one_line(server: Server, make_context: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_receive", full)
    with pytest.raises(UnikernelError, match="disk full"):
        fetch.fetch(make_context({"UNIKERNEL_MIRROR": server.address}), ["d"])


SLOW = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from unikernel import cli
sys.exit(cli.main(["fetch", "pip"]))
"""


def test_ctrl_c_ends_at_once_and_leaves_nothing_half_written(home: Path, tmp: Path) -> None:
    with Server({}) as server:
        server.answer = lambda request: time.sleep(5)  # type: ignore[method-assign]
        environ = {**os.environ, "UNIKERNEL_MIRROR": server.address, "UNIKERNEL_STORE": str(tmp / "store"),
                   "UNIKERNEL_HOME": str(home)}
        child = subprocess.Popen([sys.executable, "-c", SLOW, home / "site_scons/site_tools"], env=environ,
                                 stderr=subprocess.PIPE, text=True)
        assert child.stderr is not None and "fetching pip" in child.stderr.readline()
        time.sleep(0.3)
        started = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, text = child.communicate(timeout=30)
    assert child.returncode == 130 and time.monotonic() - started < 3
    assert text.strip().splitlines()[-1] == "unikernel: interrupted"
    assert not (tmp / "store" / "dl").exists() or not list((tmp / "store" / "dl").iterdir())
