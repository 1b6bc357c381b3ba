//! What the process does about each signal.
// SPDX-License-Identifier: BSD-3-Clause
use crate::numbers::{bit, is_harmless, CANCEL, KILL, STOP, UNBLOCKABLE};

/// SIG_DFL.
pub const DEFAULT: u64 = 0;
/// SIG_IGN.
pub const IGNORE: u64 = 1;
/// Of sa_flags: run on the alternate stack.
pub const ON_STACK: u64 = 0x0800_0000;
/// Go on with the interrupted call.
pub const RESTART: u64 = 0x1000_0000;
/// The handler may be interrupted by its own signal.
pub const NO_DEFER: u64 = 0x4000_0000;
/// Once only.
pub const RESET: u64 = 0x8000_0000;

/// struct sys_sigaction.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Action {
    /// Address of the handler, `DEFAULT` or `IGNORE`.
    pub handler: u64,
    /// Blocked while it runs.
    pub mask: u64,
    /// SA_*.
    pub flags: u64,
}

impl Action {
    /// Is there a function to call?
    pub fn is_caught(&self) -> bool {
        self.handler > IGNORE
    }

    /// Does signal `number` do nothing then?
    pub fn ignores(&self, number: u32) -> bool {
        self.handler == IGNORE || self.handler == DEFAULT && is_harmless(number)
    }

    /// Signals blocked while the handler of `number` runs, on top of those blocked before.
    pub fn blocks(&self, number: u32) -> u64 {
        let own = if self.flags & NO_DEFER != 0 { 0 } else { bit(number) };
        (self.mask | own) & !UNBLOCKABLE
    }
}

/// The table.
pub struct Actions([Action; CANCEL as usize + 1]);

impl Actions {
    /// All by default.
    pub const fn new() -> Self {
        Self([Action { handler: DEFAULT, mask: 0, flags: 0 }; CANCEL as usize + 1])
    }

    /// That of a signal (1-64).
    pub fn get(&self, number: u32) -> Action {
        self.0[number as usize]
    }

    /// Changes one; false: it cannot be.
    #[must_use]
    pub fn set(&mut self, number: u32, action: Action) -> bool {
        let may = number != KILL && number != STOP;
        if may {
            self.0[number as usize] = action;
        }
        may
    }

    /// What a signal that is about to be taken does; a handler for one time is forgotten.
    pub fn use_up(&mut self, number: u32) -> Action {
        let action = self.get(number);
        if action.is_caught() && action.flags & RESET != 0 {
            self.0[number as usize] = Action::default();
        }
        action
    }
}
