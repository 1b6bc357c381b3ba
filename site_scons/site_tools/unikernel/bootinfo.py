"""The boot info that QEMU hands to the guest as its initrd: HostPart of kernel/abi/src/boot.rs, then the strings."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence

from .headers import ABI_VERSION, Image
from .messages import EXIT_USAGE, UnikernelError

_MAGIC = b"HERMITB1"
_ISLE_QEMU = 2
_EXEC_STACK, _JIT = 1 << 3, 1 << 4
_MAX_STRINGS = 2 << 20
# magic, version, isle, size, core_count, host_cores, log_level, argc, envc, reserved, flags, tsc_khz, realtime_ns,
# boot_tsc, stack_size, strings_len, seed
_HOST_PART = struct.Struct("<8sIIQIIIIIIQQQQQQ16s")


def encode(
    image: Image, argv: Sequence[str], environ: Mapping[bytes, bytes], *, cores: int = 1, host_cores: int = 1,
    stack: int = 0, verbose: bool = False,
) -> bytes:
    """The blob for `cores` cores, which share `host_cores` of the host.

    TSC frequency and realtime are 0: the guest finds them out (abi).
    """
    words = [os.fsencode(word) for word in argv]
    assignments = [name + b"=" + value for name, value in environ.items()]
    strings = b"".join(word + b"\0" for word in words + assignments)
    if len(strings) > _MAX_STRINGS:
        mend = "shorten them; `env -i` starts with an empty environment"
        raise UnikernelError("arguments and environment take more than 2 MiB", "", mend, EXIT_USAGE)
    flags = sum(1 << fd for fd in range(3) if os.isatty(fd))
    flags |= (_EXEC_STACK if image.exec_stack else 0) | (_JIT if image.jit else 0)
    head = _HOST_PART.pack(
        _MAGIC, ABI_VERSION, _ISLE_QEMU, _HOST_PART.size + len(strings), cores, host_cores, int(verbose),
        len(words), len(assignments), 0, flags, 0, 0, 0, stack or image.stack, len(strings), os.urandom(16),
    )
    return head + strings
