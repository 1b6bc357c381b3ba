//! Files: what every kind of them can do (`file`, `node`), where they are found (`path`, `mount`), who has them open (`table`,
//! `description`), and the kinds: `tmpfs`, `device`, `standard` streams. No lock of these is held while a call waits.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
pub mod counter;
pub mod description;
mod device;
pub mod entries;
pub mod file;
pub mod flags;
pub mod flock;
pub mod mapping;
pub mod mount;
pub mod names;
pub mod node;
pub mod open;
pub mod path;
pub mod pipe;
pub mod poll;
pub mod socket;
mod standard;
pub mod status;
pub mod table;
mod tmpfs;
pub mod wait;
