"""Python actions: signed by the digest of the modules that do the work, and failing with one line."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import SCons.Errors
from SCons.Action import Action, ActionBase

from . import digest
from .messages import UnikernelError

_HERE = Path(__file__).resolve().parent


class StepFailed(SCons.Errors.BuildError):
    """A failed action that chooses the exit code of the whole run, which SCons else sets to 2."""

    def __init__(self, text: str, code: int = 2) -> None:
        self._code = code
        super().__init__(errstr=text, status=code)

    @property
    def exitstatus(self) -> int:
        """What scons exits with."""
        return self._code

    @exitstatus.setter
    def exitstatus(self, value: int) -> None:
        """SCons resets it while it handles the failure; the choice stands."""


class _Act:
    """Calls a function; an object, because SCons digests all that a function's closure can reach (10 ms each)."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, target: Any, source: Any, env: Any) -> Any:
        try:
            return self._function(target, source, env)
        except UnikernelError as error:
            raise StepFailed(str(error)) from None


def step(function: Callable[..., Any], message: str, *modules: str, varlist: tuple[str, ...] = ()) -> ActionBase:
    """An action that calls `function(target, source, env)` and prints `message`, if any.

    It is signed by the contents of `modules` and the variables of `varlist`. SCons signs a Python function by its own
    bytecode alone; what it calls would go unnoticed.
    """
    signature = _digest(modules).encode()
    action = Action(_Act(function), message or None, varlist=list(varlist))
    action.gc = lambda target, source, env: signature  # where FunctionAction keeps what signs the function
    return action


@functools.cache
def _digest(modules: tuple[str, ...]) -> str:
    return digest.digest(*(_HERE / f"{module}.py" for module in modules))
