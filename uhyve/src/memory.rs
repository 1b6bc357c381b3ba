//! Guest memory: private anonymous RAM below and above the hole, reached only through checked addresses.
// SPDX-License-Identifier: BSD-3-Clause
// The one place, beside kvm.rs, where host pointers into guest memory exist.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;

use hermit_abi::paging::PhysMem;
use hermit_abi::{Range, LARGE_PAGE};
use nix::sys::mman::{madvise, mmap_anonymous, MapFlags, MmapAdvise, ProtFlags};
use vm_memory::{
    Bytes, GuestAddress, GuestMemory, GuestMemoryMmap, GuestMemoryRegion, GuestRegionMmap, MmapRegion, ReadVolatile,
    VolatileMemoryError, WriteVolatile,
};

use crate::error::Error;

/// RAM ends here below 4 GiB: above are the LAPIC, the IOAPIC and KVM's own pages.
pub const HOLE_START: u64 = 3 << 30;
/// RAM goes on here.
pub const HOLE_END: u64 = 4 << 30;

/// The guest's RAM. Everything the guest can name is checked against it.
#[derive(Debug)]
pub struct Memory {
    map: GuestMemoryMmap<()>,
}

/// Guest-physical ranges of `bytes` of RAM.
pub fn ranges(bytes: u64) -> Vec<Range> {
    let low = bytes.min(HOLE_START);
    let mut ranges = vec![Range::new(0, low)];
    if bytes > low {
        ranges.push(Range::new(HOLE_END, bytes - low));
    }
    ranges
}

impl Memory {
    /// Reserves `bytes` (a multiple of 4 KiB) of RAM; the host gives each page, large where it can, when first touched.
    pub fn new(bytes: u64) -> Result<Self, Error> {
        let regions: Result<Vec<_>, Error> = ranges(bytes).into_iter().map(region).collect();
        let map = GuestMemoryMmap::from_regions(regions?)
            .map_err(|_| Error::Os("guest memory", io::Error::from_raw_os_error(22)))?;
        Ok(Self { map })
    }

    /// (guest-physical address, host address, bytes) of each range, for KVM.
    pub fn slots(&self) -> Vec<(u64, u64, u64)> {
        self.map.iter().map(|region| (region.start_addr().0, region.as_ptr() as u64, region.len())).collect()
    }

    /// True if all of `range` is RAM without a gap.
    pub fn contains(&self, range: Range) -> bool {
        range.start.checked_add(range.len).is_some()
            && self.map.check_range(GuestAddress(range.start), range.len as usize)
    }

    /// Reads `len` bytes of `file` at `offset` straight into the guest.
    pub fn load(&self, file: &File, offset: u64, pa: u64, len: u64) -> io::Result<()> {
        let wrong = || io::Error::from(io::ErrorKind::InvalidInput);
        let slice = self.map.get_slice(GuestAddress(pa), len as usize).map_err(|_| wrong())?;
        let guard = slice.ptr_guard_mut();
        // SAFETY: the slice is `len` bytes of a mapping that lives as long as the process; nothing else runs yet.
        let bytes = unsafe { std::slice::from_raw_parts_mut(guard.as_ptr(), len as usize) };
        file.read_exact_at(bytes, offset)
    }

    /// Copies from the guest; false if the range is not RAM.
    pub fn read(&self, pa: u64, bytes: &mut [u8]) -> bool {
        self.map.read_slice(bytes, GuestAddress(pa)).is_ok()
    }

    /// Copies to the guest; false if the range is not RAM.
    pub fn write(&self, pa: u64, bytes: &[u8]) -> bool {
        self.map.write_slice(bytes, GuestAddress(pa)).is_ok()
    }

    /// Reads an aligned word that the guest changes at the same time. An address outside RAM reads as 0.
    pub fn load_u32(&self, pa: u64, order: Ordering) -> u32 {
        self.map.load(GuestAddress(pa), order).unwrap_or(0)
    }

    /// Writes an aligned word that the guest reads at the same time.
    pub fn store_u32(&self, pa: u64, value: u32, order: Ordering) {
        // An address outside RAM: nothing to tell anybody.
        let _ = self.map.store(value, GuestAddress(pa), order);
    }

    /// Writes an aligned 64-bit word that the guest reads at the same time.
    pub fn store_u64(&self, pa: u64, value: u64, order: Ordering) {
        // As above.
        let _ = self.map.store(value, GuestAddress(pa), order);
    }

    /// One `write` to `fd` straight from guest memory; at most what the host took.
    pub fn write_fd(&self, fd: BorrowedFd, pa: u64, len: usize) -> io::Result<usize> {
        let slice =
            self.map.get_slice(GuestAddress(pa), len).map_err(|_| io::Error::from_raw_os_error(nix::libc::EFAULT))?;
        let mut fd = fd;
        fd.write_volatile(&slice).map_err(io_error)
    }

    /// One `read` from `fd` straight into guest memory.
    pub fn read_fd(&self, fd: BorrowedFd, pa: u64, len: usize) -> io::Result<usize> {
        let mut slice =
            self.map.get_slice(GuestAddress(pa), len).map_err(|_| io::Error::from_raw_os_error(nix::libc::EFAULT))?;
        let mut fd = fd;
        fd.read_volatile(&mut slice).map_err(io_error)
    }
}

/// Maps one range, aligned so that guest and host share large pages.
fn region(range: Range) -> Result<GuestRegionMmap<()>, Error> {
    let failed = |error: nix::Error| Error::Os("mmap of guest memory", error.into());
    let spare = LARGE_PAGE as usize;
    let length = NonZeroUsize::new(range.len as usize + spare).ok_or_else(|| failed(nix::Error::EINVAL))?;
    let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
    let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a fresh anonymous mapping at an address of the kernel's choice touches nothing that exists.
    let start = unsafe { mmap_anonymous(None, length, prot, flags) }.map_err(failed)?;
    let skip = start.as_ptr().cast::<u8>().align_offset(spare);
    // SAFETY: `skip` is below `spare`, so `range.len` bytes from there lie inside the mapping.
    let aligned = unsafe { start.byte_add(skip) };
    // SAFETY: as above; the advice changes no content. A host without huge pages refuses it, which costs speed only.
    let _ = unsafe { madvise(aligned, range.len as usize, MmapAdvise::MADV_HUGEPAGE) };
    // A core dump of uhyve is about uhyve.
    // SAFETY: as above.
    let _ = unsafe { madvise(aligned, range.len as usize, MmapAdvise::MADV_DONTDUMP) };
    // SAFETY: address and length define a part of the mapping made above, which is never unmapped.
    let mapping =
        unsafe { MmapRegion::build_raw(aligned.as_ptr().cast(), range.len as usize, prot.bits(), flags.bits()) };
    let mapping = mapping.map_err(|_| failed(nix::Error::EINVAL))?;
    GuestRegionMmap::new(mapping, GuestAddress(range.start)).map_err(|_| failed(nix::Error::EINVAL))
}

fn io_error(error: VolatileMemoryError) -> io::Error {
    match error {
        VolatileMemoryError::IOError(error) => error,
        _ => io::Error::from_raw_os_error(nix::libc::EFAULT),
    }
}

/// What `hermit_abi::paging` writes through, before any vCPU runs. Its addresses come from the plan: inside RAM.
impl PhysMem for &Memory {
    fn read_u64(&self, pa: u64) -> u64 {
        self.map.load(GuestAddress(pa), Ordering::Relaxed).unwrap_or(0)
    }

    fn write<T: Copy>(&mut self, pa: u64, value: T) {
        let slice = self.map.get_slice(GuestAddress(pa), size_of::<T>());
        debug_assert!(slice.is_ok(), "the plan left RAM at {pa:#x}");
        if let Ok(slice) = slice {
            let guard = slice.ptr_guard_mut();
            // SAFETY: the slice is `size_of::<T>()` bytes of guest memory, to which no Rust reference exists.
            unsafe { guard.as_ptr().cast::<T>().write_unaligned(value) };
        }
    }

    fn zero(&mut self, pa: u64, len: u64) {
        const ZERO: [u8; 4096] = [0; 4096];
        let mut done = 0;
        while done < len {
            let part = (len - done).min(ZERO.len() as u64);
            let written = Memory::write(self, pa + done, &ZERO[..part as usize]);
            debug_assert!(written, "the plan left RAM at {pa:#x}");
            done += part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ram_stands_on_both_sides_of_the_hole() {
        assert_eq!(ranges(64 << 20), [Range::new(0, 64 << 20)]);
        assert_eq!(ranges(3 << 30), [Range::new(0, 3 << 30)]);
        assert_eq!(ranges(6 << 30), [Range::new(0, 3 << 30), Range::new(4 << 30, 3 << 30)]);
    }

    #[test]
    fn slots_are_aligned_to_large_pages() {
        let memory = Memory::new(6 << 30).unwrap();
        let slots = memory.slots();
        assert_eq!(slots.len(), 2);
        assert!(slots.iter().all(|(pa, host, _)| pa % LARGE_PAGE == host % LARGE_PAGE));
    }

    #[test]
    fn nothing_outside_ram_is_reached() {
        let memory = Memory::new(1 << 20).unwrap();
        let mut bytes = [1; 16];
        for pa in [1 << 20, (1 << 20) - 8, 3 << 30, u64::MAX, u64::MAX - 7] {
            assert!(!memory.read(pa, &mut bytes), "{pa:#x}");
            assert!(!memory.contains(Range::new(pa, 16)), "{pa:#x}");
            assert_eq!(memory.load_u32(pa & !3, Ordering::Relaxed), 0);
        }
        assert!(memory.contains(Range::new((1 << 20) - 16, 16)));
        assert!(!memory.contains(Range::new(16, u64::MAX)));
        assert!(memory.write((1 << 20) - 16, &[7; 16]) && memory.read((1 << 20) - 16, &mut bytes));
        assert_eq!(bytes, [7; 16]);
    }
}
