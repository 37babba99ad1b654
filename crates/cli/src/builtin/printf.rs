//! `printf FORMAT WORDS`.

use super::Io;

/// `printf FORMAT WORDS`: the format is used again until the words are.
pub(super) fn printf(io: &mut Io<'_>) -> u8 {
    let arguments = io.arguments.strip_prefix(&["--".to_owned()]).unwrap_or(io.arguments);
    let Some((format, words)) = arguments.split_first() else {
        return io.misused("usage: printf format [arg ...]");
    };
    let mut printer = Printer { text: String::new(), words, used: 0, wrong: None, stopped: false };
    loop {
        let before = printer.used;
        printer.once(format);
        if printer.stopped || printer.used >= words.len() || printer.used == before {
            break;
        }
    }
    let (text, wrong) = (printer.text, printer.wrong);
    io.output.raw(text.as_bytes());
    wrong.map_or(0, |wrong| io.fail(&wrong))
}

struct Printer<'a> {
    text: String,
    words: &'a [String],
    used: usize,
    wrong: Option<String>,
    stopped: bool,
}

impl Printer<'_> {
    fn once(&mut self, format: &str) {
        let mut rest = format;
        while let Some(c) = rest.chars().next() {
            if self.stopped {
                return;
            }
            rest = match c {
                '\\' => self.escape(rest),
                '%' => self.directive(rest.get(1..).unwrap_or_default()),
                c => {
                    self.text.push(c);
                    rest.get(c.len_utf8()..).unwrap_or_default()
                }
            };
        }
    }

    /// A `\n` and the like; gives what follows.
    fn escape<'b>(&mut self, rest: &'b str) -> &'b str {
        let (text, length, stops) = unescaped(rest);
        self.text.push_str(&text);
        self.stopped |= stops;
        rest.get(length..).unwrap_or_default()
    }

    /// What stands after a `%`; gives what follows.
    fn directive<'b>(&mut self, rest: &'b str) -> &'b str {
        let end = rest.find(|c: char| !matches!(c, '-' | '+' | ' ' | '0' | '#' | '.' | '1'..='9'));
        let (spec, tail) = rest.split_at(end.unwrap_or(rest.len()));
        let Some(kind) = tail.chars().next() else {
            self.text.push('%');
            return tail;
        };
        let tail = tail.get(kind.len_utf8()..).unwrap_or_default();
        if kind == '%' {
            self.text.push('%');
            return tail;
        }
        let word = self.words.get(self.used).cloned().unwrap_or_default();
        self.used += 1;
        let value = self.value(kind, &word);
        self.text.push_str(&padded(spec, kind, &value));
        tail
    }

    fn value(&mut self, kind: char, word: &str) -> String {
        let number = || word.trim().parse::<i64>();
        let number = match kind {
            's' => return word.to_owned(),
            'c' => return word.chars().take(1).collect(),
            'b' => return self.unescape_all(word),
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' if word.is_empty() => 0,
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => number().unwrap_or_else(|_| {
                self.wrong = Some(format!("{word}: expected numeric value"));
                0
            }),
            'f' => return format!("{:.6}", word.trim().parse::<f64>().unwrap_or_default()),
            other => {
                self.wrong = Some(format!("%{other}: invalid directive"));
                return String::new();
            }
        };
        match kind {
            'x' => format!("{number:x}"),
            'X' => format!("{number:X}"),
            'o' => format!("{number:o}"),
            _ => number.to_string(),
        }
    }

    fn unescape_all(&mut self, word: &str) -> String {
        let mut text = String::new();
        let mut rest = word;
        while let Some(c) = rest.chars().next() {
            let (piece, length, stops) =
                if c == '\\' { unescaped(rest) } else { (c.to_string(), c.len_utf8(), false) };
            text.push_str(&piece);
            rest = rest.get(length..).unwrap_or_default();
            if stops {
                self.stopped = true;
                break;
            }
        }
        text
    }
}

/// What an escape at the front gives, how long it is, and whether it ends all output.
fn unescaped(rest: &str) -> (String, usize, bool) {
    let Some(c) = rest.chars().nth(1) else { return ("\\".to_owned(), 1, false) };
    let plain = match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\\' => '\\',
        '"' => '"',
        '\'' => '\'',
        'c' => return (String::new(), 2, true),
        '0'..='7' => {
            let digits: String =
                rest.chars().skip(1).take(4).take_while(|c| ('0'..='7').contains(c)).collect();
            let most = if c == '0' { 4 } else { 3 };
            let digits: String = digits.chars().take(most).collect();
            let value = u32::from_str_radix(&digits, 8).unwrap_or_default() & 0xff;
            return (char::from_u32(value).map(String::from).unwrap_or_default(), 1 + digits.len(), false);
        }
        other => return (format!("\\{other}"), 1 + other.len_utf8(), false),
    };
    (plain.to_string(), 2, false)
}

/// Filled up to the width, cut to the precision.
fn padded(spec: &str, kind: char, value: &str) -> String {
    let (flags, numbers) =
        spec.split_at(spec.find(|c: char| c.is_ascii_digit() && c != '0' || c == '.').unwrap_or(spec.len()));
    let (width, precision) =
        numbers.split_once('.').map_or((numbers, None), |(width, rest)| (width, Some(rest)));
    // Wider than any screen is a mistake, and memory is not endless.
    let width: usize = width.parse().unwrap_or(0).min(10_000);
    let value: String = match precision.map(|digits| digits.parse::<usize>().unwrap_or(0)) {
        Some(most) if kind == 's' || kind == 'b' => value.chars().take(most).collect(),
        Some(places) if kind == 'f' => {
            format!("{:.*}", places.min(30), value.parse::<f64>().unwrap_or_default())
        }
        _ => value.to_owned(),
    };
    let missing = width.saturating_sub(value.chars().count());
    match (flags.contains('-'), flags.contains('0') && kind != 's') {
        (true, _) => value + &" ".repeat(missing),
        (false, true) => match value.strip_prefix('-') {
            Some(digits) => format!("-{}{digits}", "0".repeat(missing)),
            None => "0".repeat(missing) + &value,
        },
        (false, false) => " ".repeat(missing) + &value,
    }
}
