//! Device registers, mapped uncached for the libOS.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::core::{MAP_DEVICE, MAP_READ, MAP_WRITE};
use hermit_abi::layout::HEAP_VA;
use hermit_abi::PAGE;

use crate::arch::gate;
use crate::errno::Errno;

/// Devices are mapped here: the end of the window below the heap.
const DEVICES_VA: u64 = HEAP_VA - (16 << 20);

/// 32-bit registers of one device.
#[derive(Clone, Copy)]
pub struct Registers {
    va: u64,
    len: u64,
}

impl Registers {
    /// Maps `pages` pages of device memory at guest-physical `pa`. The one device mapping there is.
    pub fn map(pa: u64, pages: u64) -> Result<Self, Errno> {
        gate::map(DEVICES_VA, pa, pages, MAP_READ | MAP_WRITE | MAP_DEVICE)?;
        Ok(Self { va: DEVICES_VA, len: pages * PAGE })
    }

    /// The registers from byte `start` on, `len` bytes.
    pub fn part(&self, start: u64, len: u64) -> Self {
        assert!(start + len <= self.len, "outside the device");
        Self { va: self.va + start, len }
    }

    fn at(&self, offset: u64) -> *mut u32 {
        assert!(offset % 4 == 0 && offset + 4 <= self.len, "outside the device");
        (self.va + offset) as *mut u32
    }

    /// Reads a register.
    pub fn read(&self, offset: u64) -> u32 {
        // SAFETY: mapped for good; `at` has checked the bounds.
        unsafe { self.at(offset).read_volatile() }
    }

    /// Writes a register.
    pub fn write(&self, offset: u64, value: u32) {
        // SAFETY: as in `read`; a device is only given addresses of `shared::Buffer`s.
        unsafe { self.at(offset).write_volatile(value) };
    }
}
