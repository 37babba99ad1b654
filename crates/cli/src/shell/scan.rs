//! The letters of a script: blanks, words and here-documents. It knows no commands.

use std::cell::OnceCell;
use std::rc::Rc;

use super::parse::{self, Syntax};
use super::syntax::{Part, Rule, RuleKind, Word};

/// A here-document whose text has not come yet.
struct Pending {
    end: String,
    strip: bool,
    quoted: bool,
    text: Rc<OnceCell<Word>>,
}

/// A place in a script.
#[derive(Default)]
pub(super) struct Scanner {
    text: Vec<char>,
    at: usize,
    line: usize,
    pending: Vec<Pending>,
    /// Whether the text ends by a line that is continued, with nothing after it.
    pub(super) is_continued: bool,
}

impl Scanner {
    pub(super) fn new(script: &str) -> Self {
        Self { text: script.replace("\r\n", "\n").chars().collect(), at: 0, line: 1, ..Self::default() }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.text.get(self.at + offset) == Some(&c))
    }

    /// Goes past `text` if it stands here. It holds no line end.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let here = self.starts_with(text);
        self.at += if here { text.chars().count() } else { 0 };
        here
    }

    /// Whether `word` stands here as a word of its own.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let after = self.text.get(self.at + word.chars().count());
        self.starts_with(word) && after.is_none_or(|c| is_end(*c))
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        self.at_word(word) && self.take(word)
    }

    /// Letters of a variable's name, which may be none.
    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            if name.is_empty() && c.is_ascii_digit() {
                break;
            }
            name.push(c);
            self.next();
        }
        name
    }

    /// Goes past blanks, continued line ends and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => {
                    self.next();
                }
                Some('\\') if self.starts_with("\\\n") => {
                    self.next();
                    self.next();
                    self.is_continued = self.peek().is_none();
                }
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.next();
                    }
                }
                _ => return,
            }
        }
    }

    /// As [`Scanner::blanks`], and line ends too.
    pub(super) fn blanks_and_lines(&mut self) -> Result<(), Syntax> {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return Ok(());
            }
            self.line_end()?;
        }
    }

    /// Goes past a line end, and the here-documents that begin after it.
    pub(super) fn line_end(&mut self) -> Result<(), Syntax> {
        self.next();
        for pending in std::mem::take(&mut self.pending) {
            let text = self.here_text(&pending)?;
            // The cell was made empty and is set only here.
            let _ = pending.text.set(text);
        }
        Ok(())
    }

    /// Remembers a here-document, whose text begins after the next line end.
    pub(super) fn expect_here(&mut self, end: String, strip: bool, quoted: bool) -> Rc<OnceCell<Word>> {
        let text = Rc::new(OnceCell::new());
        self.pending.push(Pending { end, strip, quoted, text: Rc::clone(&text) });
        text
    }

    /// At the end of the script: every here-document has come.
    pub(super) fn no_pending_here(&self) -> Result<(), Syntax> {
        match self.pending.first() {
            None => Ok(()),
            Some(pending) => {
                Err(self.unfinished(&format!("here-document is not ended by `{}'", pending.end)))
            }
        }
    }

    fn here_text(&mut self, pending: &Pending) -> Result<Word, Syntax> {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            let ended = loop {
                match self.next() {
                    Some('\n') => break true,
                    Some(c) => line.push(c),
                    None => break false,
                }
            };
            let stripped = if pending.strip { line.trim_start_matches('\t') } else { &line };
            if stripped == pending.end {
                break;
            }
            if !ended {
                return Err(self.unfinished(&format!("here-document is not ended by `{}'", pending.end)));
            }
            text.push_str(stripped);
            text.push('\n');
        }
        if pending.quoted {
            return Ok(vec![Part::Quoted(text)]);
        }
        let mut inside = Self { text: text.chars().collect(), at: 0, line: self.line, ..Self::default() };
        inside.quoted_until(None, 0)
    }

    /// `2>&1`, `<<` and the like: the stream if one is named, and the operator. Nothing is taken otherwise.
    pub(super) fn redirection(&mut self) -> Option<(Option<u8>, &'static str)> {
        let digit = match self.peek()? {
            '0' => Some(0),
            '1' => Some(1),
            '2' => Some(2),
            _ => None,
        };
        let begin = self.at;
        self.at += usize::from(digit.is_some());
        let operators = ["<<-", "<<", "<&", "<", ">>", ">&", ">|", ">"];
        let operator = operators.into_iter().find(|operator| self.take(operator));
        if operator.is_none() {
            self.at = begin;
        }
        Some((digit, operator?))
    }

    /// The word that begins here, none at a blank, an operator or the end.
    pub(super) fn word(&mut self, depth: usize) -> Result<Option<Word>, Syntax> {
        let mut parts = Word::new();
        let mut bare = String::new();
        while let Some(c) = self.peek().filter(|c| !is_end(*c)) {
            let part = match c {
                '\'' | '"' | '$' | '`' => self.special(c, depth)?,
                '\\' => match self.escaped()? {
                    Some(part) => part,
                    None => continue,
                },
                _ => {
                    self.next();
                    bare.push(c);
                    continue;
                }
            };
            flush(&mut parts, &mut bare, Part::Bare);
            parts.extend(part);
        }
        flush(&mut parts, &mut bare, Part::Bare);
        Ok((!parts.is_empty()).then_some(parts))
    }

    /// What a `\` outside quotes gives; nothing at a continued line.
    fn escaped(&mut self) -> Result<Option<Word>, Syntax> {
        self.next();
        match self.next() {
            Some('\n') if self.peek().is_none() => Err(self.unfinished("the last line is continued")),
            Some('\n') => Ok(None),
            Some(c) => Ok(Some(vec![Part::Quoted(c.to_string())])),
            None => Err(self.unfinished("the last line is continued")),
        }
    }

    fn special(&mut self, first: char, depth: usize) -> Result<Word, Syntax> {
        match first {
            '\'' => {
                self.next();
                self.single().map(|text| vec![Part::Quoted(text)])
            }
            '"' => {
                self.next();
                let mut parts = self.quoted_until(Some('"'), depth)?;
                if parts.is_empty() {
                    parts.push(Part::Quoted(String::new()));
                }
                Ok(parts)
            }
            _ => self.expansion(false, depth).map(|part| vec![part]),
        }
    }

    fn single(&mut self) -> Result<String, Syntax> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('\'') => return Ok(text),
                Some(c) => text.push(c),
                None => {
                    return Err(self.unfinished("unexpected end of file while looking for matching `''"));
                }
            }
        }
    }

    /// Text where only `$`, backticks and some `\` mean something, up to `end` or the end of all.
    fn quoted_until(&mut self, end: Option<char>, depth: usize) -> Result<Word, Syntax> {
        let mut parts = Word::new();
        let mut text = String::new();
        loop {
            match self.peek() {
                None if end.is_none() => break,
                None => {
                    return Err(self.unfinished("unexpected end of file while looking for matching `\"'"));
                }
                c if c == end => {
                    self.next();
                    break;
                }
                Some('\\') => {
                    self.next();
                    self.quoted_escape(end, &mut text);
                }
                Some('$' | '`') => {
                    let part = self.expansion(true, depth)?;
                    flush(&mut parts, &mut text, Part::Quoted);
                    parts.push(part);
                }
                Some(c) => {
                    self.next();
                    text.push(c);
                }
            }
        }
        flush(&mut parts, &mut text, Part::Quoted);
        Ok(parts)
    }

    /// After a `\` inside double quotes.
    fn quoted_escape(&mut self, end: Option<char>, text: &mut String) {
        match self.peek() {
            Some('\n') => {
                self.next();
            }
            Some(c) if matches!(c, '$' | '`' | '\\') || Some(c) == end => {
                self.next();
                text.push(c);
            }
            _ => text.push('\\'),
        }
    }

    /// What a `$` or a backtick begins. A `$` before nothing that it could mean stands for itself.
    fn expansion(&mut self, quoted: bool, depth: usize) -> Result<Part, Syntax> {
        if depth > parse::DEEPEST {
            return Err(self.wrong("nested too deeply"));
        }
        if self.take("`") {
            return self.backticks(quoted, depth);
        }
        self.next();
        if self.take("((") {
            return self.sum(depth);
        }
        if self.take("(") {
            return parse::substitution(self, depth).map(|list| Part::Run { list, quoted });
        }
        if self.take("{") {
            return self.braced(quoted, depth);
        }
        let name = match self.peek() {
            Some(c @ ('?' | '$' | '#' | '@' | '*' | '!' | '0'..='9')) => {
                self.next();
                c.to_string()
            }
            _ => self.name(),
        };
        if name.is_empty() {
            return Ok(if quoted { Part::Quoted("$".to_owned()) } else { Part::Bare("$".to_owned()) });
        }
        Ok(Part::Variable { name, rule: None, quoted })
    }

    fn backticks(&mut self, quoted: bool, depth: usize) -> Result<Part, Syntax> {
        let mut inside = String::new();
        loop {
            match self.next() {
                Some('`') => break,
                Some('\\') if matches!(self.peek(), Some('`' | '\\' | '$')) => inside.extend(self.next()),
                Some(c) => inside.push(c),
                None => return Err(self.unfinished("unexpected end of file while looking for matching ``'")),
            }
        }
        let mut scan = Self::new(&(inside + ")"));
        scan.line = self.line;
        parse::substitution(&mut scan, depth).map(|list| Part::Run { list, quoted })
    }

    fn sum(&mut self, depth: usize) -> Result<Part, Syntax> {
        let mut open = 0usize;
        let mut inside = String::new();
        while open > 0 || !self.take("))") {
            let Some(c) = self.next() else {
                return Err(self.unfinished("unexpected end of file while looking for matching `))'"));
            };
            match c {
                '(' => open += 1,
                ')' if open == 0 => return Err(self.wrong("arithmetic is not ended by `))'")),
                ')' => open -= 1,
                _ => {}
            }
            inside.push(c);
        }
        let mut scan = Self::new(&inside);
        scan.line = self.line;
        Ok(Part::Sum { word: scan.quoted_until(None, depth + 1)? })
    }

    fn braced(&mut self, quoted: bool, depth: usize) -> Result<Part, Syntax> {
        if self.starts_with("#") && !self.starts_with("#}") {
            self.next();
            let rule = Rule { kind: RuleKind::Length, empty_too: false, word: Word::new() };
            let name = self.name();
            return self.close_brace(name, Some(rule), quoted);
        }
        let name = match self.peek() {
            Some(c @ ('?' | '$' | '#' | '@' | '*' | '0'..='9')) => {
                self.next();
                c.to_string()
            }
            _ => self.name(),
        };
        let empty_too = self.take(":");
        let kind = match self.peek() {
            Some('-') => RuleKind::Default,
            Some('=') => RuleKind::Assign,
            Some('+') => RuleKind::Instead,
            Some('?') => RuleKind::Require,
            Some('#') if self.starts_with("##") => RuleKind::CutLongFront,
            Some('%') if self.starts_with("%%") => RuleKind::CutLongBack,
            Some('#') => RuleKind::CutFront,
            Some('%') => RuleKind::CutBack,
            _ => return self.close_brace(name, None, quoted),
        };
        self.next();
        if matches!(kind, RuleKind::CutLongFront | RuleKind::CutLongBack) {
            self.next();
        }
        let word = self.rule_word(quoted, depth + 1)?;
        self.close_brace(name, Some(Rule { kind, empty_too, word }), quoted)
    }

    /// The word after `${NAME:-`, up to the brace, which is left standing. Inside double quotes a `'` is plain text.
    fn rule_word(&mut self, quoted: bool, depth: usize) -> Result<Word, Syntax> {
        let mut parts = Word::new();
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '}') {
            let part = match c {
                '\'' if quoted => {
                    self.next();
                    text.push(c);
                    continue;
                }
                '\'' | '"' | '$' | '`' => self.special(c, depth)?,
                '\\' => self.escaped()?.unwrap_or_default(),
                _ => {
                    self.next();
                    text.push(c);
                    continue;
                }
            };
            flush(&mut parts, &mut text, Part::Bare);
            parts.extend(part);
        }
        flush(&mut parts, &mut text, Part::Bare);
        Ok(parts)
    }

    fn close_brace(&mut self, name: String, rule: Option<Rule>, quoted: bool) -> Result<Part, Syntax> {
        match self.next() {
            Some('}') if !name.is_empty() => Ok(Part::Variable { name, rule, quoted }),
            None => Err(self.unfinished("unexpected end of file while looking for matching `}'")),
            _ => Err(self.wrong("bad substitution")),
        }
    }

    pub(super) fn wrong(&self, reason: &str) -> Syntax {
        Syntax { line: self.line, reason: reason.to_owned(), unfinished: false }
    }

    /// A word that should stand here; at the end of the text it may yet come.
    pub(super) fn missing(&self, word: &str) -> Syntax {
        let reason = format!("syntax error: `{word}' is missing");
        if self.peek().is_none() { self.unfinished(&reason) } else { self.wrong(&reason) }
    }

    pub(super) fn unfinished(&self, reason: &str) -> Syntax {
        Syntax { unfinished: true, ..self.wrong(reason) }
    }
}

fn flush(parts: &mut Word, text: &mut String, part: fn(String) -> Part) {
    if !text.is_empty() {
        parts.push(part(std::mem::take(text)));
    }
}

/// Whether a letter outside quotes ends a word.
fn is_end(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}
