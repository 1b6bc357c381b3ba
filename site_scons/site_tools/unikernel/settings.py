"""What the launcher was asked for: HERMIT_* variables, then options, checked."""
# SPDX-License-Identifier: BSD-3-Clause
# proxy imports this on every start: nothing heavier than os (no dataclasses, no argparse).
import os

from . import cores, sizes
from .messages import EXIT_USAGE, UnikernelError

ISLES = ("uhyve", "qemu")
SMALLEST = 1 << 20  # bytes of guest memory that any image needs at least

# Variables of later versions: name -> (what they come with, values that ask for nothing).
LATER = {
    "HERMIT_MOUNT": ("files", ()),
    "HERMIT_DEBUG": ("the gdb stub", ("0",)),
    "HERMIT_MONITOR": ("the QEMU monitor", ("0",)),
    "HERMIT_PORT": ("the QEMU monitor", ()),
    "HERMIT_APP_PORT": ("networking", ()),
    "HERMIT_CAPTURE_NET": ("networking", ("0",)),
    "HERMIT_NETIF": ("networking", ()),
    "HERMIT_NETIF_MAC": ("networking", ()),
    "HERMIT_IP": ("networking", ()),
    "HERMIT_GATEWAY": ("networking", ()),
    "HERMIT_MASK": ("networking", ()),
    "HERMIT_HUGEPAGE": ("the choice of page sizes", ("1",)),
    "HERMIT_MERGEABLE": ("the choice of page sizes", ("0",)),
    "HERMIT_CHECKPOINT": ("checkpoints", ("0", "off")),
    "HERMIT_FULLCHECKPOINT": ("checkpoints", ("0", "off")),
}
LATER_OPTIONS = {"--mount": "files", "--net": "networking", "--gdb": "the gdb stub", "--stats": "statistics"}
# Options with a value, and the attribute each sets; the short ones are those that people know from docker and qemu.
_VALUED = {
    "-m": "mem", "--mem": "mem", "-c": "cpus", "--cpus": "cpus", "-e": "env", "--env": "env", "--stack": "stack",
    "--isle": "isle", "--timeout": "timeout", "--result": "result", "--pin": "pin",
}


class Settings:
    """Checked wishes. Sizes are bytes, 0 = not given; `isle`, `pin` and `timeout` are "" if not given."""

    def __init__(self) -> None:
        self.isle = ""
        self.mem = 0
        self.stack = 0
        self.cpus = 0  # cores.ALL = all of the host's
        self.pin = ""  # off, auto, or a list of host cores
        self.verbose = False
        self.kvm = True
        self.qemu = ""  # the user's own QEMU
        self.timeout = ""  # seconds, a decimal number
        self.result = ""
        self.env: list[str] = []  # NAME=VALUE, for the guest
        self.program: list[str] = []  # the image and its arguments
        self.ask = ""  # --help or --version

    def set(self, name: str, text: str, origin: str) -> None:
        """Check and store one value; `origin` is the variable or option to blame."""
        if name in ("mem", "stack"):
            setattr(self, name, _size(text, origin, SMALLEST if name == "mem" else 1))
        elif name in ("verbose", "kvm"):
            setattr(self, name, _switch(text, origin))
        elif name == "cpus":
            self.cpus = _cores(text, origin)
        elif name == "pin":
            self.pin = _pin(text, origin)
        elif name == "isle":
            self.isle = _isle(text, origin)
        elif name == "timeout":
            self.timeout = _seconds(text, origin)
        elif name == "env":
            self.env.append(_assignment(text, origin))
        else:
            setattr(self, name, text)


def read_environ(settings: Settings, environ: "os._Environ[str]") -> None:
    """Take the HERMIT_* variables; an empty one counts as unset, an unknown one is no business of ours."""
    known = ("isle", "mem", "cpus", "pin", "stack", "verbose", "kvm", "qemu")
    for variable, text in environ.items():
        if not variable.startswith("HERMIT_") or not text:
            continue
        name = variable[len("HERMIT_"):].lower()
        if name in known and variable.isupper():
            settings.set(name, text, variable)
        else:
            _refuse_later(variable, text)


def read_options(settings: Settings, words: list[str]) -> None:
    """Take the options before the image; what follows it is the program's own."""
    place = 0
    while place < len(words) and words[place].startswith("-") and words[place] != "-":
        word, place = words[place], place + 1
        if word == "--":
            break
        option, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        if option in ("-h", "--help", "--version"):
            settings.ask = "--help" if option == "-h" else option
            return
        if option == "--verbose" and not equals:
            settings.verbose = True
        elif option in _VALUED:
            if not equals:
                text, place = _next(words, place, option), place + 1
            settings.set(_VALUED[option], text, option)
        elif option in LATER_OPTIONS:
            raise _later(option, LATER_OPTIONS[option])
        else:
            raise UnikernelError("unknown option", word, "proxy --help lists them", EXIT_USAGE)
    settings.program = words[place:]


def _next(words: list[str], place: int, option: str) -> str:
    if place == len(words):
        raise UnikernelError(f"{option} wants a value", "", "proxy --help lists the options", EXIT_USAGE)
    return words[place]


def _refuse_later(variable: str, text: str) -> None:
    what, harmless = LATER.get(variable, ("", ()))
    if variable.startswith("HERMIT_MIGRATION_"):
        what = "migration"
    if what and text not in harmless:
        raise _later(variable, what)


def _later(name: str, what: str) -> UnikernelError:
    return UnikernelError(f"{name}: comes with {what} in a later version", "", "leave it out", EXIT_USAGE)


def _wrong(origin: str, text: str, mend: str) -> UnikernelError:
    return UnikernelError(f"wrong value {origin}={text}", "", mend, EXIT_USAGE)


def _size(text: str, origin: str, least: int) -> int:
    mend = "give bytes, or a number with K, M, G or T"
    try:
        size = sizes.parse(text)
    except ValueError:
        raise _wrong(origin, text, mend) from None
    if size < least:
        raise _wrong(origin, text, f"at least {sizes.short(least)}")
    return size


def _switch(text: str, origin: str) -> bool:
    if text not in ("0", "1"):
        raise _wrong(origin, text, "give 0 or 1")
    return text == "1"


def _cores(text: str, origin: str) -> int:
    try:
        return cores.parse(text)
    except ValueError as error:
        raise _wrong(origin, text, str(error)) from None


def _pin(text: str, origin: str) -> str:
    try:
        if text not in ("off", "auto"):
            cores.host_list(text)
    except ValueError:
        raise _wrong(origin, text, "give off, auto, or host cores such as 0,2-3") from None
    return text


def _isle(text: str, origin: str) -> str:
    if text == "auto":
        return ""
    if text not in ISLES:
        raise _wrong(origin, text, f"give {' or '.join(ISLES)}")
    return text


def _seconds(text: str, origin: str) -> str:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12 and float(text) > 0):
        raise _wrong(origin, text, "give seconds, more than 0")
    return text


def _assignment(text: str, origin: str) -> str:
    name, equals, _ = text.partition("=")
    if not name or not equals:
        raise _wrong(origin, text, "give NAME=VALUE")
    return text
