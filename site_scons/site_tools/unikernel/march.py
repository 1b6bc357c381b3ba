"""Resolves -march=native to explicit flags from the host's CPUID, as the kernel reports it, without a compiler."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
from pathlib import Path

# Name in /proc/cpuinfo (arch/x86/include/asm/cpufeatures.h) -> GCC 12 option. Left out on purpose: what a guest does
# not get (AMX, rdpid, monitor) and what no compiler emits by itself.
_FEATURES = {
    "pni": "sse3", "ssse3": "ssse3", "sse4_1": "sse4.1", "sse4_2": "sse4.2", "popcnt": "popcnt", "cx16": "cx16",
    "lahf_lm": "sahf", "movbe": "movbe", "aes": "aes", "pclmulqdq": "pclmul", "abm": "lzcnt", "bmi1": "bmi",
    "bmi2": "bmi2", "adx": "adx", "rdrand": "rdrnd", "rdseed": "rdseed", "fsgsbase": "fsgsbase", "f16c": "f16c",
    "fma": "fma", "avx": "avx", "avx2": "avx2", "avx512f": "avx512f", "avx512cd": "avx512cd", "avx512bw": "avx512bw",
    "avx512dq": "avx512dq", "avx512vl": "avx512vl", "avx512ifma": "avx512ifma", "avx512vbmi": "avx512vbmi",
    "avx512_vbmi2": "avx512vbmi2", "avx512_vnni": "avx512vnni", "avx512_bitalg": "avx512bitalg",
    "avx512_vpopcntdq": "avx512vpopcntdq", "avx512_bf16": "avx512bf16", "avx_vnni": "avxvnni", "gfni": "gfni",
    "vaes": "vaes", "vpclmulqdq": "vpclmulqdq", "sha_ni": "sha", "clflushopt": "clflushopt", "clwb": "clwb",
    "3dnowprefetch": "prfchw", "sse4a": "sse4a", "fma4": "fma4", "xop": "xop", "tbm": "tbm",
}
_BASE = ["-march=x86-64", "-mtune=generic"]


def resolve(flag: str) -> list[str]:
    """`flag` itself, or what it stands for where it means this host's processor."""
    if flag == "-march=native":
        return [*_BASE, *_native()]
    if flag == "-mtune=native":
        return ["-mtune=generic"]
    return [flag]


def from_cpuinfo(text: str) -> list[str]:
    """The options for the processor that /proc/cpuinfo's `text` describes (its first one)."""
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            have = set(value.split())
            return [f"-m{option}" for feature, option in _FEATURES.items() if feature in have]
    return []


@functools.cache
def _native() -> tuple[str, ...]:
    return tuple(from_cpuinfo(Path("/proc/cpuinfo").read_text()))
