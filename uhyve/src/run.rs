//! `uhyve run`: from the command line to a running guest, step by step.
// SPDX-License-Identifier: BSD-3-Clause
use std::ffi::CStr;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use hermit_abi::PAGE;
use kvm_bindings::KVM_MAX_CPUID_ENTRIES;
use kvm_ioctls::VmFd;
use nix::sched::{sched_getaffinity, CpuSet};
use nix::unistd::Pid;

use crate::boot::{self, Setting, Strings};
use crate::buffers::Buffers;
use crate::cli;
use crate::control;
use crate::cpuid;
use crate::end::{write_result, End, Reason};
use crate::error::Error;
use crate::image::ImageFile;
use crate::isle::{self, Interrupt, Isle};
use crate::kvm;
use crate::memory::Memory;
use crate::vcpu::Vcpu;

/// Where KVM is.
pub const DEVICE: &CStr = c"/dev/kvm";
/// vCPUs of an isle, in this version.
const CORES: usize = 1;

/// Runs a guest; comes back only if it could not be started, with the exit code.
pub fn run(options: &cli::Run, started: Instant) -> i32 {
    let Err(error) = start(options, started);
    let end = End { code: error.exit_code(), reason: Reason::Error, text: format!("uhyve: {error}\n") };
    crate::console::say(&end.text, None);
    if let Some(file) = &options.result {
        if let Err(error) = write_result(file, &end, 0, started.elapsed()) {
            crate::console::say(&format!("uhyve: {}: {}\n", file.display(), crate::error::plain(&error)), None);
        }
    }
    end.code
}

fn start(options: &cli::Run, started: Instant) -> Result<std::convert::Infallible, Error> {
    let trace = Trace { on: options.verbose, started };
    let signals = control::prepare()?;
    let image = ImageFile::open(&options.elf)?;
    let strings = Strings::new(&options.elf, &options.args, std::env::vars_os())?;
    let bytes = options.mem.unwrap_or_else(|| image.default_memory()) & !(PAGE - 1);
    check_host_memory(bytes)?;
    trace.step("image checked");

    let kvm = kvm::open(DEVICE)?;
    let mut cpuid = kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES).map_err(Error::kvm("KVM_GET_SUPPORTED_CPUID"))?;
    cpuid::mask(cpuid.as_mut_slice());
    trace.step("KVM open");
    let vm = kvm::create_vm(&kvm)?;
    trace.step("VM created");
    let vcpus: Vec<Vcpu> = (0..CORES).map(|core| Vcpu::new(&vm, core, &cpuid)).collect::<Result<_, _>>()?;
    let facts = vcpus[0].facts()?;
    facts.require()?;
    trace.step("vCPU created");
    let memory = Memory::new(bytes)?;
    kvm::attach(&vm, &memory)?;
    trace.step("memory attached");

    let (epoch, host_cores) = (vcpus[0].epoch(), host_cores());
    let setting = Setting {
        cores: CORES as u32,
        host_cores,
        verbose: options.verbose,
        stack: options.stack.unwrap_or(image.defaults.stack),
        tsc_khz: vcpus[0].tsc_khz(),
        epoch,
    };
    let (plan, starts) = boot::prepare(&image, &memory, bytes, &setting, &strings)?;
    trace.step("image loaded, tables built");
    for (vcpu, start) in vcpus.iter().zip(&starts) {
        vcpu.enter(start, &facts)?;
    }
    trace.step("registers set");

    let buffers = Buffers::new(&plan, &image.elf, &image.nub);
    let about = isle::Run { image: image.into_file(), result: options.result.clone(), memory: bytes, started };
    let polling = host_cores as usize > CORES;
    let isle = Isle::new(memory, plan, CORES, buffers, Box::new(Msi(vm)), about, polling);
    let (copy, timeout) = (isle.clone(), options.timeout);
    spawn("control", move || {
        if let Err(error) = control::run(&copy, &signals, timeout, &epoch) {
            let text = format!("uhyve: control thread: {}\n", error.desc());
            copy.end(&End { code: 125, reason: Reason::Error, text });
        }
    })?;
    trace.step("guest enters");
    run_all(vcpus, &isle)
}

/// Core 0 runs on this thread, each other one on its own.
fn run_all(vcpus: Vec<Vcpu>, isle: &Arc<Isle>) -> Result<std::convert::Infallible, Error> {
    let mut vcpus = vcpus.into_iter();
    let first = vcpus.next();
    for vcpu in vcpus {
        let copy = isle.clone();
        spawn("vcpu", move || vcpu.run(&copy))?;
    }
    match first {
        Some(vcpu) => vcpu.run(isle),
        None => Err(Error::Usage("a guest needs a core".into())),
    }
}

fn spawn(name: &'static str, life: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let thread = thread::Builder::new().name(name.into()).spawn(life);
    thread.map(drop).map_err(|error| Error::Os("starting a thread", error))
}

/// Interrupts by message.
struct Msi(VmFd);

impl Interrupt for Msi {
    fn interrupt(&self, core: usize, vector: u8) {
        kvm::interrupt(&self.0, core, vector);
    }
}

/// Host cores that uhyve may use.
fn host_cores() -> u32 {
    let set = sched_getaffinity(Pid::from_raw(0));
    let count = set.map(|set| (0..CpuSet::count()).filter(|&cpu| set.is_set(cpu).unwrap_or(false)).count());
    count.unwrap_or(1) as u32
}

/// Memory is given only when it is touched, so that asking for too much would end in the middle of the work.
fn check_host_memory(asked: u64) -> Result<(), Error> {
    let info = nix::sys::sysinfo::sysinfo().map_err(|error| Error::Os("sysinfo", error.into()))?;
    match info.ram_total() {
        host if asked > host => Err(Error::HostMemory { asked, host }),
        _ => Ok(()),
    }
}

/// Time stamps under --verbose.
struct Trace {
    on: bool,
    started: Instant,
}

impl Trace {
    fn step(&self, what: &str) {
        if self.on {
            eprintln!("uhyve: [{:.3} ms] {what}", self.started.elapsed().as_secs_f64() * 1e3);
        }
    }
}
