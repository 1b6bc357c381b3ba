//! How many vCPUs an isle has, and which host core each of them keeps.
// SPDX-License-Identifier: BSD-3-Clause
use std::ffi::OsStr;

use hermit_abi::layout::MAX_CORES;
use nix::sched::{sched_getaffinity, sched_setaffinity, CpuSet};
use nix::unistd::Pid;

use crate::error::Error;

/// `DefaultsNote::cpus` of a program that wants all of the host's cores.
const NOTE_ALL: u32 = u32::MAX;

/// A wish for vCPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Number(u32),
    /// As many as uhyve may use host cores.
    All,
}

/// A wish where the vCPUs run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    /// vCPU n keeps the nth host core, if there are several vCPUs and a host core for each.
    #[default]
    Auto,
    /// Where the host's scheduler puts them.
    Off,
    /// vCPU n keeps the nth of these host cores.
    List(Vec<usize>),
}

impl Count {
    /// From an option's value.
    pub fn parse(option: &str, text: &OsStr) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Usage(format!("{option} {}: {why}", text.to_string_lossy()));
        let text = text.to_str().unwrap_or("");
        if text == "all" {
            return Ok(Self::All);
        }
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("not a number of cores, or `all`"));
        }
        match text.parse() {
            Ok(0) => Err(wrong("at least 1")),
            Ok(number) if u64::from(number) <= MAX_CORES => Ok(Self::Number(number)),
            _ => Err(wrong(&format!("at most {MAX_CORES}"))),
        }
    }

    /// vCPUs, from this wish or else from the image's note, on a host with `host` usable cores.
    pub fn resolve(wish: Option<Self>, note: u32, host: usize) -> Result<u32, Error> {
        let wish = wish.unwrap_or(match note {
            0 => Self::Number(1),
            NOTE_ALL => Self::All,
            number => Self::Number(number),
        });
        match wish {
            Self::All => Ok((host as u64).clamp(1, MAX_CORES) as u32),
            Self::Number(number) if u64::from(number) <= MAX_CORES => Ok(number),
            Self::Number(number) => Err(Error::Usage(format!(
                "the program asks for {number} cores and a guest has at most {MAX_CORES}: give fewer with --cpus \
                 (HERMIT_CPUS)"
            ))),
        }
    }
}

impl Pin {
    /// From an option's value: `off`, `auto`, or host cores such as `0,2-3`.
    pub fn parse(option: &str, text: &OsStr) -> Result<Self, Error> {
        match text.to_str() {
            Some("auto") => Ok(Self::Auto),
            Some("off") => Ok(Self::Off),
            list => list.and_then(parse_list).map(Self::List).ok_or_else(|| {
                let text = text.to_string_lossy();
                Error::Usage(format!("{option} {text}: not `off`, `auto`, or host cores such as 0,2-3"))
            }),
        }
    }
}

/// `0,2-3`: numbers and ascending ranges of host cores.
fn parse_list(text: &str) -> Option<Vec<usize>> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|&cpu: &usize| digits && cpu < CpuSet::count())
    };
    let mut list = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return None;
        }
        list.extend(first..=last);
    }
    Some(list)
}

/// The host cores that uhyve may use.
#[derive(Clone, Debug)]
pub struct HostCores {
    /// None where the host does not tell, as one with more cores than the set holds.
    set: Option<CpuSet>,
}

impl HostCores {
    /// By this thread's affinity.
    pub fn usable() -> Self {
        Self { set: sched_getaffinity(Pid::from_raw(0)).ok() }
    }

    /// Their numbers.
    fn list(&self) -> Vec<usize> {
        let has = |cpu: &usize| self.set.is_some_and(|set| set.is_set(*cpu).unwrap_or(false));
        (0..CpuSet::count()).filter(has).collect()
    }

    /// How many; at least 1.
    pub fn count(&self) -> usize {
        self.list().len().max(1)
    }

    /// Lets this thread run on all of them, whoever started it.
    pub fn adopt(&self) {
        // A thread that stays where its parent was pinned is only slower.
        let _ = self.set.map(|set| sched_setaffinity(Pid::from_raw(0), &set));
    }

    /// The host core that each of `cores` vCPUs keeps; empty where none is pinned.
    pub fn place(&self, pin: &Pin, cores: usize) -> Result<Vec<usize>, Error> {
        let usable = self.list();
        match pin {
            // A single one gains nothing: the host leaves a busy thread where it is.
            Pin::Auto if cores > 1 && cores <= usable.len() => Ok(usable[..cores].to_vec()),
            Pin::Auto | Pin::Off => Ok(Vec::new()),
            Pin::List(list) if list.len() < cores => {
                let len = list.len();
                Err(Error::Usage(format!("--pin names {len} host cores for {cores} vCPUs (HERMIT_PIN, HERMIT_CPUS)")))
            }
            Pin::List(list) => match list.iter().find(|cpu| !usable.contains(cpu)) {
                Some(cpu) => Err(Error::Usage(format!("--pin names host core {cpu}, which uhyve may not use"))),
                None => Ok(list[..cores].to_vec()),
            },
        }
    }
}

/// Host cores that `cores` vCPUs share: fewer than that where they are pinned two on one.
pub fn shared(host: &HostCores, places: &[usize]) -> usize {
    let distinct: std::collections::BTreeSet<&usize> = places.iter().collect();
    if places.is_empty() || distinct.len() == places.len() {
        host.count()
    } else {
        distinct.len()
    }
}

/// Keeps this thread on a host core, if it is given one.
pub fn keep(place: Option<usize>) {
    let Some(cpu) = place else { return };
    let mut set = CpuSet::new();
    // The core was usable when uhyve started; if it went away since, the host's scheduler decides.
    let _ = set.set(cpu).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> Result<Count, Error> {
        Count::parse("--cpus", text.as_ref())
    }

    fn pin(text: &str) -> Result<Pin, Error> {
        Pin::parse("--pin", text.as_ref())
    }

    fn host(cpus: &[usize]) -> HostCores {
        let mut set = CpuSet::new();
        cpus.iter().for_each(|&cpu| set.set(cpu).unwrap());
        HostCores { set: Some(set) }
    }

    #[test]
    fn numbers_of_cores() {
        assert_eq!(count("1").unwrap(), Count::Number(1));
        assert_eq!(count("252").unwrap(), Count::Number(252));
        assert_eq!(count("all").unwrap(), Count::All);
        for wrong in ["0", "-1", "abc", "", "1.5", "+2", "All", "253", "10000", "99999999999999999999", "2 "] {
            let error = count(wrong).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{wrong}");
            assert!(!error.to_string().contains('\n'));
        }
        assert!(count("10000").unwrap_err().to_string().contains("at most 252"));
    }

    #[test]
    fn a_wish_wins_over_the_note_and_both_over_one() {
        assert_eq!(Count::resolve(None, 0, 8).unwrap(), 1);
        assert_eq!(Count::resolve(None, 4, 8).unwrap(), 4);
        assert_eq!(Count::resolve(None, NOTE_ALL, 8).unwrap(), 8);
        assert_eq!(Count::resolve(None, NOTE_ALL, 1000).unwrap(), 252);
        assert_eq!(Count::resolve(Some(Count::Number(2)), 4, 8).unwrap(), 2);
        assert_eq!(Count::resolve(Some(Count::All), 4, 8).unwrap(), 8);
        let error = Count::resolve(None, 300, 8).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("at most 252"), "{error}");
    }

    #[test]
    fn lists_of_host_cores() {
        assert_eq!(pin("auto").unwrap(), Pin::Auto);
        assert_eq!(pin("off").unwrap(), Pin::Off);
        assert_eq!(pin("0,2-3").unwrap(), Pin::List(vec![0, 2, 3]));
        assert_eq!(pin("7").unwrap(), Pin::List(vec![7]));
        for wrong in ["", "on", "1,", "3-2", "-1", "1-", "a", "0 1", "0-99999999", "0;1"] {
            assert_eq!(pin(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn only_several_vcpus_with_a_core_each_are_pinned() {
        let four = host(&[1, 2, 5, 7]);
        assert_eq!(four.count(), 4);
        let none = Vec::<usize>::new();
        assert_eq!(four.place(&Pin::Auto, 1).unwrap(), none);
        assert_eq!(four.place(&Pin::Auto, 3).unwrap(), [1, 2, 5]);
        assert_eq!(four.place(&Pin::Auto, 5).unwrap(), none);
        assert_eq!(four.place(&Pin::Off, 3).unwrap(), none);
        assert_eq!(four.place(&Pin::List(vec![7, 1, 5]), 2).unwrap(), [7, 1]);
        assert!(four.place(&Pin::List(vec![7]), 2).unwrap_err().to_string().contains("1 host cores for 2 vCPUs"));
        assert!(four.place(&Pin::List(vec![0, 1]), 2).unwrap_err().to_string().contains("host core 0"));
        assert_eq!((shared(&four, &[]), shared(&four, &[1, 2]), shared(&four, &[1, 1])), (4, 4, 1));
    }

    #[test]
    fn a_pinned_thread_stays_and_its_helpers_do_not() {
        let all = HostCores::usable();
        std::thread::spawn(move || {
            let last = *all.list().last().unwrap();
            keep(Some(last));
            assert_eq!(HostCores::usable().list(), [last]);
            all.adopt();
            assert_eq!(HostCores::usable().list(), all.list());
        })
        .join()
        .unwrap();
    }
}
