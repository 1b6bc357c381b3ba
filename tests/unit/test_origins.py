"""What images tell of the parts that they link, and the texts of their terms."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from unikernel import crates, origins, texts
from unikernel.context import Context
from unikernel.messages import UnikernelError

RUST = "rustc version 1.85.0 (x)"


def part_of(file: str) -> str:
    """The part that the linker's script gives an object to, by "archive:member" or a file's path."""
    found = (part.name for part in origins.PARTS if any(fnmatch.fnmatchcase(file, pattern) for pattern in part.files))
    return next(found, "")


@pytest.mark.parametrize(("file", "part"), [
    ("/s/usr/lib/libc.a:lib_a-vfprintf.o", "newlib"), ("/s/usr/lib/libc.a:poll.o", ""),
    ("/s/usr/lib/libc.a:signal.o", ""), ("/s/usr/lib/libm.a:lib_a-s_sin.o", "newlib"),
    ("/s/usr/lib/libm.a:sinl.o", "musl"), ("/s/usr/lib/gcc/x86_64-linux-gnu/12/crtbegin.o", "libgcc"),
    ("/s/usr/lib/libgomp.a:team.o", "libgomp"), ("/s/usr/lib/libhermit.a:hermit.o", ""), ("main.o", ""),
    ("/s/usr/lib/libstdc++.a:floating_to_chars.o", "ryu"), ("/s/usr/lib/libstdc++.a:list.o", "libstdc++"),
    ("/s/usr/lib/libquadmath.a:sinq.o", "libquadmath"),
])
def test_whose_an_object_is(file: str, part: str) -> None:
    assert part_of(file) == part


def test_own_mathematics_are_ours(home: Path) -> None:
    sources = [*(home / "runtimes/newlib/math").glob("*.c"), *(home / "runtimes/newlib/math").glob("*.S")]
    assert sources
    for source in sources:
        assert part_of(f"/s/usr/lib/libm.a:{source.stem}.o") == "", f"{source.name} would pass for musl's"


def test_what_libc_takes_from_libm_is_known(home: Path) -> None:
    recipe = json.loads((home / "runtimes/newlib/libc.json").read_text())
    for member in recipe["libc_from_libm"]:
        assert part_of(f"/s/usr/lib/libc.a:{member}") in ("newlib", "musl"), member


def test_names_and_terms_of_linked_parts() -> None:
    comments = {".comment": [RUST], ".comment.musl": ["GCC: 12"], origins.CRATES: ["spin 0.9.9 MIT OR Apache-2.0"]}
    parts = origins.linked(comments, Path("app"))
    assert [part.name for part in parts] == ["libhermit", "musl", "rust", "spin"]
    assert parts[-1].terms == "MIT OR Apache-2.0" and parts[-1].texts == ("crate:spin-0.9.9",)


def test_an_image_that_tells_nothing_is_one_line() -> None:
    with pytest.raises(UnikernelError, match="does not tell what it links.*x86_64-hermit-strip"):
        origins.linked({".comment": [RUST]}, Path("app"))


def test_a_crate_without_terms_is_refused(
    make_context: Callable[..., Context], monkeypatch: pytest.MonkeyPatch, tmp: Path
) -> None:
    ctx = make_context()
    monkeypatch.setattr(crates, "ensure", lambda _: tmp)
    for crate in crates.locked(ctx.home / "kernel" / "Cargo.lock"):
        (tmp / "sources" / crate.folder).mkdir(parents=True)
        (tmp / "sources" / crate.folder / "Cargo.toml").write_text('[package]\nlicense = "MIT/Apache-2.0"\n')
    assert all(line.endswith(" MIT OR Apache-2.0") for line in crates.terms(ctx, "kernel"))
    (tmp / "sources" / crate.folder / "Cargo.toml").write_text("[package]\n")
    with pytest.raises(UnikernelError, match=crate.folder):
        crates.terms(ctx, "kernel")


def test_a_sources_head_is_its_terms() -> None:
    assert texts.comment("// Copyright\n//\n//   MIT\n\n// not this\nint x;\n") == "Copyright\n\n  MIT\n"
