//! Random numbers: ChaCha20 over the host's seed, the CPU's generator and the time of boot.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::arch::cpu;
use crate::sync::Mutex;

static GENERATOR: Mutex<Option<ChaCha20Rng>> = Mutex::new(None);

/// Seeds the generator.
pub fn init(host: [u64; 2]) {
    let words = [host[0], host[1], cpu::ticks(), 0].map(|word| word ^ cpu::random().unwrap_or(0));
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    *GENERATOR.lock() = Some(ChaCha20Rng::from_seed(seed));
}

/// Fills `bytes`.
pub fn fill(bytes: &mut [u8]) {
    if let Some(generator) = GENERATOR.lock().as_mut() {
        generator.fill_bytes(bytes);
    }
}

/// 64 random bits.
pub fn word() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
