//! Parts of what is read: `head`, `tail`, `wc`, `cut`.

use std::ops::Range;

use super::{Io, options};

/// How much of a text is printed.
#[derive(Clone, Copy)]
enum Count {
    /// So much from the beginning, or for a `tail` from the end.
    This(usize),
    /// `head -n -2`: all but so much at the end; `tail -n +2`: all from there on.
    Rest(usize),
}

/// `head [-n COUNT | -c COUNT] [FILES]`
pub(super) fn head(io: &mut Io<'_>) -> u8 {
    each(io, '-', |all, count| match count {
        Count::This(count) => 0..count.min(all),
        Count::Rest(count) => 0..all.saturating_sub(count),
    })
}

/// `tail [-n COUNT | -n +FIRST | -c COUNT] [FILES]`
pub(super) fn tail(io: &mut Io<'_>) -> u8 {
    each(io, '+', |all, count| match count {
        Count::This(count) => all.saturating_sub(count)..all,
        Count::Rest(first) => first.saturating_sub(1).min(all)..all,
    })
}

/// Prints of each file the pieces that `range` chooses out of so many; `mark` stands before a count of the rest.
fn each(io: &mut Io<'_>, mark: char, range: fn(usize, Count) -> Range<usize>) -> u8 {
    // `-3` is an old way to write `-n 3`.
    let old = |word: &String| match word.strip_prefix('-') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => format!("-n{digits}"),
        _ => word.clone(),
    };
    let mut arguments: Vec<String> = Vec::new();
    for word in io.arguments {
        let is_value = arguments.last().is_some_and(|last| last == "-n" || last == "-c");
        arguments.push(if is_value { word.clone() } else { old(word) });
    }
    let long = [("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("verbose", 'v')];
    let options = match options::read(&arguments, "qv", "nc", &long) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let bytewise = options.value('c').is_some();
    let text = options.value('c').or(options.value('n')).unwrap_or("10").to_owned();
    let (digits, rest) = text.strip_prefix(mark).map_or((text.as_str(), false), |digits| (digits, true));
    let count = match digits.parse() {
        Ok(count) if rest => Count::Rest(count),
        Ok(count) => Count::This(count),
        Err(_) => {
            let what = if bytewise { "bytes" } else { "lines" };
            return io.fail(&format!("invalid number of {what}: '{text}'"));
        }
    };
    let names = if options.words.is_empty() { vec!["-".to_owned()] } else { options.words.clone() };
    let titled = (names.len() > 1 || options.has('v')) && !options.has('q');
    let (mut code, mut gap) = (0, "");
    for name in &names {
        let bytes = match name.as_str() {
            "-" => std::mem::take(io.stdin),
            name => match io.files.read(name) {
                Ok(bytes) => bytes,
                Err(error) => {
                    code = io.fail(&format!("cannot open '{name}' for reading: {}", error.capital()));
                    continue;
                }
            },
        };
        if titled {
            io.output.line(&format!("{gap}==> {name} <=="));
            gap = "\n";
        }
        let all = if bytewise { bytes.len() } else { lines(&bytes).count() };
        let range = range(all, count);
        if bytewise {
            io.output.raw(bytes.get(range).unwrap_or_default());
        } else {
            let chosen = lines(&bytes).skip(range.start).take(range.len());
            io.output.raw(&chosen.flatten().copied().collect::<Vec<u8>>());
        }
    }
    code
}

/// Lines with their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// `wc [-lwcmL] [FILES]`
pub(super) fn wc(io: &mut Io<'_>) -> u8 {
    let long = [("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm'), ("max-line-length", 'L')];
    let options = match options::read(io.arguments, "lwcmL", "", &long) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let all = ['l', 'w', 'm', 'c', 'L'];
    let letters: Vec<char> = all.into_iter().filter(|letter| options.has(*letter)).collect();
    let letters = if letters.is_empty() { vec!['l', 'w', 'c'] } else { letters };
    let from_files = !options.words.is_empty();
    let names = if from_files { options.words.clone() } else { vec!["-".to_owned()] };
    let (mut rows, mut size, mut code) = (Vec::new(), 0, 0);
    for name in &names {
        let Some(bytes) = io.one_input(name) else {
            code = 1;
            continue;
        };
        size += bytes.len();
        let counts: Vec<usize> = letters.iter().map(|letter| count(&bytes, *letter)).collect();
        rows.push((counts, if from_files { format!(" {name}") } else { String::new() }));
    }
    if names.len() > 1 {
        rows.push((totals(&rows, &letters), " total".to_owned()));
    }
    // Columns are as wide as the size of all files could need; of a pipe nobody knows the size.
    let width = match (names.len() == 1 && letters.len() == 1, from_files) {
        (true, _) => 1,
        (false, true) => size.to_string().len(),
        (false, false) => 7,
    };
    for (counts, name) in rows {
        let numbers: Vec<String> = counts.iter().map(|count| format!("{count:>width$}")).collect();
        io.output.line(&(numbers.join(" ") + &name));
    }
    code
}

fn totals(rows: &[(Vec<usize>, String)], letters: &[char]) -> Vec<usize> {
    let column = |(at, letter): (usize, &char)| {
        let numbers = rows.iter().filter_map(|(counts, _)| counts.get(at).copied());
        if *letter == 'L' { numbers.max().unwrap_or_default() } else { numbers.sum() }
    };
    letters.iter().enumerate().map(column).collect()
}

fn count(bytes: &[u8], letter: char) -> usize {
    let longest = |line: &[u8]| String::from_utf8_lossy(line).trim_end_matches('\n').chars().count();
    match letter {
        'l' => bytes.iter().filter(|byte| **byte == b'\n').count(),
        'w' => bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count(),
        'm' => String::from_utf8_lossy(bytes).chars().count(),
        'L' => lines(bytes).map(longest).max().unwrap_or_default(),
        _ => bytes.len(),
    }
}

/// `cut -d X -f LIST`, `cut -c LIST`
pub(super) fn cut(io: &mut Io<'_>) -> u8 {
    let long = [("delimiter", 'd'), ("fields", 'f'), ("characters", 'c'), ("only-delimited", 's')];
    let options = match options::read(io.arguments, "s", "dfcb", &long) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let list = options.value('f').or(options.value('c')).or(options.value('b'));
    let Some(list) = list else {
        return io.fail("you must specify a list of bytes, characters, or fields");
    };
    let Some(ranges) = ranges(list) else {
        let what = if options.value('f').is_some() { "fields" } else { "byte/character positions" };
        return io.fail(&format!("{what} are numbered from 1"));
    };
    let delimiter = options.value('d').unwrap_or("\t").to_owned();
    if delimiter.chars().count() != 1 {
        return io.fail("the delimiter must be a single character");
    }
    let (bytes, whole) = io.input(&options.words);
    for line in String::from_utf8_lossy(&bytes).lines() {
        if options.value('f').is_none() {
            let chosen = line.chars().enumerate().filter(|(index, _)| inside(&ranges, index + 1));
            io.output.line(&chosen.map(|(_, c)| c).collect::<String>());
        } else if line.contains(&delimiter) {
            let fields = line.split(delimiter.as_str()).enumerate();
            let chosen: Vec<&str> =
                fields.filter(|(index, _)| inside(&ranges, index + 1)).map(|(_, field)| field).collect();
            io.output.line(&chosen.join(&delimiter));
        } else if !options.has('s') {
            io.output.line(line);
        }
    }
    u8::from(!whole)
}

/// `1,3-5,7-`
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let range = |part: &str| match part.split_once('-') {
        Some((low, high)) => {
            let low = if low.is_empty() { 1 } else { low.parse().ok()? };
            let high = if high.is_empty() { usize::MAX } else { high.parse().ok()? };
            (low > 0 && high >= low).then_some((low, high))
        }
        None => part.parse().ok().filter(|at| *at > 0).map(|at| (at, at)),
    };
    list.split(',').map(range).collect()
}

fn inside(ranges: &[(usize, usize)], at: usize) -> bool {
    ranges.iter().any(|(low, high)| (*low..=*high).contains(&at))
}
