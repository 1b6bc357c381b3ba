"""Resolves the groups of packages.json into lock entries, from Debian's package metadata."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .lock import SUITE, Entry
from .messages import UnikernelError

# One alternative of a dependency: name, optional :arch, optional (version), optional [arch list].
_NAME = re.compile(r"\s*([a-z0-9][a-z0-9+.-]*)")
_WANTED = frozenset({
    "Package", "Version", "Depends", "Pre-Depends", "Provides", "Filename", "SHA256", "Size", "Directory",
    "Checksums-Sha256",
})


@dataclass(frozen=True)
class Group:
    """What packages.json asks for: binary packages with their closure, and source packages' upstream archives.

    `without` cuts the closure: packages that only installing or another use would need.
    """

    packages: tuple[str, ...]
    sources: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


@dataclass
class Index:
    """Debian's metadata by package name; `providers` by virtual name, sorted."""

    packages: dict[str, dict[str, str]] = field(default_factory=dict)
    providers: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)


def groups(data: Mapping[str, object]) -> dict[str, Group]:
    """Read the parsed packages.json."""
    table = data["groups"]
    assert isinstance(table, dict)
    return {
        name: Group(tuple(item["packages"]), tuple(item.get("sources", ())), frozenset(item.get("without", ())))
        for name, item in table.items()
    }


def stanzas(text: str) -> Iterator[dict[str, str]]:
    """The paragraphs of a Debian control file; of each the fields that resolving needs."""
    for paragraph in re.split(r"\n\n+", text.strip("\n")):
        fields: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if line[:1] in (" ", "\t"):
                if name in _WANTED:
                    fields[name] += "\n" + line.strip()
                continue
            name, _, value = line.partition(":")
            if name in _WANTED:
                fields[name] = value.strip()
        if fields:
            yield fields


def index(binary: str, source: str) -> Index:
    """Build the index from the text of Packages and Sources."""
    found = Index()
    for item in stanzas(binary):
        found.packages[item["Package"]] = item
    for name, item in sorted(found.packages.items()):
        for virtual in _names(item.get("Provides", "")):
            found.providers.setdefault(virtual, []).append(name)
    for item in stanzas(source):
        found.sources[item["Package"]] = item
    return found


def resolve(wanted: Mapping[str, Group], known: Index) -> list[Entry]:
    """All entries of all groups. A package that no one offers stops with its name."""
    entries = []
    for name, group in sorted(wanted.items()):
        for package in closure(group, known):
            entries.append(_binary(name, known.packages[package]))
        for source in group.sources:
            entries.append(_source(name, source, known))
    return entries


def closure(group: Group, known: Index) -> list[str]:
    """The group's packages and all they depend on (Depends, Pre-Depends), sorted.

    Of alternatives the first that is already taken counts, else the first that exists, else its first provider.
    """
    taken: set[str] = set()
    queue = list(group.packages)
    while queue:
        name = queue.pop(0)
        if name in taken or name in group.without:
            continue
        if name not in known.packages:
            raise UnikernelError("package not found", f"{name} in {SUITE} main", "correct packages.json")
        taken.add(name)
        item = known.packages[name]
        for clause in _clauses(item.get("Pre-Depends", "")) + _clauses(item.get("Depends", "")):
            queue.append(_choose(name, clause, taken | set(queue) | group.without, known))
    return sorted(taken)


def _choose(package: str, clause: list[str], taken: set[str], known: Index) -> str:
    for name in clause:
        if name in taken:
            return name
        for provider in known.providers.get(name, ()):
            if provider in taken:
                return provider
    for name in clause:
        if name in known.packages:
            return name
    for name in clause:
        if known.providers.get(name):
            return known.providers[name][0]
    raise UnikernelError("dependency not found", f"{package} needs {' | '.join(clause)}", "correct packages.json")


def _clauses(text: str) -> list[list[str]]:
    return [names for part in text.split(",") if (names := _names(part, "|"))]


def _names(text: str, separator: str = ",") -> list[str]:
    return [match.group(1) for part in text.split(separator) if (match := _NAME.match(part))]


def _binary(group: str, item: Mapping[str, str]) -> Entry:
    return Entry(group, item["Package"], item["Version"], SUITE, item["Filename"], item["SHA256"], int(item["Size"]))


def _source(group: str, name: str, known: Index) -> Entry:
    """The upstream archive (.orig.tar.*) of a source package; Debian's changes to it are not used."""
    item = known.sources.get(name)
    if item is None:
        raise UnikernelError("source package not found", f"{name} in {SUITE} main", "correct packages.json")
    for sha256, size, file in _checksums(item["Checksums-Sha256"]):
        if ".orig.tar." in file and not file.endswith(".asc"):
            return Entry(group, name, item["Version"], SUITE, f"{item['Directory']}/{file}", sha256, int(size))
    raise UnikernelError("source package without upstream archive", name, "correct packages.json")


def _checksums(text: str) -> Iterable[tuple[str, str, str]]:
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3:
            yield words[0], words[1], words[2]
