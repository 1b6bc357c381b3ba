//! `uhyve run`: from the command line to a running guest, step by step.
// SPDX-License-Identifier: BSD-3-Clause
use std::ffi::CStr;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use hermit_abi::PAGE;
use kvm_bindings::{CpuId, KVM_MAX_CPUID_ENTRIES};
use kvm_ioctls::{Kvm, VmFd};

use crate::boot::{self, Setting, Strings};
use crate::buffers::Buffers;
use crate::cli;
use crate::control;
use crate::cores::{self, Count, HostCores};
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
    let host = HostCores::usable();
    let cores = Count::resolve(options.cpus, image.defaults.cpus, host.count())?;
    let places = host.place(&options.pin, cores as usize)?;
    let bytes = guest_memory(options.mem, &image, cores)?;
    trace.step("image checked");

    let kvm = kvm::open(DEVICE)?;
    kvm::check_cores(kvm.get_max_vcpus(), cores)?;
    let cpuid = cpuid_of(&kvm, cores)?;
    trace.step("KVM open");
    let vm = kvm::create_vm(&kvm)?;
    trace.step("VM created");
    let vcpus: Vec<Vcpu> = (0..cores).map(|core| Vcpu::new(&vm, core as usize, &cpuid)).collect::<Result<_, _>>()?;
    let facts = vcpus[0].facts()?;
    facts.require()?;
    trace.step("vCPU created");
    let memory = Memory::new(bytes)?;
    kvm::attach(&vm, &memory)?;
    trace.step("memory attached");

    let (epoch, host_cores) = (vcpus[0].epoch(), cores::shared(&host, &places));
    let setting = Setting {
        cores,
        host_cores: host_cores as u32,
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
    let about = isle::Run { image: image.into_file(), result: options.result.clone(), memory: bytes, started, host };
    let polling = host_cores > vcpus.len();
    let isle = Isle::new(memory, plan, vcpus.len(), buffers, Box::new(Msi(vm)), about, polling);
    let (copy, timeout) = (isle.clone(), options.timeout);
    spawn("control", move || {
        if let Err(error) = control::run(&copy, &signals, timeout, &epoch) {
            let text = format!("uhyve: control thread: {}\n", error.desc());
            copy.end(&End { code: 125, reason: Reason::Error, text });
        }
    })?;
    trace.step("guest enters");
    run_all(vcpus, &places, &isle)
}

/// Core 0 runs on this thread, each other one on its own; core n keeps the host core `places[n]`, if there is one.
fn run_all(vcpus: Vec<Vcpu>, places: &[usize], isle: &Arc<Isle>) -> Result<std::convert::Infallible, Error> {
    let mut vcpus = vcpus.into_iter().enumerate();
    let first = vcpus.next();
    for (n, vcpu) in vcpus {
        let (copy, place) = (isle.clone(), places.get(n).copied());
        spawn(&format!("vcpu{n}"), move || {
            cores::keep(place);
            vcpu.run(&copy)
        })?;
    }
    match first {
        Some((_, vcpu)) => {
            cores::keep(places.first().copied());
            vcpu.run(isle)
        }
        None => Err(Error::Usage("a guest needs a core".into())),
    }
}

/// What the guest's CPUs show.
fn cpuid_of(kvm: &Kvm, cores: u32) -> Result<CpuId, Error> {
    let mut cpuid = kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES).map_err(Error::kvm("KVM_GET_SUPPORTED_CPUID"))?;
    cpuid::mask(cpuid.as_mut_slice());
    let too_many = |_| Error::Kvm("KVM_SET_CPUID2", std::io::Error::from_raw_os_error(nix::libc::E2BIG));
    CpuId::from_entries(&cpuid::topology(cpuid.as_slice(), cores)).map_err(too_many)
}

fn spawn(name: &str, life: impl FnOnce() + Send + 'static) -> Result<(), Error> {
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

/// Bytes of guest memory. The host gives it only when it is touched: asking for too much would end in the middle of the
/// work.
fn guest_memory(wish: Option<u64>, image: &ImageFile, cores: u32) -> Result<u64, Error> {
    let info = nix::sys::sysinfo::sysinfo().map_err(|error| Error::Os("sysinfo", error.into()))?;
    let host = info.ram_total();
    match wish.unwrap_or_else(|| image.default_memory(cores, host)) & !(PAGE - 1) {
        asked if asked > host => Err(Error::HostMemory { asked, host }),
        bytes => Ok(bytes),
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
