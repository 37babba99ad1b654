//! YAML as the real command line prints it: members in order of their keys, two blanks a level.

use crate::json::Json;

/// A whole document, with the line end at its end.
pub(crate) fn document(json: &Json) -> String {
    let mut text = String::new();
    match json {
        Json::List(items) if !items.is_empty() => list(items, "", &mut text),
        Json::Object(members) if !members.is_empty() => object(members, "", &mut text),
        other => {
            scalar(other, "", &mut text);
        }
    }
    text
}

/// Members on lines of their own behind `blanks`; the first line's blanks are there already.
fn object(members: &[(String, Json)], blanks: &str, text: &mut String) {
    let mut members: Vec<&(String, Json)> = members.iter().collect();
    members.sort_by(|(one, _), (other, _)| order(one, other));
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push_str(blanks);
        }
        text.push_str(&string(key, "", true));
        text.push(':');
        match value {
            Json::List(items) if !items.is_empty() => {
                text.push('\n');
                text.push_str(blanks);
                list(items, blanks, text);
            }
            Json::Object(members) if !members.is_empty() => {
                let deeper = format!("{blanks}  ");
                text.push('\n');
                text.push_str(&deeper);
                object(members, &deeper, text);
            }
            other => {
                text.push(' ');
                scalar(other, &format!("{blanks}  "), text);
            }
        }
    }
}

fn list(items: &[Json], blanks: &str, text: &mut String) {
    let deeper = format!("{blanks}  ");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(blanks);
        }
        text.push_str("- ");
        match item {
            Json::List(items) if !items.is_empty() => list(items, &deeper, text),
            Json::Object(members) if !members.is_empty() => object(members, &deeper, text),
            other => scalar(other, &deeper, text),
        }
    }
}

/// A value that fits behind its key, with its line end.
fn scalar(json: &Json, deeper: &str, text: &mut String) {
    match json {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(&value.to_string()),
        Json::Number(digits) => text.push_str(&number(digits)),
        Json::Text(value) => text.push_str(&string(value, deeper, false)),
        Json::List(_) => text.push_str("[]"),
        Json::Object(_) => text.push_str("{}"),
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Whole numbers as they stand, others as shortly as they can be told.
fn number(digits: &str) -> String {
    match digits.parse::<f64>() {
        Ok(value) if digits.contains(['.', 'e', 'E']) => value.to_string(),
        _ => digits.to_owned(),
    }
}

fn string(value: &str, deeper: &str, is_key: bool) -> String {
    if value.contains('\n') && !is_key && value.chars().all(is_printable) {
        return literal(value, deeper);
    }
    if value.is_empty()
        || means_something_else(value)
        || !value.chars().all(is_printable)
        || value.contains('\n')
    {
        return double_quoted(value);
    }
    if is_plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) }
}

/// Lines as they stand, after a `|`.
fn literal(value: &str, deeper: &str) -> String {
    let keep = match (value.ends_with('\n'), value.ends_with("\n\n") || value == "\n") {
        (false, _) => "-",
        (true, false) => "",
        (true, true) => "+",
    };
    let indented = if value.starts_with([' ', '\n']) { "2" } else { "" };
    let mut text = format!("|{indented}{keep}\n");
    for line in value.strip_suffix('\n').unwrap_or(value).split('\n') {
        if !line.is_empty() {
            text.push_str(deeper);
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn double_quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0' => text.push_str("\\0"),
            '\u{1b}' => text.push_str("\\e"),
            c if is_printable(c) => text.push(c),
            c if u32::from(c) <= 0xff => text.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => text.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    text + "\""
}

fn is_printable(c: char) -> bool {
    c == '\n' || (' '..='~').contains(&c) || (c >= '\u{a0}' && c != '\u{feff}') || c == '\u{85}'
}

/// Whether a reader of YAML would take the bare text for something that is no text.
fn means_something_else(value: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "="];
    let lower = value.to_ascii_lowercase();
    let cased = [lower.clone(), lower.to_ascii_uppercase(), capital(&lower)];
    let is_word = WORDS.contains(&lower.as_str()) && cased.iter().any(|case| case == value);
    is_word || is_number(value) || is_time(value)
}

fn capital(lower: &str) -> String {
    let (first, rest) = lower.split_at(lower.chars().next().map_or(0, char::len_utf8));
    first.to_ascii_uppercase() + rest
}

fn is_number(value: &str) -> bool {
    let bare = value.trim_start_matches(['+', '-']).replace('_', "");
    let special = [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&bare.as_str());
    let based = |prefix: &str, base: u32| {
        bare.strip_prefix(prefix).is_some_and(|digits| i64::from_str_radix(digits, base).is_ok())
    };
    let digits = bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') && bare.parse::<f64>().is_ok();
    special || digits || based("0x", 16) || based("0b", 2) || based("0o", 8) || is_sixty(&bare)
}

/// `1:30`, a number to base 60 in old YAML.
fn is_sixty(bare: &str) -> bool {
    let mut parts = bare.split(':');
    let whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let below = |part: &str| part.parse::<f64>().is_ok_and(|number| (0.0..60.0).contains(&number));
    parts.next().is_some_and(whole) && bare.contains(':') && parts.all(below)
}

/// A date, or a date and a time.
fn is_time(value: &str) -> bool {
    let (date, rest) = value.split_at(value.find(['T', 't', ' ']).unwrap_or(value.len()));
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = matches!(parts.as_slice(), [year, _, _] if year.len() == 4) && parts.iter().all(digits);
    is_date && (rest.is_empty() || rest.contains(':'))
}

/// Whether the text can stand without quotes.
fn is_plain(value: &str) -> bool {
    const INDICATORS: &str = "#,[]{}&*!|>'\"%@`";
    let mut letters = value.chars();
    let first = letters.next().unwrap_or(' ');
    let second = letters.next();
    let starts = match first {
        '-' | '?' | ':' => second.is_some_and(|c| c != ' '),
        c => !INDICATORS.contains(c),
    };
    starts
        && !value.starts_with([' ', '\t'])
        && !value.ends_with([' ', '\t', ':'])
        && !value.contains(": ")
        && !value.contains(" #")
        && !value.starts_with("---")
        && !value.starts_with("...")
}

/// Keys in the order of people: numbers inside them by their value.
fn order(one: &str, other: &str) -> std::cmp::Ordering {
    one.cmp(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> String {
        document(&Json::read(text.as_bytes()).unwrap())
    }

    #[test]
    fn lists_stand_under_their_key() {
        assert_eq!(yaml(r#"{"a":["x",{"b":1,"c":[]}],"d":{}}"#), "a:\n- x\n- b: 1\n  c: []\nd: {}\n");
        assert_eq!(yaml(r#"{"a":{"b":["x"]}}"#), "a:\n  b:\n  - x\n");
        assert_eq!(yaml("{}"), "{}\n");
    }

    #[test]
    fn texts_that_mean_something_are_quoted() {
        assert_eq!(
            yaml(r#"["", "2026-11-24T06:09:15.3Z", "yes", "1", "a: b", "-", "n"]"#),
            "- \"\"\n- \"2026-11-24T06:09:15.3Z\"\n- \"yes\"\n- \"1\"\n- 'a: b'\n- '-'\n- \"n\"\n"
        );
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(
            yaml("{\"policy\":\"path \\\"x\\\" {\\n  a\\n}\\n\"}"),
            "policy: |\n  path \"x\" {\n    a\n  }\n"
        );
        assert_eq!(yaml("{\"p\":\"a\\nb\"}"), "p: |-\n  a\n  b\n");
    }
}
