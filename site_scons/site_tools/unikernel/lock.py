"""toolchain.lock: every outside input by name, version, hash and size. Data only; this reads and writes it."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .digest import digest, sha256_of
from .messages import UnikernelError

FILE = "toolchain.lock"
ROOTS = Path(__file__).with_name("packages.json")
SUITE = "bookworm"  # its main component only: versions in security and updates vanish when replaced
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEND = "restore it by version control, or make it anew with `unikernel lock`"


@dataclass(frozen=True, order=True)
class Entry:
    """One package in one group. `path` is below a Debian mirror's base, `size` in bytes."""

    group: str
    name: str
    version: str
    suite: str
    path: str
    sha256: str
    size: int

    @property
    def file(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Lock:
    """The whole lock. `roots` is the hash of the packages.json it was resolved from."""

    entries: tuple[Entry, ...]
    roots: str

    def groups(self) -> list[str]:
        """The names of all groups, sorted."""
        return sorted({entry.group for entry in self.entries})

    def group(self, *names: str) -> list[Entry]:
        """The entries of some groups, each file once, sorted."""
        found: dict[str, Entry] = {}
        for name in names:
            entries = [entry for entry in self.entries if entry.group == name]
            if not entries:
                raise UnikernelError("no such group in the lock", name, f"groups are: {' '.join(self.groups())}", 2)
            for entry in entries:
                found.setdefault(entry.sha256, entry)
        return sorted(found.values())

    def digest(self, *names: str) -> str:
        """What a step that is made of these groups puts into its key."""
        return digest(*(f"{entry.name} {entry.sha256}" for entry in self.group(*names)))


def read(path: Path) -> Lock:
    """Parse and check a lock file; any damage is one line."""
    try:
        data = json.loads(path.read_text())
        entries = tuple(Entry(**line) for line in data["packages"])
        roots = str(data["roots"])
    except FileNotFoundError:
        raise UnikernelError("no lock", path, _MEND) from None
    except (ValueError, KeyError, TypeError) as error:
        raise UnikernelError("unreadable lock", f"{path}: {error}", _MEND) from error
    for entry in entries:
        _check(entry, path)
    return Lock(entries, roots)


def check_fresh(lock: Lock, path: Path) -> None:
    """Refuse a lock that was resolved from another packages.json than the one beside us."""
    if lock.roots != sha256_of(ROOTS):
        mend = "packages.json of the plugin is another: run `./sconsw lock`, or set UNIKERNEL_HOME to the same version"
        raise UnikernelError("stale lock", path, mend)


def write(path: Path, entries: Iterable[Entry], roots: str) -> None:
    """Write the lock: one sorted line per entry, so that a change reads well in a diff."""
    lines = [json.dumps(asdict(entry), sort_keys=True) for entry in sorted(entries)]
    text = '{\n"packages": [\n' + ",\n".join(lines) + f'\n],\n"roots": "{roots}"\n}}\n'
    partial = path.with_name(path.name + ".new")
    partial.write_text(text)
    partial.replace(path)


def _check(entry: Entry, path: Path) -> None:
    """What a hand-edited or merged lock could hold and later steps would trip over."""
    parts = entry.path.split("/") if isinstance(entry.path, str) else []
    sound = (
        all(isinstance(text, str) and text for text in (entry.group, entry.name, entry.version, entry.suite))
        and parts[:1] == ["pool"] and not {"", ".", ".."} & set(parts)
        and isinstance(entry.sha256, str) and _SHA256.fullmatch(entry.sha256) is not None
        and isinstance(entry.size, int) and entry.size > 0
    )
    if not sound:
        raise UnikernelError("unsound entry in the lock", f"{path}: {entry.name}", _MEND)
