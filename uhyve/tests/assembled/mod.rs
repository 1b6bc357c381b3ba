//! Hand-assembled guests of a few instructions, as images, and how tests run them.
// SPDX-License-Identifier: BSD-3-Clause
//! Where uhyve says that the host cannot run guests, the tests pass without a run and say so.
// Each test program uses its part of these.
#![allow(dead_code)]

use std::io::Read;
use std::mem::offset_of;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use hermit_abi::boot::BootInfo;
use hermit_abi::core::{CoreBlock, NubCore, NUB_DATA};
use hermit_abi::ring::{Ring, Slot, POSTED};
use hermit_abi::ABI_VERSION;

/// Where the code is.
pub const TEXT: u64 = 0x20_1000;
/// Where its data is: "hello\n", then zeros.
pub const DATA: u64 = 0x20_3000;

/// Machine code of a guest, in ring 0 at the nub's entry: rdi = nub core. Its text to write stands at DATA.
#[derive(Clone, Default)]
pub struct Code(pub Vec<u8>);

impl Code {
    /// rax = slot 0 of core 0's ring, whichever core runs it.
    pub fn new() -> Self {
        let mut code = Self::default();
        let boot_info = NUB_DATA as usize + offset_of!(NubCore, boot_info);
        code.with(&[0x48, 0x8b, 0x87], boot_info as u32); // mov rax, [rdi + boot_info]
        code.with(&[0x48, 0x8b, 0x80], offset_of!(BootInfo, rings_va) as u32); // mov rax, [rax + rings_va]
        code.with(&[0x48, 0x05], 0x1000 + offset_of!(Ring, slots) as u32); // add rax, shared page + slots
        code
    }

    /// rax = slot 0 of the core's own ring, ecx = its number.
    pub fn own() -> Self {
        let mut code = Self::new();
        let block = NUB_DATA as usize + offset_of!(NubCore, block);
        code.with(&[0x48, 0x8b, 0x8f], block as u32); // mov rcx, [rdi + block]
        code.with(&[0x48, 0x8b, 0x89], offset_of!(CoreBlock, core) as u32); // mov rcx, [rcx + core]
        code.0.extend([0x48, 0x89, 0xca, 0x48, 0xc1, 0xe2, 12, 0x48, 0x01, 0xd0]); // rdx = rcx << 12; add rax, rdx
        code
    }

    /// Stops every core for good that is not core 0, after `own`.
    pub fn others_halt(mut self) -> Self {
        self.0.extend([0x85, 0xc9, 0x74, 0x04]); // test ecx, ecx; jz over the next
        self.halt()
    }

    /// Stops the core for good, without using host time.
    pub fn halt(mut self) -> Self {
        self.0.extend([0xfa, 0xf4, 0xeb, 0xfc]); // 1: cli; hlt; jmp 1b
        self
    }

    /// Rings the doorbell of the core's own ring, after `own`.
    pub fn ring(mut self, port: u16) -> Self {
        self.0.extend([0x50, 0x89, 0xc8]); // push rax; mov eax, ecx
        self.with(&[0xba], u32::from(port)); // mov edx, port
        self.0.extend([0xef, 0x58]); // out dx, eax; pop rax
        self
    }

    /// Counts this core in, and waits until `cores` of them have come here.
    pub fn meet(mut self, cores: u32) -> Self {
        let counter = DATA as u32 + 64;
        self.with(&[0xf0, 0xff, 0x04, 0x25], counter); // lock inc dword [counter]
        self.with(&[0x81, 0x3c, 0x25], counter); // 1: cmp dword [counter], cores
        self.0.extend(cores.to_le_bytes());
        self.0.extend([0x75, 0xf3]); // jne 1b
        self
    }

    /// An instruction that ends with a 32-bit word.
    pub fn with(&mut self, opcode: &[u8], value: u32) {
        self.0.extend_from_slice(opcode);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// mov dword [rax + at], value
    fn store(&mut self, at: usize, value: u32) {
        self.with(&[0xc7, 0x80], at as u32);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Posts a request into a slot of the ring at rax.
    pub fn post(mut self, slot: usize, op: u16, fd: u32, addr: u64, len: u32) -> Self {
        let at = slot * size_of::<Slot>();
        self.store(at + offset_of!(Slot, op), u32::from(op));
        self.store(at + offset_of!(Slot, fd), fd);
        self.store(at + offset_of!(Slot, addr), addr as u32);
        self.store(at + offset_of!(Slot, len), len);
        self.store(at + offset_of!(Slot, state), POSTED);
        self
    }

    /// out dx, eax
    pub fn out(mut self, port: u16, value: u32) -> Self {
        self.0.push(0x50); // push rax
        self.with(&[0xb8], value); // mov eax, value
        self.with(&[0xba], u32::from(port)); // mov edx, port
        self.0.extend([0xef, 0x58]); // out dx, eax; pop rax
        self
    }

    /// The guest as a file that goes away with its test.
    pub fn image(mut self, name: &str) -> Image {
        self.0.extend([0xf3, 0x90, 0xeb, 0xfc]); // 1: pause; jmp 1b
        let path = std::env::temp_dir().join(format!("uhyve-guest-{}-{name}", std::process::id()));
        std::fs::write(&path, elf(&self.0)).unwrap();
        Image(path)
    }
}

/// Note segment, text at TEXT, "hello\n" at DATA.
fn elf(code: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 0x4000];
    bytes[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\xff");
    let mut put = |at: usize, value: u64, len: usize| bytes[at..at + len].copy_from_slice(&value.to_le_bytes()[..len]);
    put(16, 0x003e_0002, 4);
    put(24, TEXT, 8);
    put(32, 64, 8);
    put(54, 56, 2);
    put(56, 4, 2);
    let headers =
        [(1, 4, 0x1000, TEXT - 0x1000), (1, 5, 0x2000, TEXT), (1, 6, 0x3000, DATA), (4, 4, 0x1000, TEXT - 0x1000)];
    for (n, (kind, flags, offset, address)) in headers.into_iter().enumerate() {
        let len = if kind == 4 { 60 } else { 0x1000 };
        for (field, value) in [(0, kind | flags << 32), (8, offset), (16, address), (24, address), (32, len), (40, len)]
        {
            put(64 + 56 * n + field, value, 8);
        }
    }
    for (at, value) in [(0, 7), (4, 40), (8, 1), (20, ABI_VERSION.into())] {
        put(0x1000 + at, value, 4);
    }
    let descriptor = TEXT - 0x1000 + 20;
    for (at, value) in [(8, TEXT), (16, TEXT), (24, TEXT + 0x1000), (32, TEXT)] {
        put(0x1000 + 20 + at, value.wrapping_sub(descriptor + at as u64), 8);
    }
    bytes[0x100c..0x1013].copy_from_slice(b"Hermit\0");
    bytes[0x2000..0x2000 + code.len()].copy_from_slice(code);
    bytes[0x3000..0x3006].copy_from_slice(b"hello\n");
    bytes
}

/// An image that goes away with its test.
pub struct Image(pub PathBuf);

impl Drop for Image {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Image {
    /// uhyve run [options] <image>
    pub fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_uhyve"));
        command
            .arg("run")
            .args(options)
            .arg(&self.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The same, to its end.
    pub fn run(&self, options: &[&str]) -> Output {
        self.command(options).output().unwrap()
    }
}

/// False, and says so, where the host cannot run guests.
pub fn usable() -> bool {
    let check = Command::new(env!("CARGO_BIN_EXE_uhyve")).arg("check").output().unwrap();
    if !check.status.success() {
        eprintln!("skipped: {}", String::from_utf8_lossy(&check.stderr).trim());
    }
    check.status.success()
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits for the end; the exit code.
pub fn wait(child: &mut Child) -> i32 {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    panic!("it did not end");
}

/// Waits for the guest's first output, so that a signal does not come before the guest.
pub fn hello(child: &mut Child) {
    let mut line = [0; 6];
    child.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    assert_eq!(&line, b"hello\n");
}
