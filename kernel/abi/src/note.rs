//! ELF notes of an image, all with the name "Hermit".
// SPDX-License-Identifier: BSD-3-Clause

/// Name of our notes, NUL included.
pub const NAME: &[u8; 7] = b"Hermit\0";

/// Note type of [`ImageNote`], from crt0.
pub const TYPE_IMAGE: u32 = 1;
/// Note type of [`DefaultsNote`], from UnikernelProgram; may be absent.
pub const TYPE_DEFAULTS: u32 = 2;

/// Where the nub is. Addresses are link addresses relative to the note's own `descriptor` address, so no relocation is needed:
/// `field + address of this field`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageNote {
    /// [`crate::ABI_VERSION`].
    pub version: u32,
    /// 0.
    pub reserved: u32,
    /// 64-bit entry in ring 0: rdi = [`crate::core::NubCore`] address.
    pub entry: i64,
    /// First byte of the nub's text (page aligned).
    pub nub_start: i64,
    /// End of the nub's text (page aligned).
    pub nub_end: i64,
    /// Entry code of vector 0; vector n at `+ n * VECTOR_STRIDE`.
    pub vectors: i64,
}

/// A program's defaults; 0 means none given.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DefaultsNote {
    /// Cores; u32::MAX = all of the host's.
    pub cpus: u32,
    /// Bit 0: jit.
    pub flags: u32,
    /// Memory in bytes.
    pub mem: u64,
    /// Main stack in bytes.
    pub stack: u64,
}

/// `DefaultsNote::flags`: the program may turn its writable pages executable.
pub const DEFAULTS_JIT: u32 = 1;
