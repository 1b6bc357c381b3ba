"""The driver's texts: every path burned in, every flag of the contract in the specs."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from pathlib import Path

import pytest
from unikernel import driver

TOOLS, FINAL = Path("/store/pkg/tools"), Path("/store/sdk/final")
PARTS = {"cxx": Path("/store/pkg/cxx"), "gomp": Path("/store/sdk/gomp")}


def test_each_command_names_its_program() -> None:
    text = driver.render_program(TOOLS, FINAL, {})
    for name, program, kind in (
        ("gcc", "gcc-12", "COMPILER"), ("cc", "gcc-12", "COMPILER"), ("cpp", "cpp-12", "COMPILER"),
        ("ar", "ar", "READER"), ("objdump", "objdump", "PLAIN"),
        ("gcc-ar", "gcc-ar-12", "PLAIN"), ("ld", "ld.bfd", "LINKER"), ("addr2line", "addr2line", "PLAIN"),
    ):
        assert f'{{"{name}", "{TOOLS}/usr/bin/x86_64-linux-gnu-{program}", {kind}}},' in text


def test_no_name_twice() -> None:
    names = [tool.name for tool in driver.tools(TOOLS, PARTS)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("part", [
    f'"--sysroot={FINAL}"', f'"-specs={FINAL}/lib/hermit.specs"', f'"-B{FINAL}/libexec/"',
    f'"-ffile-prefix-map={FINAL}=/hermit/sysroot"', f'"-ffile-prefix-map={TOOLS}=/hermit/toolchain"',
    f"GCC_EXEC_PREFIX={TOOLS}/usr/lib/gcc/", '"LD_PRELOAD"', '"CPATH"', '"LIBRARY_PATH"',
])
def test_arguments_and_environment(part: str) -> None:
    assert part in driver.render_program(TOOLS, FINAL, {})


@pytest.mark.parametrize("part", [
    "-U__linux__", "-D__hermit__=1", "-D__unix__=1", "-D_REENTRANT", "-fPIE", "-fstack-clash-protection", "-static",
    "-Ttext-segment=0x200000", "-z separate-code", "--eh-frame-hdr", "--build-id=none",
    "crt0.o%s crtbegin.o%s",
    "crtend.o%s", "--start-group -lhermit -lc --end-group", "-lgcc -lgcc_eh", "-T /store/sdk/final/usr/lib/hermit.ld",
])
def test_specs(part: str) -> None:
    assert part in driver.render_specs(["/store/sdk/final/usr/lib/hermit.ld"], {})


def test_the_places_of_parts_are_named() -> None:
    """Before they are made, and what makes them is told; while a part itself is built, nothing is missing."""
    text = driver.render_program(TOOLS, FINAL, PARTS)
    for part in ('"-B/store/sdk/gomp/usr/lib/"', '"-ffile-prefix-map=/store/sdk/gomp=/hermit/gomp"',
                 '"-B/store/pkg/cxx/usr/lib/gcc/x86_64-linux-gnu/12/"', '"/store/sdk/gomp/usr/lib/libgomp.spec"',
                 "run `unikernel sdk openmp`", '{"g++", "/store/pkg/cxx/usr/bin/x86_64-linux-gnu-g++-12", CXX}'):
        assert part in text
    for text in (driver.render_program(TOOLS, FINAL, {}), driver.render_program(TOOLS, FINAL, PARTS, boot=True)):
        assert "unikernel sdk" not in text


def test_cxx_headers_are_named() -> None:
    text = driver.render_specs([], {"stdcxx": Path("/store/sdk/stdcxx")})
    assert "-nostdinc++ -isystem /store/sdk/stdcxx/usr/include/c++/12 -isystem" in text
    assert "nostdinc++" not in driver.render_specs([], {})


def test_specs_keep_what_abi_needs() -> None:
    text = driver.render_specs([], {})
    assert "noexecstack" not in text  # it would erase the flag by which an image asks for executable stacks
    assert " -T " not in text


def test_what_is_refused_and_said_is_in_the_program() -> None:
    """But not in the driver that builds the libraries: there it would say nothing that anybody reads."""
    parts = (
        '{"-shared", "a unikernel is one static image"}', '{"_Fork", "a unikernel is one process', '{"mpi.h", "MPI is',
    )
    final, boot = (driver.render_program(TOOLS, FINAL, {}, boot=boot) for boot in (False, True))
    for part in parts:
        assert part in final and part not in boot
