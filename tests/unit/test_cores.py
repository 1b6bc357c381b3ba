"""Numbers of cores and lists of host cores: what is taken, what wins, and that they are those of kernel and uhyve."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from unikernel import cores, isle_qemu, qemu_command
from unikernel.messages import EXIT_USAGE, UnikernelError


@pytest.fixture(autouse=True)
def four(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host on which this process may use four cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 5, 7})


def test_the_limit_is_the_kernels(home: Path) -> None:
    core, layout = ((home / f"kernel/abi/src/{name}.rs").read_text() for name in ("core", "layout"))
    assert "MAX_CORES: u64 = (PAGE - SEL_TSS as u64) / 16;" in layout
    selector = re.search(r"SEL_TSS: u16 = (0x[0-9a-f]+)", core)
    assert selector and (4096 - int(selector[1], 16)) // 16 == cores.MOST


@pytest.mark.parametrize(("given", "count"), [(None, 0), (1, 1), ("2", 2), (252, 252), ("all", cores.ALL)])
def test_keyword(given: object, count: int) -> None:
    assert cores.keyword(given, "here") == count
    assert count == 0 or cores.parse(cores.word(count)) == count


@pytest.mark.parametrize("given", [0, -1, 253, 10000, "", "abc", "ALL", 1.5, True, [2], "٣"])
def test_wrong_keyword(given: object) -> None:
    with pytest.raises(UnikernelError, match="wrong value cpus=.*here") as caught:
        cores.keyword(given, "here")
    assert caught.value.code == EXIT_USAGE and "\n" not in str(caught.value)


def test_the_callers_wish_wins_over_the_program_s() -> None:
    assert [cores.resolve(*pair, "p") for pair in ((0, 0), (0, 3), (2, 3), (cores.ALL, 3), (0, cores.ALL))] == [
        1, 3, 2, 4, 4,
    ]
    with pytest.raises(UnikernelError, match="at most 252"):
        cores.resolve(0, 300, "p")


def test_lists() -> None:
    assert cores.host_list("0,2-4,9") == [0, 2, 3, 4, 9]
    for wrong in ("", "a", "1,", "-1", "3-2", "1-", "1 2", "99999", "0-99999999"):
        with pytest.raises(ValueError):
            cores.host_list(wrong)


def test_a_list_confines_qemu() -> None:
    assert cores.confinement("", 2) == cores.confinement("auto", 9) == cores.confinement("off", 1) == {1, 2, 5, 7}
    assert cores.confinement("7,1,5", 2) == {1, 7}
    for pin, count in (("1", 2), ("0-1", 2)):
        with pytest.raises(UnikernelError) as caught:
            cores.confinement(pin, count)
        assert caught.value.code == EXIT_USAGE


def test_memory_grows_with_the_cores_as_in_uhyve() -> None:
    mega, much = 1 << 20, 1 << 40
    assert isle_qemu.default_memory(mega, 1, much) == 64 * mega
    assert isle_qemu.default_memory(100 * mega, 1, much) == 200 * mega
    assert isle_qemu.default_memory(mega, 8, much) == 3200 * mega
    assert isle_qemu.default_memory(mega, 8, 512 * mega) == 256 * mega
    assert isle_qemu.default_memory(mega, 8, 64 * mega) == 64 * mega


@pytest.mark.parametrize("use_kvm", [False, True])
def test_qemu_counts_apic_ids_from_zero(use_kvm: bool) -> None:
    ports = {"serial": 3, "hermit.stdin": 4}
    words = qemu_command.command("/q/bin/qemu", "image", "blob", ports, memory=1 << 20, kvm=use_kvm, cores=4)
    assert words[words.index("-smp") + 1] == "4,sockets=1,cores=4,threads=1"
    assert words[words.index("-accel") + 1] == ("kvm" if use_kvm else "tcg,thread=multi")
