//! HCL 1, and the JSON form of it, as a tree. It knows no policies.

use serde_json::Value;

use super::parse::PolicyError;
use super::scan::{Place, Word, words};

/// How deep a text may nest: deeper ones are refused, not followed.
const DEEPEST: usize = 64;

/// `key "key" { .. }` or `key = value`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub keys: Vec<(String, Place)>,
    pub value: Node,
}

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub kind: Kind,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Object(Vec<Item>),
    List(Vec<Node>),
    Text(String),
    Number(String),
    Bool(bool),
}

impl Node {
    /// Its name in the real parser's messages.
    pub fn ast_name(&self) -> &'static str {
        match self.kind {
            Kind::Object(_) => "*ast.ObjectType",
            Kind::List(_) => "*ast.ListType",
            Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) => "*ast.LiteralType",
        }
    }
}

/// Reads a text; one that begins with `{` is JSON.
pub(super) fn parse(text: &str) -> Result<Vec<Item>, PolicyError> {
    if text.trim_start().starts_with('{') {
        return json(text);
    }
    let mut parser = Parser { words: words(text)?, at: 0 };
    let items = parser.items(0)?;
    match parser.peek() {
        (Word::End, _) => Ok(items),
        (other, place) => {
            let text = format!("expected: IDENT | STRING | ASSIGN | LBRACE got: {}", other.name());
            Err(PolicyError::at(place, text))
        }
    }
}

struct Parser {
    words: Vec<(Word, Place)>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> (Word, Place) {
        self.words
            .get(self.at)
            .or_else(|| self.words.last())
            .cloned()
            .unwrap_or((Word::End, Place::default()))
    }

    fn take(&mut self) -> (Word, Place) {
        let next = self.peek();
        self.at += 1;
        next
    }

    /// Items until something that begins none; commas between them are optional.
    fn items(&mut self, depth: usize) -> Result<Vec<Item>, PolicyError> {
        let mut items = Vec::new();
        loop {
            match self.peek().0 {
                Word::Ident(_) | Word::Text(_) => items.push(self.item(depth)?),
                Word::Comma if depth > 0 && !items.is_empty() => {
                    self.take();
                }
                _ => return Ok(items),
            }
        }
    }

    fn item(&mut self, depth: usize) -> Result<Item, PolicyError> {
        let mut keys = Vec::new();
        loop {
            let (word, place) = self.take();
            match word {
                Word::Ident(text) | Word::Text(text) => keys.push((text, place)),
                Word::Assign if keys.len() > 1 => {
                    return Err(PolicyError::at(place, "nested object expected: LBRACE got: ASSIGN"));
                }
                Word::Assign => {
                    let value = self.value(depth + 1)?;
                    return Ok(Item { keys, value });
                }
                Word::OpenBrace => {
                    let value = self.object(place, depth + 1)?;
                    return Ok(Item { keys, value });
                }
                _ => return Err(Self::no_value(&keys, &word, place)),
            }
        }
    }

    fn no_value(keys: &[(String, Place)], word: &Word, place: Place) -> PolicyError {
        let written: Vec<String> = keys
            .iter()
            .enumerate()
            .map(|(at, (text, _))| if at == 0 { text.clone() } else { format!("\"{text}\"") })
            .collect();
        let keys = written.join(" ");
        let column = if *word == Word::End { place.column + 1 } else { place.column };
        let place = Place { column, ..place };
        PolicyError::at(place, format!("key '{keys}' expected start of object ('{{') or assignment ('=')"))
    }

    fn object(&mut self, open: Place, depth: usize) -> Result<Node, PolicyError> {
        check_depth(open, depth)?;
        let items = self.items(depth)?;
        match self.take() {
            (Word::CloseBrace, _) => Ok(Node { kind: Kind::Object(items), place: open }),
            (other, place) => Err(PolicyError::at(
                end(&other, place),
                format!("object expected closing RBRACE got: {}", other.name()),
            )),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, PolicyError> {
        let (word, place) = self.take();
        check_depth(place, depth)?;
        let kind = match word {
            Word::Text(text) => Kind::Text(text),
            Word::Number(text) => Kind::Number(text),
            Word::Bool(value) => Kind::Bool(value),
            Word::OpenBrace => return self.object(place, depth),
            Word::OpenBracket => Kind::List(self.list(depth)?),
            Word::End => {
                return Err(PolicyError::at(end(&word, place), "object expected closing RBRACE got: EOF"));
            }
            other => {
                let sign = if other == Word::Assign { "=" } else { "" };
                let text = format!("Unknown token: {}:{} {} {sign}", place.line, place.column, other.name());
                return Err(PolicyError::at(place, text));
            }
        };
        Ok(Node { kind, place })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, PolicyError> {
        let mut nodes = Vec::new();
        let mut comma = true;
        loop {
            let (word, place) = self.peek();
            match word {
                Word::CloseBracket => {
                    self.take();
                    return Ok(nodes);
                }
                Word::Comma if !comma => {
                    self.take();
                    comma = true;
                }
                Word::Text(_) | Word::Number(_) | Word::Bool(_) | Word::OpenBrace | Word::OpenBracket
                    if comma =>
                {
                    nodes.push(self.value(depth + 1)?);
                    comma = false;
                }
                other if comma => {
                    let text = format!("unexpected token while parsing list: {}", other.name());
                    return Err(PolicyError::at(place, text));
                }
                other => {
                    let text =
                        format!("error parsing list, expected comma or list end, got: {}", other.name());
                    return Err(PolicyError::at(place, text));
                }
            }
        }
    }
}

/// Outside lists the real scanner stands one letter further when it meets the end of the text.
fn end(word: &Word, place: Place) -> Place {
    if *word == Word::End { Place { column: place.column + 1, ..place } } else { place }
}

fn check_depth(place: Place, depth: usize) -> Result<(), PolicyError> {
    if depth > DEEPEST {
        return Err(PolicyError::at(place, format!("nested deeper than {DEEPEST}")));
    }
    Ok(())
}

fn json(text: &str) -> Result<Vec<Item>, PolicyError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let place = Place { line: error.line(), column: error.column() };
        PolicyError::at(place, format!("not JSON: {error}"))
    })?;
    match value {
        Value::Object(map) => {
            Ok(map.into_iter().flat_map(|(key, value)| json_items(&key, value, true)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// JSON knows no lines: everything stands on the first. A member of the top level holds labels below it.
fn json_items(key: &str, value: Value, labelled: bool) -> Vec<Item> {
    let place = Place { line: 1, column: 1 };
    match value {
        Value::Object(map) if labelled => {
            let inner = map.into_iter().flat_map(|(label, value)| json_items(&label, value, false));
            inner.map(|item| with_key(key, item)).collect()
        }
        Value::Array(list) if labelled => {
            list.into_iter().flat_map(|value| json_items(key, value, true)).collect()
        }
        value => vec![Item { keys: vec![(key.to_owned(), place)], value: json_node(value) }],
    }
}

fn with_key(key: &str, mut item: Item) -> Item {
    item.keys.insert(0, (key.to_owned(), Place { line: 1, column: 1 }));
    item
}

fn json_node(value: Value) -> Node {
    let kind = match value {
        Value::Object(map) => {
            Kind::Object(map.into_iter().flat_map(|(key, value)| json_items(&key, value, false)).collect())
        }
        Value::Array(list) => Kind::List(list.into_iter().map(json_node).collect()),
        Value::String(text) => Kind::Text(text),
        Value::Number(number) => Kind::Number(number.to_string()),
        Value::Bool(value) => Kind::Bool(value),
        Value::Null => Kind::Text(String::new()),
    };
    Node { kind, place: Place { line: 1, column: 1 } }
}
