"""How the programs of the benches are built, as data for the SConscript; it imports nothing of its own folder."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import Any

# Keywords of UnikernelProgram. Each is built twice, from the same sources with the same compiler and flags: as a
# unikernel and, on the pinned glibc, for the host.
PROGRAMS: dict[str, dict[str, Any]] = {
    "stream": {
        "source": ["#examples/stream/stream.c", "#examples/stream/kernels.c", "#examples/stream/report.c"],
        "CCFLAGS": ["-O3"], "LIBS": ["m"], "mem": "512M",
    },
    "hello": {"source": ["#examples/hello/hello.c"]},
    "memory": {"source": ["programs/memory.c"], "mem": "256M"},
    "text": {"source": ["programs/text.c"]},
    "calls": {"source": ["programs/calls.c"]},
    "start": {"source": ["programs/start.c"]},
}
