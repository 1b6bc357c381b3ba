"""Which benches there are and how their programs are built: data for the SConscript, without imports of this folder."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import Any

# Each is an alias bench-<case>; `bench` runs the usual ones in this order. cases.py has their rounds and targets.
USUAL = ("stream", "memory", "text", "calls", "start", "size", "builds")
CASES = (
    *USUAL, "strings", "libm", "streams", "sorting", "containers", "cold", "posix-threads", "hourglass", "openmp",
    "linear", "stencil", "output",
)
# Aliases of several cases.
GROUPS: dict[str, tuple[str, ...]] = {
    "threads": ("posix-threads", "hourglass", "openmp"),
    "fortran": ("linear", "stencil", "output"),
    "libc": ("strings", "libm", "text", "streams", "sorting"),
}

# Keywords of UnikernelProgram. Each is built twice, from the same sources with the same compiler and flags: as a
# unikernel and, on the pinned glibc, for the host.
PROGRAMS: dict[str, dict[str, Any]] = {
    "stream": {
        "source": ["#examples/stream/stream.c", "#examples/stream/kernels.c", "#examples/stream/report.c"],
        "openmp": True, "cpus": "all", "CCFLAGS": ["-O3"], "LIBS": ["m"], "mem": "512M",
    },
    "hello": {"source": ["#examples/hello/hello.c"]},
    "memory": {"source": ["programs/memory.c"], "mem": "256M"},
    # No built-in functions: the libraries' own are measured.
    "strings": {"source": ["programs/strings.c"], "CCFLAGS": ["-O2", "-fno-builtin", "-D_GNU_SOURCE"]},
    "libm": {"source": ["programs/libm.c"], "CCFLAGS": ["-O2", "-fno-builtin", "-D_GNU_SOURCE"], "LIBS": ["m"]},
    "text": {"source": ["programs/text.c"]},
    "streams": {"source": ["programs/streams.c"], "CCFLAGS": ["-O2", "-D_GNU_SOURCE"]},
    "sorting": {"source": ["programs/sorting.c"]},
    "containers": {"source": ["programs/containers.cpp"], "mem": "256M"},
    "calls": {"source": ["programs/calls.c"]},
    "start": {"source": ["programs/start.c"]},
    "posix-threads": {
        "source": ["programs/threads.c", "programs/crowds.c", "programs/team.c"],
        "CCFLAGS": ["-O2", "-D_GNU_SOURCE"], "mem": "256M", "cpus": "all",
    },
    "hourglass": {
        "source": ["programs/hourglass.c", "programs/team.c"], "CCFLAGS": ["-O2", "-D_GNU_SOURCE"], "cpus": "all",
    },
    "openmp": {"source": ["programs/openmp.c"], "openmp": True, "cpus": "all", "LIBS": ["m"]},
    "linear": {"source": ["programs/linear.f90"], "FORTRANFLAGS": ["-O3"]},
    "stencil": {"source": ["programs/stencil.f90"], "FORTRANFLAGS": ["-O3"]},
    "output": {"source": ["programs/output.f90"]},
    "hello-fortran": {"source": ["#examples/hello-fortran/hello.f90"]},
}
