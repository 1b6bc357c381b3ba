"""Adds the builders to an environment, after a look whether the plugin can work from where it lies."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import platform
import sys
from typing import Any

from . import context, repository
from .foreignrules import UnikernelCMake, UnikernelConfigure, UnikernelMake
from .guesttest import UnikernelTest
from .image import UnikernelLibrary, UnikernelProgram
from .messages import EXIT_USAGE, UnikernelError
from .runs import UnikernelRun
from .session import builder

_BUILDERS = (
    UnikernelProgram, UnikernelLibrary, UnikernelMake, UnikernelCMake, UnikernelConfigure, UnikernelRun, UnikernelTest,
)


@builder
def generate(env: Any) -> None:
    """The builders, in `env`."""
    _check_host()
    context.find_home(os.environ)
    for method in (*_BUILDERS, repository.UnikernelRepository):
        env.AddMethod(method)


def _check_host() -> None:
    if sys.platform != "linux" or platform.machine() != "x86_64" or sys.version_info < (3, 10):
        here = f"{sys.platform} {platform.machine()}, Python {platform.python_version()}"
        raise UnikernelError("wrong host", here, "use Linux on x86_64 with Python 3.10 or newer", EXIT_USAGE)
