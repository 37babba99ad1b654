//! What Tab offers: commands, flags, paths, policies, files and variables. It asks nobody and draws nothing.

mod known;
mod paths;
mod place;
mod product;

pub use known::Known;
use place::Place;

use crate::builtin;
use crate::shell::{Files, Shell};

/// What could stand at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// The line up to where the choices begin.
    front: String,
    /// The line from the cursor on.
    back: String,
    /// What was typed there so far, as it stands in the line.
    typed: String,
    /// The choices, in order.
    choices: Vec<Choice>,
}

/// One thing that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    /// As it stands in the line, quoted as it has to be, with what follows it: a blank, or nothing after `/` and `=`.
    text: String,
    /// As it is listed.
    shown: String,
}

impl Completion {
    /// The choices as they are listed.
    pub fn shown(&self) -> Vec<&str> {
        self.choices.iter().map(|choice| choice.shown.as_str()).collect()
    }

    /// The line as far as all choices agree, and where the cursor stands in it, in bytes. None if that is no more than
    /// was typed.
    pub fn line(&self) -> Option<(String, usize)> {
        let mut texts = self.choices.iter().map(|choice| choice.text.as_str());
        let first = texts.next()?;
        let common = texts.fold(first, common);
        if common.len() <= self.typed.len() || !common.starts_with(&self.typed) && self.choices.len() > 1 {
            return None;
        }
        let front = format!("{}{common}", self.front);
        let cursor = front.len();
        Some((front + &self.back, cursor))
    }
}

impl Shell {
    /// What could stand in `line` at `cursor`, a place in bytes.
    pub fn complete(&self, line: &str, cursor: usize, known: &Known) -> Completion {
        let Some((before, back)) = line.split_at_checked(cursor) else { return Completion::default() };
        let place = Place::read(before);
        let mut choices: Vec<Choice> =
            self.offered(&place, known).into_iter().map(|offer| place.choice(offer)).collect();
        choices.sort();
        choices.dedup();
        let (front, typed) = before.split_at_checked(place.begin).unwrap_or((before, ""));
        Completion { front: front.to_owned(), back: back.to_owned(), typed: typed.to_owned(), choices }
    }

    fn offered(&self, place: &Place, known: &Known) -> Vec<String> {
        if let Some(name) = &place.variable {
            return self
                .variables
                .names()
                .filter(|known| known.starts_with(name))
                .map(str::to_owned)
                .collect();
        }
        let word = place.word.as_str();
        if place.is_file {
            return files(&self.files, word, false);
        }
        match place.words.as_slice() {
            [] => commands(word),
            [name, rest @ ..] => match name.as_str() {
                "vault" | "bao" => product::offered(&self.files, rest, word, known),
                "curl" => curl(&self.files, rest, word, known),
                "command" | "type" | "which" => commands(word),
                "export" | "unset" => self.names_of_variables(word),
                "cd" | "mkdir" => files(&self.files, word, true),
                _ if word.starts_with('-') => Vec::new(),
                _ => files(&self.files, word, false),
            },
        }
    }

    fn names_of_variables(&self, word: &str) -> Vec<String> {
        let names =
            self.variables.names().chain(["VAULT_TOKEN", "VAULT_NAMESPACE", "VAULT_FORMAT", "VAULT_ADDR"]);
        names.filter(|name| name.starts_with(word)).map(|name| format!("{name}=")).collect()
    }
}

fn commands(word: &str) -> Vec<String> {
    let names = builtin::NAMES.iter().map(|(name, _)| *name).chain(["vault", "bao"]);
    names.filter(|name| name.starts_with(word) && name.len() > 1).map(|name| format!("{name} ")).collect()
}

/// Files, and directories with a `/`, whose path begins like the word.
fn files(files: &Files, word: &str, only_directories: bool) -> Vec<String> {
    let (shown, begun) = word.rfind('/').map_or(("", word), |at| word.split_at(at + 1));
    let names = files.list(if shown.is_empty() { "." } else { shown }).unwrap_or_default();
    let fits = |name: &&String| name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
    let offer = |name: &String| {
        let path = format!("{shown}{name}");
        match files.is_directory(&path) {
            true => Some(path + "/"),
            false => (!only_directories).then_some(path + " "),
        }
    };
    names.iter().filter(fits).filter_map(offer).collect()
}

fn curl(known_files: &Files, words: &[String], word: &str, known: &Known) -> Vec<String> {
    if word.starts_with('-') {
        let options = builtin::curl_options().filter(|option| option.starts_with(word));
        return options.map(|option| option + " ").collect();
    }
    if let Some(name) = word.strip_prefix('@') {
        return files(known_files, name, false).iter().map(|name| format!("@{name}")).collect();
    }
    match words.last().map(String::as_str) {
        Some("-X" | "--request") => {
            let methods = ["DELETE ", "GET ", "HEAD ", "LIST ", "PATCH ", "POST ", "PUT "];
            return methods
                .into_iter()
                .filter(|method| method.starts_with(word))
                .map(str::to_owned)
                .collect();
        }
        Some("-o" | "--output") => return files(known_files, word, false),
        _ => {}
    }
    let Some((front, path)) = word.split_once("/v1/") else { return Vec::new() };
    known.paths(path).into_iter().map(|path| format!("{front}/v1/{path}")).collect()
}

/// How both begin.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).find(|((_, one), other)| one != other);
    let end = same.map_or(one.len().min(other.len()), |((at, _), _)| at);
    one.get(..end).unwrap_or_default()
}
