//! JSON as Go's encoder indents it. It knows no secrets.

use crate::json::Json;

/// Two blanks a level, without a line end.
pub(crate) fn indented(json: &Json) -> String {
    let mut text = String::new();
    write(json, "\n", &mut text);
    text
}

/// `line` is a line end and the blanks of this level.
fn write(json: &Json, line: &str, text: &mut String) {
    let deeper = format!("{line}  ");
    match json {
        Json::List(items) if !items.is_empty() => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&deeper);
                write(item, &deeper, text);
            }
            text.push_str(line);
            text.push(']');
        }
        Json::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&deeper);
                text.push_str(&quoted(key));
                text.push_str(": ");
                write(value, &deeper, text);
            }
            text.push_str(line);
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// A text in quotes, with what Go escapes.
pub(crate) fn quoted(text: &str) -> String {
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
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if u32::from(c) < 0x20 => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_ones_stay_on_their_line() {
        let json = Json::read(br#"{"a":[],"b":{},"c":[1]}"#).unwrap();
        assert_eq!(indented(&json), "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1\n  ]\n}");
    }
}
