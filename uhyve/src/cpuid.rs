//! What the guest's CPU shows of the host's: KVM's supported CPUID, less AMX, with each core's own APIC id.
// SPDX-License-Identifier: BSD-3-Clause
use kvm_bindings::{kvm_cpuid_entry2, KVM_CPUID_FLAG_SIGNIFCANT_INDEX};

use crate::error::Error;

/// XCR0 bits of AMX tiles: 8 KiB of state per thread that nothing of ours saves.
const XCR0_AMX: u64 = 3 << 17;
/// XCR0 bits of AVX.
const XCR0_AVX: u64 = 4;
/// XCR0 bits of AVX-512.
const XCR0_AVX512: u64 = 0xe0;

/// Leaf 0's ebx of AMD's CPUs and Hygon's: "Auth", "Hygo".
const AMD_VENDORS: [u32; 2] = [0x6874_7541, 0x6f67_7948];
/// The leaves that describe the topology level by level.
const X2APIC_LEAVES: [u32; 2] = [0xb, 0x1f];

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

/// Describes one package of `cores` cores with one thread each, whatever the host's own topology is.
pub fn topology(entries: &[kvm_cpuid_entry2], cores: u32) -> Vec<kvm_cpuid_entry2> {
    let first = entries.iter().find(|entry| entry.function == 0).copied().unwrap_or_default();
    let amd = AMD_VENDORS.contains(&first.ebx);
    // Bits of an APIC id.
    let width = cores.next_power_of_two().trailing_zeros();
    let mut list: Vec<_> = entries.iter().copied().filter(|entry| !X2APIC_LEAVES.contains(&entry.function)).collect();
    for entry in &mut list {
        match entry.function {
            1 => {
                entry.ebx = entry.ebx & !0x00ff_0000 | cores << 16;
                set_bit(&mut entry.edx, 28, cores > 1);
            }
            // Intel's and AMD's list of caches: the third level is shared by all, the others by nobody.
            4 | 0x8000_001d if entry.eax & 0x1f != 0 => {
                let sharing = if entry.eax >> 5 & 7 >= 3 { (1 << width) - 1 } else { 0 };
                let ids = if entry.function == 4 { ((1_u32 << width) - 1).min(0x3f) << 26 } else { 0 };
                entry.eax = entry.eax & 0x3fff | sharing << 14 | ids;
            }
            0x8000_0001 if amd => set_bit(&mut entry.ecx, 1, cores > 1),
            0x8000_0008 if amd => entry.ecx = width << 12 | (cores - 1),
            // One node.
            0x8000_001e => entry.ecx = 0,
            _ => {}
        }
    }
    for function in X2APIC_LEAVES.into_iter().filter(|&function| function <= first.eax) {
        // Level 0 threads, level 1 cores, then the end.
        for (index, [eax, ebx, ecx]) in [[0, 1, 1 << 8], [width, cores, 2 << 8 | 1], [0, 0, 2]].into_iter().enumerate()
        {
            let (index, flags) = (index as u32, KVM_CPUID_FLAG_SIGNIFCANT_INDEX);
            list.push(kvm_cpuid_entry2 { function, index, flags, eax, ebx, ecx, ..Default::default() });
        }
    }
    list
}

fn set_bit(word: &mut u32, bit: u32, value: bool) {
    *word = *word & !(1 << bit) | u32::from(value) << bit;
}

/// Writes core `n`'s APIC id wherever the CPU tells it.
pub fn set_core(entries: &mut [kvm_cpuid_entry2], n: u32) {
    for entry in entries {
        match entry.function {
            1 => entry.ebx = entry.ebx & 0x00ff_ffff | n << 24,
            0xb | 0x1f => entry.edx = n,
            // Compute unit n, one thread in it.
            0x8000_001e => (entry.eax, entry.ebx) = (n, n),
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

    /// The words of one leaf.
    fn leaf(entries: &[kvm_cpuid_entry2], function: u32, index: u32) -> [u32; 4] {
        let found = entries.iter().find(|entry| (entry.function, entry.index) == (function, index)).unwrap();
        [found.eax, found.ebx, found.ecx, found.edx]
    }

    #[test]
    fn the_topology_is_one_package_of_single_threads() {
        let mut host = sapphire_rapids();
        // Intel with leaf 0x1f, caches of the first and third level, a host of 56 cores with two threads each.
        host.push(entry(0, 0, [0x20, 0x756e_6547, 0, 0]));
        host.extend([entry(4, 0, [0xfc00_4121, 7, 7, 7]), entry(4, 3, [0xfc1b_c163, 7, 7, 7]), entry(4, 4, [0; 4])]);
        for (cores, width) in [(1, 0), (2, 1), (6, 3), (64, 6), (252, 8)] {
            let guest = topology(&host, cores);
            assert_eq!(leaf(&guest, 1, 0)[1] >> 16 & 0xff, cores);
            assert_eq!(leaf(&guest, 1, 0)[3] >> 28 & 1, u32::from(cores > 1));
            for function in [0xb, 0x1f] {
                assert_eq!(leaf(&guest, function, 0)[..3], [0, 1, 0x100], "a thread");
                assert_eq!(leaf(&guest, function, 1)[..3], [width, cores, 0x201], "a core");
                assert_eq!(leaf(&guest, function, 2)[..3], [0, 0, 2], "the end");
            }
            assert_eq!(leaf(&guest, 4, 0)[0] & 0x03ff_ffff, 0x0121, "a core's own cache");
            assert_eq!(leaf(&guest, 4, 3)[0] >> 14 & 0xfff, (1 << width) - 1, "the shared one");
            assert_eq!(leaf(&guest, 4, 3)[0] >> 26, ((1 << width) - 1).min(63));
            assert_eq!(leaf(&guest, 4, 4)[0], 0);
        }
    }

    #[test]
    fn amd_counts_its_cores_elsewhere() {
        let host = [
            entry(0, 0, [0xd, 0x6874_7541, 0, 0]),
            entry(0x8000_0001, 0, [0, 0, 2, 0]),
            entry(0x8000_0008, 0, [48, 1, 0x701f, 0]),
            entry(0x8000_001d, 3, [0x3_c163, 0, 0, 0]),
            entry(0x8000_001e, 0, [9, 0x0103, 0x0301, 0]),
        ];
        let mut guest = topology(&host, 3);
        set_core(&mut guest, 2);
        assert_eq!(leaf(&guest, 0x8000_0008, 0), [48, 1, 0x2002, 0]);
        assert_eq!(leaf(&guest, 0x8000_0001, 0)[2], 2);
        assert_eq!(leaf(&topology(&host, 1), 0x8000_0001, 0)[2], 0);
        assert_eq!(leaf(&guest, 0x8000_001d, 3)[0], 0x163 | 3 << 14);
        assert_eq!(leaf(&guest, 0x8000_001e, 0), [2, 2, 0, 0]);
        assert_eq!(leaf(&guest, 0xb, 1), [2, 3, 0x201, 2], "its id, too");
        assert!(guest.iter().all(|entry| entry.function != 0x1f), "beyond its last leaf");
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
