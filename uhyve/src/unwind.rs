//! Walks a copied stack by the image's call frame information (.eh_frame).
// SPDX-License-Identifier: BSD-3-Clause
use gimli::{
    BaseAddresses, CfaRule, EhFrame, Register, RegisterRule, UnwindContext, UnwindSection, UnwindTableRow, X86_64,
};
use object::{Object, ObjectSection};

use crate::bytes::u64_at;
use crate::fault::Fault;
use crate::symbolize::{slice, Slice};

/// Most frames that are printed.
const MAX_FRAMES: usize = 64;

/// DWARF's numbers (System V ABI, figure 3.36) of the registers in the order of `Registers::general`.
const DWARF: [Register; 16] = [
    X86_64::RAX,
    X86_64::RBX,
    X86_64::RCX,
    X86_64::RDX,
    X86_64::RSI,
    X86_64::RDI,
    X86_64::RBP,
    X86_64::RSP,
    X86_64::R8,
    X86_64::R9,
    X86_64::R10,
    X86_64::R11,
    X86_64::R12,
    X86_64::R13,
    X86_64::R14,
    X86_64::R15,
];
/// Places there of rbx, rbp, r12 ... r15, which a callee leaves as they were.
const CALLEE_SAVED: [usize; 6] = [1, 6, 12, 13, 14, 15];
/// rsp's place there.
const RSP: usize = 7;

/// The image's call frame information.
pub struct Unwinder<'a> {
    frames: EhFrame<Slice<'a>>,
    bases: BaseAddresses,
}

/// The registers of one frame, in the order of `Registers::general`; none = lost.
#[derive(Clone, Debug)]
struct Frame {
    pc: u64,
    general: [Option<u64>; 16],
}

/// The program counters from the fault outwards; the first is the faulting one, the others are return addresses.
pub fn addresses(fault: &Fault, unwinder: Option<&Unwinder>) -> Vec<u64> {
    let mut frame = Frame { pc: fault.registers.rip, general: fault.registers.general.map(Some) };
    let mut found = vec![frame.pc];
    let Some(unwinder) = unwinder else { return found };
    let mut context = UnwindContext::new();
    while found.len() < MAX_FRAMES {
        let next = unwinder.step(fault, &frame, found.len() == 1, &mut context);
        match next {
            Some(next) if next.pc != 0 && next.general[RSP] > frame.general[RSP] => frame = next,
            _ => break,
        }
        found.push(frame.pc);
    }
    found
}

impl<'a> Unwinder<'a> {
    /// From the image's sections.
    pub fn new(file: &object::File<'a>) -> Self {
        let address = |name| file.section_by_name(name).map_or(0, |section| section.address());
        let bases = BaseAddresses::default()
            .set_eh_frame(address(".eh_frame"))
            .set_text(address(".text"))
            .set_got(address(".got"));
        let mut frames = EhFrame::from(slice(file, ".eh_frame"));
        frames.set_address_size(8);
        Self { frames, bases }
    }

    /// The caller's frame.
    fn step(&self, fault: &Fault, frame: &Frame, innermost: bool, context: &mut UnwindContext<usize>) -> Option<Frame> {
        // A return address may stand behind the last byte of a function that never returns.
        let probe = if innermost { frame.pc } else { frame.pc.checked_sub(1)? };
        let link = probe.wrapping_sub(fault.load_bias);
        match self.frames.unwind_info_for_address(&self.bases, context, link, EhFrame::cie_from_offset) {
            Ok(row) => apply(fault, frame, row),
            // A call to nowhere (a NULL function pointer): the return address is on top of the stack.
            Err(_) if innermost => {
                let rsp = frame.general[RSP]?;
                let mut caller = Frame { pc: word(fault, rsp)?, ..frame.clone() };
                caller.general[RSP] = Some(rsp.checked_add(8)?);
                Some(caller)
            }
            Err(_) => None,
        }
    }
}

/// Applies one row of the table: the canonical frame address, then each register's rule.
fn apply(fault: &Fault, frame: &Frame, row: &UnwindTableRow<usize>) -> Option<Frame> {
    let CfaRule::RegisterAndOffset { register, offset } = *row.cfa() else { return None };
    let cfa = frame.get(register)?.checked_add_signed(offset)?;
    let value = |register: Register, old: Option<u64>| match row.register(register) {
        // No rule: callee-saved registers keep their value, the return address has none (the outermost frame).
        RegisterRule::Undefined | RegisterRule::SameValue => old,
        RegisterRule::Offset(offset) => word(fault, cfa.checked_add_signed(offset)?),
        RegisterRule::ValOffset(offset) => cfa.checked_add_signed(offset),
        RegisterRule::Register(other) => frame.get(other),
        _ => None,
    };
    let mut general = [None; 16];
    for (n, slot) in general.iter_mut().enumerate() {
        *slot = value(DWARF[n], frame.general[n].filter(|_| CALLEE_SAVED.contains(&n)));
    }
    // It is said only of a signal handler's caller, the interrupted code; else it is where the frame begins.
    general[RSP] = general[RSP].or(Some(cfa));
    Some(Frame { pc: value(X86_64::RA, None)?, general })
}

impl Frame {
    fn get(&self, register: Register) -> Option<u64> {
        let n = DWARF.iter().position(|&other| other == register)?;
        self.general[n]
    }
}

/// A word of the copied stack.
fn word(fault: &Fault, address: u64) -> Option<u64> {
    u64_at(&fault.stack, usize::try_from(address.checked_sub(fault.stack_va)?).ok()?)
}
