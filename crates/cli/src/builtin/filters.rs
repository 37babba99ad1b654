//! Letters and bytes changed one by one: `tr`, `base64`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Io, options};

/// `tr [-dsc] FROM [TO]`
pub(super) fn tr(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "dscC", "", &[("delete", 'd'), ("squeeze-repeats", 's')])
    {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let sets: Vec<Vec<char>> = options.words.iter().map(|word| set(word)).collect();
    let (from, to) = match (sets.as_slice(), options.has('d'), options.has('s')) {
        ([from], true, _) | ([from], false, true) => (from.clone(), Vec::new()),
        ([from, to], ..) if !to.is_empty() => (from.clone(), to.clone()),
        ([], ..) => return io.fail("missing operand"),
        _ => {
            let word = options.words.last().cloned().unwrap_or_default();
            return io.fail(&format!("missing operand after '{word}'"));
        }
    };
    let complement = options.has('c') || options.has('C');
    let bytes = std::mem::take(io.stdin);
    let mut text = String::new();
    for c in String::from_utf8_lossy(&bytes).chars() {
        let at = if complement {
            (!from.contains(&c)).then_some(usize::MAX)
        } else {
            from.iter().position(|one| *one == c)
        };
        let new = match at {
            Some(_) if options.has('d') => continue,
            Some(at) if !to.is_empty() => to.get(at).or(to.last()).copied().unwrap_or(c),
            _ => c,
        };
        let squeezed = options.has('s') && if to.is_empty() { at.is_some() } else { to.contains(&new) };
        if !(squeezed && text.ends_with(new)) {
            text.push(new);
        }
    }
    io.output.raw(text.as_bytes());
    0
}

/// A class of letters: its name, and whether a letter is in it.
type Class = (&'static str, fn(&char) -> bool);

const CLASSES: [Class; 6] = [
    ("[:upper:]", char::is_ascii_uppercase),
    ("[:lower:]", char::is_ascii_lowercase),
    ("[:digit:]", char::is_ascii_digit),
    ("[:alpha:]", char::is_ascii_alphabetic),
    ("[:alnum:]", char::is_ascii_alphanumeric),
    ("[:space:]", |c| c.is_ascii_whitespace() || *c == '\u{b}'),
];

/// `a-z`, `[:upper:]`, `\n`
fn set(word: &str) -> Vec<char> {
    let mut letters = Vec::new();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        if let Some((name, is_in)) = CLASSES.iter().find(|(name, _)| rest.starts_with(name)) {
            letters.extend(('\0'..='\u{7f}').filter(is_in));
            rest = rest.get(name.len()..).unwrap_or_default();
            continue;
        }
        let (c, length) = if c == '\\' { escaped(rest) } else { (c, c.len_utf8()) };
        rest = rest.get(length..).unwrap_or_default();
        let end = rest.strip_prefix('-').and_then(|after| after.chars().next());
        match end {
            Some(end) if end >= c => {
                letters.extend(c..=end);
                rest = rest.get(1 + end.len_utf8()..).unwrap_or_default();
            }
            _ => letters.push(c),
        }
    }
    letters
}

fn escaped(rest: &str) -> (char, usize) {
    match rest.chars().nth(1) {
        Some('n') => ('\n', 2),
        Some('t') => ('\t', 2),
        Some('r') => ('\r', 2),
        Some('0') => ('\0', 2),
        Some(c) => (c, 1 + c.len_utf8()),
        None => ('\\', 1),
    }
}

/// `base64 [-d] [-w COLUMNS] [FILE]`
pub(super) fn base64(io: &mut Io<'_>) -> u8 {
    let options = match options::read(io.arguments, "di", "w", &[("decode", 'd'), ("wrap", 'w')]) {
        Ok(options) => options,
        Err(error) => return io.fail(&error),
    };
    let (bytes, whole) = io.input(&options.words);
    if !whole {
        return 1;
    }
    if options.has('d') {
        let text: Vec<u8> = bytes.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let (decoded, whole) = decoded(&text);
        io.output.raw(&decoded);
        return if whole { 0 } else { io.fail("invalid input") };
    }
    let Ok(width) = options.value('w').unwrap_or("76").parse::<usize>() else {
        return io.fail("invalid wrap size");
    };
    let text = STANDARD.encode(&bytes);
    if width == 0 {
        io.output.raw(text.as_bytes());
        return 0;
    }
    for line in text.as_bytes().chunks(width) {
        io.output.raw(line);
        io.output.raw(b"\n");
    }
    0
}

/// What can be decoded, and whether that was all.
fn decoded(text: &[u8]) -> (Vec<u8>, bool) {
    if let Ok(all) = STANDARD.decode(text) {
        return (all, true);
    }
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let good: Vec<u8> = text.iter().copied().take_while(is_letter).collect();
    // A letter alone is less than a byte.
    let good = good.get(..good.len() - usize::from(good.len() % 4 == 1)).unwrap_or_default();
    let unpadded = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    (unpadded.decode(good).unwrap_or_default(), false)
}
