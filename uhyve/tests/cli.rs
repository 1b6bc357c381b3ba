//! uhyve as a user calls it, with everything that is no image: one line, the exit code of the rules, nothing left.
// SPDX-License-Identifier: BSD-3-Clause
//! None of these tests needs KVM: files are checked before it is opened.
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use hermit_abi::ABI_VERSION;

fn uhyve(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_uhyve")).args(args).stdin(Stdio::null()).output().unwrap()
}

/// A file of this content that goes away with its test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("uhyve-test-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs a wrong image; its one line.
fn refused(content: &[u8], name: &str, code: i32) -> String {
    let image = Scratch::new(name, content);
    let output = uhyve(&["run", image.text()]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{name}: {line}");
    assert!(output.stdout.is_empty());
    assert_eq!(line.lines().count(), 1, "{name}: {line}");
    assert!(line.starts_with("uhyve: ") && line.contains(image.text()), "{line}");
    line
}

/// A program header: type, flags, offset, address, file size, memory size.
type Header = (u32, u32, u64, u64, u64, u64);

/// A hermit ELF header with these program headers.
fn elf(headers: &[Header]) -> Vec<u8> {
    let mut bytes = vec![0; 64 + 56 * headers.len()];
    bytes[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\xff");
    bytes[16..20].copy_from_slice(&0x003e_0002_u32.to_le_bytes());
    bytes[24..32].copy_from_slice(&0x20_0000_u64.to_le_bytes());
    bytes[32..40].copy_from_slice(&64_u64.to_le_bytes());
    bytes[54..56].copy_from_slice(&56_u16.to_le_bytes());
    bytes[56..58].copy_from_slice(&(headers.len() as u16).to_le_bytes());
    for (n, (kind, flags, offset, address, file, memory)) in headers.iter().enumerate() {
        let at = 64 + 56 * n;
        bytes[at..at + 4].copy_from_slice(&kind.to_le_bytes());
        bytes[at + 4..at + 8].copy_from_slice(&flags.to_le_bytes());
        for (field, value) in [(8, offset), (16, address), (24, address), (32, file), (40, memory)] {
            bytes[at + field..at + field + 8].copy_from_slice(&value.to_le_bytes());
        }
    }
    bytes.resize(8192, 0);
    bytes
}

#[test]
fn files_that_are_no_images() {
    refused(b"", "empty", 126);
    refused(b"#!/bin/sh\n", "script", 126);
    refused(&[0x7f; 5000], "noise", 126);
    let mut linux = elf(&[(1, 5, 0, 0x20_0000, 4096, 4096)]);
    linux[7] = 0;
    assert!(refused(&linux, "linux", 126).contains("Linux"));
    let own = std::fs::read(env!("CARGO_BIN_EXE_uhyve")).unwrap();
    refused(&own, "uhyve", 126);
}

#[test]
fn hostile_program_headers() {
    let text = (1, 5, 0, 0x20_0000, 4096, 4096);
    let cases: [(&str, &[Header]); 11] = [
        ("file range overflows", &[(1, 4, u64::MAX, 0x20_0000, 2, 4096)]),
        ("file range outside", &[(1, 4, 4096, 0x20_0000, 1 << 40, 1 << 40)]),
        ("memory overflows", &[(1, 4, 0, u64::MAX - 4095, 16, 1 << 32)]),
        ("memory below", &[(1, 4, 0, 0x1000, 16, 4096)]),
        ("memory above", &[(1, 4, 0, 256 << 30, 16, 4096)]),
        ("memory smaller than file", &[(1, 4, 0, 0x20_0000, 4096, 16)]),
        ("overlap", &[text, (1, 6, 0, 0x20_0800, 16, 4096)]),
        ("descending", &[(1, 4, 0, 0x40_0000, 16, 4096), text]),
        ("writable text", &[(1, 7, 0, 0x20_0000, 16, 4096)]),
        ("no segment", &[(6, 4, 0, 0, 0, 0)]),
        ("note outside", &[text, (4, 4, 1 << 40, 0x20_0000, 64, 64)]),
    ];
    for (name, headers) in cases {
        refused(&elf(headers), &name.replace(' ', "-"), 126);
    }
    assert!(refused(&elf(&[text]), "no-note", 126).contains("Hermit note"));
}

#[test]
fn truncated_images() {
    let whole = elf(&[(1, 5, 0, 0x20_0000, 8192, 8192)]);
    for len in [3, 4, 16, 60, 63, 64, 100, 119, 120, 8191] {
        refused(&whole[..len], &format!("cut-{len}"), 126);
    }
    let mut far = whole.clone();
    far[32..40].copy_from_slice(&u64::MAX.to_le_bytes());
    refused(&far, "far-headers", 126);
    far[32..40].copy_from_slice(&(1_u64 << 20).to_le_bytes());
    refused(&far, "headers-outside", 126);
}

/// A Hermit note of this ABI version, whose addresses are `entry`, nub text and vectors.
fn with_note(version: u32, entry: u64, start: u64, end: u64, vectors: u64) -> Vec<u8> {
    let mut bytes =
        elf(&[(1, 4, 4096, 0x20_0000, 64, 64), (1, 5, 0, 0x20_1000, 4096, 4096), (4, 4, 4096, 0x20_0000, 60, 60)]);
    let descriptor = 0x20_0000 + 20;
    let mut note = Vec::new();
    for word in [7_u32, 40, 1] {
        note.extend(word.to_le_bytes());
    }
    note.extend(b"Hermit\0\0");
    note.extend(version.to_le_bytes());
    note.extend([0; 4]);
    for (at, value) in [(8, entry), (16, start), (24, end), (32, vectors)] {
        note.extend(value.wrapping_sub(descriptor + at).to_le_bytes());
    }
    bytes[4096..4096 + note.len()].copy_from_slice(&note);
    bytes
}

#[test]
fn hostile_notes() {
    let (start, end) = (0x20_1000, 0x20_2000);
    assert!(refused(&with_note(77, start, start, end, start), "version", 126).contains("version 77"));
    refused(&with_note(ABI_VERSION, end, start, end, start), "entry-outside", 126);
    refused(&with_note(ABI_VERSION, start, start, end, end - 16), "vectors-outside", 126);
    refused(&with_note(ABI_VERSION, start, start + 8, end, start), "unaligned", 126);
    refused(&with_note(ABI_VERSION, start, end, start, start), "backwards", 126);
    refused(&with_note(ABI_VERSION, start, start, end + 4096, start), "beyond-text", 126);
    refused(&with_note(ABI_VERSION, 0x20_0000, 0x20_0000, start, 0x20_0000), "not-executable", 126);
    let mut endless = with_note(ABI_VERSION, start, start, end, start);
    endless[4096..4100].copy_from_slice(&u32::MAX.to_le_bytes());
    refused(&endless, "endless-name", 126);
}

#[test]
fn missing_files_and_directories() {
    let output = uhyve(&["run", "/nonexistent/app"]);
    assert_eq!(output.status.code(), Some(127));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "uhyve: /nonexistent/app: No such file or directory\n");
    assert_eq!(uhyve(&["run", "/"]).status.code(), Some(126));
    let fifo = std::env::temp_dir().join(format!("uhyve-test-{}-fifo", std::process::id()));
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let output = uhyve(&["run", fifo.to_str().unwrap()]);
    std::fs::remove_file(&fifo).unwrap();
    assert_eq!(output.status.code(), Some(126), "a FIFO without a writer");
    assert_eq!(uhyve(&["symbolize", "/nonexistent/app"]).status.code(), Some(127));
}

#[test]
fn wrong_command_lines() {
    for args in [
        &[][..],
        &["run"],
        &["run", "--mem", "abc", "x"],
        &["run", "--mem", "0", "x"],
        &["run", "--mem", "1K", "x"],
        &["run", "--cpus", "0", "x"],
        &["run", "--cpus", "-1", "x"],
        &["run", "--cpus", "10000", "x"],
        &["run", "--cpus", "abc", "x"],
        &["run", "--pin", "abc", "x"],
        &["fly"],
    ] {
        let output = uhyve(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1, "{args:?}");
    }
}

#[test]
fn more_memory_than_the_host_has() {
    let (start, end) = (0x20_1000, 0x20_2000);
    let image = Scratch::new("greedy", &with_note(ABI_VERSION, start, start, end, start));
    let output = uhyve(&["run", "--mem", "4096T", image.text()]);
    assert_eq!(output.status.code(), Some(125));
    assert!(String::from_utf8(output.stderr).unwrap().contains("4194304G of guest memory are more than this host's"));
}

#[test]
fn failures_stand_in_the_result_file() {
    let result = Scratch::new("result.json", b"old");
    let output = uhyve(&["run", "--result", result.text(), "/nonexistent/app"]);
    assert_eq!(output.status.code(), Some(127));
    let json = std::fs::read_to_string(&result.0).unwrap();
    assert!(json.starts_with(r#"{"exit_code":127,"reason":"error","isle":"uhyve","seconds":"#), "{json}");
    assert!(json.contains(r#""message":"/nonexistent/app: No such file or directory""#), "{json}");
}

#[test]
fn symbolize_wants_a_record() {
    let output = uhyve(&["symbolize", env!("CARGO_BIN_EXE_uhyve")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
}

#[test]
fn help_and_version() {
    let help = uhyve(&["--help"]);
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--result FILE"));
    assert!(String::from_utf8(uhyve(&["--version"]).stdout).unwrap().contains(&format!("ABI {ABI_VERSION}")));
}
