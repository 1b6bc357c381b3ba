"""Another project's source: told apart by contents at the cost of a stat per file, and copied to where it is built."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from . import debs
from .messages import EXIT_USAGE, UnikernelError
from .store import remove

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
# Never part of a project's source: notes of version control, and what SCons leaves behind.
_IGNORED = frozenset({".git", ".hg", ".svn", ".sconsign.dblite", "__pycache__"})
# One time for all: make runs no autoconf because a check-out wrote configure.ac last. The first that archives can hold.
_ONE_TIME = 315532800
_UNSETTLED = 100_000_000  # ns: a file that changed so shortly ago may change again within the same tick
# Scripts whose interpreter is the host's, and the name by which the sealed PATH has another.
_SHEBANG = re.compile(rb"#![ \t]*(?:/usr)?/bin/(?:env[ \t]+(?:-S[ \t]+)?)?(sh|bash|perl|awk|gawk|sed|m4|make)\b")

Files = dict[str, str]  # relative name -> digest of the contents, with its kind in front


def digest_of(files: Mapping[str, str]) -> str:
    """One digest for all."""
    lines = (f"{name}\0{digest}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def scan(root: str, without: Collection[str], notes: str) -> Files:
    """All files below `root` but those in the folders `without` (absolute).

    `notes` is a file that remembers each file's stat and digest: only what changed since is read again.
    """
    known = _read_notes(notes)
    found: Files = {}
    fresh: dict[str, list[object]] = {}
    changed = False
    now = time.time_ns()
    for name, path, status in _walk(root, without):
        mark = f"{status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
        old = known.get(name)
        if old is not None and old[0] == mark:
            digest = str(old[1])
        else:
            digest, changed = _digest(path, status), True
        found[name] = digest
        if now - status.st_ctime_ns > _UNSETTLED:
            fresh[name] = [mark, digest]
    if changed or len(fresh) != len(known):
        _write_notes(notes, fresh)
    return found


def copy(root: str, files: Mapping[str, str], target: Path) -> None:
    """A copy of `files`, all of one time, with scripts that find their interpreters on PATH's terms."""
    for name in files:
        _copy_one(root, name, target)
        _settle(target / name)


def update(root: str, files: Mapping[str, str], before: Mapping[str, str], target: Path) -> list[str]:
    """Bring a copy of `before` to the state of `files`; what is new or other gets the present time. Their names."""
    for name in before.keys() - files.keys():
        (target / name).unlink(missing_ok=True)
    changed = sorted(name for name, digest in files.items() if before.get(name) != digest)
    for name in changed:
        _copy_one(root, name, target)
    return changed


def unpack(archive: Path, target: Path) -> None:
    """An archive's contents; a single folder at its top is left out, as archives of sources have one."""
    kind(archive.name)
    whole = target.with_name(target.name + ".unpacked")
    remove(whole)
    whole.mkdir(parents=True)
    try:
        debs.untar(archive, whole)
    except UnikernelError as error:
        raise UnikernelError(error.what, archive, "download it again") from None
    except OSError as error:
        raise UnikernelError(f"cannot read: {error.strerror}", archive) from error
    inside = list(whole.iterdir())
    single = len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink()
    (inside[0] if single else whole).rename(target)
    remove(whole)
    for _, path, status in _walk(str(target), ()):
        if not stat.S_ISLNK(status.st_mode):
            _settle(Path(path))


def kind(name: str) -> str:
    """The suffix by which an archive is known; another kind is one line."""
    for suffix in ARCHIVES:
        if name.endswith(suffix):
            return suffix
    raise UnikernelError("neither a folder nor an archive that can be unpacked", name,
                         f"give a folder, or one of {' '.join('*' + suffix for suffix in ARCHIVES)}", EXIT_USAGE)


def mend_scripts(tree: Path, interpreters: Mapping[str, Path]) -> None:
    """Let the scripts of a copied tree name the sealed interpreters: the host's are out of reach."""
    for _, path, status in _walk(str(tree), ()):
        if stat.S_ISREG(status.st_mode):
            _mend_script(Path(path), status, interpreters)


def _mend_script(path: Path, status: os.stat_result, interpreters: Mapping[str, Path]) -> None:
    with open(path, "rb") as stream:
        if stream.read(2) != b"#!":
            return
        found = _SHEBANG.match(b"#!" + stream.read(128))
        interpreter = interpreters.get(found[1].decode()) if found else None
        if found is None or interpreter is None:
            return
        stream.seek(found.end())
        rest = stream.read()
    path.chmod(status.st_mode | stat.S_IWUSR)
    path.write_bytes(b"#!" + os.fsencode(interpreter) + rest)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _walk(root: str, without: Collection[str]) -> list[tuple[str, str, os.stat_result]]:
    """(relative name, path, status) of all files and links."""
    found = []
    folders = [(root, "")]
    while folders:
        folder, prefix = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name in _IGNORED:
                    continue
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.path not in without:
                        folders.append((entry.path, name + "/"))
                elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
                    found.append((name, entry.path, entry.stat(follow_symlinks=False)))
    return found


def _digest(path: str, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return f"l{os.readlink(path)}"
    with open(path, "rb") as stream:
        content = hashlib.sha256(stream.read()).hexdigest()
    return ("x" if status.st_mode & stat.S_IXUSR else "f") + content


def _copy_one(root: str, name: str, target: Path) -> None:
    source, place = os.path.join(root, name), target / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(place):
        place.unlink()
    if os.path.islink(source):
        place.symlink_to(os.readlink(source))
        return
    shutil.copyfile(source, place)
    place.chmod(0o755 if os.stat(source).st_mode & stat.S_IXUSR else 0o644)


def _settle(path: Path) -> None:
    if not path.is_symlink():
        os.utime(path, (_ONE_TIME, _ONE_TIME))


def _read_notes(notes: str) -> dict[str, list[object]]:
    try:
        with open(notes, encoding="utf-8", errors="surrogateescape") as stream:
            data = json.load(stream)
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write_notes(notes: str, data: dict[str, list[object]]) -> None:
    os.makedirs(os.path.dirname(notes), exist_ok=True)
    partial = notes + ".new"
    with open(partial, "w", encoding="utf-8", errors="surrogateescape") as stream:
        json.dump(data, stream)
    os.replace(partial, notes)
