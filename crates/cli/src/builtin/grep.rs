//! `grep`.

use regex_lite::{Regex, RegexBuilder};

use super::options::Options;
use super::{Io, options};
use crate::shell::Files;

/// `grep [-EFivncoqwxlhHsr] [-m COUNT] [-ABC LINES] PATTERN [FILES]`: 0 if a line matched, 1 if none did, 2 for a mistake.
pub(super) fn grep(io: &mut Io<'_>) -> u8 {
    let long = [("ignore-case", 'i'), ("invert-match", 'v'), ("count", 'c'), ("quiet", 'q'), ("regexp", 'e')];
    let mut options = match options::read(io.arguments, "EFGivncoqwxlhHsrR", "emABC", &long) {
        Ok(options) => options,
        Err(error) => return io.misused(&error),
    };
    let mut patterns: Vec<String> = options.values('e').map(str::to_owned).collect();
    if patterns.is_empty() {
        if options.words.is_empty() {
            io.output.error("Usage: grep [OPTION]... PATTERNS [FILE]...");
            return 2;
        }
        patterns.push(options.words.remove(0));
    }
    let regex = match regex(&options, &patterns) {
        Ok(regex) => regex,
        Err(error) => return io.misused(&error),
    };
    let deep = options.has('r') || options.has('R');
    let mut names = options.words.clone();
    if names.is_empty() {
        names.push(if deep { "." } else { "-" }.to_owned());
    }
    if deep {
        names = names.iter().flat_map(|name| below(io.files, name, 0)).collect();
    }
    let named = (names.len() > 1 || deep || options.has('H')) && !options.has('h');
    let (mut matched, mut code) = (false, 1);
    for name in &names {
        let bytes =
            if options.has('s') && name != "-" { io.files.read(name).ok() } else { io.one_input(name) };
        match bytes {
            Some(bytes) => matched |= one(io, &options, &regex, &bytes, named.then_some(name)),
            None => code = 2,
        }
    }
    if matched && code != 2 { 0 } else { code }
}

/// Prints the matches of one file; whether there were any.
fn one(io: &mut Io<'_>, options: &Options, regex: &Regex, bytes: &[u8], name: Option<&String>) -> bool {
    let most: usize = options.value('m').and_then(|text| text.parse().ok()).unwrap_or(usize::MAX);
    let text = String::from_utf8_lossy(bytes);
    let wanted = |(_, line): &(usize, &str)| regex.is_match(line) != options.has('v');
    let lines: Vec<(usize, &str)> = text.lines().enumerate().filter(wanted).take(most).collect();
    let prefix = name.map(|name| format!("{name}:")).unwrap_or_default();
    let around = |letter| options.value(letter).or(options.value('C')).and_then(|text| text.parse().ok());
    let (before, after): (usize, usize) = (around('B').unwrap_or(0), around('A').unwrap_or(0));
    if options.has('q') {
        return !lines.is_empty();
    }
    if options.has('c') {
        io.output.line(&format!("{prefix}{}", lines.len()));
    } else if options.has('l') {
        if !lines.is_empty() {
            io.output.line(name.map_or("(standard input)", String::as_str));
        }
    } else if before + after > 0 && !options.has('o') {
        in_context(io, options, (&text, &lines), (before, after), name);
    } else {
        for (index, line) in &lines {
            let number = if options.has('n') { format!("{}:", index + 1) } else { String::new() };
            if options.has('o') {
                let found = regex.find_iter(line).filter(|found| !found.is_empty());
                found.for_each(|found| io.output.line(&format!("{prefix}{number}{}", found.as_str())));
            } else {
                io.output.line(&format!("{prefix}{number}{line}"));
            }
        }
    }
    !lines.is_empty()
}

/// Prints matches with the lines around them; what does not stand together is parted by `--`.
fn in_context(
    io: &mut Io<'_>,
    options: &Options,
    (text, matches): (&str, &[(usize, &str)]),
    (before, after): (usize, usize),
    name: Option<&String>,
) {
    let mut last: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let near = |found: usize| at <= found.saturating_add(after) && found <= at.saturating_add(before);
        if !matches.iter().any(|(found, _)| near(*found)) {
            continue;
        }
        if last.is_some_and(|last| last + 1 < at) {
            io.output.line("--");
        }
        last = Some(at);
        let mark = if matches.iter().any(|(found, _)| *found == at) { ':' } else { '-' };
        let name = name.map(|name| format!("{name}{mark}")).unwrap_or_default();
        let number = if options.has('n') { format!("{}{mark}", at + 1) } else { String::new() };
        io.output.line(&format!("{name}{number}{line}"));
    }
}

/// The files in a directory and below it, or the file itself.
fn below(files: &Files, name: &str, depth: usize) -> Vec<String> {
    if !files.is_directory(name) || depth > 20 {
        return vec![name.to_owned()];
    }
    let inside = files.list(name).unwrap_or_default();
    inside.iter().flat_map(|entry| below(files, &format!("{name}/{entry}"), depth + 1)).collect()
}

fn regex(options: &Options, patterns: &[String]) -> Result<Regex, String> {
    let one = |pattern: &String| match (options.has('F'), options.has('E')) {
        (true, _) => regex_lite::escape(pattern),
        (false, true) => pattern.clone(),
        (false, false) => extended(pattern),
    };
    let mut pattern = patterns.iter().map(one).collect::<Vec<_>>().join("|");
    if options.has('w') {
        pattern = format!(r"\b(?:{pattern})\b");
    }
    if options.has('x') {
        pattern = format!("^(?:{pattern})$");
    }
    RegexBuilder::new(&pattern)
        .case_insensitive(options.has('i'))
        .build()
        .map_err(|_| "Invalid regular expression".to_owned())
}

/// A basic regular expression as an extended one: there `\(` is the bracket that groups, and `(` stands for itself.
fn extended(basic: &str) -> String {
    let mut text = String::new();
    let mut letters = basic.chars().peekable();
    let mut in_set = false;
    while let Some(c) = letters.next() {
        match c {
            '[' if !in_set => {
                in_set = true;
                text.push(c);
            }
            ']' => {
                in_set = false;
                text.push(c);
            }
            '\\' if !in_set => match letters.next() {
                Some(c @ ('(' | ')' | '{' | '}' | '|' | '+' | '?')) => text.push(c),
                Some(c) => text.extend(['\\', c]),
                None => text.push('\\'),
            },
            '(' | ')' | '{' | '}' | '|' | '+' | '?' if !in_set => text.extend(['\\', c]),
            '*' if text.is_empty() => text.push_str("\\*"),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_group_when_escaped() {
        assert_eq!(extended(r"\(a\|b\)+"), r"(a|b)\+");
        assert_eq!(extended("a{2}"), r"a\{2\}");
        assert_eq!(extended("[+(]*"), "[+(]*");
    }
}
