//! What this CPU can do, its time-stamp counter and its random numbers.
// SPDX-License-Identifier: BSD-3-Clause
#![allow(unused_unsafe)] // newer compilers count some of these intrinsics as safe
use core::arch::asm;
use core::arch::x86_64::{__cpuid_count, _mm_lfence, _mm_pause, _rdtsc};
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// HERMIT_CPU_* of hermit/syscalls.h.
const AVX2: u32 = 1;
const AVX512: u32 = 2;
const ERMS: u32 = 4;
const FSRM: u32 = 8;
/// Our own, above the published ones.
const RDRAND: u32 = 1 << 30;
const RDSEED: u32 = 1 << 31;
const PUBLIC: u32 = AVX2 | AVX512 | ERMS | FSRM;

/// XCR0: SSE and AVX state; with AVX-512's three.
const XCR0_AVX: u64 = 0x06;
const XCR0_AVX512: u64 = 0xe6;

/// What the C library's string functions choose by.
#[no_mangle]
#[allow(non_upper_case_globals)]
static hermit_cpu_features: AtomicU32 = AtomicU32::new(0);

/// Bytes of an XSAVE area with all that this guest's XCR0 enables; the upcall saves no more than that.
#[no_mangle]
#[allow(non_upper_case_globals)]
pub(super) static hermit_xsave_size: AtomicU64 = AtomicU64::new(0);

static OWN_FEATURES: AtomicU32 = AtomicU32::new(0);

/// Asks CPUID once: each question is an exit on every virtual CPU.
pub fn init() {
    let mut features = 0;
    let (basic, extended) = (cpuid(1, 0), cpuid(7, 0));
    let xcr0 = xcr0();
    let mut note = |bit: u32, present: bool| features |= if present { bit } else { 0 };
    // with BMI1, BMI2 and FMA, which came with it: only a hypervisor could hide one alone
    let common = 1 << 5 | 1 << 3 | 1 << 8;
    note(AVX2, xcr0 & XCR0_AVX == XCR0_AVX && extended[1] & common == common && basic[2] & 1 << 12 != 0);
    // F, BW, VL
    let wide = 1 << 16 | 1 << 30 | 1 << 31;
    note(AVX512, xcr0 & XCR0_AVX512 == XCR0_AVX512 && extended[1] & wide == wide);
    note(ERMS, extended[1] & 1 << 9 != 0);
    note(FSRM, extended[3] & 1 << 4 != 0);
    note(RDRAND, basic[2] & 1 << 30 != 0);
    note(RDSEED, extended[1] & 1 << 18 != 0);
    OWN_FEATURES.store(features, Ordering::Relaxed);
    hermit_cpu_features.store(features & PUBLIC, Ordering::Relaxed);
    hermit_xsave_size.store(u64::from(cpuid(0xd, 0)[1]), Ordering::Relaxed);
}

pub(super) fn cpuid(leaf: u32, sub: u32) -> [u32; 4] {
    // SAFETY: every 64-bit CPU has CPUID.
    let result = unsafe { __cpuid_count(leaf, sub) };
    [result.eax, result.ebx, result.ecx, result.edx]
}

pub(super) fn xcr0() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: XSAVE is there, or the image would not have been booted.
    unsafe { asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") high, options(nomem, nostack, preserves_flags)) };
    u64::from(high) << 32 | u64::from(low)
}

/// The time-stamp counter, read after everything before it.
#[inline(always)]
pub fn ticks() -> u64 {
    // SAFETY: both exist on every 64-bit CPU; CR4.TSD is never set.
    unsafe {
        _mm_lfence();
        _rdtsc()
    }
}

/// The time-stamp counter, read at about this point of the program.
#[inline(always)]
pub fn ticks_about() -> u64 {
    // SAFETY: as in `ticks`.
    unsafe { _rdtsc() }
}

/// A hint that this is a spin loop.
pub fn relax() {
    // SAFETY: a no-op on CPUs without it.
    unsafe { _mm_pause() };
}

/// 64 random bits of the CPU's, if it has any to give.
pub fn random() -> Option<u64> {
    let features = OWN_FEATURES.load(Ordering::Relaxed);
    (0..10).find_map(|_| random_once(features))
}

fn random_once(features: u32) -> Option<u64> {
    let (value, carry): (u64, u8);
    if features & RDSEED != 0 {
        // SAFETY: CPUID has RDSEED.
        unsafe { asm!("rdseed {}", "setc {}", out(reg) value, out(reg_byte) carry, options(nomem, nostack)) };
    } else if features & RDRAND != 0 {
        // SAFETY: CPUID has RDRAND.
        unsafe { asm!("rdrand {}", "setc {}", out(reg) value, out(reg_byte) carry, options(nomem, nostack)) };
    } else {
        return None;
    }
    (carry != 0).then_some(value)
}
