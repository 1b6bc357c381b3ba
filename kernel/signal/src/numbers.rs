//! Signal numbers: newlib's 1-63, what each does by default, and what the host calls it.
// SPDX-License-Identifier: BSD-3-Clause

/// The thread library's own signal, for cancellation; bit 0 of a set.
pub const CANCEL: u32 = 64;
/// Numbers below this one are kept once, however often they are sent; from it on each is queued.
pub const REALTIME: u32 = 32;
/// Cannot be caught, ignored or blocked.
pub const KILL: u32 = 9;
/// The same: it does nothing, as nothing can stop a unikernel.
pub const STOP: u32 = 17;
/// Ends a program without a fault record: the end of many a pipeline.
pub const PIPE: u32 = 13;
/// SIGILL.
pub const ILL: u32 = 4;
/// SIGTRAP.
pub const TRAP: u32 = 5;
/// SIGFPE.
pub const FPE: u32 = 8;
/// SIGBUS.
pub const BUS: u32 = 10;
/// SIGSEGV.
pub const SEGV: u32 = 11;

/// Newlib's numbers 1-31 as Linux counts them; SIGEMT, which Linux lacks, takes the number that Linux never sends.
const LINUX: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 16, 8, 9, 7, 11, 31, 13, 14, 15, 23, 19, 20, 18, 17, 21, 22, 29, 24, 25, 26, 27, 28, 30, 10,
    12,
];

/// Nothing by default: SIGURG, SIGCONT, SIGCHLD, SIGWINCH; nor can a unikernel be stopped: SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU.
const HARMLESS: u64 = 1 << 16 | 1 << 19 | 1 << 20 | 1 << 28 | 1 << STOP | 1 << 18 | 1 << 21 | 1 << 22 | bit(CANCEL);

/// The bit of a signal in a set.
pub const fn bit(number: u32) -> u64 {
    1 << (number % CANCEL)
}

/// The lowest signal of a set; the cancellation before all others.
pub fn lowest(set: u64) -> Option<u32> {
    match set.trailing_zeros() {
        0 => Some(CANCEL),
        CANCEL => None,
        number => Some(number),
    }
}

/// Signals that a program may block: not these.
pub const UNBLOCKABLE: u64 = bit(KILL) | bit(STOP) | bit(CANCEL);

/// Is this a signal's number, from a program or the thread library?
pub fn is_valid(number: i32) -> bool {
    (1..=CANCEL as i32).contains(&number)
}

/// Does it do nothing unless there is a handler?
pub fn is_harmless(number: u32) -> bool {
    HARMLESS & bit(number) != 0
}

/// The host's number.
pub fn linux(number: u32) -> u32 {
    LINUX.get(number as usize).map_or(number, |number| u32::from(*number))
}
