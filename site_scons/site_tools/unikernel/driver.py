"""The x86_64-hermit-* commands: gcc's specs and one small host program, rendered with the store's paths."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import parts, sealed, wording

TARGET = "x86_64-hermit"
_PREFIX = "x86_64-linux-gnu"  # how the packaged tools are named
_VERSION = "12"
# How debug information and __FILE__ show the store's trees.
SYSROOT_MAP, TOOLCHAIN_MAP = "/hermit/sysroot", "/hermit/toolchain"
_TEMPLATES = Path(__file__).resolve().parent / "templates"

# The host's own headers and libraries (FHS 3.0 and multiarch): never part of a unikernel.
HOST_FOLDERS = (
    "/include", "/lib", "/lib32", "/lib64", "/libx32", "/usr/include", "/usr/lib", "/usr/lib32", "/usr/lib64",
    "/usr/libx32", "/usr/local/include", "/usr/local/lib", "/usr/local/lib64",
)
SEARCH_OPTIONS = ("-I", "-L", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-iprefix")

# Images are linked here (docs: ABI, memory map): the first large page stays free for a NULL guard.
TEXT_SEGMENT = "0x200000"
_DEFINED = ("__hermit__=1", "__unix__=1", "__unix=1")
_UNDEFINED = ("linux", "__linux", "__linux__", "__gnu_linux__")
_DROPPED = (
    "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH",
    "GCC_EXEC_PREFIX", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_RUN_PATH", "LDEMULATION",
)
_FREESTANDING = (
    "-Os", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pie", "-fno-stack-protector",
    "-fno-tree-loop-distribute-patterns", "-static", "-no-pie", "-nostdlib", "-Wl,--build-id=none,-z,noexecstack,-s",
)


@dataclass(frozen=True)
class Tool:
    """One command: its name after the prefix, the real program and how it is started (see driver.c.j2).

    One of kind ABSENT says what stands in the program's place.
    """

    name: str
    program: str
    kind: str = "PLAIN"


COMPILERS = {"gcc": "gcc", "cc": "gcc", "cpp": "cpp"}
# Commands of languages that come on demand -> (program, the part that holds it, kind)
FURTHER = {
    "g++": ("g++", "cxx", "CXX"), "c++": ("g++", "cxx", "CXX"), "gfortran": ("gfortran", "f951", "FORTRAN"),
}
# These find the linker plugin by their own path and need nothing else.
WRAPPED = ("gcc-ar", "gcc-nm", "gcc-ranlib")
# These get it from us, so that -flto's objects can be put into archives by the usual names.
READERS = ("ar", "nm", "ranlib")
_PLUGIN = f"usr/lib/gcc/{_PREFIX}/{_VERSION}/liblto_plugin.so"
BINUTILS = ("as", "objcopy", "objdump", "strip", "addr2line", "readelf", "size", "strings", "c++filt")
# What build systems of parallel programs call: it says what is planned.
MPI = ("mpicc", "mpicxx", "mpic++", "mpif77", "mpif90", "mpifort", "mpirun", "mpiexec")
LINKERS = {"ld": "ld.bfd", "ld.bfd": "ld.bfd"}


def tools(toolchain: Path, entries: Mapping[str, Path]) -> list[Tool]:
    """Every command, with the program that it stands for: in the toolchain's tree or in a part's (step -> entry)."""
    programs = toolchain / "usr" / "bin"
    found = [Tool(name, f"{programs}/{_PREFIX}-{real}-{_VERSION}", "COMPILER") for name, real in COMPILERS.items()]
    found += [
        Tool(name, f"{entries[part]}/usr/bin/{_PREFIX}-{real}-{_VERSION}", kind)
        for name, (real, part, kind) in FURTHER.items() if part in entries
    ]
    found += [Tool(name, f"{programs}/{_PREFIX}-{name}-{_VERSION}") for name in WRAPPED]
    found += [Tool(name, f"{programs}/{_PREFIX}-{name}", "READER") for name in READERS]
    found += [Tool(name, f"{programs}/{_PREFIX}-{name}") for name in BINUTILS]
    found += [Tool(name, wording.missing("files", "mpi.h"), "ABSENT") for name in MPI]
    found += [Tool(name, f"{programs}/{_PREFIX}-{real}", "LINKER") for name, real in LINKERS.items()]
    return found


def render_program(toolchain: Path, final: Path, entries: Mapping[str, Path], *, boot: bool = False) -> str:
    """C source of the commands for a sysroot that will stand at `final`; `entries` are the parts (step -> entry).

    `boot` is for building the parts themselves: nothing is missing then.
    """
    compiler_args = [
        f"--sysroot={final}", f"-specs={final}/lib/hermit.specs", f"-B{final}/libexec/",
        # no store path in __FILE__ or debug information: images must not depend on where the store is
        f"-ffile-prefix-map={final}={SYSROOT_MAP}", f"-ffile-prefix-map={toolchain}={TOOLCHAIN_MAP}",
        *parts.arguments(entries),
    ]
    return _render(
        "driver.c.j2", tools=tools(toolchain, entries), target=TARGET, bin=f"{final}/bin", dropped=_DROPPED,
        exec_prefix=f"{toolchain}/usr/lib/gcc/", compiler_args=compiler_args,
        reader_args=["--plugin", f"{toolchain}/{_PLUGIN}"],
        linker_args=[f"--sysroot={final}", "-m", "elf_x86_64", f"-L{final}/usr/lib"],
        isa_specs=f"{final}/lib/isa.specs", needs={} if boot else parts.needs(entries),
        host_folders=HOST_FOLDERS, search_options=SEARCH_OPTIONS,
        stores=sorted({str(entry.parents[1]) for entry in (final, toolchain, *entries.values())}),
        **(wording.nothing() if boot else wording.values()),
    )


def render_specs(link_scripts: Sequence[str], entries: Mapping[str, Path]) -> str:
    """gcc's specs; `link_scripts` are the kernel's INSERT scripts by their place in the final sysroot."""
    cxx = entries.get("stdcxx")
    return _render(
        "hermit.specs.j2", target=TARGET, text_segment=TEXT_SEGMENT, defined=_DEFINED, undefined=_UNDEFINED,
        link_scripts=link_scripts, cxx_include=[f"{cxx}/{folder}" for folder in parts.CXX_INCLUDE] if cxx else [],
    )


def install(
    tmp: Path, final: Path, toolchain: Path, log: Path, link_scripts: Sequence[str] = (),
    entries: Mapping[str, Path] | None = None, *, boot: bool = False,
) -> None:
    """Put bin/x86_64-hermit-*, libexec/ and lib/hermit.specs into `tmp`, which will be renamed to `final`.

    `entries` are where the parts are, or will be once a program asks for them: the commands name them without waiting.
    """
    entries = entries or {}
    for name in ("bin", "libexec", "lib"):
        (tmp / name).mkdir(parents=True, exist_ok=True)
    (tmp / "lib" / "hermit.specs").write_text(render_specs(link_scripts, entries))
    (tmp / "lib" / "isa.specs").write_text(_render("isa.specs.j2", isa=f"{final}/lib/isa.s"))
    shutil.copyfile(_TEMPLATES / "isa.s", tmp / "lib" / "isa.s")
    text = render_program(toolchain, final, entries, boot=boot)
    program = _compile(tmp / "libexec" / "driver", text, toolchain, log)
    for tool in tools(toolchain, entries):
        shutil.copyfile(program, tmp / "bin" / f"{TARGET}-{tool.name}")
        (tmp / "bin" / f"{TARGET}-{tool.name}").chmod(0o755)
    for name in LINKERS:
        # gcc's collect2 looks here (-B) for a linker of this very name
        shutil.copyfile(program, tmp / "libexec" / name)
        (tmp / "libexec" / name).chmod(0o755)
    program.unlink()


def _compile(program: Path, source: str, toolchain: Path, log: Path) -> Path:
    """A freestanding static program for the host: it needs no host libc, header or loader."""
    text = program.with_suffix(".c")
    text.write_text(source)
    compiler = toolchain / "usr" / "bin" / f"{_PREFIX}-gcc-{_VERSION}"
    sealed.run([compiler, *_FREESTANDING, "-o", program, text], cwd=program.parent, log=log)
    text.unlink()
    return program


def _render(template: str, **values: object) -> str:
    import jinja2  # takes 40 ms, of which a build that renders nothing wants none

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(template).render(values)
