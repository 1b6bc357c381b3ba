"""`unikernel env`: what makes other build systems use the SDK: variables for a shell, and files for CMake and Meson."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import argparse
import os
import shlex

from . import context, cross, crosstools, languages, steps, sysroot

# Option -> what it prints the path of.
_FILES = {"cmake": "CMake's toolchain file", "meson": "Meson's cross file", "config-site": "configure's answers",
          "run": "the command that starts an image"}
_PLACES = {"cmake": cross.CMAKE, "meson": cross.MESON, "config-site": cross.SITE, "run": cross.RUN}
_EXAMPLES = """examples:
  eval "$(unikernel env)" && ./configure --host=x86_64-hermit && make
  cmake -DCMAKE_TOOLCHAIN_FILE="$(unikernel env --cmake)" -S . -B build
  meson setup --cross-file "$(unikernel env --meson)" build"""


def main(words: list[str]) -> int:
    """Make what the variables name, then print them, or one path."""
    parser = argparse.ArgumentParser(
        prog="unikernel env", description="Print shell commands that set CC, AR, PKG_CONFIG_LIBDIR ... for other build "
        "systems, after making the tools that they name.", epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [languages.C, *languages.STEPS]
    parser.add_argument("--languages", nargs="+", choices=known, default=[], metavar="LANGUAGE",
                        help=f"also make what these need, of {' '.join(known)}")
    group = parser.add_mutually_exclusive_group()
    for name, text in _FILES.items():
        group.add_argument(f"--{name}", dest="file", action="store_const", const=name,
                           help=f"print the path of {text} instead")
    options = parser.parse_args(words)
    ctx = context.from_environ(os.environ)
    for name in languages.steps(options.languages):
        for needed in (*steps.USES.get(name, ()), name):
            steps.load(needed).ensure(ctx)
    made = cross.ensure(ctx)
    if options.file:
        print(made / _PLACES[options.file])
        return 0
    root = sysroot.path(ctx)
    variables = {
        **crosstools.variables(str(root / "bin")), **crosstools.package_config(root),
        "CONFIG_SITE": str(made / cross.SITE), "CMAKE_TOOLCHAIN_FILE": str(made / cross.CMAKE),
    }
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    print(f'export PATH={shlex.quote(str(root / "bin"))}:{shlex.quote(str(made / "bin"))}:"$PATH"')
    return 0
