"""What a person reads when something fails: one error class, one line, the exit codes."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import sys

# Exit codes of the launcher and the rules (docs: rules reference). A guest's own code is 0-255; 128+n is signal n.
EXIT_FAILED = 1  # a build step or a test failed
EXIT_USAGE = 2  # wrong arguments, wrong host
EXIT_KERNEL_BUG = 120  # libOS panic
EXIT_DEADLOCK = 121
EXIT_GUEST_MEMORY = 122  # out of guest memory at boot
EXIT_TIMEOUT = 124
EXIT_CANNOT_RUN = 125  # launcher or isle cannot run
EXIT_NOT_HERMIT = 126  # not a hermit image
EXIT_NO_FILE = 127


class UnikernelError(Exception):
    """A failure a user can cause or mend.

    `what` happened, `where` (a file, an address, a log), how to `mend` it; printed as one line. `code` is the
    exit code of a command that ends with it.
    """

    def __init__(self, what: str, where: object = "", mend: str = "", code: int = EXIT_FAILED) -> None:
        super().__init__(what)
        self.what = what
        self.where = str(where)
        self.mend = mend
        self.code = code

    def __str__(self) -> str:
        text = self.what
        if self.where:
            text += f": {self.where}"
        if self.mend:
            text += f" ({self.mend})"
        return " ".join(text.split())


def note(text: str) -> None:
    """Print one line of information on stderr."""
    print(f"unikernel: {text}", file=sys.stderr, flush=True)
