//! `echo`, `cat`, `seq`, `which`, `help`, `clear`.

use super::{Io, NAMES, is_command, options};

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

/// `seq [FIRST [STEP]] LAST`, whole numbers.
pub(super) fn seq(io: &mut Io<'_>) -> u8 {
    let mut numbers = Vec::new();
    for word in io.arguments {
        match word.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => return io.fail(&format!("invalid floating point argument: '{word}'")),
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return io.fail("missing operand"),
    };
    if step == 0 {
        return io.fail("invalid Zero increment value: '0'");
    }
    let next = |at: &i64| at.checked_add(step);
    let inside = |at: &i64| if step > 0 { *at <= last } else { *at >= last };
    for at in std::iter::successors(Some(first), next).take_while(inside).take(MOST_LINES) {
        io.output.line(&at.to_string());
    }
    0
}

/// More lines than anybody reads: memory is not endless.
const MOST_LINES: usize = 100_000;

/// `command -v NAME`, `type NAME`, `which NAME`
pub(super) fn which(io: &mut Io<'_>) -> u8 {
    let names: Vec<&String> = io.arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let mut code = 0;
    for name in names {
        if is_command(name) {
            io.output.line(&if io.name == "type" {
                format!("{name} is a shell builtin")
            } else {
                name.clone()
            });
        } else {
            code = if io.name == "which" { 1 } else { 127 };
            if io.name == "type" {
                io.output.line(&format!("{name}: not found"));
            }
        }
    }
    code
}
