"""OpenMP on one core, on as many as the host may have, and on more: constructs, tasks, places, the environment."""
# SPDX-License-Identifier: BSD-3-Clause
BOTH = ["uhyve", "qemu"]
# Eight cores are more than most hosts of tests have: a wake is then a matter of the host's scheduler.
CORES = {"isle": BOTH, "cpus": [1, 2, 8], "timeout": 180, "expect": "0 failures\n"}
PLACES = {"program": "openmp_places", "isle": BOTH}

PROGRAMS = {
    name: {"source": [f"{name}.c"], "openmp": True}
    for name in ("openmp_loops", "openmp_tasks", "openmp_teams", "openmp_places", "openmp_target")
}


def thread(number: int, place: int, cores: int, core: int) -> str:
    """A line of openmp_places where."""
    return f"thread {number}: place {place}, cores {cores}, core {core}, there 1\n"


TESTS = {
    "openmp-loops": {**CORES, "program": "openmp_loops"},
    "openmp-tasks": {**CORES, "program": "openmp_tasks", "env": {"OMP_CANCELLATION": "true"}},
    "openmp-teams": {**CORES, "program": "openmp_teams"},
    "openmp-target": {**CORES, "program": "openmp_target", "cpus": [1, 2], "expect": "1024 counted, 0 wrong\n"},
    # more threads than cores
    "openmp-many": {
        **CORES, "program": "openmp_loops", "cpus": 2,
        "env": {"OMP_NUM_THREADS": "16"},
    },
    "openmp-passive": {
        **CORES, "program": "openmp_loops", "cpus": 2,
        "env": {"OMP_WAIT_POLICY": "passive"},
    },
    "openmp-active": {
        **CORES, "program": "openmp_tasks", "cpus": 2,
        "env": {"OMP_WAIT_POLICY": "active", "OMP_NUM_THREADS": "3", "OMP_CANCELLATION": "true"},
    },
    "openmp-cores": {
        **PLACES, "cpus": [2, 8], "args": ["where"], "env": {"OMP_PLACES": "cores"},
        "expect": thread(0, 0, 1, 0) + thread(1, 1, 1, 1),
    },
    "openmp-affinity": {
        **PLACES, "cpus": 4, "args": ["where"], "env": {"GOMP_CPU_AFFINITY": "3 1-2 0"},
        "expect": "".join(thread(number, number, 1, core) for number, core in enumerate((3, 1, 2, 0))),
    },
    "openmp-spread": {
        **PLACES, "cpus": 4, "args": ["where"], "env": {"OMP_PLACES": "{0:2},{2:2}", "OMP_PROC_BIND": "spread"},
        "expect": thread(0, 0, 2, -1) + thread(1, 0, 2, -1) + thread(2, 1, 2, -1) + thread(3, 1, 2, -1),
    },
    "openmp-domains": {**PLACES, "cpus": 4, "env": {"OMP_PLACES": "numa_domains"}, "expect": "places 1: {0,1,2,3}\n"},
    "openmp-sockets": {**PLACES, "cpus": 2, "env": {"OMP_PLACES": "sockets"}, "expect": "places 2: {0} {1}\n"},
    "openmp-settings": {
        **PLACES, "cpus": 2, "env": {
            "OMP_NUM_THREADS": "3", "OMP_THREAD_LIMIT": "9", "OMP_DYNAMIC": "true", "OMP_MAX_ACTIVE_LEVELS": "2",
            "OMP_SCHEDULE": "guided,7", "OMP_CANCELLATION": "true", "OMP_PROC_BIND": "close",
        },
        "expect": [
            "max threads 3, limit 9, dynamic 1, levels 2\n", "schedule 3 by 7, cancellation 1, bind 3\n",
            "places 2: {0} {1}\n",
        ],
    },
    "openmp-default": {
        **PLACES, "cpus": 2, "expect": ["max threads 2, limit 2147483647, dynamic 0, levels 1\n", "places 0:\n"],
    },
    "openmp-stack": {
        **PLACES, "cpus": 2, "mem": "256M", "args": ["stack", 8], "env": {"OMP_STACKSIZE": "10M"},
        "expect": "deep stacks: 2\n",
    },
    "openmp-stack-small": {
        **PLACES, "env": {"OMP_STACKSIZE": "1K"}, "expect": ["places 0:", "libgomp: Stack size less than minimum"],
    },
    "openmp-display": {
        **PLACES, "cpus": 2, "args": ["where"],
        "env": {"OMP_DISPLAY_ENV": "true", "OMP_DISPLAY_AFFINITY": "true", "OMP_PLACES": "cores"},
        "expect": [
            thread(1, 1, 1, 1), "OMP_NUM_THREADS = '2'", "OMP_PLACES = '{0},{1}'", "OPENMP DISPLAY ENVIRONMENT END",
            "level 1 thread ", "affinity 1\n",
        ],
    },
}
