//! `uhyve check`: can this host run guests, and what would they find? For people one line, for `unikernel doctor` JSON.
// SPDX-License-Identifier: BSD-3-Clause
use std::path::Path;

use kvm_bindings::KVM_MAX_CPUID_ENTRIES;

use crate::cpuid::{self, Facts};
use crate::end::json_string;
use crate::error::Error;
use crate::kvm;
use crate::run::DEVICE;
use crate::vcpu::Vcpu;

struct Findings {
    api: i32,
    facts: Facts,
    tsc_khz: u64,
}

/// Prints the answer; the exit code.
pub fn run(json: bool) -> i32 {
    let answer = probe();
    let (usable, error) = match &answer {
        Ok(found) => match found.facts.require() {
            Ok(()) => (true, String::new()),
            Err(error) => (false, error.to_string()),
        },
        Err(error) => (false, error.to_string()),
    };
    if json {
        println!("{}", to_json(usable, &error, answer.ok()));
    } else if usable {
        println!("uhyve: this host runs uhyve (kvm: {})", kind());
    } else {
        eprintln!("uhyve: {error}");
    }
    if usable {
        0
    } else {
        125
    }
}

fn probe() -> Result<Findings, Error> {
    let kvm = kvm::open(DEVICE)?;
    let vm = kvm::create_vm(&kvm)?;
    let mut cpuid = kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES).map_err(Error::kvm("KVM_GET_SUPPORTED_CPUID"))?;
    cpuid::mask(cpuid.as_mut_slice());
    let vcpu = Vcpu::new(&vm, 0, &cpuid)?;
    Ok(Findings { api: kvm.get_api_version(), facts: vcpu.facts()?, tsc_khz: vcpu.tsc_khz() })
}

/// Which KVM this is, by its module.
fn kind() -> &'static str {
    let modules = [("kvm_intel", "vmx"), ("kvm_amd", "svm"), ("kvm_pvm", "pvm")];
    modules.iter().find(|(module, _)| Path::new("/sys/module").join(module).exists()).map_or("other", |(_, kind)| kind)
}

fn to_json(usable: bool, error: &str, findings: Option<Findings>) -> String {
    let found = findings.is_some();
    let Findings { api, facts, tsc_khz } = findings.unwrap_or(Findings { api: 0, facts: Facts::default(), tsc_khz: 0 });
    let Facts { fsgsbase, xsave, smep, avx2, avx512, invariant_tsc, .. } = facts;
    format!(
        "{{\"usable\":{usable},\"error\":{},\"kind\":\"{}\",\"api\":{api},\"split_irqchip\":{found},\
         \"fsgsbase\":{fsgsbase},\"xsave\":{xsave},\"smep\":{smep},\"avx2\":{avx2},\"avx512\":{avx512},\
         \"invariant_tsc\":{invariant_tsc},\"tsc_khz\":{tsc_khz}}}",
        json_string(error),
        kind()
    )
}
