//! The end of a vCPU that cannot go on: what it was doing, from its registers.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::Range;
use kvm_bindings::kvm_regs;
use kvm_ioctls::VcpuFd;

use crate::end::{End, Reason};
use crate::fault::{exception_name, Fault, Registers};
use crate::isle::Isle;

/// At most this much of the ring-0 stack is shown and unwound.
const STACK: u64 = 1024;

/// The nub gave up: exception `vector` hit it where it may not.
pub fn nub(isle: &Isle, core: usize, fd: &VcpuFd, vector: u32) -> End {
    let name = exception_name(u64::from(vector));
    end(isle, core, fd, &format!("kernel: panic: the nub cannot go on: exception {vector} ({name})"))
}

/// KVM stopped the vCPU: `why` says how.
pub fn vcpu(isle: &Isle, core: usize, fd: &VcpuFd, why: &str) -> End {
    end(isle, core, fd, &format!("kernel: panic: core {core} is lost: {why}"))
}

fn end(isle: &Isle, core: usize, fd: &VcpuFd, title: &str) -> End {
    let regs = fd.get_regs().unwrap_or_default();
    let address = fd.get_sregs().map_or(0, |sregs| sregs.cr2);
    let stack = nub_stack(isle, regs.rsp);
    let fault = Fault {
        core: core as u32,
        registers: registers(&regs),
        stack_va: regs.rsp,
        stack,
        address,
        ..Fault::default()
    };
    let text = fault.block(&format!("{title} at rip {:#x}, cr2 {address:#x}", regs.rip), &isle.run.image);
    End { code: 120, reason: Reason::Panic, text }
}

/// The stack, if it is the nub's own, whose addresses are physical.
fn nub_stack(isle: &Isle, rsp: u64) -> Vec<u8> {
    let nub = isle.plan.nub;
    let len = nub.end().saturating_sub(rsp).min(STACK);
    let mut stack = vec![0; len as usize];
    match nub.contains(&Range::new(rsp, len)) && isle.memory.read(rsp, &mut stack) {
        true => stack,
        false => Vec::new(),
    }
}

fn registers(regs: &kvm_regs) -> Registers {
    let general = [
        regs.rax, regs.rbx, regs.rcx, regs.rdx, regs.rsi, regs.rdi, regs.rbp, regs.rsp, regs.r8, regs.r9, regs.r10,
        regs.r11, regs.r12, regs.r13, regs.r14, regs.r15,
    ];
    Registers { general, rip: regs.rip, rflags: regs.rflags }
}
