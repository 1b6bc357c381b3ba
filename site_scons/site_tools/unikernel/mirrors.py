"""Where Debian packages come from: addresses are the machine's or the user's, never ours."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .lock import SUITE
from .messages import UnikernelError

APT_HELPER = "/usr/lib/apt/apt-helper"
MEND = (
    "set UNIKERNEL_DEBIAN=<base of any Debian mirror or snapshot>, or UNIKERNEL_MIRROR=<dir|url> to a folder "
    "filled by `unikernel fetch --into DIR`"
)
_QUERY = ["indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE)", "Identifier: Packages"]


@dataclass(frozen=True)
class Base:
    """One place that has pool/...: a folder (absolute path) or a URL without a trailing slash.

    `own` is a UNIKERNEL_MIRROR: it also has wheels/ and crates/, and nothing else is asked when it is set.
    """

    address: str
    own: bool = False

    @property
    def local(self) -> bool:
        """Whether the address is a folder."""
        return self.address.startswith("/")

    def of(self, path: str) -> str:
        """The address of a file below this base."""
        return f"{self.address}/{path}"


def bases(environ: Mapping[str, str]) -> list[Base]:
    """The places to try, best first; raises one line that says what to set if there is none."""
    mirror = own_mirror(environ)
    if mirror is not None:
        return [mirror]
    given = environ.get("UNIKERNEL_DEBIAN")
    if given:
        return [_base(given, "UNIKERNEL_DEBIAN")]
    found = _of_apt(environ)
    if not found:
        raise UnikernelError("no address of a Debian mirror: this host's apt knows none", "", MEND, 2)
    return found


def own_mirror(environ: Mapping[str, str]) -> Base | None:
    """The UNIKERNEL_MIRROR, if set."""
    given = environ.get("UNIKERNEL_MIRROR")
    return _base(given, "UNIKERNEL_MIRROR", own=True) if given else None


def user_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment for apt, pip and cargo, which honour the user's proxies and settings."""
    return {**environ, "LC_ALL": "C", "PATH": environ.get("PATH", os.defpath)}


def _base(text: str, variable: str, own: bool = False) -> Base:
    address = text.removeprefix("file://").rstrip("/")
    if address.startswith(("http://", "https://")):
        return Base(address, own)
    if os.path.isdir(address):
        return Base(str(Path(address).absolute()), own)
    raise UnikernelError(f"{variable} is neither a folder nor an http address", text, MEND, 2)


def _of_apt(environ: Mapping[str, str]) -> list[Base]:
    """What apt is set up to use, our suite's bases first: a mirror's pool holds every suite's packages."""
    apt = shutil.which("apt-get", path=environ.get("PATH", os.defpath))
    if apt is None:
        return []
    done = subprocess.run([apt, *_QUERY], env=user_environment(environ), capture_output=True, text=True, check=False)
    lines = [line.split() for line in done.stdout.splitlines()]
    pairs = [(words[0].rstrip("/"), words[1]) for words in lines if len(words) == 2]
    ordered = [uri for uri, release in pairs if release == SUITE] + [uri for uri, _ in pairs]
    return [Base(uri.removeprefix("file:")) for uri in dict.fromkeys(ordered) if uri.startswith(("http", "file:/"))]
