//! Whole runs on this host's KVM: hand-assembled guests of a few instructions that post requests, panic or spin.
// SPDX-License-Identifier: BSD-3-Clause
//! Where uhyve says that the host cannot run guests, the tests pass without a run and say so.
use std::io::Read;
use std::mem::offset_of;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use hermit_abi::boot::BootInfo;
use hermit_abi::core::{NubCore, NUB_DATA};
use hermit_abi::ring::{Ring, Slot, OP_EXIT, OP_READ, OP_WRITE, PORT_DOORBELL, PORT_PANIC, POSTED};

const TEXT: u64 = 0x20_1000;
const DATA: u64 = 0x20_3000;

/// Machine code of a guest, in ring 0 at the nub's entry: rdi = nub core. Its text to write stands at DATA.
#[derive(Clone, Default)]
struct Code(Vec<u8>);

impl Code {
    /// rax = slot 0 of core 0's ring.
    fn new() -> Self {
        let mut code = Self::default();
        let boot_info = NUB_DATA as usize + offset_of!(NubCore, boot_info);
        code.with(&[0x48, 0x8b, 0x87], boot_info as u32); // mov rax, [rdi + boot_info]
        code.with(&[0x48, 0x8b, 0x80], offset_of!(BootInfo, rings_va) as u32); // mov rax, [rax + rings_va]
        code.with(&[0x48, 0x05], 0x1000 + offset_of!(Ring, slots) as u32); // add rax, shared page + slots
        code
    }

    fn with(&mut self, opcode: &[u8], value: u32) {
        self.0.extend_from_slice(opcode);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// mov dword [rax + at], value
    fn store(&mut self, at: usize, value: u32) {
        self.with(&[0xc7, 0x80], at as u32);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn post(mut self, slot: usize, op: u16, fd: u32, addr: u64, len: u32) -> Self {
        let at = slot * size_of::<Slot>();
        self.store(at + offset_of!(Slot, op), u32::from(op));
        self.store(at + offset_of!(Slot, fd), fd);
        self.store(at + offset_of!(Slot, addr), addr as u32);
        self.store(at + offset_of!(Slot, len), len);
        self.store(at + offset_of!(Slot, state), POSTED);
        self
    }

    fn out(mut self, port: u16, value: u32) -> Self {
        self.0.push(0x50); // push rax
        self.with(&[0xb8], value); // mov eax, value
        self.with(&[0xba], u32::from(port)); // mov edx, port
        self.0.extend([0xef, 0x58]); // out dx, eax; pop rax
        self
    }

    /// The guest as a file that goes away with its test.
    fn image(mut self, name: &str) -> Image {
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
    for (at, value) in [(0, 7), (4, 40), (8, 1), (20, 1)] {
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

struct Image(PathBuf);

impl Drop for Image {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Image {
    fn command(&self, options: &[&str]) -> Command {
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

    fn run(&self, options: &[&str]) -> Output {
        self.command(options).output().unwrap()
    }
}

/// False, and says so, where the host cannot run guests.
fn usable() -> bool {
    let check = Command::new(env!("CARGO_BIN_EXE_uhyve")).arg("check").output().unwrap();
    if !check.status.success() {
        eprintln!("skipped: {}", String::from_utf8_lossy(&check.stderr).trim());
    }
    check.status.success()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wait(child: &mut Child) -> i32 {
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
fn hello(child: &mut Child) {
    let mut line = [0; 6];
    child.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    assert_eq!(&line, b"hello\n");
}

#[test]
fn a_guest_writes_and_exits() {
    if !usable() {
        return;
    }
    let code = Code::new().post(0, OP_WRITE, 1, DATA, 6).post(1, OP_WRITE, 2, DATA, 5).post(2, OP_EXIT, 0, 0, 42);
    let image = code.out(PORT_DOORBELL, 0).image("exit");
    let result = std::env::temp_dir().join(format!("uhyve-guest-{}.json", std::process::id()));
    let output = image.run(&["--result", result.to_str().unwrap()]);
    let json = std::fs::read_to_string(&result).unwrap();
    std::fs::remove_file(&result).unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stdout), text(&output.stderr)),
        (Some(42), "hello\n".into(), "hello".into())
    );
    assert!(json.starts_with(r#"{"exit_code":42,"reason":"exit","isle":"uhyve","#), "{json}");
}

#[test]
fn memory_from_too_little_to_both_sides_of_the_hole() {
    if !usable() {
        return;
    }
    let image = Code::new().post(0, OP_EXIT, 0, 0, 3).out(PORT_DOORBELL, 0).image("memory");
    let small = image.run(&["--mem", "1M"]);
    assert_eq!(small.status.code(), Some(122));
    assert_eq!(text(&small.stderr).lines().count(), 1);
    assert_eq!(image.run(&["--mem", "4M"]).status.code(), Some(3));
    let host = text(&std::fs::read("/proc/meminfo").unwrap());
    let kib: u64 = host.split_whitespace().nth(1).unwrap().parse().unwrap();
    let large = image.run(&["--mem", "6G"]).status.code();
    assert_eq!(large, Some(if kib > 6 << 20 { 3 } else { 125 }));
    assert_eq!(image.run(&["--mem", "64M", "--stack", "1G"]).status.code(), Some(122));
}

#[test]
fn a_nub_that_gives_up_is_a_panic() {
    if !usable() {
        return;
    }
    let output = Code::new().post(0, OP_WRITE, 1, DATA, 6).out(PORT_PANIC, 13).image("panic").run(&[]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(120), "{said}");
    assert_eq!(text(&output.stdout), "hello\n", "what was posted is out");
    assert!(said.starts_with("kernel: panic: the nub cannot go on: exception 13 (privileged instruction"), "{said}");
    assert!(said.contains(&format!("rip {:016x}", TEXT)[..12]) && said.contains("#0"), "{said}");
}

#[test]
fn a_triple_fault_is_a_panic() {
    if !usable() {
        return;
    }
    let mut code = Code::new().post(0, OP_WRITE, 1, DATA, 6);
    code.0.extend([0x31, 0xc9, 0x0f, 0x22, 0xd9]); // xor ecx, ecx; mov cr3, rcx
    let output = code.image("triple").run(&["--timeout", "20"]);
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(120), "hello\n".into()), "{said}");
    assert!(said.starts_with("kernel: panic: core 0 is lost: triple fault at rip 0x"), "{said}");
}

#[test]
fn the_time_limit_ends_a_guest_and_nothing_is_lost() {
    if !usable() {
        return;
    }
    // The second line is posted without a doorbell.
    let code = Code::new().post(0, OP_WRITE, 1, DATA, 6).out(PORT_DOORBELL, 0).post(1, OP_WRITE, 1, DATA, 6);
    let start = Instant::now();
    let output = code.image("timeout").run(&["--timeout", "0.5"]);
    assert_eq!(output.status.code(), Some(124));
    assert_eq!(text(&output.stdout), "hello\nhello\n");
    assert_eq!(text(&output.stderr), "uhyve: timeout: the guest did not end within 0.5 s\n");
    assert!(start.elapsed() >= Duration::from_millis(500));
}

#[test]
fn signals_end_a_guest_whatever_it_does() {
    if !usable() {
        return;
    }
    let spin = Code::new().post(0, OP_WRITE, 1, DATA, 6).out(PORT_DOORBELL, 0);
    // A read from a pipe that nobody writes keeps the reader thread waiting.
    let read = spin.clone().post(1, OP_READ, 0, DATA, 6).out(PORT_DOORBELL, 0);
    for (name, code) in [("spin", spin), ("read", read)] {
        let image = code.image(name);
        for (signal, wanted) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
            let mut child = image.command(&[]).stdin(Stdio::piped()).spawn().unwrap();
            hello(&mut child);
            let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
            assert!(sent.success());
            assert_eq!(wait(&mut child), wanted, "{name} {signal}");
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(said, format!("uhyve: ended by SIG{signal}\n"));
        }
    }
}

#[test]
fn a_full_pipe_does_not_hold_up_the_end() {
    if !usable() {
        return;
    }
    // More than a pipe holds, and nobody reads on: the write blocks.
    let code = Code::new().post(0, OP_WRITE, 1, DATA, 6).post(1, OP_WRITE, 1, 0x40_0000, 8 << 20).out(PORT_DOORBELL, 0);
    let image = code.image("full");
    let mut child = image.command(&["--mem", "64M", "--timeout", "0.5"]).spawn().unwrap();
    hello(&mut child);
    assert_eq!(wait(&mut child), 124);
}

#[test]
fn a_guest_ends_with_its_parent() {
    if !usable() {
        return;
    }
    let image = Code::new().post(0, OP_WRITE, 1, DATA, 6).out(PORT_DOORBELL, 0).image("orphan");
    let script = format!("'{}' run '{}' & echo $! >&2; wait", env!("CARGO_BIN_EXE_uhyve"), image.0.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut parent = shell.spawn().unwrap();
    hello(&mut parent);
    let mut digits = Vec::new();
    let mut stderr = parent.stderr.take().unwrap();
    let mut byte = [0];
    while stderr.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
        digits.push(byte[0]);
    }
    parent.kill().unwrap();
    parent.wait().unwrap();
    let process = PathBuf::from("/proc").join(text(&digits));
    let deadline = Instant::now() + Duration::from_secs(20);
    // Gone, or a zombie of an init that does not reap.
    let gone = || std::fs::read_to_string(process.join("stat")).map_or(true, |stat| stat.contains(") Z "));
    while !gone() {
        assert!(Instant::now() < deadline, "uhyve outlives its parent");
        std::thread::sleep(Duration::from_millis(5));
    }
}
