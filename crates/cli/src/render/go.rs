//! Values as Go's `fmt` prints them with `%v` and `%q`. It knows no tables.

use crate::json::Json;

/// `%v`: `[base default]`, `map[a:b]`, `<nil>`.
pub(crate) fn plain(json: &Json) -> String {
    match json {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(digits) => digits.clone(),
        Json::Text(text) => text.clone(),
        Json::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(" ")),
        Json::Object(members) => {
            let member = |(key, value): &(String, Json)| format!("{key}:{}", plain(value));
            format!("map[{}]", members.iter().map(member).collect::<Vec<_>>().join(" "))
        }
    }
}

/// `%q` of a list of texts: `["base" "default"]`.
pub(crate) fn quoted_list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(" "))
}

/// `%q` of a text.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_go_does() {
        let json = Json::read(br#"[1,2.50,null,true,{"q":"<&>"}]"#).unwrap();
        assert_eq!(plain(&json), "[1 2.50 <nil> true map[q:<&>]]");
        assert_eq!(quoted_list(&["a\"b".to_owned(), "é\n".to_owned()]), r#"["a\"b" "é\n"]"#);
        assert_eq!(quoted_list(&[]), "[]");
    }
}
