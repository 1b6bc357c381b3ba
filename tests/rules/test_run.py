"""UnikernelRun: live, never cached, with the terminal's input, and gone when the person leaves."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import signal

import pytest
from processes import assert_no_process_of, wait_for
from project import Project, Result

MAIN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
extern char **environ;
int main(int argc, char **argv) {
    char line[100];
    for (int i = 1; i < argc; i++)
        printf("arg %s\n", argv[i]);
    for (char **e = environ; *e; e++)
        if (!strncmp(*e, "MINE=", 5) || !strncmp(*e, "HERMIT_", 7))
            puts(*e);
    if (argc > 1 && !strcmp(argv[1], "echo"))
        while (fgets(line, sizeof line, stdin))
            printf("got %s", line);
    if (argc > 1 && !strcmp(argv[1], "hang")) {
        puts("hanging");
        fflush(stdout);
        for (volatile int n = 0;; n++)
            ;
    }
    return argc > 2 ? atoi(argv[2]) : 0;
}
"""


# gs:136 is the boot info (kernel/abi/src/core.rs), byte 24 its number of cores (boot.rs).
CORES = r"""
#include <stdio.h>
int main(void) {
    const int *info;
    __asm__("mov %%gs:136, %0" : "=r"(info));
    printf("%d\n", info[6]);
    return 0;
}
"""


def prepare(project: Project, keywords: str = "") -> None:
    project.sconstruct(
        f"app = env.UnikernelProgram('app', ['main.c'])\nenv.UnikernelRun('app', app, {keywords})\nDefault(app)\n"
    )
    project.write("main.c", MAIN)


def printed(result: Result) -> list[str]:
    """What the guest printed."""
    return [line for line in result.out.splitlines() if not line.startswith(("  ", "scons:"))]


def test_runs_each_time(project: Project) -> None:
    prepare(project, "args=['one', 0]")
    for _ in range(2):
        result = project.build("run-app")
        assert result.did("RUN") and printed(result) == ["arg one", "arg 0"]
    assert not project.build().did("RUN"), "only when asked"


def test_input_environment_and_precedence(project: Project) -> None:
    prepare(project, "args=['echo'], env={'MINE': '1'}, mem='64M'")
    result = project.scons("-Q", "run-app", stdin="a\nb\n")
    assert result.code == 0
    assert printed(result) == ["arg echo", "MINE=1", "got a", "got b"], "HERMIT_* is for the launcher"


def test_exit_code_fails_the_build_with_one_line(project: Project) -> None:
    prepare(project, "args=['x', 7]")
    result = project.scons("-Q", "run-app")
    assert result.code == 2
    assert result.err.strip().splitlines() == ["scons: *** [run-app] the guest ended with exit code 7"]


def test_variables_of_the_caller_win(project: Project) -> None:
    prepare(project, "isle='qemu', mem='64M'")
    result = project.scons("-Q", "run-app", HERMIT_MEM="abc")
    assert result.code == 2 and "HERMIT_MEM=abc" in result.err and "exit code 2" in result.err


def test_number_of_cores_by_program_keyword_and_caller(project: Project) -> None:
    """The image's note is weakest, the caller's variable strongest."""
    project.write("main.c", CORES)
    for program, run, environ, cores in (
        ("", "", {}, "1"), ("cpus=3", "", {}, "3"), ("cpus=3", "cpus=2", {}, "2"),
        ("cpus=3", "cpus=2", {"HERMIT_CPUS": "4", "HERMIT_PIN": "off"}, "4"),
    ):
        project.sconstruct(
            f"app = env.UnikernelProgram('app', ['main.c'], {program})\n"
            f"env.UnikernelRun('app', app, {run})\n"
        )
        result = project.scons("-Q", "run-app", **environ)
        assert (result.code, printed(result)) == (0, [cores]), result.err


@pytest.mark.parametrize("text", ["0", "-1", "10000", "abc"])
def test_wrong_numbers_of_cores(project: Project, text: str) -> None:
    prepare(project)
    result = project.scons("-Q", "run-app", HERMIT_CPUS=text)
    assert result.code == 2 and f"HERMIT_CPUS={text}" in result.err and "exit code 2" in result.err


def test_output_is_live_and_ctrl_c_leaves_nothing(project: Project) -> None:
    prepare(project, "args=['hang']")
    project.build()
    scons = project.start("-Q", "run-app", start_new_session=True)
    assert scons.stdout
    wait_for(scons, "hanging")
    os.kill(scons.pid, signal.SIGINT)
    scons.communicate(timeout=20)
    assert scons.returncode != 0
    assert_no_process_of(scons.pid)


def test_terminal_interrupt_reaches_all(project: Project) -> None:
    prepare(project, "args=['hang']")
    project.build()
    scons = project.start("-Q", "run-app", start_new_session=True)
    wait_for(scons, "hanging")
    os.killpg(scons.pid, signal.SIGINT)
    _, err = scons.communicate(timeout=20)
    assert "Traceback" not in err
    assert_no_process_of(scons.pid)


@pytest.mark.parametrize("jobs", [1, 8])
def test_runs_do_not_mix_on_the_terminal(project: Project, jobs: int) -> None:
    project.sconstruct(
        "app = env.UnikernelProgram('app', ['main.c'])\n"
        "for name in 'abc': env.UnikernelRun(name, app, args=[name])\n"
    )
    head = "int main(int argc, char **argv) {"
    project.write("main.c", MAIN.replace(head, f"{head} for (int n = 0; n < 50; n++) puts(argv[1]);"))
    words = printed(project.build("-Q", f"-j{jobs}", "run-a", "run-b", "run-c"))
    blocks = [word for place, word in enumerate(words) if len(word) == 1 and (place == 0 or words[place - 1] != word)]
    assert sorted(blocks) == ["a", "b", "c"]


@pytest.mark.parametrize(("keywords", "words"), [
    ("mounts=['a:b']", "mounts= comes"), ("cpus=0", "cpus=0"), ("isle='xyz'", "unknown isle 'xyz'"),
])
def test_wrong_keywords_are_one_line(project: Project, keywords: str, words: str) -> None:
    prepare(project, keywords)
    assert words in project.refuses()
