//! What a program was compiled for: the bits of its word `hermit_isa`, and how CPUID tells whether they are there.
//!
//! The word is in an image whose `main` was compiled for more than x86-64's baseline; the x86_64-hermit-* commands write it, from the
//! same list (isa.json of the plugin). Names are those of GCC's -m options.
// SPDX-License-Identifier: BSD-3-Clause

/// One bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// GCC's name: -mNAME.
    pub name: &'static str,
    /// CPUID's input in eax.
    pub leaf: u32,
    /// CPUID's input in ecx.
    pub sub: u32,
    /// Index of the register among eax, ebx, ecx, edx.
    pub register: usize,
    /// Bit of that register.
    pub bit: u32,
    /// Bits of XCR0 without which it cannot be used.
    pub state: u64,
}

const EAX: usize = 0;
const EBX: usize = 1;
const ECX: usize = 2;
const EDX: usize = 3;
/// AMD's leaf of features.
const EXTENDED: u32 = 0x8000_0001;
const NONE: u64 = 0;
/// SSE and AVX registers.
const AVX: u64 = 0x06;
/// With AVX-512's three.
const AVX512: u64 = 0xe6;

const fn feature(name: &'static str, leaf: u32, sub: u32, register: usize, bit: u32, state: u64) -> Feature {
    Feature { name, leaf, sub, register, bit, state }
}

/// Bit n of the word is `FEATURES[n]`.
#[rustfmt::skip]
pub const FEATURES: [Feature; 45] = [
    feature("sse3", 1, 0, ECX, 0, NONE),
    feature("ssse3", 1, 0, ECX, 9, NONE),
    feature("sse4.1", 1, 0, ECX, 19, NONE),
    feature("sse4.2", 1, 0, ECX, 20, NONE),
    feature("popcnt", 1, 0, ECX, 23, NONE),
    feature("movbe", 1, 0, ECX, 22, NONE),
    feature("aes", 1, 0, ECX, 25, NONE),
    feature("pclmul", 1, 0, ECX, 1, NONE),
    feature("rdrnd", 1, 0, ECX, 30, NONE),
    feature("f16c", 1, 0, ECX, 29, AVX),
    feature("fma", 1, 0, ECX, 12, AVX),
    feature("avx", 1, 0, ECX, 28, AVX),
    feature("avx2", 7, 0, EBX, 5, AVX),
    feature("bmi", 7, 0, EBX, 3, NONE),
    feature("bmi2", 7, 0, EBX, 8, NONE),
    feature("lzcnt", EXTENDED, 0, ECX, 5, NONE),
    feature("adx", 7, 0, EBX, 19, NONE),
    feature("rdseed", 7, 0, EBX, 18, NONE),
    feature("sha", 7, 0, EBX, 29, NONE),
    feature("gfni", 7, 0, ECX, 8, NONE),
    feature("vaes", 7, 0, ECX, 9, AVX),
    feature("vpclmulqdq", 7, 0, ECX, 10, AVX),
    feature("avx512f", 7, 0, EBX, 16, AVX512),
    feature("avx512cd", 7, 0, EBX, 28, AVX512),
    feature("avx512bw", 7, 0, EBX, 30, AVX512),
    feature("avx512dq", 7, 0, EBX, 17, AVX512),
    feature("avx512vl", 7, 0, EBX, 31, AVX512),
    feature("avx512ifma", 7, 0, EBX, 21, AVX512),
    feature("avx512vbmi", 7, 0, ECX, 1, AVX512),
    feature("avx512vbmi2", 7, 0, ECX, 6, AVX512),
    feature("avx512vnni", 7, 0, ECX, 11, AVX512),
    feature("avx512bitalg", 7, 0, ECX, 12, AVX512),
    feature("avx512vpopcntdq", 7, 0, ECX, 14, AVX512),
    feature("avx512bf16", 7, 1, EAX, 5, AVX512),
    feature("avxvnni", 7, 1, EAX, 4, AVX),
    feature("avx512er", 7, 0, EBX, 27, AVX512),
    feature("avx512pf", 7, 0, EBX, 26, AVX512),
    feature("avx5124vnniw", 7, 0, EDX, 2, AVX512),
    feature("avx5124fmaps", 7, 0, EDX, 3, AVX512),
    feature("avx512vp2intersect", 7, 0, EDX, 8, AVX512),
    feature("avx512fp16", 7, 0, EDX, 23, AVX512),
    feature("sse4a", EXTENDED, 0, ECX, 6, NONE),
    feature("fma4", EXTENDED, 0, ECX, 16, AVX),
    feature("xop", EXTENDED, 0, ECX, 11, AVX),
    feature("tbm", EXTENDED, 0, ECX, 21, NONE),
];

/// The bits that GCC's -march=x86-64-v2 and -v3 allow.
pub const LEVELS: [(&str, &[&str]); 2] = [
    (
        "x86-64-v3",
        &["sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", "movbe", "f16c", "fma", "avx", "avx2", "bmi", "bmi2", "lzcnt"],
    ),
    ("x86-64-v2", &["sse3", "ssse3", "sse4.1", "sse4.2", "popcnt"]),
];
