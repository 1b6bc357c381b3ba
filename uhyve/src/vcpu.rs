//! One vCPU: its registers at the nub's entry, and the loop that runs it.
// SPDX-License-Identifier: BSD-3-Clause
use std::sync::Arc;

use hermit_abi::core::{NUB_TSS_LIMIT, SEL_KERNEL_CODE, SEL_KERNEL_DATA, SEL_TSS, VECTOR_SPURIOUS};
use hermit_abi::ring::{PORT_DOORBELL, PORT_PANIC};
use kvm_bindings::{
    kvm_dtable, kvm_lapic_state, kvm_mp_state, kvm_msr_entry, kvm_regs, kvm_segment, kvm_sregs, kvm_xcr, kvm_xcrs,
    CpuId, Msrs, KVM_MAX_CPUID_ENTRIES, KVM_MP_STATE_RUNNABLE,
};
use kvm_ioctls::{VcpuExit, VcpuFd, VmFd};

use crate::boot::Start;
use crate::clock::Epoch;
use crate::cpuid::{self, Facts};
use crate::end::End;
use crate::error::Error;
use crate::isle::Isle;
use crate::lost;

/// PE, MP, ET, NE, WP, AM, PG (Intel SDM vol. 3, 2.5).
const CR0: u64 = 0x8005_0033;
/// PAE, PGE, OSFXSR, OSXMMEXCPT, FSGSBASE, OSXSAVE. No SMAP: ring 0 reads the core blocks.
const CR4: u64 = 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 16 | 1 << 18;
const CR4_SMEP: u64 = 1 << 20;
/// LME, LMA, NXE; no SCE.
const EFER: u64 = 1 << 8 | 1 << 10 | 1 << 11;
/// IA32_TSC.
const MSR_TSC: u32 = 0x10;
/// IA32_MISC_ENABLE, and its fast-strings bit, which `rep movsb` wants.
const MSR_MISC_ENABLE: (u32, u64) = (0x1a0, 1);
/// IA32_MTRR_DEF_TYPE: MTRRs on, write-back (hosts with a passed-through device look at it).
const MSR_MTRR_DEF_TYPE: (u32, u64) = (0x2ff, 1 << 11 | 6);
/// LAPIC registers: spurious vector (bit 8 enables the LAPIC), and LINT0, which we mask.
const LAPIC_SPURIOUS: (usize, u32) = (0xf0, 1 << 8 | VECTOR_SPURIOUS as u32);
const LAPIC_LINT0: (usize, u32) = (0x350, 1 << 16);

/// A vCPU that is ready to run.
#[derive(Debug)]
pub struct Vcpu {
    fd: VcpuFd,
    core: usize,
}

impl Vcpu {
    /// Creates core `core`, with its CPUID; the registers come by [`Vcpu::enter`].
    pub fn new(vm: &VmFd, core: usize, cpuid: &CpuId) -> Result<Self, Error> {
        let fd = vm.create_vcpu(core as u64).map_err(Error::kvm("KVM_CREATE_VCPU"))?;
        let mut cpuid = cpuid.clone();
        cpuid::set_core(cpuid.as_mut_slice(), core as u32);
        fd.set_cpuid2(&cpuid).map_err(Error::kvm("KVM_SET_CPUID2"))?;
        Ok(Self { fd, core })
    }

    /// What the guest's CPU can do. Asked of the vCPU: the software KVM announces less than it then gives.
    pub fn facts(&self) -> Result<Facts, Error> {
        let cpuid = self.fd.get_cpuid2(KVM_MAX_CPUID_ENTRIES).map_err(Error::kvm("KVM_GET_CPUID2"))?;
        Ok(cpuid::facts(cpuid.as_slice()))
    }

    /// TSC frequency in kHz, 0 = KVM does not know it.
    pub fn tsc_khz(&self) -> u64 {
        self.fd.get_tsc_khz().map_or(0, u64::from)
    }

    /// The guest's TSC now, and the time; 0 and the time on a KVM that does not tell.
    pub fn epoch(&self) -> Epoch {
        Epoch::now(|| {
            let mut msrs = Msrs::from_entries(&[kvm_msr_entry { index: MSR_TSC, ..Default::default() }]).ok()?;
            let got = self.fd.get_msrs(&mut msrs).ok()?;
            (got == 1).then(|| msrs.as_slice()[0].data)
        })
    }

    /// Puts the vCPU at the nub's entry.
    pub fn enter(&self, start: &Start, facts: &Facts) -> Result<(), Error> {
        let old = self.fd.get_sregs().map_err(Error::kvm("KVM_GET_SREGS"))?;
        self.fd.set_sregs(&sregs(old, self.core, start, facts)).map_err(Error::kvm("KVM_SET_SREGS"))?;
        let mut xcrs = kvm_xcrs { nr_xcrs: 1, ..Default::default() };
        xcrs.xcrs[0] = kvm_xcr { xcr: 0, reserved: 0, value: facts.xcr0 };
        self.fd.set_xcrs(&xcrs).map_err(Error::kvm("KVM_SET_XCRS"))?;
        let regs = kvm_regs { rip: start.rip, rsp: start.rsp, rdi: start.nub_core, rflags: 2, ..Default::default() };
        self.fd.set_regs(&regs).map_err(Error::kvm("KVM_SET_REGS"))?;
        let entries = [MSR_MISC_ENABLE, MSR_MTRR_DEF_TYPE].map(|(index, data)| kvm_msr_entry {
            index,
            data,
            ..Default::default()
        });
        if let Ok(msrs) = Msrs::from_entries(&entries) {
            self.fd.set_msrs(&msrs).map_err(Error::kvm("KVM_SET_MSRS"))?;
        }
        let mut lapic = self.fd.get_lapic().map_err(Error::kvm("KVM_GET_LAPIC"))?;
        set_lapic(&mut lapic, LAPIC_SPURIOUS);
        set_lapic(&mut lapic, LAPIC_LINT0);
        self.fd.set_lapic(&lapic).map_err(Error::kvm("KVM_SET_LAPIC"))?;
        // All cores start at once; the guest holds back the ones it does not want yet.
        self.fd.set_mp_state(kvm_mp_state { mp_state: KVM_MP_STATE_RUNNABLE }).map_err(Error::kvm("KVM_SET_MP_STATE"))
    }

    /// Runs the guest on this thread until the isle ends.
    pub fn run(mut self, isle: &Arc<Isle>) -> ! {
        loop {
            if let Some(end) = self.step(isle) {
                isle.end(&end);
            }
        }
    }

    /// Runs to the next exit and handles it.
    fn step(&mut self, isle: &Arc<Isle>) -> Option<End> {
        let why = match self.fd.run() {
            Ok(VcpuExit::IoOut(PORT_DOORBELL, data)) => {
                let core = number(data) as usize;
                return isle.doorbell(core);
            }
            Ok(VcpuExit::IoOut(PORT_PANIC, data)) => {
                let vector = number(data);
                return Some(lost::nub(isle, self.core, &self.fd, vector));
            }
            // A PC's bus: nobody listens, nobody answers.
            Ok(VcpuExit::IoOut(..) | VcpuExit::Intr | VcpuExit::IoapicEoi(_)) => return None,
            Ok(VcpuExit::IoIn(_, data)) => {
                data.fill(0xff);
                return None;
            }
            Ok(VcpuExit::MmioRead(address, _)) => format!("it read physical address {address:#x}, where nothing is"),
            Ok(VcpuExit::MmioWrite(address, _)) => format!("it wrote physical address {address:#x}, where nothing is"),
            Ok(VcpuExit::Shutdown) => "triple fault".into(),
            Ok(VcpuExit::Hlt) => "it halted".into(),
            Ok(VcpuExit::InternalError) => "KVM could not emulate an instruction".into(),
            Ok(VcpuExit::FailEntry(reason, _)) => format!("the host's CPU refused to enter it, reason {reason:#x}"),
            Ok(other) => format!("unexpected exit {other:?}"),
            Err(error) if [nix::libc::EINTR, nix::libc::EAGAIN].contains(&error.errno()) => return None,
            Err(error) if error.errno() == nix::libc::ENOMEM => "the host is out of memory".into(),
            Err(error) => {
                format!("KVM_RUN: {}", crate::error::plain(&std::io::Error::from_raw_os_error(error.errno())))
            }
        };
        Some(lost::vcpu(isle, self.core, &self.fd, &why))
    }
}

/// The number that an `out` of 1, 2 or 4 bytes carries.
fn number(data: &[u8]) -> u32 {
    let mut word = [0; 4];
    let len = data.len().min(4);
    word[..len].copy_from_slice(&data[..len]);
    u32::from_le_bytes(word)
}

fn set_lapic(lapic: &mut kvm_lapic_state, (at, value): (usize, u32)) {
    for (slot, byte) in lapic.regs[at..at + 4].iter_mut().zip(value.to_le_bytes()) {
        *slot = byte as _;
    }
}

/// Ring 0, long mode, final tables; a busy TSS, as VMX wants it.
fn sregs(old: kvm_sregs, core: usize, start: &Start, facts: &Facts) -> kvm_sregs {
    let flat = kvm_segment { limit: 0xffff_ffff, present: 1, s: 1, g: 1, ..Default::default() };
    let none = kvm_segment { unusable: 1, ..Default::default() };
    kvm_sregs {
        cs: kvm_segment { selector: SEL_KERNEL_CODE, type_: 11, l: 1, ..flat },
        ss: kvm_segment { selector: SEL_KERNEL_DATA, type_: 3, db: 1, ..flat },
        ds: none,
        es: none,
        fs: none,
        gs: none,
        ldt: none,
        tr: kvm_segment {
            selector: SEL_TSS + 16 * core as u16,
            base: start.nub_core,
            limit: NUB_TSS_LIMIT as u32,
            type_: 11,
            present: 1,
            ..Default::default()
        },
        gdt: kvm_dtable { base: start.gdt.0, limit: start.gdt.1, ..Default::default() },
        idt: kvm_dtable { base: start.idt.0, limit: start.idt.1, ..Default::default() },
        cr0: CR0,
        cr3: start.cr3,
        cr4: CR4 | if facts.smep { CR4_SMEP } else { 0 },
        efer: EFER,
        ..old
    }
}
