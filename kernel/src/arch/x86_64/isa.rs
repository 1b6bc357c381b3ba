//! Whether this CPU has what the program was compiled for: said at boot, not by an illegal instruction somewhere.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::fmt::Write;

use hermit_abi::isa::{Feature, FEATURES, LEVELS};

use super::cpu::{cpuid, xcr0};
use crate::isle;
use crate::log::Line;

/// The launcher's code for what cannot run here.
const EXIT_CANNOT_RUN: u8 = 125;

/// Ends a program that needs more than this CPU has. One without the word costs no question.
pub fn check() {
    let needed = needed();
    if needed == 0 {
        return;
    }
    let found = Cpu::new();
    let missing = FEATURES
        .iter()
        .enumerate()
        .filter(|(bit, feature)| needed >> bit & 1 != 0 && !found.has(feature))
        .map(|(_, feature)| feature);
    if missing.clone().next().is_some() {
        end(&found, missing);
    }
}

fn end<'a>(found: &Cpu, missing: impl Iterator<Item = &'a Feature>) -> ! {
    let mut line = Line::new();
    let level = LEVELS.iter().find(|(_, names)| {
        FEATURES.iter().filter(|feature| names.contains(&feature.name)).all(|feature| found.has(feature))
    });
    // A line cannot fail: it is cut off.
    let _ = write!(line, "kernel: the program was compiled for a CPU with");
    for feature in missing.take(8) {
        let _ = write!(line, " {}", feature.name);
    }
    let _ = writeln!(
        line,
        ", which this one lacks: compile it with -march={}, or run it elsewhere",
        level.map_or("x86-64", |(name, _)| name)
    );
    isle::end_at_once(EXIT_CANNOT_RUN, line.bytes())
}

/// The program's word, which an image need not have.
fn needed() -> u64 {
    let place: *const u64;
    // SAFETY: loads an address that the linker has filled in; 0 where no object defines it.
    unsafe {
        asm!(".weak hermit_isa", "mov {}, qword ptr [rip + hermit_isa@GOTPCREL]", out(reg) place,
             options(pure, readonly, nostack, preserves_flags))
    };
    // SAFETY: null, or an aligned constant of the image.
    unsafe { place.as_ref() }.map_or(0, |word| *word)
}

/// What CPUID says, each leaf asked once: on a virtual CPU a question is an exit.
struct Cpu {
    leaves: [(u32, u32, [u32; 4]); 4],
    state: u64,
}

impl Cpu {
    fn new() -> Self {
        let ask = |leaf: u32, sub: u32| {
            let there = leaf <= cpuid(leaf & 0x8000_0000, 0)[0];
            (leaf, sub, if there { cpuid(leaf, sub) } else { [0; 4] })
        };
        Self { leaves: [ask(1, 0), ask(7, 0), ask(7, 1), ask(0x8000_0001, 0)], state: xcr0() }
    }

    fn has(&self, feature: &Feature) -> bool {
        let registers = self.leaves.iter().find(|(leaf, sub, _)| (*leaf, *sub) == (feature.leaf, feature.sub));
        self.state & feature.state == feature.state
            && registers.is_some_and(|(_, _, values)| values[feature.register] & 1 << feature.bit != 0)
    }
}
