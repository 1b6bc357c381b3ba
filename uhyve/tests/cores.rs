//! Guests of several cores on this host's KVM: all of them run, idle ones cost nothing, any of them may end the isle.
// SPDX-License-Identifier: BSD-3-Clause
mod assembled;

use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use assembled::{hello, text, usable, wait, Code, DATA};
use hermit_abi::ring::{OP_EXIT, OP_WRITE, PORT_DOORBELL, PORT_PANIC};

/// Clock ticks of CPU time (of 10 ms) that a process has used so far.
fn ticks(child: &Child) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// The host cores that each thread may use, by its name.
fn allowed(child: &Child) -> BTreeMap<String, String> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
    let line = |status: &str, field| status.lines().find_map(|line| line.strip_prefix(field)).unwrap().trim().into();
    let of = |status: String| (line(&status, "Name:"), line(&status, "Cpus_allowed_list:"));
    tasks.map(|task| of(std::fs::read_to_string(task.unwrap().path().join("status")).unwrap())).collect()
}

fn terminate(child: &mut Child) {
    assert!(Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(wait(child), 143);
}

#[test]
fn every_core_runs_and_has_a_ring_of_its_own() {
    if !usable() {
        return;
    }
    for cores in [2_u32, 5] {
        let write = Code::own().post(0, OP_WRITE, 1, DATA, 6).ring(PORT_DOORBELL).meet(cores).others_halt();
        let image = write.post(1, OP_EXIT, 0, 0, 9).ring(PORT_DOORBELL).image(&format!("cores-{cores}"));
        let output = image.run(&["--cpus", &cores.to_string(), "--timeout", "20"]);
        let said = (output.status.code(), text(&output.stdout), text(&output.stderr));
        assert_eq!(said, (Some(9), "hello\n".repeat(cores as usize), String::new()));
    }
}

#[test]
fn halted_cores_use_no_host_time_and_end_at_once() {
    if !usable() {
        return;
    }
    let code = Code::own().others_halt().post(0, OP_WRITE, 1, DATA, 6).ring(PORT_DOORBELL).halt();
    let image = code.image("idle");
    let mut child = image.command(&["--cpus", "8"]).spawn().unwrap();
    hello(&mut child);
    std::thread::sleep(Duration::from_millis(200));
    let before = ticks(&child);
    std::thread::sleep(Duration::from_millis(500));
    assert!(ticks(&child) - before <= 2, "{} ticks", ticks(&child) - before);
    let start = Instant::now();
    terminate(&mut child);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn busy_cores_end_by_signal_and_timeout() {
    if !usable() {
        return;
    }
    // All of them go on to the loop that every image ends with.
    let image = Code::new().post(0, OP_WRITE, 1, DATA, 6).out(PORT_DOORBELL, 0).image("busy");
    let mut child = image.command(&["--cpus", "4"]).spawn().unwrap();
    hello(&mut child);
    terminate(&mut child);
    assert_eq!(image.run(&["--cpus", "4", "--timeout", "0.5"]).status.code(), Some(124));
}

#[test]
fn any_core_may_be_lost() {
    if !usable() {
        return;
    }
    let mut code = Code::own();
    code.0.extend([0x85, 0xc9, 0x75, 0x04]); // test ecx, ecx; jnz over the next: core 0 waits
    let code = code.halt();
    let mut triple = code.clone();
    triple.0.extend([0x31, 0xc9, 0x0f, 0x22, 0xd9]); // xor ecx, ecx; mov cr3, rcx
    let output = triple.image("lost").run(&["--cpus", "2", "--timeout", "20"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(120), "{said}");
    assert!(said.starts_with("kernel: panic: core 1 is lost: triple fault"), "{said}");
    let output = code.out(PORT_PANIC, 13).image("nub").run(&["--cpus", "2", "--timeout", "20"]);
    assert_eq!(output.status.code(), Some(120));
    assert!(text(&output.stderr).contains("\n  core 1  rip "), "{}", text(&output.stderr));
}

#[test]
fn vcpus_keep_their_host_cores_and_other_threads_do_not() {
    if !usable() {
        return;
    }
    let code = Code::own().others_halt().post(0, OP_WRITE, 1, DATA, 6).ring(PORT_DOORBELL).halt();
    let image = code.image("pin");
    // A new thread names itself and chooses its host cores a moment after it began.
    let shown = |options: &[&str], expected: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        let mut child = image.command(options).spawn().unwrap();
        hello(&mut child);
        let until = Instant::now() + Duration::from_secs(20);
        while !expected(&allowed(&child)) {
            assert!(Instant::now() < until, "{options:?}: {:?}", allowed(&child));
            sleep(Duration::from_millis(10));
        }
        let shown = allowed(&child);
        terminate(&mut child);
        shown
    };
    let is =
        |cpus: &BTreeMap<String, String>, name: &str, wanted: &str| cpus.get(name).is_some_and(|own| own == wanted);
    let named = |cpus: &BTreeMap<String, String>| cpus.contains_key("control") && cpus.contains_key("vcpu1");
    let free = shown(&["--cpus", "2", "--pin", "off"], &named);
    let all = free["control"].clone();
    assert!(free.values().all(|cpus| *cpus == all), "{free:?}");
    let first = all.split([',', '-']).next().unwrap();
    let list = format!("{first},{first}");
    shown(&["--cpus", "2", "--pin", &list], &|cpus| {
        is(cpus, "uhyve", first) && is(cpus, "vcpu1", first) && is(cpus, "control", &all)
    });
    let several = all != first;
    shown(&["--cpus", "2"], &|cpus| {
        named(cpus)
            && is(cpus, "uhyve", first) == several
            && (cpus["vcpu1"] != all) == several
            && is(cpus, "control", &all)
    });
    shown(&[], &|cpus| cpus.contains_key("control") && cpus.values().all(|cpus| *cpus == all));
}

#[test]
fn lists_that_do_not_fit_are_refused_in_one_line() {
    if !usable() {
        return;
    }
    let image = Code::new().image("list");
    for (options, words) in [
        (["--cpus", "2", "--pin", "0"], "1 host cores for 2 vCPUs"),
        (["--cpus", "1", "--pin", "1023"], "host core 1023"),
    ] {
        let output = image.run(&options);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains(words), "{said}");
    }
}
