"""The nub of a built image: what runs in ring 0 is ours, small, and free of what a software KVM cannot emulate."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from project import MAIN, Project

PROGRAM = "app = env.UnikernelProgram('app', ['main.c'])\n"

# What the emulator of a software KVM lacks or gets wrong (architecture: "it runs under software KVM").
AVOID = {
    "lzcnt", "tzcnt", "popcnt", "andn", "shlx", "shrx", "sarx", "movbe", "ldmxcsr", "stmxcsr", "xgetbv", "cmpxchg16b",
    "invpcid", "rdtscp", "rdpid", "stac", "clac", "monitor", "mwait", "fwait", "wait", "int3", "vmcall", "sysretq",
    "sysret",
}
AVOID_FAMILY = re.compile(
    r"^v?(add|sub|mul|div|sqrt|min|max|cvt|p[a-z]+|and|or|xor|shuf|unpck)[sp][sd]$|^xsave|^xrstor|^f[a-z]"
)
VECTOR_REGISTER = re.compile(r"%[xyz]mm\d")
# Ring 0 stays small enough to be read in one sitting.
MOST_BYTES = 8192


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built program."""
    project = Project(tmp_path_factory.mktemp("nub"))
    project.sconstruct(PROGRAM)
    project.write("main.c", MAIN)
    project.build()
    return project.folder / "app"


def symbols(image: Path) -> dict[str, int]:
    """All names of the image and their addresses."""
    with open(image, "rb") as stream:
        table = ELFFile(stream).get_section_by_name(".symtab")
        return {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}


def instructions(image: Path) -> list[str]:
    """The nub's code, an instruction each: mnemonic and operands."""
    from unikernel import context, toolchain  # after conftest has put the plugin on the path

    place = symbols(image)
    objdump = toolchain.path(context.from_environ(os.environ)) / "usr/bin/x86_64-linux-gnu-objdump"
    text = subprocess.run(
        [objdump, "-d", "--no-show-raw-insn", f"--start-address={place['nub_start']:#x}",
         f"--stop-address={place['nub_code_end']:#x}", image],
        check=True, capture_output=True, text=True,
    ).stdout
    return [match[1].strip() for match in re.finditer(r"^ +[0-9a-f]+:\t(.+)$", text, re.MULTILINE)]


def words(instruction: str) -> list[str]:
    """Prefixes and mnemonic."""
    head = instruction.split("%")[0].split("$")[0].split("(")[0]
    return re.findall(r"[a-z][a-z0-9]+", head)


def is_wrong(instruction: str) -> bool:
    """Whether a software KVM would stumble over it."""
    first = words(instruction)[:2]
    return bool(AVOID & set(first) or AVOID_FAMILY.search(first[0]) or VECTOR_REGISTER.search(instruction))


def test_no_instruction_that_a_software_kvm_gets_wrong(image: Path) -> None:
    code = instructions(image)
    assert len(code) > 200, "the nub was not found"
    assert not [line for line in code if is_wrong(line)]


def test_the_test_sees_such_instructions() -> None:
    for line in ("lzcnt %eax,%ecx", "xsave64 (%rsp)", "addsd %xmm0,%xmm1", "fxch %st(1)", "lock cmpxchg16b (%rdi)"):
        assert is_wrong(line), line
    for line in ("rep stos %rax,%es:(%rdi)", "mov %rax,%cr3", "lock bts $0x0,(%r8)", "cmp $0x20,%eax"):
        assert not is_wrong(line), line


def test_no_rust_in_ring_0(image: Path) -> None:
    place = symbols(image)
    inside = [name for name, address in place.items() if place["nub_start"] <= address < place["nub_end"] and name]
    assert inside and not [name for name in inside if name.startswith(("_ZN", "_R")) or "::" in name]


def test_the_nub_has_pages_of_its_own_in_the_text_segment(image: Path) -> None:
    place = symbols(image)
    start, end = place["nub_start"], place["nub_end"]
    assert start % 4096 == 0 and end % 4096 == 0 and 0 < end - start <= MOST_BYTES
    with open(image, "rb") as stream:
        segments = list(ELFFile(stream).iter_segments("PT_LOAD"))
    home = [part for part in segments if part["p_vaddr"] <= start and end <= part["p_vaddr"] + part["p_memsz"]]
    assert len(home) == 1 and home[0]["p_flags"] == 5  # PF_R | PF_X


def test_started_on_linux_it_says_what_it_is(image: Path) -> None:
    done = subprocess.run([image], capture_output=True, text=True, check=False)
    assert done.returncode == 126 and "unikernel" in done.stderr and "proxy" in done.stderr
