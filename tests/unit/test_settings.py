"""HERMIT_* variables and options: what wins, and the one line for what is wrong."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import pytest
from unikernel import cores, settings, sizes
from unikernel.messages import UnikernelError
from unikernel.settings import Settings


def wishes(words: list[str], **environ: str) -> Settings:
    found = Settings()
    settings.read_environ(found, environ)  # type: ignore[arg-type]
    settings.read_options(found, words)
    return found


SIZES = [("1", 1), ("4096", 4096), ("64M", 64 << 20), ("6g", 6 << 30), ("1T", 1 << 40)]


@pytest.mark.parametrize(("text", "size"), SIZES)
def test_sizes(text: str, size: int) -> None:
    assert sizes.parse(text) == size


@pytest.mark.parametrize("text", ["", "0", "abc", "-1", "1.5G", "M", "1KB", "64 M", "٣", "9" * 30, "1048576T"])
def test_wrong_sizes(text: str) -> None:
    with pytest.raises(ValueError):
        sizes.parse(text)


def test_short_sizes_read_back() -> None:
    for size in (1, 1000, 1 << 20, 3 << 30, (1 << 40) + 1024):
        assert sizes.parse(sizes.short(size)) == size


def test_options_win_over_variables() -> None:
    found = wishes(["-m", "32M", "--isle=qemu", "prog"], HERMIT_MEM="16M", HERMIT_ISLE="uhyve", HERMIT_STACK="1M")
    assert (found.mem, found.isle, found.stack) == (32 << 20, "qemu", 1 << 20)


def test_cores_and_where_they_run() -> None:
    assert (wishes(["prog"]).cpus, wishes(["prog"]).pin) == (0, "")
    assert wishes(["-c", "4", "prog"], HERMIT_CPUS="2").cpus == 4
    assert wishes(["prog"], HERMIT_CPUS="all").cpus == cores.ALL
    for pin in ("auto", "off", "0,2-3"):
        assert wishes(["prog"], HERMIT_PIN=pin).pin == pin


def test_what_follows_the_image_is_its_own() -> None:
    assert wishes(["-c", "1", "prog", "-m", "abc", "--help"]).program == ["prog", "-m", "abc", "--help"]
    assert wishes(["--", "-prog", "x"]).program == ["-prog", "x"]


def test_an_empty_or_foreign_variable_is_none() -> None:
    found = wishes(["prog"], HERMIT_MEM="", HERMIT_OF_MINE="x", PATH="/bin")
    assert found.mem == 0


def test_guest_variables_add_up() -> None:
    assert wishes(["-e", "A=1", "--env=B=2=3", "prog"]).env == ["A=1", "B=2=3"]


WRONG = [
    (["prog"], {"HERMIT_MEM": "abc"}, "wrong value HERMIT_MEM=abc"),
    (["prog"], {"HERMIT_MEM": "0"}, "wrong value HERMIT_MEM=0"),
    (["prog"], {"HERMIT_MEM": "1K"}, "at least 1M"),
    (["prog"], {"HERMIT_ISLE": "xyz"}, "give uhyve or qemu"),
    (["prog"], {"HERMIT_CPUS": "none"}, "wrong value HERMIT_CPUS=none"),
    (["prog"], {"HERMIT_CPUS": "0"}, "number of cores"),
    (["prog"], {"HERMIT_CPUS": "-1"}, "number of cores"),
    (["prog"], {"HERMIT_CPUS": "10000"}, "at most 252"),
    (["-c", "253", "prog"], {}, r"wrong value -c=253 \(at most 252\)"),
    (["--cpus=9999999999999999999999", "prog"], {}, "at most 252"),
    (["prog"], {"HERMIT_PIN": "yes"}, "off, auto, or host cores"),
    (["--pin", "3-1", "prog"], {}, "off, auto, or host cores"),
    (["--pin", "0,", "prog"], {}, "off, auto, or host cores"),
    (["prog"], {"HERMIT_VERBOSE": "yes"}, "0 or 1"),
    (["prog"], {"HERMIT_KVM": "2"}, "0 or 1"),
    (["prog"], {"HERMIT_MOUNT": "/a:/b"}, "HERMIT_MOUNT: comes with files"),
    (["prog"], {"HERMIT_MIGRATION_TYPE": "cold"}, "comes with migration"),
    (["prog"], {"HERMIT_DEBUG": "1"}, "comes with the gdb stub"),
    (["--mount", "a:b", "prog"], {}, "comes with files"),
    (["--nonsense", "prog"], {}, "unknown option: --nonsense"),
    (["-m"], {}, "-m wants a value"),
    (["--timeout", "0", "prog"], {}, "more than 0"),
    (["--timeout", "nan", "prog"], {}, "more than 0"),
    (["--timeout", "-3", "prog"], {}, "more than 0"),
    (["-e", "novalue", "prog"], {}, "NAME=VALUE"),
    (["--verbose=1", "prog"], {}, "unknown option"),
]


@pytest.mark.parametrize(("words", "environ", "line"), WRONG)
def test_wrong_wishes(words: list[str], environ: dict[str, str], line: str) -> None:
    with pytest.raises(UnikernelError, match=line) as caught:
        wishes(words, **environ)
    assert caught.value.code == 2


@pytest.mark.parametrize("variable", settings.LATER)
def test_values_that_ask_for_nothing_pass(variable: str) -> None:
    for harmless in settings.LATER[variable][1]:
        wishes(["prog"], **{variable: harmless})
    with pytest.raises(UnikernelError, match=variable):
        wishes(["prog"], **{variable: "something"})
