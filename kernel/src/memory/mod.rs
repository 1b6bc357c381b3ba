//! The guest's memory: regions from the boot info, the heap that grows from below, mappings from above.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::{AtomicU32, AtomicU8, Ordering};

use hermit_abi::boot::{BootInfo, FLAG_EXEC_STACK, FLAG_JIT};
use hermit_abi::layout::{round_up, LOW_RESERVED};
use hermit_abi::{fault, Range, PAGE};

use crate::errno::Errno;
use crate::sync::Mutex;

mod areas;
pub mod arguments;
mod buddy;
pub mod device;
pub mod extent;
mod heap;
mod mapping;
pub mod pool;
pub mod regions;
pub mod shared;
mod slab;
pub mod stacks;
pub mod window;

pub use mapping::Rights;

use areas::Areas;
use heap::Heap;
use regions::Regions;

/// Everything that is handed out.
pub struct Memory {
    regions: Regions,
    heap: Heap,
    areas: Areas,
    jit: bool,
    stack_rights: Rights,
    stack: Range,
    image: Range,
    nub: Range,
}

static MEMORY: Mutex<Memory> = Mutex::new(Memory {
    regions: Regions::none(),
    heap: Heap::none(),
    areas: Areas::none(),
    jit: false,
    stack_rights: Rights::NONE,
    stack: Range::new(0, 0),
    image: Range::new(0, 0),
    nub: Range::new(0, 0),
});

/// A piece of memory that the libOS took for itself at boot: zero, contiguous in both address spaces.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// Virtual address.
    pub va: u64,
    /// Guest-physical address.
    pub pa: u64,
    /// Bytes.
    pub len: u64,
}

/// Takes over the regions of the boot info.
pub fn init(info: &BootInfo) {
    let mut memory = MEMORY.lock();
    memory.regions = Regions::new(&info.regions[..info.region_count as usize]);
    let stack = Range::new(info.stack_va, info.stack_len);
    memory.heap = Heap::new(stack.end(), memory.regions.main().end());
    memory.jit = info.host.flags & FLAG_JIT != 0;
    let executable = info.host.flags & FLAG_EXEC_STACK != 0;
    memory.stack_rights = if executable { Rights::EXECUTABLE_STACK } else { Rights::DATA };
    memory.stack = stack;
    memory.image = Range::new(info.image_va, info.image.len);
    memory.nub = info.nub;
}

/// Takes `len` zero bytes for good; only at boot, before the heap is the program's.
pub fn take_at_boot(len: u64, align: u64) -> Piece {
    let mut memory = MEMORY.lock();
    let taken = memory.heap.take(len, align).filter(|va| memory.regions.physical(*va, len).is_some());
    let Some(va) = taken else {
        crate::isle::end(122, "kernel: out of memory at boot: give the guest more (HERMIT_MEM)\n");
    };
    Piece { va, pa: memory.regions.physical(va, len).unwrap_or(0), len }
}

/// Makes `count` values for good; only at boot.
pub fn slice_at_boot<T: Sync>(count: usize, value: impl Fn(usize) -> T) -> &'static [T] {
    let piece = take_at_boot((count * size_of::<T>()) as u64, align_of::<T>().max(64) as u64);
    fill_slice(piece.va, count, value)
}

/// Makes `count` values for good.
pub fn slice<T: Sync>(count: usize, value: impl Fn(usize) -> T) -> Result<&'static [T], Errno> {
    let va = MEMORY.lock().map(None, (count * size_of::<T>()) as u64, Rights::DATA)?;
    Ok(fill_slice(va, count, value))
}

fn fill_slice<T: Sync>(va: u64, count: usize, value: impl Fn(usize) -> T) -> &'static [T] {
    let place = va as *mut T;
    // SAFETY: fresh memory of that size and alignment, nobody else's, and never given back; every element is written before it is seen.
    unsafe {
        (0..count).for_each(|index| place.add(index).write(value(index)));
        core::slice::from_raw_parts(place, count)
    }
}

/// Clears the program's word at `address`, then calls `after` with it.
pub fn clear_word(address: u64, after: impl FnOnce(&AtomicU32)) {
    // SAFETY: a word of the program's own, by the contract of sys_thread_end.
    let word = unsafe { AtomicU32::from_ptr(address as *mut u32) };
    word.store(0, Ordering::SeqCst);
    after(word);
}

/// The C library asks this before it spares itself the locks: from now on it may not.
pub fn end_single_threaded() {
    extern "C" {
        static __libc_single_threaded: AtomicU8;
    }
    // SAFETY: a byte of the C library's, which is written here alone.
    unsafe { &__libc_single_threaded }.store(0, Ordering::SeqCst);
}

/// From here on the heap is the program's.
pub fn seal_boot() {
    MEMORY.lock().heap.seal();
}

/// Grows or shrinks the heap; gives the old end.
pub fn sbrk(increment: i64) -> Result<u64, Errno> {
    let mut memory = MEMORY.lock();
    let main = memory.regions.main();
    let ceiling = memory.areas.lowest_used(main);
    let (old, top) = (memory.heap.end(), memory.heap.top());
    let new = memory.heap.moved(increment, ceiling)?;
    let grown = Range::new(top, round_up(new, PAGE).saturating_sub(top));
    if !grown.is_empty() {
        memory.restore(grown)?;
        memory.areas.set(grown, None)?;
    }
    memory.heap.refresh(Range::new(old, new.saturating_sub(old)))?;
    memory.heap.move_to(new);
    Ok(old)
}

/// Maps `len` fresh zero bytes: at `fixed`, or wherever there is room.
pub fn map(fixed: Option<u64>, len: u64, rights: Rights) -> Result<u64, Errno> {
    MEMORY.lock().map(fixed, len, rights)
}

/// Takes `len` bytes from `va` on back; whoever touches them then gets a fault.
pub fn unmap(va: u64, len: u64) -> Result<(), Errno> {
    MEMORY.lock().unmap(page_range(va, len)?)
}

/// Changes the rights of mapped memory, of the heap or of the image's data.
pub fn protect(va: u64, len: u64, rights: Rights) -> Result<(), Errno> {
    if len == 0 && va % PAGE == 0 {
        return Ok(()); // no pages, as on Linux; for mmap and munmap that is EINVAL
    }
    MEMORY.lock().protect(page_range(va, len)?, rights)
}

/// May a mapping have these rights?
pub fn check(rights: Rights) -> Result<(), Errno> {
    rights.allowed(MEMORY.lock().jit)
}

/// Bytes that the guest manages.
pub fn total() -> u64 {
    MEMORY.lock().regions.total()
}

/// Bytes that are still to be had.
pub fn free() -> u64 {
    let memory = MEMORY.lock();
    memory.regions.total() - memory.heap.used(memory.regions.main().start) - memory.areas.used()
}

/// What `address` belongs to, as a REGION_* of the fault record; `guard` is below the stack of the thread that asks. For the fault
/// handler: takes no lock.
pub fn classify(info: &BootInfo, guard: Range, address: u64) -> u64 {
    let inside = |start: u64, len: u64| Range::new(start, len).contains(&Range::new(address, 1));
    if address < LOW_RESERVED {
        fault::REGION_NULL
    } else if inside(guard.start, guard.len) {
        fault::REGION_STACK_GUARD
    } else if inside(info.image_va, info.image.len) {
        fault::REGION_IMAGE
    } else if inside(info.nub.start, info.nub.len) || inside(info.lapic_va, PAGE) {
        fault::REGION_NUB
    } else {
        fault::REGION_UNKNOWN
    }
}

/// The pages of `va .. va + len`; `va` must begin one.
fn page_range(va: u64, len: u64) -> Result<Range, Errno> {
    if va % PAGE != 0 || len == 0 || va.checked_add(len).is_none_or(|end| end > u64::MAX - PAGE) {
        return Err(Errno::Invalid);
    }
    Ok(Range::new(va, round_up(len, PAGE)))
}
