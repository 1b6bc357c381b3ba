//! Paths: their components, and what is wrong with them before anybody looks.
// SPDX-License-Identifier: BSD-3-Clause

/// Most bytes of a component.
pub const NAME_MAX: usize = 255;
/// Most bytes of a path, with the NUL that ends it.
pub const PATH_MAX: usize = 4096;

/// Why a path is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It is empty.
    Empty,
    /// It, or a component, is too long.
    TooLong,
}

/// Checks the length of a path; components are checked as they come.
pub fn check(path: &[u8]) -> Result<(), Bad> {
    match path.len() {
        0 => Err(Bad::Empty),
        len if len >= PATH_MAX => Err(Bad::TooLong),
        _ => Ok(()),
    }
}

/// The first component and what is behind it, its slashes included; None: only slashes are left.
pub fn split(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = path.iter().position(|byte| *byte != b'/')?;
    let path = &path[start..];
    let end = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
    Some(path.split_at(end))
}

/// Nothing but slashes.
pub fn is_over(rest: &[u8]) -> bool {
    rest.iter().all(|byte| *byte == b'/')
}
