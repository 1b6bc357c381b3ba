"""`unikernel run`: start an image as proxy does, after making what the isle needs."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os

from . import context, installed, isles, proxy, settings, steps


def main(words: list[str]) -> int:
    """The guest's exit code; the options are proxy's."""
    wishes = settings.Settings()
    settings.read_environ(wishes, os.environ)
    settings.read_options(wishes, words)
    if wishes.program and not wishes.ask:
        ctx = context.from_environ(os.environ)
        for name in isles.STEPS[isles.resolve(wishes.isle or "auto", "--isle")]:
            steps.load(name).ensure(ctx)
    return proxy.main(words, installed.computed())
