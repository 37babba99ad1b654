//! The words of HCL 1, with their places. It knows no grammar.

use super::parse::PolicyError;

/// Where something stands, counted from 1, in letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

/// A word's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Ident(String),
    Text(String),
    Number(String),
    Bool(bool),
    Assign,
    Comma,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    End,
}

impl Word {
    /// Its kind's name in the real parser's messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ident(_) => "IDENT",
            Self::Text(_) => "STRING",
            Self::Number(text) if text.contains(['.', 'e', 'E']) => "FLOAT",
            Self::Number(_) => "NUMBER",
            Self::Bool(_) => "BOOL",
            Self::Assign => "ASSIGN",
            Self::Comma => "COMMA",
            Self::OpenBrace => "LBRACE",
            Self::CloseBrace => "RBRACE",
            Self::OpenBracket => "LBRACK",
            Self::CloseBracket => "RBRACK",
            Self::End => "EOF",
        }
    }
}

/// Cuts a text into words; the last is [`Word::End`].
pub(super) fn words(text: &str) -> Result<Vec<(Word, Place)>, PolicyError> {
    let mut scanner = Scanner { letters: text.chars().collect(), at: 0, place: Place { line: 1, column: 1 } };
    let mut words = Vec::new();
    loop {
        let (word, place) = scanner.next()?;
        let done = word == Word::End;
        words.push((word, place));
        if done {
            return Ok(words);
        }
    }
}

struct Scanner {
    letters: Vec<char>,
    at: usize,
    place: Place,
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        if letter == '\n' {
            self.place = Place { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(letter)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(letter) = self.peek().filter(|&letter| wanted(letter)) {
            self.take();
            text.push(letter);
        }
        text
    }

    fn next(&mut self) -> Result<(Word, Place), PolicyError> {
        self.skip_blanks()?;
        let place = self.place;
        let Some(first) = self.peek() else { return Ok((Word::End, place)) };
        let word = match first {
            '=' => self.single(Word::Assign),
            ',' => self.single(Word::Comma),
            '{' => self.single(Word::OpenBrace),
            '}' => self.single(Word::CloseBrace),
            '[' => self.single(Word::OpenBracket),
            ']' => self.single(Word::CloseBracket),
            '"' => self.text()?,
            '<' => self.heredoc(place)?,
            '-' | '0'..='9' => Word::Number(
                self.take_while(|letter| letter.is_ascii_alphanumeric() || "-+.".contains(letter)),
            ),
            letter if letter.is_alphabetic() || letter == '_' => self.ident(),
            _ => return Err(PolicyError::at(place, "illegal char")),
        };
        Ok((word, place))
    }

    fn single(&mut self, word: Word) -> Word {
        self.take();
        word
    }

    fn skip_blanks(&mut self) -> Result<(), PolicyError> {
        loop {
            self.take_while(char::is_whitespace);
            match (self.peek(), self.letters.get(self.at + 1)) {
                (Some('#'), _) | (Some('/'), Some('/')) => {
                    self.take_while(|letter| letter != '\n');
                }
                (Some('/'), Some('*')) => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), PolicyError> {
        self.take();
        self.take();
        loop {
            match self.take() {
                Some('*') if self.peek() == Some('/') => {
                    self.take();
                    return Ok(());
                }
                Some(_) => {}
                None => return Err(PolicyError::at(self.last_place(), "comment not terminated")),
            }
        }
    }

    fn ident(&mut self) -> Word {
        let text = self.take_while(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
        match text.as_str() {
            "true" => Word::Bool(true),
            "false" => Word::Bool(false),
            _ => Word::Ident(text),
        }
    }

    /// A quoted text; inside `${..}` quotes and line ends are part of it.
    fn text(&mut self) -> Result<Word, PolicyError> {
        self.take();
        let (mut text, mut depth) = (String::new(), 0usize);
        loop {
            let Some(letter) = self.take() else {
                return Err(PolicyError::at(self.place, "literal not terminated"));
            };
            match letter {
                '"' if depth == 0 => return Ok(Word::Text(text)),
                '\n' if depth == 0 => return Err(PolicyError::at(self.place, "literal not terminated")),
                '$' if self.peek() == Some('{') => {
                    self.take();
                    text.push_str("${");
                    depth += 1;
                }
                '}' if depth > 0 => {
                    text.push('}');
                    depth -= 1;
                }
                '\\' if depth == 0 => text.push(self.escape()?),
                _ => text.push(letter),
            }
        }
    }

    fn escape(&mut self) -> Result<char, PolicyError> {
        let place = self.place;
        match self.take() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some(letter @ ('"' | '\\')) => Ok(letter),
            Some(letter @ ('u' | 'U')) => {
                let len = if letter == 'u' { 4 } else { 8 };
                let hex: String = (0..len).filter_map(|_| self.take()).collect();
                let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                code.ok_or_else(|| PolicyError::at(place, "illegal char escape"))
            }
            _ => Err(PolicyError::at(place, "illegal char escape")),
        }
    }

    /// `<<EOF` … `EOF`; with `<<-` the lines lose the indentation of the closing word.
    fn heredoc(&mut self, place: Place) -> Result<Word, PolicyError> {
        self.take();
        if self.take() != Some('<') {
            return Err(PolicyError::at(place, "heredoc expected second '<', didn't see it"));
        }
        let indented = self.peek() == Some('-');
        if indented {
            self.take();
        }
        let anchor = self.take_while(|letter| letter != '\n').trim_end_matches('\r').to_owned();
        self.take();
        let mut text = String::new();
        loop {
            let line = self.take_while(|letter| letter != '\n');
            if line.trim() == anchor && (indented || line.trim_end() == anchor) && !anchor.is_empty() {
                return Ok(Word::Text(text));
            }
            if self.take().is_none() {
                return Err(PolicyError::at(self.place, "heredoc not terminated"));
            }
            text.push_str(if indented { line.trim_start() } else { &line });
            text.push('\n');
        }
    }

    fn last_place(&self) -> Place {
        Place { line: self.place.line, column: self.place.column.saturating_sub(1).max(1) + 1 }
    }
}
