"""SCons tool: build, run and test unikernels with a pinned toolchain. Environment(tools=['default', 'unikernel'])."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

# Imported by each start of proxy: nothing heavy at the top.
__version__ = "0.1.0"


def options(opts: object) -> None:
    """The variables that the rules understand, for an SConstruct that uses Variables."""
    from . import variables

    variables.add(opts)


def generate(env: object, **keywords: object) -> None:
    """Add the builders to an environment; the work waits until one is called."""
    from . import project

    project.generate(env)


def exists(env: object) -> bool:
    """Always: the tools come by themselves."""
    return True
