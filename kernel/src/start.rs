//! From the first ring-3 instruction to the program: the boot of the libOS, in order.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, Ordering};

use hermit_abi::boot::{BootInfo, ISLE_QEMU};

use hermit_abi::layout::{idle_stack_va, irq_stack_va, IDLE_STACK, IRQ_STACK};
use hermit_abi::Range;

use crate::thread::{cores, create, idle};
use crate::{arch, clock, console, log, memory, random};

/// All is set up that a core needs.
static BOOTED: AtomicBool = AtomicBool::new(false);

/// Boots the libOS and enters the program.
pub fn start(info: &'static BootInfo) -> ! {
    memory::init(info);
    arch::cpu::init();
    clock::init(&info.host);
    idle::init(info.host.core_count, info.host.host_cores);
    console::init(info);
    arch::isa::check();
    if info.host.log_level > 0 {
        log::enable();
    }
    random::init(info.host.seed);
    let thread_pointer = arch::tls::init(random::word());
    cores::init(info.host.core_count);
    let first = arch::block::first_block();
    arch::context::prepare_idle(&cores::all()[0].idle, idle_stack_va(first, 0) + IDLE_STACK);
    create::init_main(Range::new(info.stack_va, info.stack_len), thread_pointer, irq_stack_va(first, 0) + IRQ_STACK);
    let arguments = memory::arguments::collect(info);
    memory::seal_boot();
    log!("boot", "{} MiB of memory, {} regions, isle {}", memory::total() >> 20, info.region_count, info.host.isle);
    start_cores(info);
    arch::block::unmask();
    log!("boot", "entering the program");
    arch::start::enter_program(&arguments)
}

/// Lets the other cores begin. On uhyve they have begun already, and wait; a waiting core costs nothing until there is work for it.
fn start_cores(info: &BootInfo) {
    BOOTED.store(true, Ordering::SeqCst);
    if info.host.core_count > 1 && info.host.isle == ISLE_QEMU {
        arch::gate::start_cores();
    }
}

/// The life of a core above 0.
pub fn secondary() -> ! {
    while !BOOTED.load(Ordering::SeqCst) {
        arch::gate::wait();
        arch::block::take_pending();
    }
    idle::run()
}
