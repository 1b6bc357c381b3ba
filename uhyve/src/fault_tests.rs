//! Records taken apart: good ones, broken ones, random ones.
// SPDX-License-Identifier: BSD-3-Clause
use super::*;
use hermit_abi::fault::{CAUSE_SIGNAL, REGION_UNKNOWN};

/// The bytes of a record with this stack and message.
fn record(cause: u32, exit_code: u32, vector: u64, error: u64, region: u64, stack: &[u8], message: &str) -> Vec<u8> {
    let mut bytes = vec![0; size_of::<FaultRecord>()];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(offset_of!(FaultRecord, magic), &MAGIC.to_le_bytes());
    put(offset_of!(FaultRecord, version), &ABI_VERSION.to_le_bytes());
    put(offset_of!(FaultRecord, cause), &cause.to_le_bytes());
    put(offset_of!(FaultRecord, exit_code), &exit_code.to_le_bytes());
    put(offset_of!(FaultRecord, vector), &vector.to_le_bytes());
    put(offset_of!(FaultRecord, error), &error.to_le_bytes());
    put(offset_of!(FaultRecord, region), &region.to_le_bytes());
    put(offset_of!(FaultRecord, rip), &0x20_1000_u64.to_le_bytes());
    put(offset_of!(FaultRecord, registers) + 8 * 7, &0x7000_u64.to_le_bytes());
    put(offset_of!(FaultRecord, stack_va), &0x7000_u64.to_le_bytes());
    put(offset_of!(FaultRecord, stack_len), &(stack.len() as u32).to_le_bytes());
    put(offset_of!(FaultRecord, message_len), &(message.len() as u32).to_le_bytes());
    bytes.extend_from_slice(stack);
    bytes.extend_from_slice(message.as_bytes());
    bytes
}

fn title(bytes: &[u8]) -> String {
    Fault::parse(bytes).unwrap().title()
}

#[test]
fn titles_are_plain_words() {
    let fault = |vector, code, error, region| title(&record(CAUSE_EXCEPTION, code, vector, error, region, &[], ""));
    assert_eq!(fault(14, 139, 6, REGION_NULL), "kernel: SIGSEGV: write to 0x0 (NULL page) at rip 0x201000");
    assert_eq!(fault(14, 139, 4, REGION_UNKNOWN), "kernel: SIGSEGV: read of 0x0 at rip 0x201000");
    assert_eq!(fault(14, 139, 0x14, REGION_NULL), "kernel: SIGSEGV: jump to 0x0 (NULL page) at rip 0x201000");
    assert_eq!(fault(14, 139, 6, REGION_STACK_GUARD), "kernel: SIGSEGV: write to 0x0 (stack overflow) at rip 0x201000");
    assert_eq!(fault(0, 136, 0, 0), "kernel: SIGFPE: integer division by zero or overflow at rip 0x201000");
    assert_eq!(fault(6, 132, 0, 0), "kernel: SIGILL: illegal instruction at rip 0x201000");
    assert_eq!(fault(200, 128 + 77, 0, 0), "kernel: signal 77: unknown exception at rip 0x201000");
    assert_eq!(
        title(&record(CAUSE_SIGNAL, 134, 0, 0, 0, &[], "abort() was called")),
        "kernel: SIGABRT at rip 0x201000: abort() was called"
    );
    assert_eq!(title(&record(CAUSE_PANIC, 120, 0, 0, 0, &[], "heap: bad block\n")), "kernel: panic: heap: bad block");
}

/// The bytes of a record of this thread.
fn of_thread(thread: u32, cause: u32, exit_code: u32, message: &str) -> Vec<u8> {
    let mut bytes = record(cause, exit_code, 0, 0, 0, &[], message);
    bytes[offset_of!(FaultRecord, thread)..][..4].copy_from_slice(&thread.to_le_bytes());
    bytes
}

#[test]
fn titles_name_a_thread_that_is_not_the_main_one() {
    let of = |thread, cause, code, message| title(&of_thread(thread, cause, code, message));
    assert_eq!(
        of(5, CAUSE_EXCEPTION, 136, ""),
        "kernel: SIGFPE: integer division by zero or overflow at rip 0x201000 (thread 5)"
    );
    assert_eq!(of(7, CAUSE_SIGNAL, 134, "so"), "kernel: SIGABRT at rip 0x201000 (thread 7): so");
    assert_eq!(of(2, CAUSE_PANIC, 120, "so"), "kernel: panic (thread 2): so");
    for thread in [0, 1] {
        assert_eq!(of(thread, CAUSE_SIGNAL, 134, ""), "kernel: SIGABRT at rip 0x201000");
    }
}

#[test]
fn a_threads_place_is_its_message_and_a_backtrace() {
    let fault = Fault::parse(&of_thread(3, CAUSE_THREAD, 0, "thread 3 waits for a mutex of thread 4\n")).unwrap();
    assert!(fault.is_place());
    let text = fault.block(&fault.title(), &File::open("/dev/null").unwrap());
    assert_eq!(text, "thread 3 waits for a mutex of thread 4\n  #0  0x0000000000201000 ??\n");
}

#[test]
fn ends_carry_the_records_code() {
    let end = |cause, code| {
        Fault::parse(&record(cause, code, 14, 6, 1, &[1; 32], "")).unwrap().end(&File::open("/dev/null").unwrap())
    };
    let fault = end(CAUSE_EXCEPTION, 139);
    assert_eq!((fault.code, fault.reason), (139, Reason::Fault));
    assert_eq!((end(CAUSE_PANIC, 120).reason, end(CAUSE_EXCEPTION, 0x1_0001).code), (Reason::Panic, 1));
    assert!(
        fault.text.contains("rsp 0000000000007000") && fault.text.contains("#0  0x0000000000201000 ??"),
        "{}",
        fault.text
    );
}

#[test]
fn a_message_cannot_drive_the_terminal() {
    assert_eq!(title(&record(CAUSE_PANIC, 120, 0, 0, 0, &[], "a\u{1b}[2Jb")), "kernel: panic: a?[2Jb");
}

#[test]
fn broken_records_are_refused() {
    let good = record(CAUSE_EXCEPTION, 139, 14, 6, 1, &[3; 100], "text");
    assert_eq!(Fault::parse(&good).unwrap().stack, [3; 100]);
    for len in 0..good.len() {
        assert!(Fault::parse(&good[..len]).is_none(), "cut at {len}");
    }
    for (at, value) in [(0, 0), (8, 99)] {
        let mut bad = good.clone();
        bad[at] = value;
        assert!(Fault::parse(&bad).is_none());
    }
    for field in [offset_of!(FaultRecord, stack_len), offset_of!(FaultRecord, message_len)] {
        let mut bad = good.clone();
        bad[field..field + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(Fault::parse(&bad).is_none());
    }
}

/// Our own test binary stands in for an image: it has .eh_frame and debug information. Where it was loaded:
fn own_base() -> u64 {
    let own = std::env::current_exe().unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let first = maps.lines().find(|line| line.ends_with(own.to_str().unwrap())).unwrap();
    u64::from_str_radix(first.split('-').next().unwrap(), 16).unwrap()
}

#[test]
fn frames_have_functions_files_and_lines() {
    let image = File::open(std::env::current_exe().unwrap()).unwrap();
    let mut fault = Fault { load_bias: own_base(), stack_va: 0x7000, stack: vec![0; 64], ..Fault::default() };
    // As if called: the return address, somewhere inside the caller, is all there is on the stack.
    let caller = crate::end::json_string as fn(&str) -> String as usize as u64 + 8;
    fault.stack[..8].copy_from_slice(&caller.to_le_bytes());
    fault.registers.rip = exception_name as fn(u64) -> &'static str as usize as u64;
    fault.registers.general[7] = 0x7000;
    let text = fault.block("title", &image);
    let frame = |n: usize| text.lines().find(|line| line.starts_with(&format!("  #{n} "))).unwrap_or("");
    assert!(frame(0).contains("exception_name at ") && frame(0).contains("fault.rs:"), "{text}");
    assert!(frame(1).contains("json_string at ") && frame(1).contains("end.rs:"), "{text}");
}

#[test]
fn a_call_to_nowhere_shows_its_caller() {
    let image = File::open(std::env::current_exe().unwrap()).unwrap();
    let mut fault = Fault { load_bias: own_base(), stack_va: 0x7000, stack: vec![0; 64], ..Fault::default() };
    let caller = crate::end::json_string as fn(&str) -> String as usize as u64 + 8;
    fault.stack[..8].copy_from_slice(&caller.to_le_bytes());
    fault.registers.general[7] = 0x7000;
    let text = fault.block("title", &image);
    assert!(text.contains("  #0  0x0000000000000000 ??\n") && text.contains("json_string at "), "{text}");
}

/// Stands for libgfortran's function that asks for a backtrace.
fn _gfortran_asks() -> u32 {
    std::process::id()
}

#[test]
fn who_asks_for_a_backtrace_is_not_in_it() {
    let image = File::open(std::env::current_exe().unwrap()).unwrap();
    let mut fault = Fault { load_bias: own_base(), stack_va: 0x7000, stack: vec![0; 64], ..Fault::default() };
    let caller = crate::end::json_string as fn(&str) -> String as usize as u64 + 8;
    fault.stack[..8].copy_from_slice(&caller.to_le_bytes());
    (fault.registers.rip, fault.registers.general[7]) = (_gfortran_asks as fn() -> u32 as usize as u64, 0x7000);
    (fault.cause, fault.message) = (CAUSE_THREAD, "thread 1 is here".into());
    let text = fault.block(&fault.title(), &image);
    assert!(
        text.starts_with("thread 1 is here\n  #0 ") && text.lines().nth(1).unwrap().contains("json_string at "),
        "{text}"
    );
    assert!(!text.contains("_gfortran_asks"), "{text}");
    fault.message = "thread 1 waits".into();
    assert!(fault.block(&fault.title(), &image).contains("_gfortran_asks"));
}

#[test]
fn recursion_is_shown_once() {
    let image = File::open("/dev/null").unwrap();
    assert_eq!(symbolize::backtrace(&Fault::default(), &image), "  #0  0x0000000000000000 ??\n");
    let own = File::open(std::env::current_exe().unwrap()).unwrap();
    let mut fault = Fault { load_bias: own_base(), stack_va: 0x7000, stack: vec![0; 80], ..Fault::default() };
    // At a function's first byte nothing is saved yet: every word is taken for a return address.
    let entry = exception_name as fn(u64) -> &'static str as usize as u64;
    for word in fault.stack.chunks_mut(8) {
        word.copy_from_slice(&(entry + 1).to_le_bytes());
    }
    (fault.registers.rip, fault.registers.general[7]) = (entry + 1, 0x7000);
    let text = symbolize::backtrace(&fault, &own);
    assert!(text.contains("times more\n") && text.lines().count() == 2, "{text}");
}

#[test]
fn random_registers_and_stacks_end_the_backtrace() {
    let own = std::env::current_exe().unwrap();
    let bytes = std::fs::read(&own).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let unwinder = crate::unwind::Unwinder::new(&file);
    use object::{Object, ObjectSection};
    let text = file.section_by_name(".text").unwrap();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for _ in 0..200 {
        let mut fault = Fault { stack_va: next() % 0x1_0000, stack: vec![0; 4096], ..Fault::default() };
        for chunk in fault.stack.chunks_mut(8) {
            let value = if next() % 2 == 0 { text.address() + next() % text.size() } else { next() };
            chunk.copy_from_slice(&value.to_le_bytes());
        }
        fault.registers.rip = text.address() + next() % text.size();
        fault.registers.general =
            [0; 16].map(|_| if next() % 2 == 0 { fault.stack_va + next() % 4096 } else { next() });
        let found = crate::unwind::addresses(&fault, Some(&unwinder));
        assert!((1..=64).contains(&found.len()));
    }
}
