//! Words to the fields that a command gets: variables, substitutions, splitting, file names.

use super::parse;
use super::pattern;
use super::run::Runner;
use super::sum;
use super::syntax::{Part, Rule, RuleKind, Word};
use crate::Host;

/// A field in the making: its text, and the same as a pattern in which quoted letters stand for themselves.
#[derive(Default)]
struct Field {
    text: String,
    pattern: String,
    is_pattern: bool,
}

impl Field {
    fn quoted(&mut self, text: &str) {
        self.text.push_str(text);
        for c in text.chars() {
            if matches!(c, '*' | '?' | '[' | '\\') {
                self.pattern.push('\\');
            }
            self.pattern.push(c);
        }
    }

    fn bare(&mut self, text: &str) {
        self.text.push_str(text);
        self.pattern.push_str(text);
        self.is_pattern |= text.contains(['*', '?', '[']);
    }
}

/// Why a word gives nothing: a line for standard error.
pub(super) type Refused = String;

impl<H: Host> Runner<'_, H> {
    /// Words to fields.
    pub(super) async fn fields(&mut self, words: &[Word]) -> Result<Vec<String>, Refused> {
        let mut all = Vec::new();
        for word in words {
            let mut done = Vec::new();
            let mut open = None;
            for (index, part) in word.iter().enumerate() {
                self.part(part, index == 0, &mut done, &mut open).await?;
            }
            done.extend(open);
            for field in done {
                self.file_names(field, &mut all);
            }
        }
        Ok(all)
    }

    /// A word to one text, as in an assignment or after a redirection.
    pub(super) async fn text(&mut self, word: &Word) -> Result<String, Refused> {
        let mut text = String::new();
        for (index, part) in word.iter().enumerate() {
            match part {
                Part::Bare(bare) if index == 0 => text.push_str(&self.tilde(bare)),
                Part::Bare(plain) | Part::Quoted(plain) => text.push_str(plain),
                other => text.push_str(&self.value(other).await?),
            }
        }
        Ok(text)
    }

    async fn part(
        &mut self,
        part: &Part,
        first: bool,
        done: &mut Vec<Field>,
        open: &mut Option<Field>,
    ) -> Result<(), Refused> {
        match part {
            Part::Bare(text) if first => open.get_or_insert_default().bare(&self.tilde(text)),
            Part::Bare(text) => open.get_or_insert_default().bare(text),
            Part::Quoted(text) => open.get_or_insert_default().quoted(text),
            Part::Variable { name, rule: Some(rule), quoted: false } if self.gives_word(name, rule) => {
                return self.rule_parts(&rule.word, done, open).await;
            }
            Part::Variable { quoted: true, .. } | Part::Run { quoted: true, .. } | Part::Sum { .. } => {
                let value = self.value(part).await?;
                open.get_or_insert_default().quoted(&value);
            }
            _ => split(&self.value(part).await?, done, open),
        }
        Ok(())
    }

    /// Whether `${NAME:-word}` or `${NAME:+word}` gives its word, whose quotes then count.
    fn gives_word(&self, name: &str, rule: &Rule) -> bool {
        let has = self.variable(name).is_some_and(|value| !(rule.empty_too && value.is_empty()));
        (rule.kind == RuleKind::Default && !has) || (rule.kind == RuleKind::Instead && has)
    }

    async fn rule_parts(
        &mut self,
        word: &Word,
        done: &mut Vec<Field>,
        open: &mut Option<Field>,
    ) -> Result<(), Refused> {
        for part in word {
            match part {
                Part::Bare(text) => split(text, done, open),
                other => Box::pin(self.part(other, false, done, open)).await?,
            }
        }
        Ok(())
    }

    /// A word as a pattern, in which quoted letters stand for themselves.
    pub(super) async fn pattern(&mut self, word: &Word) -> Result<String, Refused> {
        let mut field = Field::default();
        for part in word {
            match part {
                Part::Bare(text) => field.bare(text),
                Part::Quoted(text) => field.quoted(text),
                Part::Variable { quoted: false, .. } | Part::Run { quoted: false, .. } => {
                    field.bare(&self.value(part).await?);
                }
                other => field.quoted(&self.value(other).await?),
            }
        }
        Ok(field.pattern)
    }

    /// What a variable or a substitution gives, before it is split.
    async fn value(&mut self, part: &Part) -> Result<String, Refused> {
        match part {
            Part::Bare(text) | Part::Quoted(text) => Ok(text.clone()),
            Part::Variable { name, rule: None, .. } => match self.variable(name) {
                None if self.options.unset_is_error && parse::is_name(name) => {
                    self.exiting = true;
                    Err(format!("sh: {name}: parameter not set"))
                }
                value => Ok(value.unwrap_or_default()),
            },
            Part::Variable { name, rule: Some(rule), .. } => Box::pin(self.ruled(name, rule)).await,
            Part::Run { list, .. } => Ok(self.substitute(list).await),
            Part::Sum { word } => {
                let text = Box::pin(self.text(word)).await?;
                let value = |name: &str| self.variable(name).and_then(|value| value.trim().parse().ok());
                sum::sum(&text, &value).map(|sum| sum.to_string()).map_err(|why| format!("sh: {text}: {why}"))
            }
        }
    }

    async fn ruled(&mut self, name: &str, rule: &Rule) -> Result<String, Refused> {
        let value = self.variable(name).filter(|value| !(rule.empty_too && value.is_empty()));
        match (rule.kind, value) {
            (RuleKind::Length, value) => Ok(value.unwrap_or_default().chars().count().to_string()),
            (RuleKind::Instead, Some(_)) | (RuleKind::Default, None) => self.text(&rule.word).await,
            (RuleKind::Instead, None) => Ok(String::new()),
            (RuleKind::Assign, None) => {
                let text = self.text(&rule.word).await?;
                if parse::is_name(name) {
                    self.shell.variables.set(name, &text);
                }
                Ok(text)
            }
            (RuleKind::Require, None) => {
                let text = self.text(&rule.word).await?;
                self.exiting = true;
                let reason = if text.is_empty() { "parameter not set" } else { &text };
                Err(format!("sh: {name}: {reason}"))
            }
            (
                RuleKind::CutFront | RuleKind::CutBack | RuleKind::CutLongFront | RuleKind::CutLongBack,
                value,
            ) => {
                let cut = self.pattern(&rule.word).await?;
                Ok(cut_off(&value.unwrap_or_default(), &cut, rule.kind))
            }
            (_, Some(value)) => Ok(value),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "$" => Some("1".to_owned()),
            "#" => Some("0".to_owned()),
            "0" => Some("sh".to_owned()),
            name => self.shell.variables.value(name).map(str::to_owned),
        }
    }

    fn tilde(&self, text: &str) -> String {
        match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.shell.variables.value("HOME").unwrap_or("~"))
            }
            _ => text.to_owned(),
        }
    }

    /// A field that is a pattern becomes the files that match it, if any do.
    fn file_names(&self, field: Field, all: &mut Vec<String>) {
        let before = all.len();
        if field.is_pattern {
            all.extend(pattern::files(&self.shell.files, &field.pattern));
        }
        if all.len() == before {
            all.push(field.text);
        }
    }
}

/// Fields from a value outside quotes: its blanks part them.
fn split(value: &str, done: &mut Vec<Field>, open: &mut Option<Field>) {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n');
    if value.starts_with(blank) {
        done.extend(open.take());
    }
    for (index, piece) in value.split(blank).filter(|piece| !piece.is_empty()).enumerate() {
        if index > 0 {
            done.extend(open.take());
        }
        open.get_or_insert_default().bare(piece);
    }
    if value.ends_with(blank) {
        done.extend(open.take());
    }
}

/// The value without the shortest, or the longest, beginning or end that matches.
fn cut_off(value: &str, cut: &str, kind: RuleKind) -> String {
    let mut places: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    if matches!(kind, RuleKind::CutBack | RuleKind::CutLongFront) {
        places.reverse();
    }
    for at in places {
        let (front, back) = value.split_at(at);
        match kind {
            RuleKind::CutBack | RuleKind::CutLongBack if pattern::matches(cut, back) => {
                return front.to_owned();
            }
            RuleKind::CutFront | RuleKind::CutLongFront if pattern::matches(cut, front) => {
                return back.to_owned();
            }
            _ => {}
        }
    }
    value.to_owned()
}
