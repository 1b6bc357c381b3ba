"""Flags, -march=native, languages and defaults: what is taken over, what is refused."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re

import pytest
from unikernel import defaults, flags, languages, march
from unikernel.defaults import Defaults
from unikernel.messages import EXIT_USAGE, UnikernelError

GOOD = [
    ["-O3", "-g", "-Wall"], ["-Iinclude", "-I", "/home/me/include"], ["-isystem", "vendor"],
    ["-L", "lib", "-L/opt/me/lib"],
    ["-Wl,--gc-sections,-Map,x.map"], ["-Wl,-z,now"], ["-include", "config.h"], ["-I/usr/src/mine"], ["-I/library"],
    ["-static"], [], ["-funroll-loops"], ["-fopenmp"], ["-fopenmp-simd"], ["-flto=auto"], ["-fsanitize=undefined"],
    ["-Ofast"], ["-ffpe-trap=invalid,zero"], ["-fdefault-real-8"], ["-fcheck=all"], ["-march=x86-64-v3"],
    ["-D_FORTIFY_SOURCE=2"], ["-fstack-protector-strong"],
]
BAD = [
    ["-I/usr/include"], ["-I", "/usr/include/x86_64-linux-gnu"], ["-I/usr/../usr/include"], ["-I/usr//include/"],
    ["-isystem", "/usr/local/include"], ["-isystem/usr/include"], ["-iquote", "/usr/include"],
    ["-idirafter/usr/include"],
    ["-L/lib"], ["-L", "/usr/lib64"], ["-Wl,-L/usr/lib"], ["-Wl,--library-path=/lib"], ["-Wl,-rpath=/usr/lib"],
    ["-include", "/usr/include/stdio.h"], ["-shared"], ["-pie"], ["-static-pie"], ["-Wl,-shared"], ["-Wl,-pie"],
    ["-Wl,--dynamic-linker=/lib64/ld.so"], ["--sysroot=/"], ["--sysroot", "/"], ["-isysroot", "/"], ["-specs=a"],
    ["--specs=a"], ["-B/usr/bin"], ["-B", "/usr/bin"], ["-wrapper", "sh"], ["-fplugin=x.so"], ["-m32"], ["-mx32"],
    ["-rdynamic"], ["-fopenacc"], ["-foffload=nvptx-none"], ["-foffload-options=-lm"], ["/usr/lib/libz.a"],
    ["-fsanitize=address"], ["-fsanitize=undefined,leak"], ["-pg"], ["--coverage"], ["-fuse-ld=gold"],
]


@pytest.mark.parametrize("words", GOOD)
def test_good_flags_pass_unchanged(words: list[str]) -> None:
    assert flags.check(words, "app") == words


@pytest.mark.parametrize("words", BAD)
def test_bad_flags_are_refused_by_name(words: list[str]) -> None:
    with pytest.raises(UnikernelError, match=f"refused: {re.escape(words[0][:8])}") as caught:
        flags.check(words, "app")
    assert caught.value.code == EXIT_USAGE and str(caught.value).startswith("refused: ")


@pytest.mark.parametrize(("words", "asked"), [
    (["-O2"], False), (["-fopenmp"], True), (["-fopenmp-simd"], False), (["-fopenmp", "-fno-openmp"], False),
    (["-fno-openmp", "-O2", "-fopenmp", "-Wall"], True), ([], False),
])
def test_what_asks_for_openmp(words: list[str], asked: bool) -> None:
    assert flags.openmp(words) is asked


@pytest.mark.parametrize(("words", "asked"), [
    ([], False), (["-ftree-parallelize-loops=4"], True), (["-ftree-parallelize-loops=1"], False),
    (["-ftree-parallelize-loops=4", "-ftree-parallelize-loops=0"], False),
])
def test_loops_shared_out_to_threads(words: list[str], asked: bool) -> None:
    assert flags.loops(words) is asked


def test_what_a_link_line_takes_of_a_compile_line() -> None:
    words = "-O3 -flto=2 -Wall -Ofast -ffast-math -fsanitize=undefined -march=haswell -DX -pthread -fcheck=all -g"
    assert flags.linked(words.split()) == [
        "-flto=2", "-Ofast", "-ffast-math", "-fsanitize=undefined", "-march=haswell", "-pthread",
    ]
    assert flags.linked(["-march=haswell", "-O3"]) == []


def test_folders_are_seen_from_the_project() -> None:
    """The host's folders by a way round are refused; a project may lie in one of them."""
    round_about = (["-I../../usr/include"], ["-Xlinker", "-L", "-Xlinker", "../../lib"], ["-Wp,-isystem,/usr/include"])
    for words in round_about:
        with pytest.raises(UnikernelError, match="refused: .*(include|lib): app"):
            flags.check(words, "app", "/home/me")
    assert flags.check(["-Iinclude", "-I/usr/lib/me/include"], "app", "/usr/lib/me")


def test_march_native_is_spelled_out() -> None:
    words = flags.check(["-O2", "-march=native", "-mtune=native"], "app")
    assert words[:3] == ["-O2", "-march=x86-64", "-mtune=generic"] and words[-1] == "-mtune=generic"
    assert not [word for word in words if "native" in word]


def test_march_from_cpuinfo() -> None:
    first = "processor\t: 0\nflags\t\t: fpu sse2 pni ssse3 avx2 avx512f amx_tile rdpid\n\n"
    text = first + "processor : 1\nflags : sha_ni\n"
    assert march.from_cpuinfo(text) == ["-msse3", "-mssse3", "-mavx2", "-mavx512f"]
    assert march.from_cpuinfo("") == []


@pytest.mark.parametrize(("source", "language"), [
    ("a.c", languages.C), ("a.s", languages.ASSEMBLY), ("a.S", languages.ASSEMBLY_CPP), ("b/a.o", languages.OBJECT),
    ("liba.a", languages.ARCHIVE), ("a.cc", languages.CXX), ("b/a.cpp", languages.CXX), ("a.C", languages.CXX),
])
def test_languages(source: str, language: str) -> None:
    assert languages.of(source) == language


@pytest.mark.parametrize(("source", "words"), [
    ("a.go", "Go comes"),
    ("a.rs", "Rust cannot"), ("a.so", "shared library cannot"), ("a", "(no suffix)"),
    ("a.h", "unknown kind of source .h"),
])
def test_other_languages_are_named(source: str, words: str) -> None:
    with pytest.raises(UnikernelError, match=re.escape(words)) as caught:
        languages.of(source)
    assert caught.value.code == EXIT_USAGE


@pytest.mark.parametrize(("given", "want"), [
    ((None, None, None, False), Defaults()), ((1, "64M", 65536, True), Defaults(1, 64 << 20, 65536, True)),
    ((None, "6g", "8k", False), Defaults(0, 6 << 30, 8192)),
])
def test_defaults(given: tuple[int | None, str | None, int | str | None, bool], want: Defaults) -> None:
    assert Defaults.parse(*given, "app") == want


@pytest.mark.parametrize("size", ["", "M", "-1M", "1.5G", "0", 0, -4096, "0x10", "1Q", "999999999999T", "64 M", "١M"])
def test_wrong_sizes(size: int | str) -> None:
    with pytest.raises(UnikernelError, match="wrong value mem=") as caught:
        Defaults.parse(None, size, None, False, "app")
    assert caught.value.code == EXIT_USAGE


@pytest.mark.parametrize(("value", "count"), [(None, 0), (2, 2), ("all", 0xFFFFFFFF)])
def test_cores(value: int | str | None, count: int) -> None:
    assert Defaults.parse(value, None, None, False, "app").cpus == count


@pytest.mark.parametrize("value", [0, -1, "two"])
def test_wrong_cores(value: int | str) -> None:
    with pytest.raises(UnikernelError, match="wrong value cpus="):
        Defaults.parse(value, None, None, False, "app")


def test_nothing_asked_for_is_no_note() -> None:
    assert defaults.assembly(Defaults()) == ""


def test_the_note_holds_what_was_asked_for() -> None:
    text = defaults.assembly(Defaults(1, 64 << 20, 65536, True))
    assert "\t.long 7, 24, 2\n" in text and "\t.long 1, 1\n" in text and f"\t.quad {64 << 20}, 65536\n" in text
