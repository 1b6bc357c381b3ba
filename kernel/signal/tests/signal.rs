//! Numbers, actions and the queue of signals.
// SPDX-License-Identifier: BSD-3-Clause
use std::sync::atomic::{AtomicI32, Ordering};

use hermit_signal::actions::{Action, Actions, NO_DEFER, RESET};
use hermit_signal::numbers::{bit, is_harmless, is_valid, linux, lowest, CANCEL, KILL, SEGV, UNBLOCKABLE};
use hermit_signal::queue::{Full, Info, Queue, PROCESS, QUEUED_MAX, SI_QUEUE, SI_TIMER, SI_USER};

#[test]
fn numbers_are_newlibs_and_exit_codes_linuxs() {
    assert_eq!([1, 10, 11, 12, 16, 20, 30, 31].map(linux), [1, 7, 11, 31, 23, 17, 10, 12]);
    assert_eq!((linux(32), linux(63)), (32, 63));
    // no two of the ordinary ones end with the same code
    let mut codes: Vec<u32> = (1..32).map(linux).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 31);
    assert!(is_valid(1) && is_valid(64) && !is_valid(0) && !is_valid(65) && !is_valid(-1));
    assert!(is_harmless(20) && is_harmless(17) && !is_harmless(15) && !is_harmless(40));
}

#[test]
fn a_set_gives_the_cancellation_first_then_the_lowest() {
    assert_eq!(lowest(0), None);
    assert_eq!(lowest(bit(40) | bit(15)), Some(15));
    assert_eq!(lowest(bit(40) | bit(CANCEL)), Some(CANCEL));
    assert_eq!(bit(CANCEL), 1);
    assert_eq!(lowest(bit(63)), Some(63));
}

#[test]
fn actions_block_their_signal_and_never_what_cannot_be() {
    let mut actions = Actions::new();
    assert!(!actions.set(KILL, Action::default()));
    let action = Action { handler: 0x1000, mask: u64::MAX, flags: RESET };
    assert!(actions.set(SEGV, action));
    assert_eq!(action.blocks(SEGV), !UNBLOCKABLE);
    assert_eq!(Action { mask: 0, flags: NO_DEFER, ..action }.blocks(SEGV), 0);
    assert_eq!(Action { mask: 0, flags: 0, ..action }.blocks(SEGV), bit(SEGV));
    assert!(actions.use_up(SEGV).is_caught());
    assert!(!actions.use_up(SEGV).is_caught(), "SA_RESETHAND: once");
    assert!(Action { handler: 1, ..action }.ignores(SEGV) && !Action::default().ignores(SEGV));
}

#[test]
fn the_queue_keeps_order_for_each_target() {
    let mut queue = Queue::new();
    for value in 0..3 {
        queue.push(PROCESS, Info::sent(40, SI_QUEUE, value), None).unwrap();
        queue.push(7, Info::sent(40, SI_QUEUE, 10 + value), None).unwrap();
    }
    assert_eq!([0, 1, 2], [(); 3].map(|()| queue.take(PROCESS, 40).value));
    assert!(!queue.has(PROCESS, 40) && queue.has(7, 40));
    assert_eq!(queue.take(PROCESS, 40).code, SI_USER, "no entry: the bare number");
    queue.drop(7, 0);
    assert!(!queue.has(7, 40));
}

#[test]
fn sigqueue_is_limited_and_the_others_go_on() {
    let mut queue = Queue::new();
    for _ in 0..QUEUED_MAX {
        queue.push(PROCESS, Info::sent(40, SI_QUEUE, 0), None).unwrap();
    }
    assert_eq!(queue.push(PROCESS, Info::sent(40, SI_QUEUE, 0), None), Err(Full));
    for _ in 0..1000 {
        queue.push(PROCESS, Info::sent(41, SI_USER, 0), None).unwrap();
    }
    queue.take(PROCESS, 40);
    queue.drop(PROCESS, 41);
    assert_eq!(queue.push(PROCESS, Info::sent(40, SI_QUEUE, 0), None), Ok(()));
}

#[test]
fn a_timer_counts_its_overruns_in_one_signal() {
    static OVERRUN: AtomicI32 = AtomicI32::new(-1);
    static OTHER: AtomicI32 = AtomicI32::new(-1);
    let mut queue = Queue::new();
    assert!(!queue.merge(&OVERRUN, 1));
    let info = Info { number: 40, code: SI_TIMER, first: 5 | 2 << 32, ..Info::default() };
    queue.push(PROCESS, info, Some(&OVERRUN)).unwrap();
    assert!(queue.merge(&OVERRUN, 3) && !queue.merge(&OTHER, 1));
    let taken = queue.take(PROCESS, 40);
    assert_eq!((taken.first as u32, taken.first >> 32), (5, 5));
    assert_eq!(OVERRUN.load(Ordering::Relaxed), 5);
    queue.push(PROCESS, info, Some(&OVERRUN)).unwrap();
    assert!(queue.merge(&OVERRUN, u32::MAX));
    assert_eq!(queue.take(PROCESS, 40).first >> 32, i32::MAX as u64);
}
