//! /dev/kvm and the virtual machine: opening, what it must be able to do, guest memory, interrupts.
// SPDX-License-Identifier: BSD-3-Clause
// The one place, beside memory.rs, that hands host addresses to KVM.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::io;

use kvm_bindings::{kvm_enable_cap, kvm_msi, kvm_userspace_memory_region, KVM_API_VERSION, KVM_CAP_SPLIT_IRQCHIP};
use kvm_ioctls::{Cap, Kvm, VmFd};

use crate::error::Error;
use crate::memory::Memory;

/// Pins of the IOAPIC that a split irqchip reserves routes for; none is used yet, 24 is a PC's number.
const IOAPIC_PINS: u64 = 24;
/// KVM's three TSS pages on old Intel CPUs: in the hole, below the firmware's usual place.
const TSS_ADDRESS: usize = 0xfffb_d000;
/// KVM's identity map page on old Intel CPUs, just below.
const IDENTITY_MAP: u64 = 0xfffb_c000;

/// Opens a KVM device and checks that it can do what uhyve needs.
pub fn open(device: &CStr) -> Result<Kvm, Error> {
    let name = device.to_string_lossy();
    let kvm = Kvm::new_with_path(device).map_err(|error| match error.errno() {
        nix::libc::ENOENT | nix::libc::ENXIO | nix::libc::ENODEV => Error::NoKvm(format!(
            "no {name}: switch virtualization on in the firmware and load the module kvm_intel or kvm_amd, \
             or use HERMIT_ISLE=qemu"
        )),
        nix::libc::EACCES | nix::libc::EPERM => {
            let mend = "join the group that owns it (often kvm), or use HERMIT_ISLE=qemu";
            Error::NoKvm(format!("no permission on {name}: {mend}"))
        }
        _ => Error::NoKvm(format!("{name}: {}", crate::error::plain(&io::Error::from_raw_os_error(error.errno())))),
    })?;
    if kvm.get_api_version() != KVM_API_VERSION as i32 {
        return Err(Error::NoKvm(format!(
            "{name} is no KVM device of API version {KVM_API_VERSION}, or too old: use HERMIT_ISLE=qemu"
        )));
    }
    let needed = [
        (Cap::UserMemory, "user memory"),
        (Cap::SplitIrqchip, "split irqchip"),
        (Cap::SignalMsi, "MSI"),
        (Cap::ExtCpuid, "CPUID"),
        (Cap::MpState, "MP state"),
        (Cap::Xcrs, "XCRs"),
    ];
    match needed.iter().find(|(cap, _)| !kvm.check_extension(*cap)) {
        Some((_, what)) => Err(Error::NoKvm(format!("this host's KVM is too old (no {what}): use HERMIT_ISLE=qemu"))),
        None => Ok(kvm),
    }
}

/// Refuses more vCPUs than a KVM runs that takes at most `most`.
pub fn check_cores(most: usize, cores: u32) -> Result<(), Error> {
    if cores as usize <= most {
        return Ok(());
    }
    let mend = "give fewer with --cpus (HERMIT_CPUS)";
    Err(Error::NoKvm(format!("this host's KVM runs at most {most} vCPUs, not {cores}: {mend}")))
}

/// A virtual machine with interrupt controllers and no memory.
pub fn create_vm(kvm: &Kvm) -> Result<VmFd, Error> {
    let vm = loop {
        match kvm.create_vm() {
            // A signal that arrives meanwhile: the host gives up only then.
            Err(error) if error.errno() == nix::libc::EINTR => {}
            other => break other.map_err(Error::kvm("KVM_CREATE_VM"))?,
        }
    };
    vm.set_tss_address(TSS_ADDRESS).map_err(Error::kvm("KVM_SET_TSS_ADDR"))?;
    vm.set_identity_map_address(IDENTITY_MAP).map_err(Error::kvm("KVM_SET_IDENTITY_MAP_ADDR"))?;
    // LAPICs in the kernel, no PIC, no PIT: a third of the start-up time of a full irqchip.
    let mut cap = kvm_enable_cap { cap: KVM_CAP_SPLIT_IRQCHIP, ..Default::default() };
    cap.args[0] = IOAPIC_PINS;
    vm.enable_cap(&cap).map_err(Error::kvm("KVM_CAP_SPLIT_IRQCHIP"))?;
    Ok(vm)
}

/// Shows the guest its RAM.
pub fn attach(vm: &VmFd, memory: &Memory) -> Result<(), Error> {
    for (slot, (guest_phys_addr, userspace_addr, memory_size)) in memory.slots().into_iter().enumerate() {
        let region =
            kvm_userspace_memory_region { slot: slot as u32, flags: 0, guest_phys_addr, memory_size, userspace_addr };
        // SAFETY: the slot is a mapping of that size, made for the guest alone and never unmapped.
        unsafe { vm.set_user_memory_region(region) }.map_err(Error::kvm("KVM_SET_USER_MEMORY_REGION"))?;
    }
    Ok(())
}

/// Interrupts core `core` with `vector`.
pub fn interrupt(vm: &VmFd, core: usize, vector: u8) {
    let msi = kvm_msi { address_lo: 0xfee0_0000 | (core as u32) << 12, data: u32::from(vector), ..Default::default() };
    // It fails only for a core that has no LAPIC yet, and that one waits for nothing.
    let _ = vm.signal_msi(msi);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_device_says_what_to_do() {
        let error = open(c"/proc/nonexistent/kvm").unwrap_err();
        assert_eq!(error.exit_code(), 125);
        assert!(error.to_string().contains("kvm_intel") && error.to_string().contains("HERMIT_ISLE=qemu"), "{error}");
    }

    #[test]
    fn a_kvm_of_few_vcpus_says_how_many() {
        assert!(check_cores(8, 8).is_ok());
        let error = check_cores(8, 9).unwrap_err();
        assert_eq!(error.exit_code(), 125);
        assert!(error.to_string().contains("at most 8 vCPUs, not 9"), "{error}");
    }

    #[test]
    fn another_device_is_refused() {
        let error = open(c"/dev/null").unwrap_err();
        assert_eq!(error.exit_code(), 125);
        assert!(error.to_string().contains("no KVM device"), "{error}");
    }
}
