//! From the first ring-3 instruction to the program: the boot of the libOS, in order.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use hermit_abi::boot::BootInfo;

use crate::{arch, clock, console, idle, log, memory, random};

/// Boots the libOS and enters the program.
pub fn start(info: &'static BootInfo) -> ! {
    memory::init(info);
    arch::cpu::init();
    clock::init(&info.host);
    idle::init(info.host.core_count, info.host.host_cores);
    console::init(info);
    if info.host.log_level > 0 {
        log::enable();
    }
    random::init(info.host.seed);
    arch::tls::init(random::word());
    let arguments = memory::arguments::collect(info);
    memory::seal_boot();
    log!("boot", "{} MiB of memory, {} regions, isle {}", memory::total() >> 20, info.region_count, info.host.isle);
    arch::block::unmask();
    log!("boot", "entering the program");
    arch::start::enter_program(&arguments)
}
