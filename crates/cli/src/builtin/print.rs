//! `echo`, `cat`, `help`, `clear`.

use super::{Io, NAMES, options};

/// `clear`
pub(super) fn clear(io: &mut Io<'_>) -> u8 {
    io.output.clear();
    0
}

/// `help`
pub(super) fn help(io: &mut Io<'_>) -> u8 {
    io.output.line("vault, bao   the command lines of Vault and OpenBao; `vault -h` says more\n");
    for (name, says) in NAMES {
        io.output.line(&format!("{name:<12} {says}"));
    }
    0
}

/// `echo [-n] WORDS`; escapes stand for themselves.
pub(super) fn echo(io: &mut Io<'_>) -> u8 {
    let (words, end) = match io.arguments.split_first() {
        Some((first, rest)) if first == "-n" => (rest, ""),
        _ => (io.arguments, "\n"),
    };
    let text = words.join(" ") + end;
    io.output.raw(text.as_bytes());
    0
}

/// `cat [-n] [FILES]`
pub(super) fn cat(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "nu", "", &[("number", 'n')]) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let (bytes, whole) = io.input(&options.words);
    if options.has('n') {
        for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            io.output.raw(format!("{:>6}\t", index + 1).as_bytes());
            io.output.raw(line);
        }
    } else {
        io.output.raw(&bytes);
    }
    u8::from(!whole)
}
