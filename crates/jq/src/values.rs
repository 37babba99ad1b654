//! Where the values of an input begin and end. It reads none of them.

/// Deeper values are refused: they are read by recursion, and the stack of a page is small.
const DEEPEST: usize = 512;

/// A value's text, and how many lines have been read once it has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) lines: usize,
}

/// Why an input's next value cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Torn {
    Unfinished,
    TooDeep,
}

/// The values of an input, one after another.
pub(crate) struct Pieces<'a> {
    input: &'a [u8],
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        // A mark at the front that says that the text is UTF-8 is no part of it.
        Self { input: input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input), at: 0 }
    }

    /// Lines read so far, the one with the last value included.
    fn lines(&self) -> usize {
        let (read, rest) = self.input.split_at(self.at.min(self.input.len()));
        let ends = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        ends(read) + usize::from(!read.ends_with(b"\n") && rest.contains(&b'\n'))
    }

    fn find_end(&self) -> Result<usize, Torn> {
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        for (offset, byte) in self.input.iter().enumerate().skip(self.at) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => {
                    if !in_string && depth == 0 && offset > self.at {
                        return Ok(offset);
                    }
                    in_string = !in_string;
                    if !in_string && depth == 0 {
                        return Ok(offset + 1);
                    }
                }
                _ if in_string => {}
                b'[' | b'{' => {
                    if depth == 0 && offset > self.at {
                        return Ok(offset);
                    }
                    depth += 1;
                    if depth > DEEPEST {
                        return Err(Torn::TooDeep);
                    }
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(offset + 1);
                    }
                }
                byte if byte.is_ascii_whitespace() && depth == 0 => return Ok(offset),
                _ => {}
            }
        }
        if depth > 0 || in_string { Err(Torn::Unfinished) } else { Ok(self.input.len()) }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Torn>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.input.get(self.at..)?;
        self.at += rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let begin = self.at;
        match self.find_end() {
            Ok(end) => {
                self.at = end;
                Some(Ok(Piece { text: self.input.get(begin..end)?, lines: self.lines() }))
            }
            Err(torn) => {
                self.at = self.input.len() + 1;
                Some(Err(torn))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &str) -> Vec<String> {
        let text = |piece: Result<Piece<'_>, Torn>| match piece {
            Ok(piece) => format!("{} {}", piece.lines, String::from_utf8_lossy(piece.text)),
            Err(torn) => format!("{torn:?}"),
        };
        Pieces::new(input.as_bytes()).map(text).collect()
    }

    #[test]
    fn values_may_stand_close_together() {
        assert_eq!(
            texts("1 [2,\"]\"]{\"a\":\"\\\"}\"}\"x\"3\n"),
            ["1 1", "1 [2,\"]\"]", "1 {\"a\":\"\\\"}\"}", "1 \"x\"", "1 3"]
        );
        assert_eq!(texts("{\n}\n1\n"), ["2 {\n}", "3 1"]);
        assert_eq!(texts("1"), ["0 1"]);
        assert!(texts(" \n").is_empty());
    }

    #[test]
    fn open_values_are_torn() {
        assert_eq!(texts("1 {\"a\":"), ["0 1", "Unfinished"]);
        assert_eq!(texts("\"a"), ["Unfinished"]);
        assert_eq!(texts(&"[".repeat(100_000)), ["TooDeep"]);
    }
}
