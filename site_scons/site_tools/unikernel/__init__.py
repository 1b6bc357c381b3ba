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
    _check_packages()
    from . import project

    project.generate(env)


def tool(env: object, **keywords: object) -> None:
    """For `import unikernel; Environment(tools=["default", unikernel.tool])`, wherever pip put the plugin."""
    env.AppendUnique(TOOLS=["unikernel"])  # type: ignore[attr-defined]
    generate(env, **keywords)


def _check_packages() -> None:
    """One line where SCons runs without the packages that sconsw brings."""
    import importlib.util
    import os
    import sys

    from .messages import EXIT_USAGE, UnikernelError

    needed = {"pyelftools": "elftools", "jinja2": "jinja2"}
    missing = [name for name, module in needed.items() if importlib.util.find_spec(module) is None]
    if missing:
        mend = "use the clone's sconsw in place of scons, or pip install -r requirements.txt"
        if os.path.isdir(os.path.join(os.path.dirname(__file__), "home")):
            mend = f"scons runs on {sys.executable}: install the wheel for it, with what it requires"
        print(f"unikernel: {UnikernelError('Python packages are missing', ' '.join(missing), mend)}", file=sys.stderr)
        sys.exit(EXIT_USAGE)


def exists(env: object) -> bool:
    """Always: the tools come by themselves."""
    return True
