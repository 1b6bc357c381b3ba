"""Which of libm's functions are doubled, and what chooses between the two."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from unikernel import libmfma

_PLAIN = """
fma/s_sin.o:
0000000000000000 T sin

fma/k_sin.o:
0000000000000000 T __kernel_sin
                 U sin
"""
_ARCHIVE = """\
/some/libm.a:lib_a-s_sin.o:0000000000000000 T sin
/some/libm.a:lib_a-k_sin.o:0000000000000000 T __kernel_sin
/some/libm.a:lib_a-w_erf.o:0000000000000000 T erf
/some/libm.a:lib_a-w_erf.o:0000000000000040 T erfc
"""


def test_names_that_are_defined() -> None:
    assert libmfma.defined(_PLAIN) == {"sin", "__kernel_sin"}


def test_only_public_names_are_chosen_for() -> None:
    assert libmfma.public({"sin", "__kernel_sin", "acos"}) == ["acos", "sin"]


def test_members_that_are_renamed() -> None:
    found = libmfma.members(_ARCHIVE, ["sin", "erf", "erfc", "tan"])
    assert found == {"lib_a-s_sin.o": {"sin"}, "lib_a-w_erf.o": {"erf", "erfc"}}


def test_a_choice_jumps_to_either() -> None:
    text = libmfma.choice("sin")
    assert text.startswith("\t.text\n\t.globl\tsin\n")
    assert "je\t__sse2_sin\n\tjmp\t__fma_sin\n" in text
