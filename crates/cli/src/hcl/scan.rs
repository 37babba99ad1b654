//! The words of HCL 1 as they stand, comments included. It knows no grammar.

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) kind: Kind,
    /// As it is written, quotes included.
    pub(super) text: String,
    /// The line that it begins on, and the one that it ends on.
    pub(super) first: usize,
    pub(super) last: usize,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Comment,
    /// A name, a text, a number or a truth.
    Literal,
    /// `= , { } [ ]`
    Sign(char),
}

/// Cuts a text into words.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let (mut words, mut rest, mut line) = (Vec::new(), text, 1);
    loop {
        let blanks = rest.len() - rest.trim_start().len();
        line += lines(rest.get(..blanks).unwrap_or_default());
        rest = rest.get(blanks..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return Ok(words) };
        let (kind, length) = word(rest, first).ok_or_else(|| format!("At {line}:1: illegal char"))?;
        let written = rest.get(..length).unwrap_or_default();
        let last = line + lines(written);
        words.push(Word { kind, text: written.trim_end().to_owned(), first: line, last });
        line = last;
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

/// What the text begins with, and how many bytes that has.
fn word(text: &str, first: char) -> Option<(Kind, usize)> {
    let until = |end: &str| text.find(end).unwrap_or(text.len());
    let is_name = |c: char| c.is_alphanumeric() || "_-.+".contains(c);
    match first {
        '#' => Some((Kind::Comment, until("\n"))),
        '/' if text.starts_with("//") => Some((Kind::Comment, until("\n"))),
        '/' => {
            let inside = text.strip_prefix("/*")?;
            Some((Kind::Comment, inside.find("*/")? + 4))
        }
        '=' | ',' | '{' | '}' | '[' | ']' => Some((Kind::Sign(first), 1)),
        '"' => Some((Kind::Literal, quoted(text)?)),
        '<' => Some((Kind::Literal, heredoc(text)?)),
        c if is_name(c) => Some((Kind::Literal, text.find(|c| !is_name(c)).unwrap_or(text.len()))),
        _ => None,
    }
}

/// A quoted text; inside `${..}` quotes are part of it.
fn quoted(text: &str) -> Option<usize> {
    let (mut depth, mut escaped) = (0usize, false);
    let mut before = ' ';
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if depth == 0 => escaped = true,
            '{' if before == '$' || depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '"' if depth == 0 => return Some(at + 1),
            '\n' if depth == 0 => return None,
            _ => {}
        }
        before = c;
    }
    None
}

/// From `<<` to the line that is the closing word.
fn heredoc(text: &str) -> Option<usize> {
    let (head, body) = text.split_once('\n')?;
    let anchor = head.strip_prefix("<<")?.trim_start_matches('-').trim();
    let mut length = head.len() + 1;
    for line in body.split_inclusive('\n') {
        if line.trim() == anchor && !anchor.is_empty() {
            return Some(length + line.trim_end().len());
        }
        length += line.len();
    }
    None
}
