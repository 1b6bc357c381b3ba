"""UnikernelTest: cached reports, failures that stay failures, totals, the line at the end."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
import sandbox
from project import HOME, Project
from unikernel import context, kvm, seal, store

MAIN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern char **environ;
int main(int argc, char **argv) {
    char line[100];
    printf("first\nsecond 12\n");
    if (argc > 2 && !strcmp(argv[1], "--exit"))
        return atoi(argv[2]);
    if (argc > 1 && !strcmp(argv[1], "hang"))
        for (volatile int n = 0;; n++)
            ;
    for (char **e = environ; *e; e++)
        puts(*e);
    while (fgets(line, sizeof line, stdin))
        printf("got %s", line);
    return 0;
}
"""


# Prints when it began and when it ended, in microseconds.
TIMES = r"""
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
static long now(void) {
    struct timeval t;
    gettimeofday(&t, 0);
    return t.tv_sec * 1000000L + t.tv_usec;
}
int main(void) {
    printf("%ld\n", now());
    usleep(300000);
    printf("%ld\n", now());
    return 0;
}
"""


def prepare(project: Project, *calls: str) -> None:
    project.write("main.c", MAIN)
    project.sconstruct(
        "import re\napp = env.UnikernelProgram('app', ['main.c'])\n"
        + "".join(f"env.UnikernelTest({call})\n" for call in calls)
    )


def reports(project: Project) -> list[str]:
    return sorted(path.name for path in (project.folder / "build/reports").glob("*.xml") if path.name != "junit.xml")


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_a_pass_is_cached_and_counts(project: Project) -> None:
    prepare(project, "'t', app, isle='qemu'")
    first = project.build("unikernel-test")
    assert first.did("TEST") and last_line(first.out) == "1 passed, 0 failed, 0 skipped"
    second = project.build("unikernel-test")
    assert not second.did("TEST") and last_line(second.out) == "1 passed, 0 failed, 0 skipped"
    assert reports(project) == ["t-qemu-1.xml"]
    project.write("main.c", MAIN.replace("first", "1st"))
    assert project.build("unikernel-test").did("TEST")


def test_a_plain_build_runs_no_test(project: Project) -> None:
    prepare(project, "'t', app, isle='qemu'")
    result = project.build()
    assert result.did("LINK") and not result.did("TEST") and reports(project) == []
    project.build("unikernel-test")
    project.build("-c")
    assert reports(project) == []


def test_a_failure_never_looks_up_to_date(project: Project) -> None:
    prepare(project, "'t', app, isle='qemu', args=['--exit', 0]")
    project.build("unikernel-test")
    prepare(project, "'t', app, isle='qemu', args=['--exit', 3]")
    for _ in range(2):
        result = project.scons("unikernel-test")
        assert result.code == 1 and result.did("TEST")
        assert "exit code 3, expected 0" in result.err
        assert last_line(result.out) == "0 passed, 1 failed, 0 skipped"
        assert reports(project) == ["t-qemu-1.failed.xml"]
    # The old pass is gone for good: what passed once is run again.
    prepare(project, "'t', app, isle='qemu', args=['--exit', 0]")
    result = project.build("unikernel-test")
    assert result.did("TEST") and reports(project) == ["t-qemu-1.xml"]


def test_keeps_going_and_merges(project: Project) -> None:
    prepare(
        project, "'bad', app, isle='qemu', args=['--exit', 1]", "'good', app, isle='qemu'",
        "'worse', app, isle='qemu', expect='third'",
    )
    project.write("broken.c", "int main(void) { return nothing; }\n")
    with open(project.folder / "SConstruct", "a") as stream:
        stream.write("env.UnikernelTest('broken', env.UnikernelProgram('broken', ['broken.c']), isle='qemu')\n")
    result = project.scons("unikernel-test")
    assert result.code != 0 and last_line(result.out) == "1 passed, 3 failed, 0 skipped"
    root = ET.parse(project.folder / "build/reports/junit.xml").getroot()
    failed = {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None}
    assert root.tag == "testsuites" and failed == {"bad", "worse", "broken-qemu-1"}
    assert "first" in "".join(root.itertext()), "the guest's output is in the report"


def test_expectations(project: Project) -> None:
    project.write("want.txt", "first\nsecond 12\n")
    project.write("other.txt", "first\nsecond 13\n")
    project.write("in.txt", "from a file\n")
    passing = [
        "'text', app, isle='qemu', expect='second'",
        "'order', app, isle='qemu', expect=['first', re.compile('^second [0-9]+$', re.M)]",
        "'whole', app, isle='qemu', expect_file='want.txt'",
        "'code', app, isle='qemu', args=['--exit', 5], exit_code=5",
        "'env', app, isle='qemu', env={'ONLY': 'this'}, expect=['second 12', 'ONLY=this']",
        "'in', app, isle='qemu', stdin='a\\nb', expect=['got a', 'got b']",
        "'file', app, isle='qemu', stdin=File('in.txt'), expect='got from a file'",
    ]
    failing = [
        "'f1', app, isle='qemu', expect=['second', 'first']",
        "'f2', app, isle='qemu', expect_file='other.txt'",
        "'f3', app, isle='qemu', exit_code=1",
        "'f4', app, isle='qemu', args=['hang'], timeout=2",
    ]
    prepare(project, *passing, *failing)
    result = project.scons("unikernel-test", "-j2")
    assert last_line(result.out) == f"{len(passing)} passed, {len(failing)} failed, 0 skipped", result.err
    for words in ("output lacks 'first'", "line 2 is 'second 12', expected 'second 13'", "exit code 0, expected 1",
                  "still running after 2 s"):
        assert words in result.err
    project.write("want.txt", "first\n")
    assert "whole-qemu-1" in project.scons("unikernel-test").err, "the expected file is part of the key"


def test_callers_variables_are_ignored(project: Project) -> None:
    prepare(project, "'t', app, isle='qemu', expect_file='want.txt'")
    project.write("want.txt", "first\nsecond 12\n")
    project.build("unikernel-test", HERMIT_MEM="nonsense", HERMIT_ISLE="nowhere", OTHER="x")
    assert not project.build("unikernel-test", HERMIT_MEM="1K").did("TEST")


def test_isles_are_nodes_of_their_own(project: Project) -> None:
    prepare(project, "'t', app, isle=['uhyve', 'qemu'], cpus=[1]")
    result = project.build("unikernel-test")
    assert reports(project) == ["t-qemu-1.xml", "t-uhyve-1.xml"]
    skipped = 'skipped="1"' in (project.folder / "build/reports/t-uhyve-1.xml").read_text()
    want = "1 passed, 0 failed, 1 skipped" if skipped else "2 passed, 0 failed, 0 skipped"
    assert last_line(result.out) == want


def test_numbers_of_cores_are_nodes_of_their_own(project: Project) -> None:
    prepare(project, "'t', app, isle='qemu', cpus=[1, 2, 'all'], expect='first'")
    result = project.build("unikernel-test")
    assert reports(project) == ["t-qemu-1.xml", "t-qemu-2.xml", "t-qemu-all.xml"]
    assert last_line(result.out) == "3 passed, 0 failed, 0 skipped"


def test_tests_with_more_cores_than_the_host_run_one_at_a_time(project: Project) -> None:
    many = len(os.sched_getaffinity(0)) + 1
    prepare(project, *(f"'{name}', app, isle='qemu', cpus={many}" for name in "abc"))
    project.write("main.c", TIMES)
    project.build("unikernel-test", "-j3")
    spans = []
    for name in "abc":
        text = "".join(ET.parse(project.folder / f"build/reports/{name}-qemu-{many}.xml").getroot().itertext())
        spans.append(tuple(map(int, text.split())))
    assert all(end <= start for (_, end), (start, _) in pairwise(sorted(spans)))


def test_auto_is_resolved_at_read_time(project: Project) -> None:
    prepare(project, "'t', app")
    project.build("unikernel-test")
    assert reports(project) == ["t-qemu-1.xml" if kvm.why_not() else "t-uhyve-1.xml"]


def test_without_kvm_uhyve_is_skipped_and_says_so(project: Project) -> None:
    bwrap = seal.ensure(context.from_environ(os.environ, home=HOME)) / "usr/bin/bwrap"
    if reason := sandbox.why_not(bwrap):
        pytest.skip(reason)
    prepare(project, "'t', app, isle=['uhyve', 'qemu']", "'auto', app")
    # The sandbox has no /dev/kvm.
    shown = [HOME, *store.roots(os.environ)]
    words = sandbox.command(bwrap, shown=shown, writable=[project.folder], folder=project.folder)
    argv = [*words, sys.executable, "-m", "SCons", "-Q", "unikernel-test"]
    done = subprocess.run(argv, env=project.environ, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    assert lines[-2].startswith("skipped: t-uhyve-1: t: no /dev/kvm") and lines[-1] == "2 passed, 0 failed, 1 skipped"
    assert reports(project) == ["auto-qemu-1.xml", "t-qemu-1.xml", "t-uhyve-1.xml"]


def test_dry_run_and_clean(project: Project) -> None:
    prepare(project, "'good', app, isle='qemu'", "'bad', app, isle='qemu', exit_code=1")
    assert "passed" not in project.scons("-n", "unikernel-test").out
    project.scons("unikernel-test")
    assert reports(project) == ["bad-qemu-1.failed.xml", "good-qemu-1.xml"]
    project.build("-c", "unikernel-test")
    assert reports(project) == []


@pytest.mark.parametrize(("call", "words"), [
    ("'t', app, isle='xyz'", "unknown isle 'xyz'"), ("'t', app, cpus=[1, 0]", "cpus=0"),
    ("'t', app, cpus=[]", "no number of cores"), ("'t', app, cpus=300", "at most 252"),
    ("'t', app, mounts=['a:b']", "mounts= comes"), ("'t', app, inputs={'/a': 'a'}", "inputs= comes"),
    ("'t', app, outputs=['a']", "outputs= comes"), ("'a/b', app", "a test's name"),
    ("name='x', program='app', isle=[]", "no isle"), ("name='x', program='app', mem='12Q'", "mem='12Q'"),
    ("name='x', program='app', wrong=1", "'wrong'"),
    ("name='x', program='app')\nenv.UnikernelTest('x', 'app', args=[1]", "two tests of one name: x-"),
])
def test_wrong_keywords_are_one_line(project: Project, call: str, words: str) -> None:
    prepare(project, call)
    assert words in project.refuses()


def test_reports_are_whole_xml(project: Project) -> None:
    """Control characters of a guest do not break the report."""
    project.write("main.c", '#include <stdio.h>\nint main(void) { puts("\\x1b[1m \\x01 <&>"); return 1; }\n')
    project.sconstruct("env.UnikernelTest('t', env.UnikernelProgram('app', ['main.c']), isle='qemu')\n")
    project.scons("unikernel-test")
    ET.parse(Path(project.folder, "build/reports/t-qemu-1.failed.xml"))
