//! Finds tokens in what a command printed. It knows no page.

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Just text.
    Text(&'a str),
    /// A word that reads as a token.
    Token(&'a str),
}

/// The shortest payload that a token has.
const SHORTEST: usize = 24;

/// Cuts text into tokens and what is between them.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((start, end)) = next_token(rest) {
        let (before, tail) = rest.split_at(start);
        let (token, tail) = tail.split_at(end - start);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Token(token));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_token(text: &str) -> Option<(usize, usize)> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(is_word)?;
        let word = text.get(start..)?;
        let end = start + word.find(|letter| !is_word(letter)).unwrap_or(word.len());
        if is_token(text.get(start..end)?) {
            return Some((start, end));
        }
        from = end;
    }
}

fn is_token(word: &str) -> bool {
    let Some((prefix, payload)) = word.split_once('.') else { return false };
    let payload = payload.split('.').next().unwrap_or_default();
    matches!(prefix, "b" | "s" | "r" | "hvb" | "hvs" | "hvr") && payload.len() >= SHORTEST
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_token_in_a_table_and_in_json_is_found() {
        let id = "s.JlNTS5wVPPnb1P72poUjUR4o";
        for (before, after) in [("token    ", "\naccessor"), ("\"client_token\": \"", "\","), ("", "")] {
            let text = format!("{before}{id}{after}");
            assert!(pieces(&text).contains(&Piece::Token(id)), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for text in ["base.hcl", "http://127.0.0.1:8200/v1/sys", "b.short", "täuschung.", ""] {
            assert!(!pieces(text).iter().any(|piece| matches!(piece, Piece::Token(_))), "{text}");
        }
    }
}
