//! How an isle ends: exit code, reason, what is said about it; and the result file that tells scripts the same.
// SPDX-License-Identifier: BSD-3-Clause
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Why the isle ended, as the result file names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The program ended by itself.
    Exit,
    /// It was ended by a fault or by a signal of its own.
    Fault,
    /// libOS or nub cannot go on.
    Panic,
    /// uhyve was told to end.
    Signal,
    /// Its time was up.
    Timeout,
    /// It never ran.
    Error,
}

impl Reason {
    fn name(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Fault => "fault",
            Self::Panic => "panic",
            Self::Signal => "signal",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }

    /// True if nobody waits for slow readers of the output any more.
    pub fn hurries(self) -> bool {
        matches!(self, Self::Signal | Self::Timeout)
    }
}

/// An end.
#[derive(Clone, Debug)]
pub struct End {
    /// uhyve's exit code.
    pub code: i32,
    /// Why.
    pub reason: Reason,
    /// Lines for stderr, each with its newline; empty for nothing to say.
    pub text: String,
}

/// Writes the result file: one JSON object, complete or not at all.
pub fn write_result(file: &Path, end: &End, memory: u64, time: Duration) -> io::Result<()> {
    let message = end.text.lines().next().unwrap_or("");
    let message = message.strip_prefix("uhyve: ").unwrap_or(message);
    let json = format!(
        "{{\"exit_code\":{},\"reason\":\"{}\",\"isle\":\"uhyve\",\"seconds\":{:.6},\
         \"memory\":{memory},\"message\":{}}}\n",
        end.code,
        end.reason.name(),
        time.as_secs_f64(),
        json_string(message)
    );
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = file.with_file_name(name);
    let done = fs::write(&temporary, json).and_then(|()| fs::rename(&temporary, file));
    if done.is_err() {
        // It may not even exist.
        let _ = fs::remove_file(&temporary);
    }
    done
}

/// A JSON string, quotes included.
pub fn json_string(text: &str) -> String {
    let mut json = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            letter if letter < ' ' => json.push_str(&format!("\\u{:04x}", letter as u32)),
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_one_object() {
        let file = std::env::temp_dir().join(format!("uhyve-result-{}", std::process::id()));
        let end = End { code: 124, reason: Reason::Timeout, text: "uhyve: said \"no\"\nmore\n".into() };
        write_result(&file, &end, 64 << 20, Duration::from_millis(1500)).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert!(
            text.starts_with(r#"{"exit_code":124,"reason":"timeout","isle":"uhyve","seconds":1.500000,"#),
            "{text}"
        );
        assert!(text.ends_with("\"memory\":67108864,\"message\":\"said \\\"no\\\"\"}\n"), "{text}");
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let end = End { code: 0, reason: Reason::Exit, text: String::new() };
        assert!(write_result(Path::new("/proc/nonexistent/x"), &end, 0, Duration::ZERO).is_err());
        assert!(write_result(Path::new("/"), &end, 0, Duration::ZERO).is_err());
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(json_string("a\\\"\n\u{1}é"), "\"a\\\\\\\"\\u000a\\u0001é\"");
    }
}
