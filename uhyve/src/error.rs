//! Everything that can keep uhyve from running a guest: one line each, with the exit code of the launcher's rules.
// SPDX-License-Identifier: BSD-3-Clause
use std::fmt;
use std::io;
use std::path::PathBuf;

use hermit_abi::elf::ElfError;

/// Why no guest ran. `Display` gives one line without the leading `uhyve: `.
#[derive(Debug)]
pub enum Error {
    /// The command line is wrong.
    Usage(String),
    /// The image cannot be opened or read.
    NoFile(PathBuf, io::Error),
    /// The file is no image that this uhyve runs; the text says why.
    NotHermit(PathBuf, String),
    /// The image does not fit the memory it gets.
    MemoryTooSmall {
        /// Bytes of guest memory.
        memory: u64,
        /// Bytes from the image's first to its last address.
        image: u64,
    },
    /// More memory was asked for than the host has.
    HostMemory {
        /// Bytes of guest memory asked for.
        asked: u64,
        /// Bytes of RAM in this host.
        host: u64,
    },
    /// /dev/kvm cannot be used; the text says how to mend it.
    NoKvm(String),
    /// This host's CPU lacks something.
    Cpu(&'static str),
    /// An ioctl of KVM failed.
    Kvm(&'static str, io::Error),
    /// Another system call failed.
    Os(&'static str, io::Error),
}

impl Error {
    /// A failed KVM ioctl.
    pub fn kvm(call: &'static str) -> impl FnOnce(kvm_ioctls::Error) -> Self {
        move |error| Self::Kvm(call, io::Error::from_raw_os_error(error.errno()))
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Usage(_) => 2,
            Self::MemoryTooSmall { .. } => 122,
            Self::HostMemory { .. } | Self::NoKvm(_) | Self::Cpu(_) | Self::Kvm(..) | Self::Os(..) => 125,
            Self::NotHermit(..) => 126,
            Self::NoFile(_, error) if error.kind() == io::ErrorKind::NotFound => 127,
            Self::NoFile(..) => 126,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Usage(what) => write!(out, "{what} (see uhyve --help)"),
            Self::NoFile(path, error) => write!(out, "{}: {}", path.display(), plain(error)),
            Self::NotHermit(path, why) => write!(out, "{}: not a hermit image: {why}", path.display()),
            Self::MemoryTooSmall { memory, image } => write!(
                out,
                "{} of memory are too few for this image of {}: \
                 give more with --mem (HERMIT_MEM), or a smaller stack with --stack",
                size(*memory),
                size(*image)
            ),
            Self::HostMemory { asked, host } => {
                let (asked, host) = (size(*asked), size(*host));
                write!(
                    out,
                    "{asked} of guest memory are more than this host's {host}: give less with --mem (HERMIT_MEM)"
                )
            }
            Self::NoKvm(why) => write!(out, "{why}"),
            Self::Cpu(what) => write!(out, "this host's CPU has no {what}, which hermit needs: use HERMIT_ISLE=qemu"),
            Self::Kvm(call, error) => write!(out, "this host's KVM refused {call}: {}", plain(error)),
            Self::Os(what, error) => write!(out, "{what}: {}", plain(error)),
        }
    }
}

/// An operating-system error in words, without Rust's "(os error N)".
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}

/// A byte count as people write it: the largest binary unit that divides it, else one decimal.
pub fn size(bytes: u64) -> String {
    let units = [("G", 30), ("M", 20), ("K", 10)];
    for (name, shift) in units {
        if bytes >= 1 << shift {
            return if bytes % (1 << shift) == 0 {
                format!("{}{name}", bytes >> shift)
            } else {
                format!("{:.1}{name}", bytes as f64 / (1_u64 << shift) as f64)
            };
        }
    }
    format!("{bytes} bytes")
}

/// What is wrong with an ELF file, in words.
pub fn elf_text(error: ElfError) -> &'static str {
    match error {
        ElfError::NotElf => "no ELF header",
        ElfError::WrongKind => "not a static 64-bit x86_64 program",
        ElfError::NotHermit => "a program for Linux or another system; build it with x86_64-hermit-gcc",
        ElfError::Truncated => "the file ends before its program headers or segments do",
        ElfError::OutOfRange => "a program header's addresses are out of range",
        ElfError::Overlap => "its segments overlap or are out of order",
        ElfError::WritableText => "a segment is writable and executable",
        ElfError::Count => "it has no loadable segment, or too many segments or notes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(100), "100 bytes");
        assert_eq!(size(64 << 20), "64M");
        assert_eq!(size(3 << 29), "1.5G");
    }

    #[test]
    fn exit_codes_are_those_of_the_rules() {
        let missing = Error::NoFile("x".into(), io::Error::from_raw_os_error(2));
        assert_eq!((missing.exit_code(), missing.to_string()), (127, "x: No such file or directory".into()));
        assert_eq!(Error::NoFile("x".into(), io::Error::from_raw_os_error(13)).exit_code(), 126);
        assert_eq!(Error::Usage("no".into()).exit_code(), 2);
        assert_eq!(Error::MemoryTooSmall { memory: 1, image: 2 }.exit_code(), 122);
        assert_eq!(Error::Cpu("XSAVE").exit_code(), 125);
    }

    #[test]
    fn every_line_is_one_line() {
        let errors = [
            Error::Usage("a".into()),
            Error::HostMemory { asked: 1 << 50, host: 1 << 34 },
            Error::MemoryTooSmall { memory: 1 << 20, image: 1 << 21 },
            Error::Cpu("FSGSBASE"),
            Error::Kvm("KVM_RUN", io::Error::from_raw_os_error(22)),
        ];
        for error in errors {
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
