//! Addresses to functions, files and lines, by the DWARF of the image that the host holds.
// SPDX-License-Identifier: BSD-3-Clause
use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;

use addr2line::Context;
use gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

use crate::fault::Fault;
use crate::unwind::{self, Unwinder};

/// Frames of one address in a row that are printed one by one.
const MOST_ALIKE: usize = 3;

/// Who asks for a backtrace on the program's behalf, by symbols and by files: libhermit, and libgfortran for a run-time error.
const ASKING: [&str; 3] = ["tell_caller", "sys_backtrace", "_gfortran"];
const ASKING_IN: &str = "/hermit/gcc/";

/// Bytes of the image as gimli reads them.
pub type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// The backtrace of a fault, a line per frame, each with its newline. An image that is gone or stripped gives raw
/// addresses.
pub fn backtrace(fault: &Fault, image: &File) -> String {
    let (mut bytes, mut image) = (Vec::new(), image);
    // What cannot be read gives no names.
    let _ = image.rewind().and_then(|()| image.read_to_end(&mut bytes));
    let file = object::File::parse(&*bytes).ok();
    let symbols = file.as_ref().map(Symbols::new);
    let unwinder = file.as_ref().map(Unwinder::new);
    let (mut text, mut number) = (String::new(), 0);
    let addresses = unwind::addresses(fault, unwinder.as_ref());
    let asked = symbols.as_ref().filter(|_| fault.is_place() && fault.message.ends_with("is here"));
    let own = asked.map_or(0..addresses.len(), |symbols| symbols.own(fault, &addresses));
    let hidden = own.start;
    for run in addresses[own].chunk_by(|one, next| one == next) {
        // Recursion would fill pages with one line.
        let shown = if run.len() > MOST_ALIKE { 1 } else { run.len() };
        for (n, &pc) in (number..).zip(&run[..shown]) {
            let places = symbols.as_ref().map_or_else(Vec::new, |symbols| symbols.places(probe(fault, n + hidden, pc)));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  #{n:<2} {pc:#018x} {}", places.first().map_or("??", String::as_str));
            for outer in places.iter().skip(1) {
                let _ = writeln!(text, "      inlined into      {outer}");
            }
        }
        if shown < run.len() {
            let _ = writeln!(text, "      and {} times more", run.len() - shown);
        }
        number += run.len();
    }
    text
}

/// What to look up for the address of frame `n`: all but the innermost are return addresses, the call stands before them.
fn probe(fault: &Fault, n: usize, pc: u64) -> u64 {
    if n == 0 { pc } else { pc.wrapping_sub(1) }.wrapping_sub(fault.load_bias)
}

/// Debug information, and the symbol table where there is none.
struct Symbols<'a, 'b> {
    context: Option<Context<Slice<'a>>>,
    file: &'b object::File<'a>,
}

impl<'a, 'b> Symbols<'a, 'b> {
    fn new(file: &'b object::File<'a>) -> Self {
        let section = |id: SectionId| -> Result<Slice<'a>, gimli::Error> { Ok(slice(file, id.name())) };
        let context = Dwarf::load(section).and_then(Context::from_dwarf).ok();
        Self { context, file }
    }

    /// `function at file:line`, innermost inlined function first; empty if nothing is known.
    fn places(&self, address: u64) -> Vec<String> {
        let mut places = Vec::new();
        if let Some(Ok(mut frames)) = self.context.as_ref().map(|context| context.find_frames(address).skip_all_loads())
        {
            while let Ok(Some(frame)) = frames.next() {
                let function =
                    frame.function.as_ref().and_then(|name| name.demangle().ok().map(|name| name.into_owned()));
                let function = function.or_else(|| self.symbol(address)).unwrap_or_else(|| "??".into());
                let place = frame.location.and_then(|place| Some(format!(" at {}:{}", place.file?, place.line?)));
                places.push(function + &place.unwrap_or_default());
            }
        }
        if places.is_empty() {
            places.extend(self.symbol(address));
        }
        places
    }

    /// Where a program asks for a backtrace itself, the frames that are its own: not those who asked, nor what is below main.
    fn own(&self, fault: &Fault, addresses: &[u64]) -> Range<usize> {
        let probes: Vec<u64> = addresses.iter().enumerate().map(|(n, &pc)| probe(fault, n, pc)).collect();
        let first = probes.iter().take_while(|&&address| self.is_asking(address)).count();
        let is_main = |address: &u64| self.symbol(*address).is_some_and(|name| name == "main");
        let own = &probes[first..];
        first..first + own.iter().position(is_main).map_or(own.len(), |main| main + 1)
    }

    /// True in a function that asks for the backtrace of its caller.
    fn is_asking(&self, address: u64) -> bool {
        self.symbol(address)
            .is_some_and(|name| name.split("::").any(|part| ASKING.iter().any(|prefix| part.starts_with(prefix))))
            || self.places(address).last().is_some_and(|place| place.contains(ASKING_IN))
    }

    /// The symbol that covers `address`, or the last one before it in the same section where symbols have no size
    /// (assembly).
    fn symbol(&self, address: u64) -> Option<String> {
        let section = self
            .file
            .sections()
            .find(|section| (section.address()..section.address() + section.size()).contains(&address))?;
        let code = self.file.symbols().filter(|symbol| symbol.section_index() == Some(section.index()));
        let before = code.filter(|symbol| {
            symbol.address() <= address
                && matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Unknown | SymbolKind::Label)
        });
        let best = before.max_by_key(|symbol| (symbol.address(), symbol.size()))?;
        if best.size() > 0 && address >= best.address() + best.size() {
            return None;
        }
        let name = best.name().ok().filter(|name| !name.is_empty())?;
        Some(addr2line::demangle_auto(name.into(), None).into_owned())
    }
}

/// A section's bytes; empty if it is absent.
pub fn slice<'a>(file: &object::File<'a>, name: &str) -> Slice<'a> {
    let data = file.section_by_name(name).and_then(|section| section.data().ok());
    EndianSlice::new(data.unwrap_or(&[]), LittleEndian)
}
