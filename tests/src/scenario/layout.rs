//! How a one-line JSON answer is laid out in a scenario file. It reads no JSON, only strings and commas.

/// How long a line of a recorded answer gets, where commas allow it.
const WIDTH: usize = 100;

/// Breaks a one-line answer after commas outside strings.
pub fn wrap(answer: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for piece in pieces(answer) {
        if !line.is_empty() && line.chars().count() + piece.chars().count() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line.clear();
        }
        line.push_str(piece);
    }
    lines + &line
}

/// Undoes [`wrap`]: a line end in a JSON text is never part of a string.
pub fn join(answer: &str) -> String {
    answer.replace('\n', "")
}

/// The text cut after each comma outside strings.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut begin) = (Vec::new(), 0);
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' if !inside => {
                pieces.push(&text[begin..=at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[begin..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_after_commas_outside_strings_and_join_again() {
        let long = "x".repeat(60);
        let answer = format!(r#"{{"a":"{long},\"{long}","b":[1,2]}}"#);
        let wrapped = wrap(&answer);
        assert_eq!(wrapped.lines().count(), 2);
        assert!(wrapped.ends_with("\n\"b\":[1,2]}"), "{wrapped}");
        assert_eq!(join(&wrapped), answer);
    }
}
