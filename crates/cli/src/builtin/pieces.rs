//! Parts of what is read: `head`, `tail`, `wc`, `cut`.

use super::{Io, options};

/// How much a `head` or a `tail` prints.
enum Count {
    Lines(usize),
    Bytes(usize),
}

/// `head [-n COUNT | -c COUNT] [FILES]`
pub(super) fn head(io: &mut Io<'_>) -> u8 {
    each(io, |bytes, count| match count {
        Count::Bytes(count) => bytes.get(..count).unwrap_or(bytes).to_vec(),
        Count::Lines(count) => lines(bytes).take(count).flatten().copied().collect(),
    })
}

/// `tail [-n COUNT | -n +FIRST | -c COUNT] [FILES]`
pub(super) fn tail(io: &mut Io<'_>) -> u8 {
    if let Some((first, files)) = from_line(io.arguments) {
        let (bytes, whole) = io.input(&files);
        let rest: Vec<u8> = lines(&bytes).skip(first.saturating_sub(1)).flatten().copied().collect();
        io.output.raw(&rest);
        return u8::from(!whole);
    }
    each(io, |bytes, count| match count {
        Count::Bytes(count) => bytes.get(bytes.len().saturating_sub(count)..).unwrap_or(bytes).to_vec(),
        Count::Lines(count) => {
            let all = lines(bytes).count();
            lines(bytes).skip(all.saturating_sub(count)).flatten().copied().collect()
        }
    })
}

/// `-n +2`: the first line to print, and the files.
fn from_line(arguments: &[String]) -> Option<(usize, Vec<String>)> {
    let (first, rest) = arguments.split_first()?;
    let (number, rest) = match first.strip_prefix("-n")? {
        "" => rest.split_first()?,
        _ => (first, rest),
    };
    let number = number.strip_prefix("-n").unwrap_or(number).strip_prefix('+')?;
    Some((number.parse().ok()?, rest.to_vec()))
}

fn each(io: &mut Io<'_>, take: fn(&[u8], Count) -> Vec<u8>) -> u8 {
    // `-3` is an old way to write `-n 3`.
    let old = |word: &String| match word.strip_prefix('-') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => format!("-n{digits}"),
        _ => word.clone(),
    };
    let arguments: Vec<String> = io.arguments.iter().map(old).collect();
    let options = match options::read(&arguments, "qv", "nc", &[("lines", 'n'), ("bytes", 'c')]) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let letter = if options.value('c').is_some() { 'c' } else { 'n' };
    let text = options.value(letter).unwrap_or("10").to_owned();
    let Ok(count) = text.parse::<usize>() else {
        return io
            .fail(&format!("invalid number of {}: '{text}'", if letter == 'c' { "bytes" } else { "lines" }));
    };
    let names = if options.words.is_empty() { vec!["-".to_owned()] } else { options.words };
    let mut code = 0;
    for (index, name) in names.iter().enumerate() {
        let Some(bytes) = io.one_input(name) else {
            code = 1;
            continue;
        };
        if names.len() > 1 {
            io.output.line(&format!("{}==> {name} <==", if index > 0 { "\n" } else { "" }));
        }
        let count = if letter == 'c' { Count::Bytes(count) } else { Count::Lines(count) };
        io.output.raw(&take(&bytes, count));
    }
    code
}

/// Lines with their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// `wc [-lwcm] [FILES]`
pub(super) fn wc(io: &mut Io<'_>) -> u8 {
    let long = [("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm')];
    let options = match options::read(io.arguments, "lwcm", "", &long) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let letters: Vec<char> = ['l', 'w', 'm', 'c'].into_iter().filter(|letter| options.has(*letter)).collect();
    let letters = if letters.is_empty() { vec!['l', 'w', 'c'] } else { letters };
    let from_files = !options.words.is_empty();
    let names = if from_files { options.words.clone() } else { vec!["-".to_owned()] };
    let mut code = 0;
    for name in &names {
        let Some(bytes) = io.one_input(name) else {
            code = 1;
            continue;
        };
        let counts: Vec<usize> = letters.iter().map(|letter| count(&bytes, *letter)).collect();
        io.output.line(&counted(&counts, from_files.then_some(name.as_str())));
    }
    code
}

fn count(bytes: &[u8], letter: char) -> usize {
    match letter {
        'l' => bytes.iter().filter(|byte| **byte == b'\n').count(),
        'w' => bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count(),
        'm' => String::from_utf8_lossy(bytes).chars().count(),
        _ => bytes.len(),
    }
}

/// One number alone stands bare; several stand in columns.
fn counted(counts: &[usize], name: Option<&str>) -> String {
    let width = if counts.len() == 1 { 0 } else { 7 };
    let numbers: Vec<String> = counts.iter().map(|count| format!("{count:>width$}")).collect();
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    numbers.join(" ") + &name
}

/// `cut -d X -f LIST`, `cut -c LIST`
pub(super) fn cut(io: &mut Io<'_>) -> u8 {
    let long = [("delimiter", 'd'), ("fields", 'f'), ("characters", 'c'), ("only-delimited", 's')];
    let options = match options::read(io.arguments, "s", "dfcb", &long) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let list = options.value('f').or(options.value('c')).or(options.value('b'));
    let Some(ranges) = list.and_then(ranges) else {
        return io.fail("you must specify a list of bytes, characters, or fields");
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
