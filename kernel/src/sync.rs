//! Locks of the libOS: short ones, held with interrupts masked, and long ones, whose waiters sleep.
// SPDX-License-Identifier: BSD-3-Clause
use core::cell::UnsafeCell;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::arch::{block, cpu, fault};
use crate::clock::monotonic;
use crate::door::{self, Door};
use crate::futex;

/// Interrupts are masked until this is dropped, if they were not already.
pub struct Mask {
    was: bool,
}

impl Mask {
    /// Masks them.
    #[inline(always)]
    pub fn set() -> Self {
        let was = block::is_masked();
        block::mask();
        Self { was }
    }
}

impl Drop for Mask {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.was {
            block::unmask();
        }
    }
}

/// A spinlock that is held with interrupts masked: for a few instructions of the scheduler's.
pub struct Masked<T>(spin::Mutex<T>);

/// The lock, held.
pub struct MaskedGuard<'a, T> {
    guard: ManuallyDrop<spin::MutexGuard<'a, T>>,
    _mask: Mask,
}

impl<T> Masked<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self(spin::Mutex::new(value))
    }

    /// Takes the lock.
    #[inline(always)]
    pub fn lock(&self) -> MaskedGuard<'_, T> {
        let mask = Mask::set();
        MaskedGuard { guard: ManuallyDrop::new(self.0.lock()), _mask: mask }
    }
}

impl<T> Deref for MaskedGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MaskedGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for MaskedGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: dropped here and nowhere else; the mask goes after the lock.
        unsafe { ManuallyDrop::drop(&mut self.guard) };
    }
}

/// How long `seize` waits, ns.
const PATIENCE: u64 = 100_000_000;

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and the release must wake somebody.
const WAITED: u32 = 2;

/// A lock that may be held for long and while waiting: others sleep meanwhile, and no signal is taken by its holder. Never to be taken
/// masked or in an idle context.
pub struct Mutex<T> {
    word: AtomicU32,
    /// The core whose fatal end has seized it, plus 1; it is masked for good.
    seizer: AtomicU64,
    value: UnsafeCell<T>,
}

// SAFETY: the word lets one in at a time.
unsafe impl<T: Send> Sync for Mutex<T> {}

/// The lock, held.
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    // left after the release: a handler that runs then may want the lock
    _door: Door,
}

impl<T> Mutex<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self { word: AtomicU32::new(FREE), seizer: AtomicU64::new(0), value: UnsafeCell::new(value) }
    }

    /// Takes the lock, sleeping until it is free.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.try_lock().unwrap_or_else(|| self.wait())
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let door = door::enter();
        let taken = self.word.compare_exchange(FREE, HELD, Ordering::SeqCst, Ordering::Relaxed);
        taken.ok().map(|_| self.held(door))
    }

    /// The caller has just taken it; if another core's fatal end wants it, that gets it, and the caller rests.
    fn held(&self, door: Door) -> MutexGuard<'_, T> {
        let seizer = self.seizer.load(Ordering::Relaxed);
        if seizer != 0 {
            block::mask();
            if seizer != block::core() + 1 {
                self.word.store(FREE, Ordering::Release);
                fault::rest();
            }
        }
        MutexGuard { mutex: self, _door: door }
    }

    #[cold]
    fn wait(&self) -> MutexGuard<'_, T> {
        let door = door::enter();
        while self.word.swap(WAITED, Ordering::Acquire) != FREE {
            futex::sleep(&self.word, WAITED);
        }
        self.held(door)
    }

    /// Takes the lock whoever has it: for the fatal end alone. A holder on another core is done soon, and must not be disturbed; one that
    /// has faulted, or sleeps, never is.
    pub fn seize(&self) -> MutexGuard<'_, T> {
        // Inside all the while: no handler is to run here.
        let door = door::enter();
        self.seizer.store(block::core() + 1, Ordering::SeqCst);
        let end = monotonic() + PATIENCE;
        while monotonic() < end {
            if let Some(guard) = self.try_lock() {
                return guard;
            }
            cpu::relax();
        }
        self.word.store(HELD, Ordering::Relaxed);
        MutexGuard { mutex: self, _door: door }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the guard has the lock.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the guard has the lock, and is borrowed for itself alone.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.mutex.word.swap(FREE, Ordering::Release) == WAITED {
            futex::wake(&self.mutex.word, 1);
        }
    }
}
