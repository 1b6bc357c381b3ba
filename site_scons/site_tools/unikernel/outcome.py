"""How a run ended, and the JSON that `--result FILE` asks for; the same fields as uhyve's."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import sys


class Outcome:
    """The end of a run. `reason`: exit, fault, panic, signal, timeout or error (it could not be run)."""

    def __init__(self, isle: str, exit_code: int, reason: str, message: str = "") -> None:
        self.isle = isle
        self.exit_code = exit_code
        self.reason = reason
        self.message = message
        self.seconds = 0.0
        self.memory = 0  # bytes of guest memory

    def write(self, path: str) -> None:
        """Write it as one line of JSON, whole or not at all; a failure is one line and changes no exit code."""
        fields = {
            "exit_code": self.exit_code, "reason": self.reason, "isle": self.isle, "seconds": round(self.seconds, 6),
            "memory": self.memory, "message": self.message,
        }
        partial = f"{path}.{os.getpid()}.tmp"
        try:
            with open(partial, "w") as stream:
                stream.write(json.dumps(fields) + "\n")
            os.replace(partial, path)
        except OSError as error:
            print(f"proxy: cannot write the result: {path}: {error.strerror}", file=sys.stderr)
