"""SCons tool: build, run and test unikernels with a pinned toolchain. Environment(tools=['default', 'unikernel'])."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import Any


def options(opts: Any) -> None:
    """The variables that the rules understand, for an SConstruct that uses Variables."""
    from . import variables

    variables.add(opts)


def generate(env: Any, **keywords: Any) -> None:
    """Add the builders to an environment; the work waits until one is called."""
    from . import project

    project.generate(env)


def exists(env: Any) -> bool:
    """Always: the tools come by themselves."""
    return True
