"""Where packages come from: the user's word first, then the machine's apt."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import mirrors
from unikernel.messages import UnikernelError
from unikernel.mirrors import Base


def apt(folder: Path, lines: str) -> dict[str, str]:
    """An environment whose apt-get prints these lines when asked for its index targets."""
    tool = folder / "apt-get"
    tool.write_text(f'#!/bin/sh\n[ "$1" = indextargets ] || exit 9\nprintf "%s" "{lines}"\n')
    tool.chmod(0o755)
    return {"PATH": str(folder)}


def test_apt_gives_bases_own_suite_first_each_once(tmp: Path) -> None:
    environ = apt(tmp, "http://s/security/ bookworm-security\nhttp://m/debian/ bookworm\nhttp://m/debian bookworm\n"
                       "cdrom://disc bookworm\n")
    assert mirrors.bases(environ) == [Base("http://m/debian"), Base("http://s/security")]


def test_a_later_debian_still_offers_its_mirror(tmp: Path) -> None:
    assert mirrors.bases(apt(tmp, "http://m/debian/ trixie\n")) == [Base("http://m/debian")]


@pytest.mark.parametrize("lines", ["", "garbage\n", "cdrom://disc bookworm\n"])
def test_apt_that_knows_nothing_is_one_line(tmp: Path, lines: str) -> None:
    with pytest.raises(UnikernelError, match="UNIKERNEL_DEBIAN.*UNIKERNEL_MIRROR") as caught:
        mirrors.bases(apt(tmp, lines))
    assert caught.value.code == 2


def test_no_apt_at_all_is_one_line(tmp: Path) -> None:
    with pytest.raises(UnikernelError, match="UNIKERNEL_DEBIAN"):
        mirrors.bases({"PATH": str(tmp)})


def test_the_users_word_wins(tmp: Path) -> None:
    environ = apt(tmp, "http://m/debian/ bookworm\n")
    assert mirrors.bases({**environ, "UNIKERNEL_DEBIAN": "http://d/x/"}) == [Base("http://d/x")]
    both = {**environ, "UNIKERNEL_DEBIAN": "http://d/x/", "UNIKERNEL_MIRROR": str(tmp)}
    assert mirrors.bases(both) == [Base(str(tmp), own=True)]


@pytest.mark.parametrize("variable", ["UNIKERNEL_DEBIAN", "UNIKERNEL_MIRROR"])
def test_a_wrong_word_is_named(tmp: Path, variable: str) -> None:
    with pytest.raises(UnikernelError, match=f"{variable} is neither"):
        mirrors.bases({variable: str(tmp / "absent")})
