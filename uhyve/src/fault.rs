//! The block that is printed for a fatal fault: a line in plain words, the registers, a symbolized backtrace.
// SPDX-License-Identifier: BSD-3-Clause
use std::fmt::Write;
use std::fs::File;
use std::mem::{offset_of, size_of};

use hermit_abi::fault::{
    FaultRecord, CAUSE_EXCEPTION, CAUSE_PANIC, CAUSE_THREAD, MAGIC, MAX_STACK, REGION_IMAGE, REGION_NUB, REGION_NULL,
    REGION_STACK_GUARD,
};
use hermit_abi::ABI_VERSION;

use crate::bytes::{u32_at, u64_at};
use crate::end::{End, Reason};
use crate::symbolize;

/// No record with its stack and message is longer: a message has at most 4 KiB.
pub const MAX_RECORD: u64 = size_of::<FaultRecord>() as u64 + MAX_STACK + MAX_MESSAGE;
const MAX_MESSAGE: u64 = 4096;

/// Names of `Registers::general`.
const NAMES: [&str; 16] =
    ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

/// Names of the exceptions (Intel SDM vol. 3, table 6-1), by vector.
const EXCEPTIONS: [&str; 20] = [
    "integer division by zero or overflow",
    "debug trap",
    "NMI",
    "breakpoint",
    "overflow",
    "bound range exceeded",
    "illegal instruction",
    "FPU not available",
    "double fault",
    "coprocessor segment overrun",
    "invalid TSS",
    "segment not present",
    "stack segment fault",
    "privileged instruction or non-canonical address",
    "page fault",
    "reserved",
    "x87 floating-point exception",
    "unaligned access",
    "machine check",
    "SIMD floating-point exception",
];

/// Signal names by Linux's numbers.
const SIGNALS: [(u32, &str); 14] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (10, "SIGUSR1"),
    (11, "SIGSEGV"),
    (12, "SIGUSR2"),
    (13, "SIGPIPE"),
    (15, "SIGTERM"),
];

/// The registers at a fault.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registers {
    /// In the order of the fault record: rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8 ... r15.
    pub general: [u64; 16],
    /// rip.
    pub rip: u64,
    /// rflags.
    pub rflags: u64,
}

/// A fault record, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// CAUSE_*.
    pub cause: u32,
    /// Exit code that the guest asked for.
    pub exit_code: u32,
    /// Core.
    pub core: u32,
    /// Thread, 1 is the main one, 0 none.
    pub thread: u32,
    /// Exception vector.
    pub vector: u64,
    /// Error code.
    pub error: u64,
    /// CR2.
    pub address: u64,
    /// REGION_*.
    pub region: u64,
    /// Registers.
    pub registers: Registers,
    /// Virtual minus link address.
    pub load_bias: u64,
    /// Address of the first stack byte.
    pub stack_va: u64,
    /// Copied stack.
    pub stack: Vec<u8>,
    /// What the libOS says.
    pub message: String,
}

/// Words for an exception's vector.
pub fn exception_name(vector: u64) -> &'static str {
    EXCEPTIONS.get(vector as usize).copied().unwrap_or("unknown exception")
}

impl Fault {
    /// Takes untrusted bytes apart: record, stack, message. None if they are no record of this version.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at| u64_at(bytes, at);
        let half = |at| u32_at(bytes, at);
        if word(offset_of!(FaultRecord, magic))? != MAGIC || half(offset_of!(FaultRecord, version))? != ABI_VERSION {
            return None;
        }
        let mut general = [0; 16];
        for (n, register) in general.iter_mut().enumerate() {
            *register = word(offset_of!(FaultRecord, registers) + 8 * n)?;
        }
        let stack_len = half(offset_of!(FaultRecord, stack_len))? as usize;
        let message_len = half(offset_of!(FaultRecord, message_len))? as usize;
        let stack = bytes.get(size_of::<FaultRecord>()..)?.get(..stack_len)?;
        let message = bytes.get(size_of::<FaultRecord>() + stack_len..)?.get(..message_len)?;
        Some(Self {
            cause: half(offset_of!(FaultRecord, cause))?,
            exit_code: half(offset_of!(FaultRecord, exit_code))?,
            core: half(offset_of!(FaultRecord, core))?,
            thread: half(offset_of!(FaultRecord, thread))?,
            vector: word(offset_of!(FaultRecord, vector))?,
            error: word(offset_of!(FaultRecord, error))?,
            address: word(offset_of!(FaultRecord, address))?,
            region: word(offset_of!(FaultRecord, region))?,
            registers: Registers {
                general,
                rip: word(offset_of!(FaultRecord, rip))?,
                rflags: word(offset_of!(FaultRecord, rflags))?,
            },
            load_bias: word(offset_of!(FaultRecord, load_bias))?,
            stack_va: word(offset_of!(FaultRecord, stack_va))?,
            stack: stack.to_vec(),
            // A message cannot drive the terminal.
            message: String::from_utf8_lossy(message)
                .replace(|letter: char| letter.is_control() && letter != '\n', "?"),
        })
    }

    /// True if it tells where a thread is, and ends nothing.
    pub fn is_place(&self) -> bool {
        self.cause == CAUSE_THREAD
    }

    /// The isle's end by this fault.
    pub fn end(&self, image: &File) -> End {
        let reason = if self.cause == CAUSE_PANIC { Reason::Panic } else { Reason::Fault };
        End { code: (self.exit_code & 0xff) as i32, reason, text: self.block(&self.title(), image) }
    }

    /// The line in plain words.
    pub fn title(&self) -> String {
        let message = if self.message.is_empty() { String::new() } else { format!(": {}", self.message.trim_end()) };
        let rip = self.registers.rip;
        // In a program of one thread there is nothing to tell apart.
        let thread = if self.thread > 1 { format!(" (thread {})", self.thread) } else { String::new() };
        match self.cause {
            CAUSE_THREAD => self.message.trim_end().into(),
            CAUSE_PANIC => format!("kernel: panic{thread}{message}"),
            CAUSE_EXCEPTION => format!("kernel: {}: {} at rip {rip:#x}{thread}{message}", self.signal(), self.what()),
            _ => format!("kernel: {} at rip {rip:#x}{thread}{message}", self.signal()),
        }
    }

    fn signal(&self) -> String {
        let number = self.exit_code.wrapping_sub(128);
        let name = SIGNALS.iter().find(|(signal, _)| *signal == number);
        name.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).into())
    }

    fn what(&self) -> String {
        const PAGE_FAULT: u64 = 14;
        const WRITE: u64 = 1 << 1;
        const FETCH: u64 = 1 << 4;
        if self.vector != PAGE_FAULT {
            return exception_name(self.vector).into();
        }
        let verb = match (self.error & FETCH != 0, self.error & WRITE != 0) {
            (true, _) => "jump to",
            (_, true) => "write to",
            _ => "read of",
        };
        let region = match self.region {
            REGION_NULL => " (NULL page)",
            REGION_STACK_GUARD => " (stack overflow)",
            REGION_IMAGE => " (the program's own text or constants)",
            REGION_NUB => " (the kernel's own memory)",
            _ => "",
        };
        format!("{verb} {:#x}{region}", self.address)
    }

    /// The whole block: title, registers, backtrace. Of a thread's place the registers tell nobody anything.
    pub fn block(&self, title: &str, image: &File) -> String {
        let mut text = format!("{title}\n");
        if self.is_place() {
            return text + &symbolize::backtrace(self, image);
        }
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  core {}  rip {:016x}  rflags {:08x}  error {:x}",
            self.core, self.registers.rip, self.registers.rflags, self.error
        );
        for (names, values) in NAMES.chunks(4).zip(self.registers.general.chunks(4)) {
            let row: Vec<String> =
                names.iter().zip(values).map(|(name, value)| format!("{name:<3} {value:016x}")).collect();
            let _ = writeln!(text, "  {}", row.join("  "));
        }
        text.push_str(&symbolize::backtrace(self, image));
        text
    }
}

#[cfg(test)]
#[path = "fault_tests.rs"]
mod tests;
