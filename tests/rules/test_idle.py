"""An isle whose cores have nothing to do uses no time of the host's, however many there are."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import subprocess
import time

from project import Project

# Creates a thread for each core, which all wait; then sleeps for as many milliseconds as its argument says.
MAIN = r"""
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *wait(void *unused) { pthread_mutex_lock(&mutex); return unused; }
int main(int argc, char **argv) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN), milliseconds = argc > 1 ? atol(argv[1]) : 0;
    pthread_mutex_lock(&mutex);
    for (long i = 0; i < cores; i++) {
        pthread_t made;
        if (pthread_create(&made, NULL, wait, NULL))
            return 3;
    }
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
    printf("%ld cores\n", cores);
    return 0;
}
"""
CORES = 4


def used(project: Project, milliseconds: int) -> tuple[float, float]:
    """Processor time and time that a run took, in seconds."""
    started = time.monotonic()
    proxy, app = project.folder / "build/bin/proxy", project.folder / "app"
    argv = [str(proxy), "--cpus", str(CORES), str(app), str(milliseconds)]
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=project.environ)
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    assert process.returncode == 0 and said == f"{CORES} cores\n".encode()
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started


def test_idle_cores_use_no_time(project: Project) -> None:
    project.sconstruct("app = env.UnikernelProgram('app', ['main.c'])\nenv.UnikernelRun('app', app)\nDefault(app)\n")
    project.write("main.c", MAIN)
    project.build("run-app")  # proxy and isle are built, too
    short, _ = min(used(project, 0) for _ in range(3))
    long, took = min(used(project, 1500) for _ in range(2))
    assert took >= 1.5
    assert long - short < 0.1, f"{long - short:.3f} s of processor time in 1.5 s of sleep on {CORES} cores"
