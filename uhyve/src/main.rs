//! uhyve: a KVM hypervisor for hermit unikernels. One process, one guest; it ends when the guest does.
// SPDX-License-Identifier: BSD-3-Clause
mod boot;
mod buffers;
mod bytes;
mod check;
mod cli;
mod clock;
mod console;
mod control;
mod cores;
mod cpuid;
mod end;
mod error;
mod fault;
mod image;
mod io;
mod isle;
mod kvm;
mod lost;
mod memory;
mod reader;
mod ring;
mod run;
mod signals;
mod symbolize;
mod unwind;
mod vcpu;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use error::Error;

fn main() {
    let started = Instant::now();
    let code = match cli::parse(std::env::args_os().skip(1)) {
        Ok(cli::Command::Run(options)) => run::run(&options, started),
        Ok(cli::Command::Symbolize(elf)) => report(symbolize(&elf)),
        Ok(cli::Command::Check(json)) => check::run(json),
        Ok(cli::Command::Help) => {
            print!("{}", cli::HELP);
            0
        }
        Ok(cli::Command::Version) => {
            println!("uhyve {}, ABI {}", env!("CARGO_PKG_VERSION"), hermit_abi::ABI_VERSION);
            0
        }
        Err(error) => report(Err(error)),
    };
    std::process::exit(code);
}

fn report(done: Result<(), Error>) -> i32 {
    match done {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("uhyve: {error}");
            error.exit_code()
        }
    }
}

/// Prints the block of the record on stdin.
fn symbolize(elf: &Path) -> Result<(), Error> {
    let image = File::open(elf).map_err(|error| Error::NoFile(elf.into(), error))?;
    let mut record = Vec::new();
    let read = std::io::stdin().take(fault::MAX_RECORD).read_to_end(&mut record);
    read.map_err(|error| Error::Os("stdin", error))?;
    let fault =
        fault::Fault::parse(&record).ok_or_else(|| Error::Usage("symbolize: stdin holds no fault record".into()))?;
    print!("{}", fault.block(&fault.title(), &image));
    Ok(())
}
