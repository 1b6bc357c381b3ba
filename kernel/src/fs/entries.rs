//! Entries of an open directory, as getdents gives them: ".", "..", then the file system's own.
// SPDX-License-Identifier: BSD-3-Clause
use super::description::Handle;
use super::status::Kind;
use crate::errno::Errno;

/// Bytes of an entry before its name: number, place of the next one, length, kind.
const ENTRY: usize = 19;

/// Places of "." and "..", before all others.
const DOT: u64 = 0;
const DOTS: u64 = 1;

/// Fills `bytes` with entries of a directory from the position on, as `struct sys_dirent`; gives how many bytes.
pub fn read(handle: &Handle, bytes: &mut [u8]) -> Result<usize, Errno> {
    let folder = handle.node().ok_or(Errno::NotDirectory)?;
    let mut position = handle.position();
    let mut done = 0;
    loop {
        let mut len = 0;
        let rest = &mut bytes[done..];
        let mut next = *position;
        let mut take = |place: u64, name: &[u8], number: u64, kind: Kind| {
            let whole = (ENTRY + name.len() + 1).next_multiple_of(8);
            let Some(entry) = rest.get_mut(..whole) else { return };
            next = place + 1;
            entry.fill(0);
            entry[..8].copy_from_slice(&number.to_le_bytes());
            entry[8..16].copy_from_slice(&next.to_le_bytes());
            entry[16..18].copy_from_slice(&(whole as u16).to_le_bytes());
            entry[18] = (kind as u32 >> 12) as u8;
            entry[ENTRY..ENTRY + name.len()].copy_from_slice(name);
            len = whole;
        };
        let more = match *position {
            DOT => {
                take(DOT, b".", folder.identity().1, Kind::Directory);
                Ok(true)
            }
            DOTS => folder.clone().parent().map_or(Ok(false), |parent| {
                take(DOTS, b"..", parent.identity().1, Kind::Directory);
                Ok(true)
            }),
            place => folder.entry(place - DOTS - 1, &mut |place, name, number, kind| {
                take(place + DOTS + 1, name, number, kind);
            }),
        }?;
        if len == 0 {
            // a buffer that is too short for the first one is a mistake
            return if done > 0 || !more { Ok(done) } else { Err(Errno::Invalid) };
        }
        *position = next;
        done += len;
    }
}
