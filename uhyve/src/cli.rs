//! The command line: what uhyve shall do, checked before anything else happens.
// SPDX-License-Identifier: BSD-3-Clause
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser};

use crate::cores::{Count, Pin};
use crate::error::Error;

/// Printed by `--help`.
pub const HELP: &str = "\
uhyve runs hermit unikernels on KVM.

usage: uhyve run [options] [--] ELF [args...]
       uhyve symbolize ELF < record      print the block of a fault record
       uhyve check [--json]              can this host run it? exit code 0 or 125

options of run:
  --mem SIZE         guest memory: bytes, or a number with K M G T
                     (default: the program's own, else 64M or twice its segments, and 448M for each
                     vCPU beyond the first)
  --cpus N|all       vCPUs, `all`: one for each usable host core (default: the program's own, else 1)
  --pin WHERE        off: vCPUs run where the host puts them; auto: each keeps a host core, if there are several
                     vCPUs and cores enough (default); or the host cores they keep, such as 0,2-3
  --stack SIZE       main stack (default: the program's own, else 8M)
  --timeout SECONDS  end the guest after that time, exit code 124
  --result FILE      write how it ended to FILE, as JSON
  --verbose          kernel log and time stamps on stderr
";

/// Smallest memory worth asking for: below, not even the nub and its tables fit.
const LEAST_MEMORY: u64 = 1 << 20;
/// Smallest main stack.
const LEAST_STACK: u64 = 16 << 10;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Run a guest.
    Run(Box<Run>),
    /// Print the block of the fault record on stdin.
    Symbolize(PathBuf),
    /// Tell whether this host can run guests; true: as JSON.
    Check(bool),
    /// Print the help.
    Help,
    /// Print the version.
    Version,
}

/// Options of `run`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The image.
    pub elf: PathBuf,
    /// The guest's argv[1..].
    pub args: Vec<OsString>,
    /// Guest memory in bytes.
    pub mem: Option<u64>,
    /// vCPUs.
    pub cpus: Option<Count>,
    /// Where they run.
    pub pin: Pin,
    /// Main stack in bytes.
    pub stack: Option<u64>,
    /// End the guest after that time.
    pub timeout: Option<Duration>,
    /// Where the result goes.
    pub result: Option<PathBuf>,
    /// Kernel log and time stamps.
    pub verbose: bool,
}

/// Parses the arguments, program name excluded.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    let mut parser = Parser::from_args(args);
    match parser.next().map_err(usage)? {
        Some(Arg::Value(verb)) => match verb.to_str() {
            Some("run") => Ok(Command::Run(Box::new(parse_run(&mut parser)?))),
            Some("symbolize") => parse_symbolize(&mut parser),
            Some("check") => parse_check(&mut parser),
            _ => Err(Error::Usage(format!("no such command: {}", verb.to_string_lossy()))),
        },
        Some(Arg::Long("help") | Arg::Short('h')) => Ok(Command::Help),
        Some(Arg::Long("version") | Arg::Short('V')) => Ok(Command::Version),
        Some(other) => Err(usage(other.unexpected())),
        None => Err(Error::Usage("a command is missing: run, symbolize or check".into())),
    }
}

fn parse_run(parser: &mut Parser) -> Result<Run, Error> {
    let mut run = Run::default();
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Arg::Long("mem") => run.mem = Some(size("--mem", &parser.value().map_err(usage)?, LEAST_MEMORY)?),
            Arg::Long("cpus") => run.cpus = Some(Count::parse("--cpus", &parser.value().map_err(usage)?)?),
            Arg::Long("pin") => run.pin = Pin::parse("--pin", &parser.value().map_err(usage)?)?,
            Arg::Long("stack") => run.stack = Some(size("--stack", &parser.value().map_err(usage)?, LEAST_STACK)?),
            Arg::Long("timeout") => run.timeout = Some(seconds(&parser.value().map_err(usage)?)?),
            Arg::Long("result") => run.result = Some(parser.value().map_err(usage)?.into()),
            Arg::Long("verbose") => run.verbose = true,
            Arg::Value(elf) => {
                run.elf = elf.into();
                // What follows is the guest's, options included.
                run.args = parser.raw_args().map_err(usage)?.collect();
                return Ok(run);
            }
            other => return Err(usage(other.unexpected())),
        }
    }
    Err(Error::Usage("run: the ELF file is missing".into()))
}

fn parse_symbolize(parser: &mut Parser) -> Result<Command, Error> {
    match parser.next().map_err(usage)? {
        Some(Arg::Value(elf)) => {
            end(parser)?;
            Ok(Command::Symbolize(elf.into()))
        }
        Some(other) => Err(usage(other.unexpected())),
        None => Err(Error::Usage("symbolize: the ELF file is missing".into())),
    }
}

fn parse_check(parser: &mut Parser) -> Result<Command, Error> {
    match parser.next().map_err(usage)? {
        Some(Arg::Long("json")) => {
            end(parser)?;
            Ok(Command::Check(true))
        }
        Some(other) => Err(usage(other.unexpected())),
        None => Ok(Command::Check(false)),
    }
}

fn end(parser: &mut Parser) -> Result<(), Error> {
    match parser.next().map_err(usage)? {
        Some(other) => Err(usage(other.unexpected())),
        None => Ok(()),
    }
}

fn usage(error: lexopt::Error) -> Error {
    Error::Usage(error.to_string())
}

/// A byte count with an optional suffix K, M, G or T (powers of 1024).
fn size(option: &str, text: &OsStr, least: u64) -> Result<u64, Error> {
    let wrong = |why: &str| Error::Usage(format!("{option} {}: {why}", text.to_string_lossy()));
    let text = text.to_str().unwrap_or("");
    let (digits, shift) = match text.as_bytes().last().map(u8::to_ascii_uppercase) {
        Some(b'K') => (&text[..text.len() - 1], 10),
        Some(b'M') => (&text[..text.len() - 1], 20),
        Some(b'G') => (&text[..text.len() - 1], 30),
        Some(b'T') => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("not a size like 64M"));
    }
    let number: u64 = digits.parse().map_err(|_| wrong("too large"))?;
    let bytes = number.checked_mul(1 << shift).ok_or_else(|| wrong("too large"))?;
    if bytes < least {
        return Err(wrong(&format!("at least {}", crate::error::size(least))));
    }
    Ok(bytes)
}

fn seconds(text: &OsStr) -> Result<Duration, Error> {
    let wrong = || Error::Usage(format!("--timeout {}: not a number of seconds above 0", text.to_string_lossy()));
    let number: f64 = text.to_str().and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
    if !(number > 0.0 && number < 1e9) {
        return Err(wrong());
    }
    Ok(Duration::from_secs_f64(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Command, Error> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn run(line: &str) -> Run {
        match of(line) {
            Ok(Command::Run(run)) => *run,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn options_stand_before_the_image_and_the_rest_is_the_guests() {
        let got = run(
            "run --mem 6G --cpus 4 --pin 0,2-4 --stack=64K --verbose --timeout 1.5 --result r.json app --mem 3 -- x",
        );
        assert_eq!(got.mem, Some(6 << 30));
        assert_eq!((got.cpus, got.pin), (Some(Count::Number(4)), Pin::List(vec![0, 2, 3, 4])));
        assert_eq!(got.stack, Some(64 << 10));
        assert_eq!(got.timeout, Some(Duration::from_millis(1500)));
        assert_eq!(got.result, Some("r.json".into()));
        assert!(got.verbose);
        assert_eq!(got.elf, PathBuf::from("app"));
        assert_eq!(got.args, ["--mem", "3", "--", "x"]);
        assert_eq!(run("run -- -odd a").elf, PathBuf::from("-odd"));
    }

    #[test]
    fn wrong_sizes_are_usage_errors() {
        for mem in ["abc", "0", "1K", "-1", "", "M", "1.5G", "99999999999999999999", "99999999999T", "1GB", "0x100000"]
        {
            let error = parse(["run", "--mem", mem, "app"].map(OsString::from)).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{mem}: {error}");
        }
        assert_eq!(run("run --mem 1M app").mem, Some(1 << 20));
    }

    #[test]
    fn wrong_lines_are_usage_errors() {
        for line in [
            "",
            "run",
            "jump app",
            "run --nonsense app",
            "run --mem",
            "run --cpus 0 app",
            "run --cpus many app",
            "run --pin on app",
            "run --timeout 0 app",
            "run --timeout -3 app",
            "run --timeout nan app",
            "run --timeout inf app",
            "symbolize",
            "symbolize a b",
            "check b",
            "check --json x",
            "--mem 3",
        ] {
            assert_eq!(of(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn other_commands() {
        assert_eq!(of("symbolize app").unwrap(), Command::Symbolize("app".into()));
        assert_eq!(of("check").unwrap(), Command::Check(false));
        assert_eq!(of("check --json").unwrap(), Command::Check(true));
        assert_eq!(of("--help").unwrap(), Command::Help);
        assert_eq!(of("--version").unwrap(), Command::Version);
    }
}
