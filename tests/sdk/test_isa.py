"""What an image was compiled for: the word hermit_isa beside main, however it was said, and every processor's name."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re

import pytest
from conftest import Sdk
from unikernel import wording

MAIN = "int main(void) { return 0; }\n"


def word(sdk: Sdk, name: str) -> int | None:
    """hermit_isa of an object or image."""
    if not re.search(r"\.rodata.*hermit_isa$", sdk.ok("objdump", "-t", name), re.M):
        return None
    sdk.ok("objcopy", "-O", "binary", "--only-section=.rodata.hermit_isa", name, "word")
    return int.from_bytes((sdk.work / "word").read_bytes(), "little")


@pytest.mark.parametrize(("flags", "names"), [
    ("", None), ("-m64 -mtune=haswell", None), ("-march=x86-64", None), ("-mavx2", "avx2"), ("-mavx2 -mno-avx2", None),
    ("-march=x86-64-v2", "sse3 ssse3 sse4.1 sse4.2 popcnt"), ("-march=haswell -march=x86-64", None),
    ("-march=x86-64-v2 -mno-sse4.1", "sse3 ssse3 popcnt"),
    ("-mno-avx -march=x86-64-v2", "sse3 ssse3 sse4.1 sse4.2 popcnt"),
    ("-mavx512f -pipe", "avx512f"), ("-mavx2 -g -gsplit-dwarf", "avx2"), ("-mavx2 -save-temps", "avx2"),
    ("-mavx2 -masm=intel", "avx2"), ("-mavx2 -flto -ffat-lto-objects", "avx2"), ("@args", "fma"),
])
def test_the_word_beside_main(sdk: Sdk, flags: str, names: str | None) -> None:
    (sdk.work / "args").write_text("-mfma")
    sdk.ok("gcc", *flags.split(), "-c", sdk.source(MAIN))
    assert word(sdk, "main.o") == (names and wording.bits(names))


def test_other_sources_have_none(sdk: Sdk) -> None:
    """A program may choose at run time which of its files it calls."""
    sdk.ok("gcc", "-mavx512f", "-c", sdk.source("int part(void) { return 0; }\n", "part.c"))
    assert word(sdk, "part.o") is None
    sdk.ok("gcc", "-mavx2", sdk.source(MAIN), "part.o")
    assert " R hermit_isa\n" in sdk.ok("nm", "a.out")


@pytest.mark.parametrize("words", [("-mavx2", "-flto", "-O2"), ("-march=x86-64-v3", "-flto=2", "-g")])
def test_through_lto(sdk: Sdk, words: tuple[str, ...]) -> None:
    """Where the code is made at the link, its flags count. Objects of other flags are joined without a warning."""
    sdk.ok("gcc", *words, "-c", sdk.source(MAIN))
    assert word(sdk, "main.o") is None
    sdk.ok("gcc", "-flto", "-mavx512f", "-c", sdk.source("int part(void) { return 0; }\n", "part.c"))
    done = sdk.run("gcc", *words, "main.o", "part.o")
    assert done.returncode == 0 and done.stderr == "" and " R hermit_isa\n" in sdk.ok("nm", "a.out")


def test_every_processor_that_gcc_knows(sdk: Sdk) -> None:
    """The table says what GCC's own -Q --help=target says."""
    features = list(wording.load("isa.json")["features"])
    table = {name: have for names, have in wording.load("isa.json")["march"].items() for name in names.split()}
    known = re.search(r"Known valid arguments for -march= option:\n(.*?)\n\n", sdk.ok("gcc", "--help=target"), re.S)
    assert known
    for name in known[1].split():
        done = sdk.run("gcc", f"-march={name}", "-Q", "--help=target")
        if name == "native" or done.returncode:  # 32 bits only
            assert name not in table
            continue
        enabled = re.findall(r"^\s+-m(\S+)\s+\[enabled\]$", done.stdout, re.M)
        assert table[name].split() == [feature for feature in features if feature in enabled], name
