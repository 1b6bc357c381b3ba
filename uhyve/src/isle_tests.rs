//! What a guest can do to its rings, hostile ones included. No KVM: the tests play the guest.
// SPDX-License-Identifier: BSD-3-Clause
use super::*;
use std::mem::{offset_of, size_of};
use std::sync::atomic::{AtomicUsize, Ordering};

use hermit_abi::elf::{Image, Segment, PF_W, PF_X};
use hermit_abi::fault::{FaultRecord, CAUSE_THREAD, MAGIC};
use hermit_abi::paging::Nub;
use hermit_abi::ring::{Ring as Layout, SharedPage, Slot, DONE, POSTED, TAKEN};
use hermit_abi::ABI_VERSION;

const RINGS: u64 = 0x10_0000;
const DATA: u64 = 0x30_0000;
const TEXT: u64 = 0x20_0000;
const NUB: u64 = 0x1_0000;

/// Counts instead of interrupting.
struct Counter(Arc<AtomicUsize>);

impl Interrupt for Counter {
    fn interrupt(&self, _core: usize, vector: u8) {
        assert_eq!(vector, VECTOR_DEVICE);
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn isle(cores: usize) -> (Arc<Isle>, Arc<AtomicUsize>) {
    let memory = Memory::new(8 << 20).unwrap();
    let plan = Plan { nub: Range::new(NUB, 0x1_0000), rings: Range::new(RINGS, 0x8000), ..Plan::default() };
    let mut image = Image { count: 2, ..Image::default() };
    image.segments[0] = Segment { memory: Range::new(TEXT, 0x1000), flags: PF_X, ..Segment::default() };
    image.segments[1] = Segment { memory: Range::new(DATA, 0x1000), flags: PF_W, ..Segment::default() };
    let buffers = Buffers::new(&plan, &image, &Nub::default());
    let run = Run {
        image: File::open("/dev/null").unwrap(),
        result: None,
        memory: 8 << 20,
        started: Instant::now(),
        host: HostCores::usable(),
    };
    let count = Arc::new(AtomicUsize::new(0));
    (Isle::new(memory, plan, cores, buffers, Box::new(Counter(count.clone())), run, false), count)
}

fn slot(core: usize, slot: usize) -> u64 {
    RINGS + 0x1000 * (1 + core as u64) + (offset_of!(Layout, slots) + slot * size_of::<Slot>()) as u64
}

/// Fills a slot as a guest does.
fn post(isle: &Isle, core: usize, n: usize, op: u16, fd: i32, addr: u64, len: u64) {
    let at = slot(core, n);
    let put = |offset: usize, bytes: &[u8]| assert!(isle.memory.write(at + offset as u64, bytes));
    put(offset_of!(Slot, op), &op.to_le_bytes());
    put(offset_of!(Slot, fd), &fd.to_le_bytes());
    put(offset_of!(Slot, addr), &addr.to_le_bytes());
    put(offset_of!(Slot, len), &len.to_le_bytes());
    put(offset_of!(Slot, state), &POSTED.to_le_bytes());
}

fn state(isle: &Isle, core: usize, n: usize) -> u32 {
    isle.memory.load_u32(slot(core, n) + offset_of!(Slot, state) as u64, Ordering::Acquire)
}

fn result(isle: &Isle, core: usize, n: usize) -> i64 {
    let mut bytes = [0; 8];
    assert!(isle.memory.read(slot(core, n) + offset_of!(Slot, result) as u64, &mut bytes));
    i64::from_le_bytes(bytes)
}

#[test]
fn hostile_requests_get_errors() {
    let (isle, _) = isle(1);
    let cases = [
        (OP_WRITE, 1, NUB, 8, -14, "nub frames"),
        (OP_WRITE, 1, NUB - 4, 8, -14, "into the nub frames"),
        (OP_WRITE, 1, DATA, u64::MAX, -14, "endless"),
        (OP_WRITE, 1, u64::MAX - 3, 8, -14, "wraps"),
        (OP_WRITE, 1, 8 << 20, 1, -14, "above RAM"),
        (OP_WRITE, 3, DATA, 1, -9, "descriptor 3"),
        (OP_WRITE, -1, DATA, 1, -9, "descriptor -1"),
        (OP_WRITE, 77, u64::MAX, 0, 0, "nothing to write"),
        (OP_READ, 0, TEXT, 8, -14, "into text"),
        (OP_READ, 0, NUB, 8, -14, "into the nub"),
        (OP_READ, 9, DATA, 8, -9, "descriptor 9"),
        (0, 1, DATA, 8, -38, "operation 0"),
        (999, 1, DATA, 8, -38, "operation 999"),
    ];
    for (n, (op, fd, addr, len, wanted, what)) in cases.into_iter().enumerate() {
        post(&isle, 0, n, op, fd, addr, len);
        assert!(isle.doorbell(0).is_none(), "{what}");
        assert_eq!((state(&isle, 0, n), result(&isle, 0, n)), (DONE, wanted), "{what}");
    }
}

#[test]
fn requests_are_served_in_order_around_the_ring() {
    let (isle, _) = isle(2);
    for round in 0..3 {
        for n in 0..SLOTS {
            post(&isle, 1, n, 999, 0, 0, 0);
        }
        assert!(matches!(isle.drain_all(), Drained::Busy), "round {round}");
        assert!((0..SLOTS).all(|n| state(&isle, 1, n) == DONE));
    }
    assert!(matches!(isle.drain_all(), Drained::Idle));
    // A slot out of turn waits for those before it.
    post(&isle, 0, 5, 999, 0, 0, 0);
    assert!(matches!(isle.drain_all(), Drained::Idle));
    assert_eq!(state(&isle, 0, 5), POSTED);
}

#[test]
fn doorbells_of_other_cores_do_nothing() {
    let (isle, _) = isle(1);
    for core in [1, 2, usize::MAX, u32::MAX as usize] {
        assert!(isle.doorbell(core).is_none());
    }
}

#[test]
fn the_guest_is_woken_only_if_it_asks() {
    let (isle, count) = isle(1);
    post(&isle, 0, 0, 999, 0, 0, 0);
    isle.doorbell(0);
    assert_eq!(count.load(Ordering::Relaxed), 0);
    let want = RINGS + 0x1000 + offset_of!(Layout, want_interrupt) as u64;
    isle.memory.store_u32(want, 1, Ordering::SeqCst);
    post(&isle, 0, 1, 999, 0, 0, 0);
    isle.doorbell(0);
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[test]
fn exit_ends_and_what_comes_later_stays() {
    let (isle, _) = isle(1);
    post(&isle, 0, 0, 999, 0, 0, 0);
    post(&isle, 0, 1, OP_EXIT, 0, 0, 0x1_0007);
    post(&isle, 0, 2, 999, 0, 0, 0);
    let end = isle.doorbell(0).unwrap();
    assert_eq!((end.code, end.reason, end.text.as_str()), (7, Reason::Exit, ""));
    assert_eq!([0, 1, 2].map(|n| state(&isle, 0, n)), [DONE, TAKEN, POSTED]);
}

#[test]
fn a_broken_fault_record_is_a_panic() {
    let (isle, _) = isle(1);
    for (n, (addr, len)) in
        [(DATA, 8), (DATA, 0), (NUB, 500), (u64::MAX, u64::MAX), (DATA, u64::MAX)].into_iter().enumerate()
    {
        post(&isle, 0, n, OP_FAULT, 0, addr, len);
        let end = isle.doorbell(0).unwrap();
        assert_eq!((end.code, end.reason), (120, Reason::Panic), "{addr:#x} {len:#x}");
    }
}

#[test]
fn a_threads_place_ends_nothing() {
    let (isle, _) = isle(1);
    let mut record = vec![0; size_of::<FaultRecord>()];
    let mut put = |at: usize, value: &[u8]| record[at..at + value.len()].copy_from_slice(value);
    put(offset_of!(FaultRecord, magic), &MAGIC.to_le_bytes());
    put(offset_of!(FaultRecord, version), &ABI_VERSION.to_le_bytes());
    put(offset_of!(FaultRecord, cause), &CAUSE_THREAD.to_le_bytes());
    assert!(isle.memory.write(DATA, &record));
    // Many in a row, one for each of many threads.
    for n in 0..3 {
        post(&isle, 0, n, OP_FAULT, 0, DATA, record.len() as u64);
    }
    assert!(isle.doorbell(0).is_none());
    assert_eq!([0, 1, 2].map(|n| (state(&isle, 0, n), result(&isle, 0, n))), [(DONE, 0); 3]);
}

#[test]
fn the_clock_step_reaches_the_guest() {
    let (isle, _) = isle(1);
    isle.set_clock_step(-5);
    let mut bytes = [0; 8];
    assert!(isle.memory.read(RINGS + offset_of!(SharedPage, realtime_step_ns) as u64, &mut bytes));
    assert_eq!(i64::from_le_bytes(bytes), -5);
}

#[test]
fn host_awake_is_told_to_every_core() {
    let (isle, _) = isle(3);
    let awake = |core: u64| {
        isle.memory.load_u32(RINGS + 0x1000 * (1 + core) + offset_of!(Layout, host_awake) as u64, Ordering::Relaxed)
    };
    isle.set_awake(true);
    assert_eq!([0, 1, 2].map(awake), [1; 3]);
    isle.set_awake(false);
    assert_eq!([0, 1, 2].map(awake), [0; 3]);
}

/// A small generator: the same numbers at every run.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn random_slots_never_reach_guarded_memory() {
    let (isle, _) = isle(1);
    let mut random = 0x9e37_79b9_7f4a_7c15;
    let guard = [0x5a; 64];
    assert!(isle.memory.write(NUB, &guard) && isle.memory.write(TEXT, &guard));
    let mut turn = 0;
    for _ in 0..20_000 {
        let (op, fd) = ((next(&mut random) % 3) as u16, (next(&mut random) % 16) as i32 + 3);
        let near = [NUB, TEXT, DATA, 8 << 20, u64::MAX][(next(&mut random) % 5) as usize];
        let addr = near.wrapping_add(next(&mut random) % 64).wrapping_sub(32);
        let len = next(&mut random) >> (next(&mut random) % 64);
        // Descriptors from 3: whatever the buffer, no request reaches the host's files.
        post(&isle, 0, turn, op, fd, addr, len);
        assert!(isle.doorbell(0).is_none());
        assert_eq!(state(&isle, 0, turn), DONE);
        assert!(result(&isle, 0, turn) <= 0);
        turn = (turn + 1) % SLOTS;
    }
    let mut now = [0; 64];
    for guarded in [NUB, TEXT] {
        assert!(isle.memory.read(guarded, &mut now) && now == guard);
    }
}

#[test]
fn random_garbage_in_the_ring_page_is_survived() {
    let (isle, _) = isle(1);
    let mut random = 0x1234_5678_9abc_def1;
    for _ in 0..2_000 {
        for word in 0..0x1000 / 8 {
            // No descriptor of ours and no end: bytes 2 and up of the operation make it one that does not exist.
            let value = next(&mut random) | 0x4000 << 32;
            assert!(isle.memory.write(RINGS + 0x1000 + 8 * word, &value.to_le_bytes()));
        }
        for n in 0..SLOTS {
            isle.memory.store_u32(slot(0, n), (next(&mut random) % 6) as u32, Ordering::Relaxed);
        }
        assert!(isle.doorbell(0).is_none());
    }
}
