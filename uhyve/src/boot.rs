//! Writes all that the guest finds at its first instruction: image, page tables, boot info, argv and environ.
// SPDX-License-Identifier: BSD-3-Clause
use std::ffi::OsString;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use hermit_abi::boot::{
    BootInfo, HostPart, FLAG_JIT, FLAG_STDERR_TTY, FLAG_STDIN_TTY, FLAG_STDOUT_TTY, ISLE_UHYVE, MAGIC, MAX_STRINGS,
};
use hermit_abi::core::NUB_RSP0;
use hermit_abi::layout::{self, Plan};
use hermit_abi::note::DEFAULTS_JIT;
use hermit_abi::paging::{self, Build};
use hermit_abi::ABI_VERSION;

use crate::clock::Epoch;
use crate::error::Error;
use crate::image::ImageFile;
use crate::memory::{self, Memory};

/// Environment variables that are ours, not the guest's.
const OWN_VARIABLES: &[u8] = b"HERMIT_";

/// What one core starts with.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// First instruction, ring 0.
    pub rip: u64,
    /// Ring-0 stack.
    pub rsp: u64,
    /// The core's nub memory: rdi, and the TSS's base.
    pub nub_core: u64,
    /// Page tables.
    pub cr3: u64,
    /// Base and limit of the GDT.
    pub gdt: (u64, u16),
    /// Base and limit of the IDT.
    pub idt: (u64, u16),
}

/// The strings of argv and environ, each NUL-terminated.
#[derive(Debug, Default)]
pub struct Strings {
    bytes: Vec<u8>,
    argc: u32,
    envc: u32,
}

impl Strings {
    /// argv is the image's path and `args`; of `environ` HERMIT_* is left out.
    pub fn new(
        elf: &Path,
        args: &[OsString],
        environ: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Error> {
        let mut strings = Self::default();
        for arg in std::iter::once(elf.as_os_str()).chain(args.iter().map(OsString::as_os_str)) {
            strings.push(&[arg.as_bytes()]);
            strings.argc += 1;
        }
        for (name, value) in environ {
            if !name.as_bytes().starts_with(OWN_VARIABLES) {
                strings.push(&[name.as_bytes(), b"=", value.as_bytes()]);
                strings.envc += 1;
            }
        }
        if strings.bytes.len() as u64 > MAX_STRINGS {
            let size = crate::error::size(strings.bytes.len() as u64);
            return Err(Error::Usage(format!("arguments and environment are {size}, a guest takes at most 2M")));
        }
        Ok(strings)
    }

    fn push(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
        self.bytes.push(0);
    }
}

/// What the boot info says about this host, this run and this program.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// vCPUs.
    pub cores: u32,
    /// Host cores usable.
    pub host_cores: u32,
    /// Kernel log.
    pub verbose: bool,
    /// Main stack, 0 = default.
    pub stack: u64,
    /// TSC frequency, 0 = unknown.
    pub tsc_khz: u64,
    /// A guest TSC and the time it belongs to.
    pub epoch: Epoch,
}

/// Fills fresh memory; gives the plan and what each core starts with.
pub fn prepare(
    image: &ImageFile,
    memory: &Memory,
    bytes: u64,
    setting: &Setting,
    strings: &Strings,
) -> Result<(Plan, Vec<Start>), Error> {
    let too_small = Error::MemoryTooSmall { memory: bytes, image: image.elf.span().len };
    let ram = memory::ranges(bytes);
    let input = layout::Input {
        ram: &ram,
        image: &image.elf,
        transient: &[],
        cores: u64::from(setting.cores),
        stack: setting.stack,
        info_len: (size_of::<BootInfo>() + strings.bytes.len()) as u64,
    };
    let Ok(plan) = layout::plan(&input) else { return Err(too_small) };
    image.load(memory)?;
    let host = host_part(image, setting, strings)?;
    let build = Build { plan: &plan, image: &image.elf, nub: image.nub, host, ram: &ram, xcr0: 0 };
    let Ok(info) = paging::build(&build, &mut &*memory) else { return Err(too_small) };
    memory.write(plan.info.start + size_of::<BootInfo>() as u64, &strings.bytes);
    let starts = (0..u64::from(setting.cores)).map(|n| start(image, &plan, memory, &info, u64::from(setting.cores), n));
    Ok((plan, starts.collect()))
}

fn start(image: &ImageFile, plan: &Plan, memory: &Memory, info: &BootInfo, cores: u64, n: u64) -> Start {
    use hermit_abi::core::NubShared;
    use hermit_abi::paging::PhysMem;
    let nub_core = paging::nub_core_pa(plan, n);
    let shared = paging::nub_shared_pa(plan, cores);
    // Operands of lgdt and lidt as the builder wrote them: limit in the first word's last two bytes, then the base.
    let operand = |at: usize| {
        let word = |offset| (&memory).read_u64(shared + at as u64 + offset);
        (word(8), (word(0) >> 48) as u16)
    };
    Start {
        rip: image.nub.entry,
        rsp: nub_core + NUB_RSP0,
        nub_core,
        cr3: info.cr3,
        gdt: operand(std::mem::offset_of!(NubShared, gdtr)),
        idt: operand(std::mem::offset_of!(NubShared, idtr)),
    }
}

fn host_part(image: &ImageFile, setting: &Setting, strings: &Strings) -> Result<HostPart, Error> {
    let flag = |set: bool, flag: u64| if set { flag } else { 0 };
    Ok(HostPart {
        magic: MAGIC,
        version: ABI_VERSION,
        isle: ISLE_UHYVE,
        size: 0, // the builder knows it
        core_count: setting.cores,
        host_cores: setting.host_cores,
        log_level: u32::from(setting.verbose),
        argc: strings.argc,
        envc: strings.envc,
        reserved: 0,
        flags: flag(std::io::stdin().is_terminal(), FLAG_STDIN_TTY)
            | flag(std::io::stdout().is_terminal(), FLAG_STDOUT_TTY)
            | flag(std::io::stderr().is_terminal(), FLAG_STDERR_TTY)
            | flag(image.defaults.flags & DEFAULTS_JIT != 0, FLAG_JIT),
        tsc_khz: setting.tsc_khz,
        realtime_ns: setting.epoch.realtime_ns,
        boot_tsc: setting.epoch.tsc,
        stack_size: setting.stack,
        strings_len: strings.bytes.len() as u64,
        seed: seed()?,
    })
}

fn seed() -> Result<[u64; 2], Error> {
    let mut bytes = [0; 16];
    let read = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|error| Error::Os("/dev/urandom", error))?;
    let word = |at| crate::bytes::u64_at(&bytes, at).unwrap_or(0);
    Ok([word(0), word(8)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hermit_variables_stay_here() {
        let environ =
            [("A", "1"), ("HERMIT_MEM", "1G"), ("HERMITAGE", "x"), ("B", "")].map(|(n, v)| (n.into(), v.into()));
        let strings = Strings::new(Path::new("dir/app"), &["x y".into()], environ.into_iter()).unwrap();
        assert_eq!(strings.bytes, b"dir/app\0x y\0A=1\0HERMITAGE=x\0B=\0");
        assert_eq!((strings.argc, strings.envc), (2, 3));
    }

    #[test]
    fn too_many_strings_are_refused() {
        let args: Vec<OsString> = (0..3).map(|_| "x".repeat(1 << 20).into()).collect();
        let error = Strings::new(Path::new("a"), &args, std::iter::empty()).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let args: Vec<OsString> = vec!["x".repeat((2 << 20) - 3).into()];
        assert!(Strings::new(Path::new("a"), &args, std::iter::empty()).is_ok());
    }
}
