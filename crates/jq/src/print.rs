//! Values as jq prints them. It knows no filters.

use jaq_json::{Num, Val};

use crate::options::Options;

/// A value's text, without a line end.
pub(crate) fn value(options: &Options, value: &Val) -> Vec<u8> {
    let mut text = Vec::new();
    Printer { options, text: &mut text }.value(value, 0);
    text
}

struct Printer<'a> {
    options: &'a Options,
    text: &'a mut Vec<u8>,
}

impl Printer<'_> {
    fn value(&mut self, value: &Val, level: usize) {
        match value {
            Val::Null => self.text.extend_from_slice(b"null"),
            Val::Bool(value) => self.text.extend_from_slice(value.to_string().as_bytes()),
            Val::Num(number) => self.text.extend_from_slice(self::number(number).as_bytes()),
            Val::TStr(text) | Val::BStr(text) => self.string(&String::from_utf8_lossy(text)),
            Val::Arr(items) => {
                self.text.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    self.next(index, level + 1);
                    self.value(item, level + 1);
                }
                self.end(items.is_empty(), level, b']');
            }
            Val::Obj(members) => {
                let mut members: Vec<(&Val, &Val)> = members.iter().collect();
                if self.options.sort_keys {
                    members.sort_by_key(|(key, _)| *key);
                }
                self.text.push(b'{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.next(index, level + 1);
                    self.value(key, level + 1);
                    self.text.push(b':');
                    if self.options.indent.is_some() {
                        self.text.push(b' ');
                    }
                    self.value(value, level + 1);
                }
                self.end(members.is_empty(), level, b'}');
            }
        }
    }

    /// Before an item: a comma but for the first, and a new line.
    fn next(&mut self, index: usize, level: usize) {
        if index > 0 {
            self.text.push(b',');
        }
        self.line(level);
    }

    fn end(&mut self, empty: bool, level: usize, bracket: u8) {
        if !empty {
            self.line(level);
        }
        self.text.push(bracket);
    }

    fn line(&mut self, level: usize) {
        if let Some(indent) = &self.options.indent {
            self.text.push(b'\n');
            self.text.extend_from_slice(indent.repeat(level).as_bytes());
        }
    }

    fn string(&mut self, text: &str) {
        let mut quoted = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                '\t' => quoted.push_str("\\t"),
                '\u{8}' => quoted.push_str("\\b"),
                '\u{c}' => quoted.push_str("\\f"),
                c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                    quoted.push_str(&format!("\\u{:04x}", u32::from(c)))
                }
                c if self.options.ascii && !c.is_ascii() => {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        quoted.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        self.text.extend_from_slice(quoted.as_bytes());
    }
}

/// Whole numbers and unchanged ones as they stand, computed ones as shortly as they can be told.
fn number(number: &Num) -> String {
    match number {
        Num::Float(value) => float(*value),
        other => other.to_string(),
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        return "null".to_owned();
    }
    let value = value.clamp(f64::MIN, f64::MAX);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    // The shortest digits, and the place of the point behind the first of them.
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let count = i32::try_from(digits.len()).unwrap_or_default();
    if exponent < -5 || exponent >= count + 15 {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}e{mark}{:02}", exponent.abs());
    }
    format!("{sign}{}", value.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_numbers_are_short() {
        let shown = [3.0, -0.5, 1e17, 1.5e300, 1e-7, 0.0001, f64::NAN, f64::INFINITY].map(float);
        assert_eq!(
            shown,
            ["3", "-0.5", "1e+17", "1.5e+300", "1e-07", "0.0001", "null", "1.7976931348623157e+308"]
        );
    }
}
