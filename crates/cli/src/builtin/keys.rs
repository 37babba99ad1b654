//! Lines in order: `sort`, `uniq`.

use std::cmp::Ordering;

use super::options::Options;
use super::{Io, options};

/// `sort [-rnufc] [-k FIELD] [-t X] [-o FILE] [FILES]`
pub(super) fn sort(io: &mut Io<'_>) -> u8 {
    let long = [("reverse", 'r'), ("numeric-sort", 'n'), ("unique", 'u'), ("ignore-case", 'f'), ("key", 'k')];
    let options = match options::read(io.arguments, "rnufVsbc", "kto", &long) {
        Ok(options) => options,
        Err(error) => return io.misused(&error),
    };
    let unread = options.words.iter().find_map(|name| Some((name, io.files.read(name).err()?)));
    if let Some((name, error)) = unread.filter(|(name, _)| *name != "-") {
        return io.misused(&format!("cannot read: {name}: {}", error.capital()));
    }
    let (bytes, _) = io.input(&options.words);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines: Vec<&str> = text.lines().collect();
    if options.has('c') {
        return in_order(io, &options, &lines);
    }
    lines.sort_by(|one, other| order(&options, one, other));
    if options.has('u') {
        lines.dedup_by(|one, other| by_key(&options, one, other) == Ordering::Equal);
    }
    let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
    match options.value('o') {
        None => io.output.raw(text.as_bytes()),
        Some(name) => {
            if let Err(error) = io.files.write(name, text.as_bytes()) {
                return io.misused(&format!("open failed: {name}: {}", error.capital()));
            }
        }
    }
    0
}

/// `sort -c`: whether the lines are in order; the first that is not is named.
fn in_order(io: &mut Io<'_>, options: &Options, lines: &[&str]) -> u8 {
    let late = lines.windows(2).position(|pair| match pair {
        [one, other] => order(options, one, other) == Ordering::Greater,
        _ => false,
    });
    let Some(at) = late else { return 0 };
    let name = options.words.first().map_or("-", String::as_str);
    io.fail(&format!("{name}:{}: disorder: {}", at + 2, lines.get(at + 1).copied().unwrap_or_default()))
}

fn order(options: &Options, one: &str, other: &str) -> Ordering {
    // Lines with equal keys are told apart by all of their text.
    let turned = |order: Ordering, turn: bool| if turn { order.reverse() } else { order };
    let key_turned = options.has('r') || options.value('k').is_some_and(|key| key.contains('r'));
    let last = if options.has('s') { Ordering::Equal } else { one.cmp(other) };
    turned(by_key(options, one, other), key_turned).then(turned(last, options.has('r')))
}

fn by_key(options: &Options, one: &str, other: &str) -> Ordering {
    let (one, other) = (key(options, one), key(options, other));
    let numeric = options.has('n') || options.value('k').is_some_and(|key| key.contains('n'));
    if numeric {
        return number(&one).total_cmp(&number(&other));
    }
    if options.has('f') {
        return one.to_lowercase().cmp(&other.to_lowercase());
    }
    one.cmp(&other)
}

/// The fields that `-k FROM,TO` names, or the whole line.
fn key(options: &Options, line: &str) -> String {
    let Some(spec) = options.value('k') else { return line.to_owned() };
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let (from, to) = spec.split_once(',').map_or((spec, None), |(from, to)| (from, digits(to)));
    let from: usize = digits(from).unwrap_or(1);
    let to: usize = to.unwrap_or(usize::MAX);
    let (fields, glue): (Vec<&str>, &str) = match options.value('t') {
        Some(delimiter) if !delimiter.is_empty() => (line.split(delimiter).collect(), delimiter),
        _ => (line.split_whitespace().collect(), " "),
    };
    let chosen = fields.into_iter().enumerate().filter(|(index, _)| (from..=to).contains(&(index + 1)));
    chosen.map(|(_, field)| field).collect::<Vec<_>>().join(glue)
}

/// The number at the front of a text, 0 if there is none.
fn number(text: &str) -> f64 {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(text.len());
    text.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// `uniq [-cdu] [FILE]`
pub(super) fn uniq(io: &mut Io<'_>) -> u8 {
    let options =
        match options::read(io.arguments, "cdu", "", &[("count", 'c'), ("repeated", 'd'), ("unique", 'u')]) {
            Ok(options) => options,
            Err(error) => return io.fail(&error),
        };
    let (bytes, whole) = io.input(&options.words);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut groups: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match groups.last_mut() {
            Some((count, last)) if *last == line => *count += 1,
            _ => groups.push((1, line)),
        }
    }
    for (count, line) in groups {
        if (options.has('d') && count == 1) || (options.has('u') && count > 1) {
            continue;
        }
        io.output.line(&if options.has('c') { format!("{count:>7} {line}") } else { line.to_owned() });
    }
    u8::from(!whole)
}
