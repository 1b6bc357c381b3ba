"""Dependency closures from package metadata."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest
from unikernel.messages import UnikernelError
from unikernel.resolve import Group, closure, index, resolve

BINARY = """\
Package: app
Version: 2.0-1
Depends: lib (>= 1.0), first | second, virtual, tool:any,
 wrapped
Pre-Depends: loader
Filename: pool/main/a/app_2.0-1_amd64.deb
Size: 7
SHA256: {a}

Package: lib
Version: 1.0
Description: has a field
 that goes on
Filename: pool/main/l/lib.deb
Size: 1
SHA256: {b}

Package: loader
Version: 1

Package: second
Version: 1

Package: provider-b
Version: 1
Provides: virtual (= 1), extra

Package: provider-a
Version: 1
Provides: virtual
Depends: app

Package: tool
Version: 1

Package: wrapped
Version: 1
""".format(a="a" * 64, b="b" * 64)

SOURCE = """\
Package: src
Version: 1.2-3
Directory: pool/main/s/src
Checksums-Sha256:
 {c} 10 src_1.2-3.dsc
 {d} 20 src_1.2.orig.tar.gz
 {c} 5 src_1.2.orig.tar.gz.asc
""".format(c="c" * 64, d="d" * 64)

KNOWN = index(BINARY, SOURCE)


def test_closure_follows_depends_and_pre_depends() -> None:
    # "first" does not exist, so "second" is taken; a virtual package gives its first provider by name.
    assert closure(Group(("app",)), KNOWN) == ["app", "lib", "loader", "provider-a", "second", "tool", "wrapped"]


def test_a_provider_that_is_asked_for_serves() -> None:
    assert "provider-a" not in closure(Group(("provider-b", "app")), KNOWN)


def test_without_cuts_and_satisfies() -> None:
    group = Group(("app",), without=frozenset({"provider-b", "lib", "tool"}))
    assert closure(group, KNOWN) == ["app", "loader", "second", "wrapped"]


def test_entries_hold_what_the_metadata_says() -> None:
    group = Group(("app",), ("src",), frozenset({"loader", "provider-a", "second", "tool", "wrapped"}))
    app, lib, src = resolve({"g": group}, KNOWN)
    assert (app.group, app.version, app.path, app.sha256, app.size) == (
        "g", "2.0-1", "pool/main/a/app_2.0-1_amd64.deb", "a" * 64, 7)
    assert lib.name == "lib"
    assert (src.path, src.sha256, src.size) == ("pool/main/s/src/src_1.2.orig.tar.gz", "d" * 64, 20)


def test_unknown_names_are_one_line() -> None:
    with pytest.raises(UnikernelError, match="package not found: nothing"):
        closure(Group(("nothing",)), KNOWN)
    with pytest.raises(UnikernelError, match="source package not found: nothing"):
        resolve({"g": Group((), ("nothing",))}, KNOWN)
    with pytest.raises(UnikernelError, match="dependency not found: broken needs missing"):
        closure(Group(("broken",)), index("Package: broken\nDepends: missing\n", ""))
