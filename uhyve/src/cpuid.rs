//! What the guest's CPU shows of the host's: KVM's supported CPUID, less AMX, with each core's own APIC id.
// SPDX-License-Identifier: BSD-3-Clause
use kvm_bindings::kvm_cpuid_entry2;

use crate::error::Error;

/// XCR0 bits of AMX tiles: 8 KiB of state per thread that nothing of ours saves.
const XCR0_AMX: u64 = 3 << 17;
/// XCR0 bits of AVX.
const XCR0_AVX: u64 = 4;
/// XCR0 bits of AVX-512.
const XCR0_AVX512: u64 = 0xe0;

/// Facts of the guest's CPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// rdfsbase and friends.
    pub fsgsbase: bool,
    /// XSAVE.
    pub xsave: bool,
    /// Supervisor-mode execution prevention.
    pub smep: bool,
    /// AVX2 and its state.
    pub avx2: bool,
    /// AVX-512F and its state.
    pub avx512: bool,
    /// TSC that ticks at one rate always.
    pub invariant_tsc: bool,
    /// XCR0 for the guest: all of the host's state but AMX's.
    pub xcr0: u64,
}

impl Facts {
    /// The first missing thing without which no guest starts.
    pub fn require(&self) -> Result<(), Error> {
        match (self.xsave, self.fsgsbase) {
            (false, _) => Err(Error::Cpu("XSAVE")),
            (_, false) => Err(Error::Cpu("FSGSBASE")),
            _ => Ok(()),
        }
    }
}

/// Reads the facts from supported CPUID entries.
pub fn facts(entries: &[kvm_cpuid_entry2]) -> Facts {
    let leaf = |function, index| {
        entries.iter().find(|entry| entry.function == function && entry.index == index).copied().unwrap_or_default()
    };
    let (one, seven, state) = (leaf(1, 0), leaf(7, 0), leaf(0xd, 0));
    let xcr0 = (u64::from(state.edx) << 32 | u64::from(state.eax)) & !XCR0_AMX;
    Facts {
        fsgsbase: seven.ebx & 1 != 0,
        xsave: one.ecx & 1 << 26 != 0 && xcr0 & 3 == 3,
        smep: seven.ebx & 1 << 7 != 0,
        avx2: seven.ebx & 1 << 5 != 0 && xcr0 & XCR0_AVX != 0,
        avx512: seven.ebx & 1 << 16 != 0 && xcr0 & XCR0_AVX512 == XCR0_AVX512,
        invariant_tsc: leaf(0x8000_0007, 0).edx & 1 << 8 != 0,
        xcr0,
    }
}

/// Hides AMX and shows a hypervisor.
pub fn mask(entries: &mut [kvm_cpuid_entry2]) {
    let size = xsave_size(entries);
    for entry in entries {
        match (entry.function, entry.index) {
            (1, _) => entry.ecx |= 1 << 31,
            // AMX-BF16, AMX-TILE, AMX-INT8
            (7, 0) => entry.edx &= !(1 << 22 | 1 << 24 | 1 << 25),
            // AMX-FP16; AMX-COMPLEX
            (7, 1) => {
                entry.eax &= !(1 << 21);
                entry.edx &= !(1 << 8);
            }
            (0xd, 0) => {
                entry.eax &= !(XCR0_AMX as u32);
                // Largest area the guest can need; KVM itself computes ebx from the XCR0 in force.
                entry.ecx = size;
            }
            // XFD: only AMX uses it
            (0xd, 1) => entry.eax &= !(1 << 4),
            (0xd, 17 | 18) | (0x1d | 0x1e, _) => (entry.eax, entry.ebx, entry.ecx, entry.edx) = (0, 0, 0, 0),
            _ => {}
        }
    }
}

/// Bytes of an XSAVE area for all state but AMX's: legacy area and header, then where the last component ends.
fn xsave_size(entries: &[kvm_cpuid_entry2]) -> u32 {
    let used = facts(entries).xcr0;
    let components = entries
        .iter()
        .filter(|entry| entry.function == 0xd && (2..63).contains(&entry.index) && used & 1 << entry.index != 0);
    components.map(|entry| entry.eax.saturating_add(entry.ebx)).fold(576, u32::max)
}

/// Writes core `n`'s APIC id wherever the CPU tells it.
pub fn set_core(entries: &mut [kvm_cpuid_entry2], n: u32) {
    for entry in entries {
        match entry.function {
            1 => entry.ebx = entry.ebx & 0x00ff_ffff | n << 24,
            0xb | 0x1f => entry.edx = n,
            0x8000_001e => entry.eax = n,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(function: u32, index: u32, regs: [u32; 4]) -> kvm_cpuid_entry2 {
        kvm_cpuid_entry2 {
            function,
            index,
            eax: regs[0],
            ebx: regs[1],
            ecx: regs[2],
            edx: regs[3],
            ..Default::default()
        }
    }

    /// A host with AVX-512, PKRU and AMX.
    fn sapphire_rapids() -> Vec<kvm_cpuid_entry2> {
        vec![
            entry(1, 0, [0, 0x0510_0800, 1 << 26, 0]),
            entry(7, 0, [1, 1 | 1 << 5 | 1 << 7 | 1 << 16, 0, 1 << 22 | 1 << 24 | 1 << 25 | 1 << 4]),
            entry(0xb, 0, [0, 1, 0x100, 5]),
            entry(0xd, 0, [0x6_02e7, 0, 11008, 0]),
            entry(0xd, 2, [256, 576, 0, 0]),
            entry(0xd, 7, [1024, 1664, 0, 0]),
            entry(0xd, 9, [8, 2688, 0, 0]),
            entry(0xd, 17, [64, 2752, 2, 0]),
            entry(0xd, 18, [8192, 2816, 6, 0]),
            entry(0x1d, 1, [1, 2, 3, 4]),
        ]
    }

    #[test]
    fn amx_is_hidden_and_the_rest_stays() {
        let mut entries = sapphire_rapids();
        mask(&mut entries);
        let after = facts(&entries);
        assert_eq!(after.xcr0, 0x2e7);
        assert!(after.avx2 && after.avx512 && after.smep && after.fsgsbase && after.xsave);
        assert_eq!(entries[0].ecx >> 31, 1);
        assert_eq!(entries[1].edx, 1 << 4);
        assert_eq!((entries[3].eax, entries[3].ecx), (0x2e7, 2696));
        assert!(entries[7..].iter().all(|entry| entry.eax | entry.ebx | entry.ecx | entry.edx == 0));
    }

    #[test]
    fn every_core_has_its_own_apic_id() {
        let mut entries = sapphire_rapids();
        set_core(&mut entries, 3);
        assert_eq!(entries[0].ebx, 0x0310_0800);
        assert_eq!(entries[2].edx, 3);
    }

    #[test]
    fn a_cpu_without_fsgsbase_or_xsave_is_refused() {
        let mut entries = sapphire_rapids();
        entries[1].ebx &= !1;
        assert!(facts(&entries).require().unwrap_err().to_string().contains("FSGSBASE"));
        entries[0].ecx = 0;
        let error = facts(&entries).require().unwrap_err();
        assert!(error.to_string().contains("XSAVE"));
        assert_eq!(error.exit_code(), 125);
        assert!(facts(&[]).require().is_err());
        assert!(facts(&sapphire_rapids()).require().is_ok());
    }
}
