"""x86_64-hermit-g++ by hand: what it finds by itself, and what it says where C++ was not built."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os

import pytest
from conftest import HOME, Sdk
from unikernel import context, driver, stdcxx, toolchain

HELLO = '#include <iostream>\nint main() { std::cout << "hello\\n"; }\n'
PAIR = (
    "#include <atomic>\nstruct pair { long a, b; };\nstd::atomic<pair> both;\n"
    "int main() { both = pair{1, 2}; return both.load().a - 1; }\n"
)
# Headers that need what GCC 12 does not bring by itself.
_OTHERS = {"stacktrace"}


@pytest.fixture
def cpp(sdk: Sdk) -> Sdk:
    """The SDK with C++ in it."""
    stdcxx.ensure(context.from_environ(os.environ, home=HOME))
    return sdk


def test_by_hand(cpp: Sdk) -> None:
    """g++ links its library; the image holds no place of the store, and hello.cpp is small."""
    cpp.ok("g++", "-O2", cpp.source(HELLO, "hello.cpp"), "-o", "hello")
    assert cpp.osabi("hello") == 0xFF
    store = stdcxx.path(context.from_environ(os.environ, home=HOME)).parent
    assert str(store).encode() not in (cpp.work / "hello").read_bytes()
    cpp.ok("strip", "hello")
    assert (cpp.work / "hello").stat().st_size <= 1_500_000


@pytest.mark.parametrize("words", [
    ("c++", "-static-libstdc++", "-static-libgcc"), ("g++", "-pthread"), ("g++", "-latomic", "-lstdc++fs"),
    ("gcc", "-lstdc++", "-lm"), ("g++", "-flto", "-O2"),
])
def test_every_way_to_link(cpp: Sdk, words: tuple[str, ...]) -> None:
    tool, *flags = words
    cpp.ok(tool, cpp.source(PAIR, "main.cc"), "-o", "image", *flags)
    assert cpp.osabi("image") == 0xFF


def test_the_support_library_alone(cpp: Sdk) -> None:
    text = "int main() { try { throw 1; } catch (int) { return 0; } }\n"
    cpp.ok("gcc", cpp.source(text, "main.cc"), "-o", "image", "-lsupc++")
    assert "basic_ostream" not in cpp.ok("nm", "image")


def test_every_header_compiles_by_itself(cpp: Sdk) -> None:
    folder = stdcxx.path(context.from_environ(os.environ, home=HOME)) / "usr/include/c++/12"
    names = sorted(file.name for file in folder.iterdir() if file.is_file() and "." not in file.name)
    assert {"iostream", "filesystem", "cstdint", "format"} & set(names) == {"iostream", "filesystem", "cstdint"}
    text = "".join(f"#include <{name}>\n" for name in names if name not in _OTHERS)
    cpp.ok("g++", "-std=gnu++23", "-fsyntax-only", cpp.source(text, "all.cc"))


def test_no_header_of_the_host(cpp: Sdk) -> None:
    cpp.source("#include <vector>\n#include <stdlib.h>\n", "main.cc")
    for file in cpp.ok("g++", "-M", "main.cc").replace("\\\n", " ").split()[2:]:
        assert not file.startswith("/usr/")


def test_what_is_not_built_is_one_line(sdk: Sdk) -> None:
    ctx = context.from_environ(os.environ, home=HOME)
    bare = Sdk(sdk.work / "bare", sdk.work)
    entries = {"cxx": sdk.work / "nowhere", "stdcxx": sdk.work / "nowhere"}
    driver.install(bare.root, bare.root, toolchain.ensure(ctx), sdk.work / "log", entries=entries)
    source = sdk.source(HELLO, "hello.cpp")
    for tool, words in (("g++", [source]), ("c++", ["-c", source]), ("gcc", ["-c", source])):
        done = bare.run(tool, *words)
        assert done.returncode == 1
        assert done.stderr == "x86_64-hermit: c++ is not built yet: run `unikernel sdk c++`\n"
