"""Fortran source as statements, without comments, continuation lines and what the preprocessor drops."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

# Gives the text of a file that is included, or None where there is none: its statements are then not known.
Reader = Callable[[str], "str | None"]

_MOST_NESTED = 64  # files that include one another, macros that name one another
_LONGEST = 4096  # a condition whose macros double it would not end
_DIRECTIVE = re.compile(r"\s*#\s*(\w+)\s*(.*)")
_INCLUDE = re.compile(r"""include\s*(['"])(.+?)\1\s*$""", re.IGNORECASE)
_QUOTED = re.compile(r"""["<]([^">]+)[">]""")
_NAME = re.compile(r"(?<!\w)[A-Za-z_]\w*")
_DEFINED = re.compile(r"defined\s*(?:\(\s*(\w+)\s*\)|(\w+))")
_CLASSIC_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKENS = re.compile(r"\s*(0[xX][\da-fA-F]+|\d+|&&|\|\||[!=<>]=|[-+*/%!()<>])")


@dataclass
class Dialect:
    """How a file is read: `fixed` form with lines of `width` (0: any), through `cpp`, OpenMP's `!$` lines as code."""

    fixed: bool = False
    width: int = 72
    cpp: bool = False
    openmp: bool = False
    defines: dict[str, str] = field(default_factory=dict)


def statements(text: str, dialect: Dialect, read: Reader = lambda name: None, depth: int = 0) -> Iterator[str]:
    """The statements of a source, each in one line without comments; names keep their case.

    Lines `include 'name'` and `#include "name"` are replaced by what `read` gives for them.
    """
    if dialect.cpp:
        lines = _preprocessed(text, dialect, read, depth)
    else:
        lines = (line for line in text.splitlines() if not line.startswith("#"))
    for statement in _fixed(lines, dialect) if dialect.fixed else _free(lines, dialect):
        match = _INCLUDE.match(statement)
        if match and depth < _MOST_NESTED:
            included = read(match.group(2))
            if included is not None:
                yield from statements(included, dialect, read, depth + 1)
        elif not match:
            yield statement


def _free(lines: Iterator[str], dialect: Dialect) -> Iterator[str]:
    """Free form: `&` at a line's end goes on in the next line that is no comment."""
    whole = ""
    for line in lines:
        if dialect.openmp and re.match(r"\s*!\$\s", line):
            line = line.replace("!$", "  ", 1)
        parts = list(_split(line))
        code = ";".join(parts).strip() if parts else ""
        if not code:
            continue
        if whole:
            code = code.removeprefix("&").lstrip() if code.startswith("&") else code
        whole += code
        if whole.endswith("&"):
            whole = whole[:-1] + " "
            continue
        yield from filter(None, (part.strip() for part in _split(whole)))
        whole = ""
    yield from filter(None, (part.strip() for part in _split(whole)))


def _fixed(lines: Iterator[str], dialect: Dialect) -> Iterator[str]:
    """Fixed form: a sign in column 6 goes on with the line before; C, c, * or ! in column 1 make a comment."""
    whole = ""
    for line in lines:
        if dialect.openmp and re.match(r"[!cC*]\$[ \d]", line):
            line = "  " + line[2:]
        if not line.strip() or line[0] in "cC*!dD":
            continue
        head, tab, rest = line.partition("\t")
        if tab and len(head) < 6 and not head.strip(" 0123456789"):
            continues, code = rest[:1] in "123456789" and bool(rest), rest
            code = code[1:] if continues else code
        else:
            continues = len(line) > 5 and line[5] not in " 0" and not line[:5].strip()
            code = line[6:dialect.width or None]
            if line[:6].lstrip().startswith("!"):
                continue
        if not continues:
            yield from filter(None, (part.strip() for part in _split(whole)))
            whole = ""
        whole += ";".join(_split(code))
    yield from filter(None, (part.strip() for part in _split(whole)))


def _split(line: str) -> list[str]:
    """A line at its semicolons, without its comment; signs in strings are none of these."""
    if "'" not in line and '"' not in line:
        return line.partition("!")[0].split(";")
    parts, start, quote = [], 0, ""
    for place, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == ";":
            parts.append(line[start:place])
            start = place + 1
        elif sign == "!":
            return [*parts, line[start:place]]
    return [*parts, line[start:]]


def _preprocessed(text: str, dialect: Dialect, read: Reader, depth: int) -> Iterator[str]:
    """The lines that the preprocessor keeps; where a condition cannot be told, those of all branches."""
    text = _CLASSIC_COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text.replace("\\\n", " "))
    # For each open #if: whether its present branch is kept, and whether one was already.
    open_ifs: list[tuple[bool, bool]] = []
    for line in text.splitlines():
        match = _DIRECTIVE.match(line)
        kept = all(present for present, _ in open_ifs)
        if not match:
            if kept:
                yield line
            continue
        word, rest = match.groups()
        if word in ("if", "ifdef", "ifndef"):
            now, certain = _holds(word, rest, dialect.defines)
            open_ifs.append((now, now and certain))
        elif word in ("elif", "else") and open_ifs:
            _, before = open_ifs.pop()
            now, certain = _holds("if", rest, dialect.defines) if word == "elif" else (True, True)
            open_ifs.append((now and not before, before or (now and certain)))
        elif word == "endif" and open_ifs:
            open_ifs.pop()
        elif kept:
            yield from _obey(word, rest, dialect, read, depth)


def _obey(word: str, rest: str, dialect: Dialect, read: Reader, depth: int) -> Iterator[str]:
    """#define, #undef and #include."""
    name = _NAME.match(rest)
    if word == "define" and name:
        value = rest[name.end():]
        if not value.startswith("("):  # a function's name is not what a module is called by
            dialect.defines[name.group()] = value.strip()
    elif word == "undef" and name:
        dialect.defines.pop(name.group(), None)
    elif word == "include" and depth < _MOST_NESTED:
        quoted = _QUOTED.match(rest)
        included = read(quoted.group(1)) if quoted else None
        if included is not None:
            yield from _preprocessed(included, dialect, read, depth + 1)


def _holds(word: str, condition: str, defines: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether a branch is kept, and whether that is certain."""
    if word != "if":
        name = _NAME.match(condition)
        return ((name is not None and name.group() in defines) == (word == "ifdef"), True)
    try:
        return (value(condition, defines) != 0, True)
    except ValueError:
        return (True, False)


def value(condition: str, defines: Mapping[str, str]) -> int:
    """The number that a condition of #if has; ValueError where it is not one of names, numbers and operators."""
    text = _DEFINED.sub(lambda match: str(int((match.group(1) or match.group(2)) in defines)), condition)
    for _ in range(_MOST_NESTED):
        text, count = _NAME.subn(lambda match: defines.get(match.group(), "0") or "0", text)
        if not count:
            break
        if len(text) > _LONGEST:
            raise ValueError(condition)
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKENS.match(text, place)
        if not match:
            raise ValueError(condition)
        tokens.append(match.group(1))
        place = match.end()
    return _Parser(tokens).all()


class _Parser:
    """C's operators, by precedence."""

    _LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens

    def all(self) -> int:
        """The value of everything."""
        result = self._level(0)
        if self._tokens:
            raise ValueError(self._tokens[0])
        return result

    def _level(self, level: int) -> int:
        if level == len(self._LEVELS):
            return self._single()
        left = self._level(level + 1)
        while self._tokens and self._tokens[0] in self._LEVELS[level]:
            operator = self._tokens.pop(0)
            left = _apply(operator, left, self._level(level + 1))
        return left

    def _single(self) -> int:
        if not self._tokens:
            raise ValueError("the end")
        token = self._tokens.pop(0)
        if token in ("!", "-", "+"):
            operand = self._single()
            return {"!": int(not operand), "-": -operand, "+": operand}[token]
        if token == "(":
            result = self._level(0)
            if not self._tokens or self._tokens.pop(0) != ")":
                raise ValueError(token)
            return result
        return int(token, 8 if token.isdigit() and token.startswith("0") else 0)


def _apply(operator: str, left: int, right: int) -> int:
    if operator in ("/", "%") and right == 0:
        raise ValueError(operator)
    results: dict[str, Callable[[], int]] = {
        "||": lambda: int(bool(left or right)), "&&": lambda: int(bool(left and right)),
        "==": lambda: int(left == right), "!=": lambda: int(left != right),
        "<": lambda: int(left < right), ">": lambda: int(left > right),
        "<=": lambda: int(left <= right), ">=": lambda: int(left >= right),
        "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
        "/": lambda: int(left / right), "%": lambda: left - right * int(left / right),
    }
    return results[operator]()


def defines_of(words: Iterable[str]) -> dict[str, str]:
    """The macros that flags define: -DNAME, -DNAME=value, -D NAME, undone by -U."""
    found: dict[str, str] = {}
    previous = ""
    for word in words:
        joined = previous + word if previous in ("-D", "-U") else word
        previous = "" if joined != word else word
        name, _, text = joined[2:].partition("=")
        if joined.startswith("-D") and name:
            found[name] = text if "=" in joined else "1"
        elif joined.startswith("-U"):
            found.pop(name, None)
    return found
