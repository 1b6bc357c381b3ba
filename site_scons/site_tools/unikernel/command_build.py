"""`unikernel build`: sources to an image by one call, for programs without a build system."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from . import context, modules
from .messages import EXIT_USAGE, UnikernelError

HELP = """Usage: unikernel build SOURCE ... [-o IMAGE] [option ...]

Compiles and links sources, of any languages that are built, into one image, as UnikernelProgram does.

  -o IMAGE                 the image; else the first source's name without suffix
  -I -D -L -l -O -g -f -m -W -std= -Wl,   as for gcc, each for the languages that know it; -fopenmp brings its runtime
  --cpus N|all, --mem SIZE, --stack SIZE  the program's defaults at run time
  -j N                     jobs at once
  --verbose                print whole command lines

Only what changed is compiled again: objects lie in ./build, which may be removed at any time.
"""
FOLDER = "build/_build"  # of the SConstruct that stands for the call, and of objects
# Options of the program itself -> the keyword of UnikernelProgram.
_KEYWORDS = {"--cpus": "cpus", "--mem": "mem", "--stack": "stack"}
_FORTRAN = re.compile(
    r"-(std=(f\d|legacy)|f(check|default-|free|fixed|implicit|fpe|backslash|cray|dollar|d-lines|init-))")
_CXX = re.compile(r"-(std=(c|gnu)\+\+|fno-(rtti|exceptions)|fpermissive)")
_C = re.compile(r"-std=")
# gcc's driver needs these for the link, too.
_BOTH = re.compile(r"-(flto|O|g|m|fno-lto|fsanitize|pthread|ffast-math|Ofast)")
_TEXT = """import os, shutil
def put(target, source, env):
    shutil.copy2(source[0].abspath, target[0].abspath)
env = Environment(tools=["unikernel"], toolpath=[{toolpath!r}])
env.SConsignFile(os.path.join({folder!r}, ".sconsign"))
image = env.UnikernelProgram({target!r}, {sources!r}, **{keywords!r})
env.Default(env.Command({output!r}, image, Action(put, {shown!r})))
"""


def main(words: list[str]) -> int:
    """Build; the exit code of SCons, which does the work."""
    if not words or words[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0 if words else EXIT_USAGE
    text, more = sconstruct(words)
    context.find_home(os.environ)  # a plugin without its sources says so here, in one line
    script = Path(FOLDER, "SConstruct")
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(text)
    except OSError as error:
        raise UnikernelError(f"cannot write here: {error.strerror}", script, "work in a folder of yours") from error
    argv = [sys.executable, "-m", "SCons", "-Q", "-f", str(script), *more]
    done = subprocess.run(argv, env=modules.environ(), check=False)
    return done.returncode


def sconstruct(words: list[str]) -> tuple[str, list[str]]:
    """The SConstruct that stands for a command line, and what SCons itself is told."""
    sources: list[str] = []
    keywords: dict[str, object] = {}
    more = [f"-j{len(os.sched_getaffinity(0))}"]
    output, rest = "", list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-o", "-j", "-I", "-D", "-L", "-l", *_KEYWORDS) and not rest:
            raise UnikernelError(f"{word} wants a value", "", "`unikernel build --help` tells more", EXIT_USAGE)
        if word.startswith("-o"):
            output = word[2:] or rest.pop(0)
        elif word.partition("=")[0] in _KEYWORDS:
            name, equals, value = word.partition("=")
            keywords[_KEYWORDS[name]] = value if equals else rest.pop(0)
        elif word == "--verbose":
            more.append("verbose=1")
        elif word.startswith("-j"):
            more[0] = f"-j{word[2:] or rest.pop(0)}"
        elif word.startswith(("-I", "-D", "-L", "-l")):
            _add(keywords, {"-I": "CPPPATH", "-D": "CPPDEFINES", "-L": "LIBPATH", "-l": "LIBS"}[word[:2]],
                 word[2:] or rest.pop(0))
        elif word.startswith("-"):
            _flag(keywords, word)
        else:
            sources.append(word)
    if not sources:
        raise UnikernelError("no sources given", "", "unikernel build main.c -o app", EXIT_USAGE)
    output = output or Path(sources[0]).stem
    if Path(output) in map(Path, sources):
        raise UnikernelError("the image would replace a source", output, "give another name by -o", EXIT_USAGE)
    here, name = os.getcwd(), Path(output).name
    if not Path(output).parent.is_dir():
        raise UnikernelError("no such folder", Path(output).parent, "make it, or give another name by -o", EXIT_USAGE)
    folder = os.path.join(here, FOLDER)
    text = _TEXT.format(
        toolpath=str(modules.PACKAGE.parent), folder=folder, target=os.path.join(folder, name),
        sources=[os.path.join(here, source).replace("$", "$$") for source in sources], keywords=keywords,
        output=os.path.join(here, output), shown=f"  IMAGE {output}")
    return text, more


def _flag(keywords: dict[str, object], word: str) -> None:
    """A flag of gcc, for those compilers that know it."""
    if word == "-fopenmp":
        keywords["openmp"] = True
    elif word.startswith("-Wl,") or word in ("-static", "-s"):
        _add(keywords, "LINKFLAGS", word)
    elif _FORTRAN.match(word):
        _add(keywords, "FORTRANFLAGS", word)
    elif _CXX.match(word):
        _add(keywords, "CXXFLAGS", word)
    elif _C.match(word):
        _add(keywords, "CFLAGS", word)
    else:
        for name in ("CCFLAGS", "FORTRANFLAGS", *(["LINKFLAGS"] if _BOTH.match(word) else [])):
            _add(keywords, name, word)


def _add(keywords: dict[str, object], name: str, word: str) -> None:
    found = keywords.setdefault(name, [])
    assert isinstance(found, list)
    found.append(word)
