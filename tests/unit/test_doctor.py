"""doctor on hosts that it is told about: what it says of each, and that every complaint says how to mend it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import doctor, kvm
from unikernel.doctor import Finding, Host

GOOD = {
    "proc/cpuinfo": "processor\t: 0\nflags\t\t: fsgsbase xsave avx2 constant_tsc nonstop_tsc\n",
    "proc/meminfo": "MemTotal:       16777216 kB\nMemAvailable:   8388608 kB\n",
    "proc/loadavg": "0.01 0.02 0.03 1/100 1234",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
    "sys/module/kvm_amd/uevent": "",
}


def host(root: Path, **changed: str) -> Host:
    for name, text in {**GOOD, **{key.replace("__", "/"): value for key, value in changed.items()}}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Host(root)


def topics(findings: list[Finding]) -> dict[str, Finding]:
    assert all(finding.mend for finding in findings if finding.good is False)
    return {finding.topic: finding for finding in findings}


def test_a_good_host(tmp_path: Path) -> None:
    found = topics([*doctor.isles(host(tmp_path), "", tmp_path), *doctor.machine(host(tmp_path))])
    assert all(finding.good is not False for finding in found.values())
    assert "SVM" in found["uhyve"].text and "16.0 GiB" in found["memory"].text and "AVX2" in found["CPU"].text


def test_no_kvm(tmp_path: Path) -> None:
    reason = kvm.why_not(str(tmp_path / "none"))
    found = topics(list(doctor.isles(host(tmp_path), reason, None)))
    assert found["uhyve"].good is False and "kvm_intel" in found["uhyve"].mend and "none" in found["uhyve"].text


def test_no_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kvm.os, "open", refuse)
    assert kvm.why_not().startswith("no permission on /dev/kvm (join the group kvm")


def test_a_device_that_is_no_kvm() -> None:
    assert kvm.why_not("/dev/null").startswith("/dev/null makes no machine")


def test_an_old_cpu(tmp_path: Path) -> None:
    old = host(tmp_path, proc__cpuinfo="flags : sse2 xsave hypervisor\n")
    assert "lacks FSGSBASE" in topics(list(doctor.isles(old, "", None)))["uhyve"].text
    found = topics(list(doctor.machine(old)))
    assert "virtual machine" in found["CPU"].text and found["clock"].good is None


def test_what_costs_speed_and_noise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = host(
        tmp_path, sys__kernel__mm__transparent_hugepage__enabled="always madvise [never]",
        proc__loadavg="99.0 9 9 1/1 1", sys__devices__system__cpu__smt__active="1",
        sys__devices__system__cpu__cpu0__cpufreq__scaling_governor="powersave",
        sys__devices__system__cpu__isolated="2-3", sys__module__kvm__parameters__halt_poll_ns="200000",
        sys__devices__system__node__node0__x="", sys__devices__system__node__node1__x="",
    )
    monkeypatch.setattr(doctor.os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/cpu.max").write_text("50000 100000")
    found = topics([*doctor.machine(bad), *doctor.noise(bad)])
    assert found["huge pages"].good is False and found["cores"].good is False
    assert {"SMT", "frequency", "isolation", "load"} <= found.keys()
    assert "HERMIT_CPUS=3" in found["all cores"].mend and "2 nodes" in found["NUMA"].text
    assert "200 us" in found["idle cores"].text
    assert "taskset -c 2-3" in found["isolation"].text


def test_one_screen_on_this_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert 10 <= len(lines) <= 40
    assert max(map(len, lines)) <= 120
