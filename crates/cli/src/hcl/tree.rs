//! Words to a tree in which each comment has its place. It prints nothing.

use std::collections::VecDeque;

use super::scan::{Kind, Word};

/// How deep a text may nest.
const DEEPEST: usize = 64;

/// Items, and comments that belong to none of them.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) enum Entry {
    /// Comments that stand alone.
    Alone(Vec<String>),
    Item(Item),
}

/// `key "key" { .. }` or `key = value`.
#[derive(Debug)]
pub(super) struct Item {
    /// Comments right above it.
    pub(super) lead: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) assigned: bool,
    pub(super) value: Value,
    /// Comments behind it on its line.
    pub(super) behind: String,
    /// The line that it begins on.
    pub(super) line: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    Literal(String),
    /// The elements, and whether one is on another line than the opening bracket.
    List(Vec<Element>, bool),
    Object(Body),
}

/// A list's element with its comments.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) lead: Vec<String>,
    pub(super) value: Value,
    pub(super) behind: String,
}

/// Reads a whole text.
pub(super) fn read(words: Vec<Word>) -> Result<Body, String> {
    let mut reader = Reader { words: words.into(), line: 0 };
    let body = reader.body(0, &mut Left::default())?;
    match reader.words.front() {
        None => Ok(body),
        Some(word) => Err(unexpected(word)),
    }
}

fn unexpected(word: &Word) -> String {
    format!("At {}:1: expected: IDENT | STRING got: {}", word.first, word.text)
}

/// Comments inside a value that are told elsewhere.
#[derive(Default)]
struct Left {
    behind: String,
    after: Vec<String>,
}

struct Reader {
    words: VecDeque<Word>,
    /// The last line of the word taken last.
    line: usize,
}

impl Reader {
    fn take(&mut self) -> Result<Word, String> {
        let word = self.words.pop_front().ok_or("object expected closing RBRACE got: EOF")?;
        self.line = word.last;
        Ok(word)
    }

    fn is(&self, sign: char) -> bool {
        self.words.front().is_some_and(|word| word.kind == Kind::Sign(sign))
    }

    fn is_kind(&self, kind: Kind) -> bool {
        self.words.front().is_some_and(|word| word.kind == kind)
    }

    /// Comments that follow each other line by line, and the line after them. One behind a word stands alone.
    fn comments(&mut self) -> Result<(Vec<String>, usize), String> {
        let (before, mut texts, mut next) = (self.line, Vec::new(), 0);
        while self.is_kind(Kind::Comment) {
            let follows = self.words.front().is_some_and(|word| word.first <= next);
            if !texts.is_empty() && (!follows || next == before + 1) {
                break;
            }
            let word = self.take()?;
            next = word.last + 1;
            texts.push(word.text);
        }
        Ok((texts, next))
    }

    /// Comments on the line that was just read; those of a list's opening bracket are kept for its end.
    fn behind(&mut self) -> Result<String, String> {
        let mut text = String::new();
        while self.is_kind(Kind::Comment) && self.words.front().is_some_and(|word| word.first == self.line) {
            text.push_str(&self.take()?.text);
        }
        Ok(text)
    }

    /// A comment behind a bracket that opens, or a key, if nothing but the line's end follows it: the real parser gives it to what it reads next.
    fn behind_unfinished(&mut self) -> Result<String, String> {
        let line = self.line;
        let ends_line =
            self.words.iter().find(|word| word.kind != Kind::Comment).is_none_or(|word| word.first > line);
        if ends_line { self.behind() } else { Ok(String::new()) }
    }

    fn body(&mut self, depth: usize, left: &mut Left) -> Result<Body, String> {
        if depth > DEEPEST {
            return Err(format!("At {}:1: nested deeper than {DEEPEST}", self.line));
        }
        let mut body = Body::default();
        let mut pending = if depth > 0 { self.behind_unfinished()? } else { String::new() };
        loop {
            let begun = self.line;
            let (comments, next) = self.comments()?;
            let leads = self.words.front().is_some_and(|word| {
                word.kind == Kind::Literal
                    && (comments.is_empty() || (word.first == next && next > begun + 1))
            });
            if leads {
                let (mut item, after) = self.item(comments, depth)?;
                if item.behind.is_empty() {
                    item.behind = std::mem::take(&mut pending);
                } else if !pending.is_empty() {
                    // It has one of its own: the other stands alone, at the beginning.
                    body.entries.insert(0, Entry::Alone(vec![std::mem::take(&mut pending)]));
                }
                body.entries.push(Entry::Item(item));
                body.entries.extend((!after.is_empty()).then_some(Entry::Alone(after)));
            } else if !comments.is_empty() {
                body.entries.push(Entry::Alone(comments));
            } else if self.is(',') && depth > 0 {
                self.take()?;
            } else {
                left.behind.push_str(&pending);
                return Ok(body);
            }
        }
    }

    /// An item, and the comments at its list's end, which come to stand after it.
    fn item(&mut self, lead: Vec<String>, depth: usize) -> Result<(Item, Vec<String>), String> {
        let line = self.words.front().map_or(0, |word| word.first);
        let (mut keys, mut left) = (Vec::new(), Left::default());
        while self.is_kind(Kind::Literal) {
            keys.push(self.take()?.text);
            left.behind.push_str(&self.behind_unfinished()?);
        }
        let assigned = self.is('=');
        if assigned {
            self.take()?;
        }
        let value = match self.is('{') {
            false if !assigned => {
                let word = self.take()?;
                return Err(unexpected(&word));
            }
            _ => self.value(depth + 1, &mut left)?,
        };
        let behind = left.behind + &self.behind()?;
        Ok((Item { lead, keys, assigned, value, behind, line }, left.after))
    }

    fn value(&mut self, depth: usize, left: &mut Left) -> Result<Value, String> {
        let word = self.take()?;
        match word.kind {
            Kind::Literal => Ok(Value::Literal(word.text)),
            Kind::Sign('[') => self.list(word.first, depth, left),
            Kind::Sign('{') => {
                let body = self.body(depth, left)?;
                match self.take()? {
                    end if end.kind == Kind::Sign('}') => Ok(Value::Object(body)),
                    other => Err(unexpected(&other)),
                }
            }
            _ => Err(unexpected(&word)),
        }
    }

    fn list(&mut self, first: usize, depth: usize, left: &mut Left) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err(format!("At {first}:1: nested deeper than {DEEPEST}"));
        }
        let (mut elements, mut lead, mut spread) = (Vec::<Element>::new(), Vec::new(), false);
        let mut comma = false;
        let mut pending = self.behind_unfinished()?;
        left.behind.push_str(&self.behind()?);
        loop {
            if self.is_kind(Kind::Comment) {
                lead.extend(self.comments()?.0);
            } else if self.is(',') {
                self.take()?;
                self.comment_behind(&mut elements)?;
                comma = true;
            } else if self.is(']') {
                self.take()?;
                left.after.append(&mut lead);
                left.behind.push_str(&pending);
                // A comment with no comma before it is the whole item's.
                let last =
                    elements.last_mut().filter(|_| !comma).map(|last| std::mem::take(&mut last.behind));
                left.behind.push_str(&last.unwrap_or_default());
                if !spread {
                    left.behind
                        .extend(elements.iter_mut().map(|element| std::mem::take(&mut element.behind)));
                }
                return Ok(Value::List(elements, spread));
            } else {
                spread |= self.words.front().is_some_and(|word| word.first != first);
                let value = self.value(depth + 1, left)?;
                comma = false;
                let behind = std::mem::take(&mut pending);
                elements.push(Element { lead: std::mem::take(&mut lead), value, behind });
                self.comment_behind(&mut elements)?;
            }
        }
    }

    fn comment_behind(&mut self, elements: &mut [Element]) -> Result<(), String> {
        let behind = self.behind()?;
        if let Some(last) = elements.last_mut() {
            last.behind.push_str(&behind);
        }
        Ok(())
    }
}
