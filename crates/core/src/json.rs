//! Bodies in JSON, read as the real server's decoder reads them, with its words for what is wrong. It knows no parameters.

use serde_json::{Map, Number, Value};

/// The real server reads 10,000 levels; a value that deep could not even be dropped everywhere.
const DEEPEST: usize = 128;

/// Reads the first value of a text. What follows need only begin like a value, as there.
///
/// # Errors
/// What is wrong, in the real server's words.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.skip_spaces() {
        None | Some('{' | '[') => Ok(value),
        Some(_) => reader.value(0).map(|_| value),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self, letter: char) {
        self.at += letter.len_utf8();
    }

    /// The next letter that is no space.
    fn skip_spaces(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err("exceeded max depth".to_owned());
        }
        match self.skip_spaces() {
            None => Err(end()),
            Some('{') => self.object(depth).map(Value::Object),
            Some('[') => self.array(depth).map(Value::Array),
            Some('"') => self.string().map(Value::String),
            Some('-' | '0'..='9') => self.number().map(Value::Number),
            Some('t') => self.literal("true", Value::Bool(true)),
            Some('f') => self.literal("false", Value::Bool(false)),
            Some('n') => self.literal("null", Value::Null),
            Some(other) => Err(no_value(other)),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Map<String, Value>, String> {
        let mut map = Map::new();
        self.bump('{');
        if self.skip_spaces() == Some('}') {
            self.bump('}');
            return Ok(map);
        }
        loop {
            let name = self.name(depth)?;
            match self.skip_spaces() {
                Some(':') => self.bump(':'),
                Some(other) => return Err(format!("invalid character {} after object key", quoted(other))),
                None => return Err(end()),
            }
            if self.skip_spaces() == Some('}') {
                return Err("missing value after object key".to_owned());
            }
            map.insert(name, self.value(depth + 1)?);
            if self.ends_with('}', "object key:value pair")? {
                return Ok(map);
            }
        }
    }

    fn name(&mut self, depth: usize) -> Result<String, String> {
        if self.skip_spaces() == Some('"') {
            return self.string();
        }
        self.value(depth + 1)?;
        Err("object member name must be a string".to_owned())
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, String> {
        let mut list = Vec::new();
        self.bump('[');
        if self.skip_spaces() == Some(']') {
            self.bump(']');
            return Ok(list);
        }
        loop {
            list.push(self.value(depth + 1)?);
            if self.ends_with(']', "array element")? {
                return Ok(list);
            }
        }
    }

    /// Whether the list ends here; else there is a comma, and a value after it.
    fn ends_with(&mut self, closing: char, after: &str) -> Result<bool, String> {
        match self.skip_spaces() {
            Some(letter) if letter == closing => {
                self.bump(letter);
                Ok(true)
            }
            Some(',') => {
                self.bump(',');
                if self.skip_spaces() == Some(closing) { Err(no_value(',')) } else { Ok(false) }
            }
            Some(other) => Err(format!("invalid character {} after {after}", quoted(other))),
            None => Err(end()),
        }
    }

    fn literal(&mut self, word: &'static str, value: Value) -> Result<Value, String> {
        for expected in word.chars() {
            match self.peek() {
                Some(letter) if letter == expected => self.bump(letter),
                Some(other) => {
                    let (other, expected) = (quoted(other), quoted(expected));
                    return Err(format!(
                        "invalid character {other} in literal {word} (expecting {expected})"
                    ));
                }
                None => return Err(end()),
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, String> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.bump('-');
        }
        if self.peek() == Some('0') {
            self.bump('0')
        } else {
            self.digits()?
        }
        if self.peek() == Some('.') {
            self.bump('.');
            self.digits()?;
        }
        if let Some(letter @ ('e' | 'E')) = self.peek() {
            self.bump(letter);
            if let Some(sign @ ('+' | '-')) = self.peek() {
                self.bump(sign);
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        text.parse()
            .map_err(|_| format!("json: cannot unmarshal number {text} into Go value of type float64"))
    }

    fn digits(&mut self) -> Result<(), String> {
        match self.peek() {
            Some('0'..='9') => {}
            Some(other) => return Err(format!("invalid character {} in numeric literal", quoted(other))),
            None => return Err(end()),
        }
        while let Some(digit @ '0'..='9') = self.peek() {
            self.bump(digit);
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.bump('"');
        loop {
            let rest = self.rest();
            let plain = rest.find(|letter| letter == '"' || letter == '\\' || letter < ' ');
            let plain = rest.get(..plain.unwrap_or(rest.len())).unwrap_or_default();
            text.push_str(plain);
            self.at += plain.len();
            match self.peek() {
                None => return Err(end()),
                Some('"') => {
                    self.bump('"');
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some(control) => return Err(format!("invalid character {} in string", quoted(control))),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let Some(letter) = self.rest().chars().nth(1) else { return Err(end()) };
        let meant = match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return Err(format!("invalid escape sequence `\\{letter}` in string")),
        };
        self.bump('\\');
        self.bump(letter);
        Ok(meant)
    }

    /// `\uXXXX`; two halves are one letter, one half alone is none.
    fn unicode(&mut self) -> Result<char, String> {
        let high = self.unit()?;
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            let back = self.at;
            let low = self.unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, String> {
        let sequence: String = self.rest().chars().take(6).collect();
        let hex = sequence.get(2..).unwrap_or_default();
        let is_hex = hex.chars().all(|letter| letter.is_ascii_hexdigit());
        if !is_hex {
            return Err(format!("invalid escape sequence `{sequence}` in string"));
        }
        if hex.len() < 4 {
            return Err(end());
        }
        self.at += sequence.len();
        u32::from_str_radix(hex, 16).map_err(|_| end())
    }
}

fn end() -> String {
    "unexpected EOF".to_owned()
}

fn no_value(letter: char) -> String {
    format!("invalid character {} looking for beginning of value", quoted(letter))
}

/// As Go quotes a letter.
fn quoted(letter: char) -> String {
    match letter {
        '\'' => "'\\''".to_owned(),
        '\\' => "'\\\\'".to_owned(),
        '\u{7}' => "'\\a'".to_owned(),
        '\u{8}' => "'\\b'".to_owned(),
        '\u{b}' => "'\\v'".to_owned(),
        '\u{c}' => "'\\f'".to_owned(),
        '\n' => "'\\n'".to_owned(),
        '\r' => "'\\r'".to_owned(),
        '\t' => "'\\t'".to_owned(),
        control if control < ' ' || control == '\u{7f}' => format!("'\\x{:02x}'", u32::from(control)),
        '\u{feff}' => "'\\ufeff'".to_owned(),
        other => format!("'{other}'"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Asked of the real server, one by one.
    const REFUSED: [(&str, &str); 44] = [
        (r#"{"a":"\q"}"#, r"invalid escape sequence `\q` in string"),
        (r#"{"a":"\u12"}"#, r#"invalid escape sequence `\u12"}` in string"#),
        (r#"{"a":"\u12zz"}"#, r"invalid escape sequence `\u12zz` in string"),
        (r#"{"a":1.}"#, "invalid character '}' in numeric literal"),
        (r#"{"a":1e+}"#, "invalid character '}' in numeric literal"),
        (r#"{"a":-a}"#, "invalid character 'a' in numeric literal"),
        (r#"{"a":.5}"#, "invalid character '.' looking for beginning of value"),
        (r#"{"a":1}}"#, "invalid character '}' looking for beginning of value"),
        (r#"{"a":1}x"#, "invalid character 'x' looking for beginning of value"),
        (r#"{"a":1} "x"#, "unexpected EOF"),
        (r#"{"a":1} tru"#, "unexpected EOF"),
        (r#"{"a":[1,]}"#, "invalid character ',' looking for beginning of value"),
        (r#"{"a":[,1]}"#, "invalid character ',' looking for beginning of value"),
        ("]", "invalid character ']' looking for beginning of value"),
        ("{,}", "invalid character ',' looking for beginning of value"),
        (r#"{"a":}"#, "missing value after object key"),
        (r#"{"a":,}"#, "invalid character ',' looking for beginning of value"),
        (r#"{"a":1 "b":2}"#, "invalid character '\"' after object key:value pair"),
        (r#"{"a""#, "unexpected EOF"),
        (r#"{"a":1,"#, "unexpected EOF"),
        ("{", "unexpected EOF"),
        ("nul", "unexpected EOF"),
        ("-", "unexpected EOF"),
        ("\"abc", "unexpected EOF"),
        ("{\"a\":\"\t\"}", "invalid character '\\t' in string"),
        ("{\"a\":\"\u{1}\"}", "invalid character '\\x01' in string"),
        (r#"{"a":tRue}"#, "invalid character 'R' in literal true (expecting 'r')"),
        ("not json", "invalid character 'o' in literal null (expecting 'u')"),
        (r#"{"a":nulll}"#, "invalid character 'l' after object key:value pair"),
        (r#"{"a":-01}"#, "invalid character '1' after object key:value pair"),
        (r#"{"a":1.5.5}"#, "invalid character '.' after object key:value pair"),
        (r#"{"a":{"b":1]}"#, "invalid character ']' after object key:value pair"),
        (r#"{"a":[1}"#, "invalid character '}' after array element"),
        (r#"{"a":[1 2]}"#, "invalid character '2' after array element"),
        (r#"{"a":é}"#, "invalid character 'é' looking for beginning of value"),
        ("\0", "invalid character '\\x00' looking for beginning of value"),
        (r#"{"a":1,"b"}"#, "invalid character '}' after object key"),
        (r#"{"a" 1}"#, "invalid character '1' after object key"),
        (r#"{"a":1,b:2}"#, "invalid character 'b' looking for beginning of value"),
        (r#"{"a":1,5:2}"#, "object member name must be a string"),
        ("{'a':1}", "invalid character '\\'' looking for beginning of value"),
        (r#"{"a":{"b":1,}}"#, "invalid character ',' looking for beginning of value"),
        (r#"{"a":"x\"}"#, "unexpected EOF"),
        ("{\"a\":1}\u{b}", "invalid character '\\v' looking for beginning of value"),
    ];

    #[test]
    fn refusals_are_the_real_servers_words() {
        for (text, error) in REFUSED {
            assert_eq!(parse(text), Err(error.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_the_real_server_takes_is_taken() {
        for (text, value) in [
            (r#"{"a":1}{"b":2}"#, json!({"a": 1})),
            (r#"{"a":1} 5"#, json!({"a": 1})),
            (" null ", json!(null)),
            (r#"{"a":1,"a":2}"#, json!({"a": 2})),
            (r#"{"a":"\ud800\u0041"}"#, json!({"a": "\u{fffd}A"})),
            (r#"{"a":"\ud83d\ude00\n\/"}"#, json!({"a": "\u{1f600}\n/"})),
            (r#"{"a":[1,-2.5,1e3,true,false,null,{}]}"#, json!({"a": [1, -2.5, 1e3, true, false, null, {}]})),
        ] {
            assert_eq!(parse(text), Ok(value), "{text:?}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        assert_eq!(parse(&"[".repeat(100_000)), Err("exceeded max depth".to_owned()));
        assert_eq!(parse(&"{\"a\":".repeat(100_000)), Err("exceeded max depth".to_owned()));
    }
}
