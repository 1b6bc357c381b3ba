//! Whole runs on this host's KVM: guests that post requests, panic or spin.
// SPDX-License-Identifier: BSD-3-Clause
mod assembled;

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assembled::{hello, text, usable, wait, Code, DATA, TEXT};
use hermit_abi::ring::{OP_EXIT, OP_READ, OP_WRITE, PORT_DOORBELL, PORT_PANIC};

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
