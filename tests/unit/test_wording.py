"""The commands' data: flags and their reasons, processors' features as the kernel numbers them, and sentences."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from pathlib import Path

import pytest
from unikernel import wording

HOME = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("flag", "words"), [
    ("-fsanitize=address", "-fsanitize=undefined works"), ("-fsanitize=undefined,thread", "no runtime"),
    ("-fsanitize=leak", "no runtime"), ("-fsanitize=memory", "no runtime"), ("-fopenacc", "no accelerators"),
    ("-foffload=nvptx-none", "no accelerators"), ("-foffload-options=-lm", "no accelerators"),
    ("-shared", "one static image"), ("-m32", "x86_64"), ("-pg", "gprof"), ("--coverage", "gcov"),
    ("-fprofile-generate=dir", "-fprofile-use works"), ("-fuse-ld=gold", "GNU ld"), ("-fgnu-tm", "transactional"),
])
def test_refused_flags_have_a_reason(flag: str, words: str) -> None:
    assert words in wording.refusal(flag)


@pytest.mark.parametrize("flag", [
    "-fsanitize=undefined", "-fsanitize=shift,bounds", "-fno-sanitize=address", "-foffload=disable", "-fuse-ld=bfd",
    "-shared-libgcc", "-m64", "-march=native", "-fprofile-use", "-fprofile-partial-training", "-pthread", "-pipe",
    "-flto", "-mcmodel=large", "-ftest-coverage",
])
def test_flags_that_work_are_not_refused(flag: str) -> None:
    assert wording.refusal(flag) == ""


def test_features_are_those_of_the_kernel() -> None:
    """Bit for bit: name, CPUID's leaf, subleaf, register and bit, and the state that it uses."""
    text = (HOME / "kernel/abi/src/isa.rs").read_text()
    states = {"NONE": 0, "AVX": 0x06, "AVX512": 0xE6}
    found = re.findall(r'^ +feature\("([^"]+)", (\w+), (\d), (\w+), (\d+), (\w+)\),$', text, re.M)
    kernel = {
        name: [0x80000001 if leaf == "EXTENDED" else int(leaf), int(sub), register.lower(), int(bit), states[state]]
        for name, leaf, sub, register, bit, state in found
    }
    assert kernel == wording.load("isa.json")["features"] and list(kernel) == list(wording.load("isa.json")["features"])
    assert len(kernel) <= 64
    march = {name: have for names, have in wording.load("isa.json")["march"].items() for name in names.split()}
    levels = re.findall(r'\(\s*"(x86-64-v\d)",\s*&\[([^]]+)\]', text)
    assert len(levels) == 2
    for level, names in levels:
        assert sorted(re.findall(r'"([^"]+)"', names)) == sorted(march[level].split())


def test_what_goes_with_a_feature() -> None:
    options = {name: (bits, without) for name, bits, without in wording.values()["isa_options"]}
    assert options["avx2"][0] == wording.bits("avx2")
    assert options["avx512bw"][1] == wording.bits("avx512bw avx512vbmi avx512bf16 avx512fp16")
    assert options["abm"][0] == wording.bits("lzcnt popcnt")


@pytest.mark.parametrize("table", ["symbols", "files"])
def test_sentences(table: str) -> None:
    """One line each, in plain words; a name stands in one place, and a star at its end."""
    names = [name for names, _ in wording.load("missing.json")[table] for name in names]
    assert len(names) == len(set(names))
    assert not [name for name in names if "*" in name[:-1] or not name.strip("*")]
    for _, text in wording.load("missing.json")[table]:
        assert 10 < len(text) < 120 and "\n" not in text and '"' not in text


def test_nothing_is_of_the_same_shape() -> None:
    assert wording.nothing().keys() == wording.values().keys() and not any(wording.nothing().values())
