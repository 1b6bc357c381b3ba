//! Directories, paths and rings.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_fs::directory::Directory;
use hermit_fs::path::{check, is_over, split, Bad, PATH_MAX};
use hermit_fs::ring::Ring;

fn names(directory: &Directory<u32>) -> Vec<String> {
    let (mut all, mut from) = (Vec::new(), 0);
    while let Some((at, name, _)) = directory.entry(from) {
        all.push(String::from_utf8(name.to_vec()).unwrap());
        from = at + 1;
    }
    all
}

#[test]
fn entries_are_found_until_they_are_removed() {
    let mut directory = Directory::new();
    for number in 0..1000_u32 {
        directory.insert(number.to_string().as_bytes(), number).unwrap();
    }
    for number in (0..1000_u32).step_by(3) {
        assert_eq!(directory.remove(number.to_string().as_bytes()), Some(number));
    }
    for number in 0..1000_u32 {
        let there = (number % 3 != 0).then_some(number);
        assert_eq!(directory.get(number.to_string().as_bytes()).copied(), there);
    }
    assert_eq!((directory.len(), names(&directory).len()), (666, 666));
    assert_eq!(directory.replace(b"1", 7), Some(1));
    assert_eq!(directory.get(b"1"), Some(&7));
    assert_eq!(directory.remove(b"0"), None);
    assert_eq!(directory.name_of(|value| *value == 998), Some(&b"998"[..]));
}

#[test]
fn who_reads_meanwhile_sees_all_that_stays_once() {
    let mut directory = Directory::new();
    for number in 0..100_u32 {
        directory.insert(number.to_string().as_bytes(), number).unwrap();
    }
    let (mut seen, mut from) = (Vec::new(), 0);
    while let Some((at, _, value)) = directory.entry(from) {
        let value = *value;
        seen.push(value);
        from = at + 1;
        if value % 2 == 0 {
            directory.remove(value.to_string().as_bytes());
            directory.insert(format!("new{value}").as_bytes(), 1000 + value).unwrap();
        }
    }
    let stayed = seen.iter().filter(|value| **value < 100).count();
    assert_eq!(stayed, 100);
}

#[test]
fn an_empty_directory_holds_nothing() {
    let mut directory = Directory::<u32>::new();
    assert!(directory.is_empty() && directory.get(b"x").is_none() && directory.entry(0).is_none());
    directory.insert(b"x", 1).unwrap();
    assert_eq!(directory.remove(b"x"), Some(1));
    assert!(directory.is_empty() && directory.entry(0).is_none());
}

#[test]
fn paths_come_apart() {
    assert_eq!(split(b"//usr/lib"), Some((&b"usr"[..], &b"/lib"[..])));
    assert_eq!(split(b"name"), Some((&b"name"[..], &b""[..])));
    assert_eq!(split(b"///"), None);
    assert!(is_over(b"//") && is_over(b"") && !is_over(b"/a"));
    assert_eq!(check(b""), Err(Bad::Empty));
    assert_eq!(check(&[b'a'; PATH_MAX]), Err(Bad::TooLong));
    assert_eq!(check(&[b'a'; PATH_MAX - 1]), Ok(()));
}

#[test]
fn a_ring_keeps_the_order() {
    let mut ring = Ring::new(10);
    let (mut put, mut taken) = (0_u8, 0_u8);
    for round in 1..200_usize {
        let bytes: Vec<u8> = (0..round % 7).map(|at| put.wrapping_add(at as u8)).collect();
        put = put.wrapping_add(ring.put(&bytes).unwrap() as u8);
        let mut out = [0; 5];
        let len = ring.take(&mut out[..round % 6]);
        for byte in &out[..len] {
            assert_eq!(*byte, taken);
            taken = taken.wrapping_add(1);
        }
        assert_eq!(ring.len() + ring.room(), 10);
        assert_eq!(ring.len() as u8, put.wrapping_sub(taken));
    }
}
