"""What is known of a foreign build before it starts: handed from the rules to the job as JSON."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

MAKE, CMAKE, CONFIGURE = "make", "cmake", "configure"
INSTALLED = "prefix/"  # an output below it is what the project installs
PREFIX = "{prefix}"  # in arguments: where the project is to install to


@dataclass(frozen=True)
class Plan:
    """All but the source's contents; paths are absolute."""

    name: str
    kind: str
    source: str  # a folder or an archive
    work: str  # where it is copied to and built; a log and notes lie beside it
    publish: str  # where its outputs are put once all of it succeeded
    outputs: list[str]  # below the folder of the build, or `prefix/...`
    folder: str = ""  # of the Makefile, CMakeLists.txt or configure, below the source
    targets: list[str] = field(default_factory=list)
    args: list[str] = field(default_factory=list)  # of make, cmake or configure
    make_args: list[str] = field(default_factory=list)  # of make, after configure
    flags: list[str] = field(default_factory=list)  # of every compiler
    link_flags: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    patches: list[str] = field(default_factory=list)
    tools: dict[str, str] = field(default_factory=dict)  # a command that the build calls -> the tool it stands for
    uses: list[str] = field(default_factory=list)  # prefixes of other foreign builds
    languages: list[str] | None = None  # None: those of the source's files
    openmp: bool = False
    without: list[str] = field(default_factory=list)  # folders below the source that are none of it

    @property
    def installs(self) -> bool:
        """Whether an output asks for what the project installs."""
        return any(output.startswith(INSTALLED) for output in self.outputs)

    @property
    def prefix(self) -> str:
        """Where the project believes it will be installed."""
        return f"{self.publish}/prefix"

    @property
    def log(self) -> str:
        """What the build's tools said."""
        return f"{self.work}.log"

    @property
    def notes(self) -> str:
        """What the source's files were when they were last looked at."""
        return f"{self.work}.files.json"

    def to_json(self) -> str:
        """As the job reads it."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Plan:
        """Read it back."""
        return Plan(**json.loads(text))
