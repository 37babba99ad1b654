//! What Tab offers behind `vault` and `bao`: the command's words, its flags and their values, and what it works on.

use super::{Known, files};
use crate::command::spec::{self, Spec};
use crate::flags::Takes;
use crate::shell::Files;

/// What could stand in the place of `word` behind these words.
pub(super) fn offered(known_files: &Files, words: &[String], word: &str, known: &Known) -> Vec<String> {
    // The words themselves come first: `vault kv` is a command's beginning even where `vault kv get` is a command.
    let names = subcommands(words, word);
    if !names.is_empty() {
        return names;
    }
    let Some((spec, rest)) = spec::find(words) else { return Vec::new() };
    if let Some(bare) = word.strip_prefix('-').map(|word| word.trim_start_matches('-')) {
        return match bare.split_once('=') {
            Some((flag, begun)) => {
                let dashes = word.strip_suffix(bare).unwrap_or("-");
                let quoted = values(spec, flag, begun, known);
                quoted.into_iter().map(|value| format!("{dashes}{flag}={value}")).collect()
            }
            None => flags(spec, bare),
        };
    }
    // A flag that waits for its value: `-policy base`.
    if let Some(flag) =
        rest.last().and_then(|last| last.strip_prefix('-')).filter(|flag| takes_value(spec, flag))
    {
        return values(spec, flag, word, known);
    }
    let position = rest.iter().filter(|word| !word.starts_with('-')).count();
    works_on(known_files, spec, position, word, known)
}

fn subcommands(words: &[String], word: &str) -> Vec<String> {
    let next = |spec: &Spec| {
        let mut name = spec.name.split(' ');
        let begins = words.iter().all(|word| name.next() == Some(word));
        let next = name.next().filter(|_| begins)?;
        next.starts_with(word).then(|| format!("{next} "))
    };
    let mut names: Vec<String> = spec::ALL.iter().filter_map(next).collect();
    names.dedup();
    names
}

fn flags(spec: &Spec, begun: &str) -> Vec<String> {
    let fits = spec.flags().into_iter().filter(|flag| flag.name.starts_with(begun));
    fits.map(|flag| format!("-{}{}", flag.name, if flag.takes == Takes::Bool { ' ' } else { '=' })).collect()
}

fn takes_value(spec: &Spec, name: &str) -> bool {
    spec.flags().iter().any(|flag| flag.name == name.trim_start_matches('-') && flag.takes != Takes::Bool)
}

/// What a flag could be given.
fn values(spec: &Spec, flag: &str, begun: &str, known: &Known) -> Vec<String> {
    let fixed: &[&str] = match (flag, spec.name) {
        ("policy", _) => return beginning(known.policies.iter().map(String::as_str), begun),
        ("format", _) => &["json", "table", "yaml"],
        ("type", "token create") => &["batch", "service"],
        ("token-type", _) => &["batch", "default-batch", "default-service", "service"],
        ("method", "login") => &["approle", "token", "userpass"],
        ("mode", "token revoke") => &["orphan", "path"],
        ("mount", _) => {
            return beginning(known.engines.iter().map(|(path, _)| path.trim_end_matches('/')), begun);
        }
        ("path", "login") => {
            return beginning(known.auth.iter().map(|(path, _)| path.trim_end_matches('/')), begun);
        }
        _ => &[],
    };
    beginning(fixed.iter().copied(), begun)
}

/// What a command works on, at this position behind its name.
fn works_on(known_files: &Files, spec: &Spec, position: usize, word: &str, known: &Known) -> Vec<String> {
    if let Some((front, name)) =
        word.split_once('@').filter(|(front, _)| front.is_empty() || front.ends_with('='))
    {
        return files(known_files, name, false).iter().map(|name| format!("{front}@{name}")).collect();
    }
    match (spec.name, position) {
        ("read" | "write" | "list" | "delete", 0) | ("token capabilities", _) => known.paths(word),
        ("policy write" | "policy read" | "policy delete", 0) => {
            beginning(known.policies.iter().map(String::as_str), word)
        }
        ("policy write", 1) | ("policy fmt", 0) => files(known_files, word, false),
        ("auth enable", 0) => beginning(["approle", "userpass"].into_iter(), word),
        ("secrets enable", 0) => beginning(["kv", "ssh"].into_iter(), word),
        ("auth disable" | "auth tune", 0) | ("auth move", _) => {
            beginning(known.auth.iter().map(|(path, _)| path.as_str()), word)
        }
        ("secrets disable" | "secrets tune", 0) | ("secrets move", _) => {
            beginning(known.engines.iter().map(|(path, _)| path.as_str()), word)
        }
        (name, 0) if name.starts_with("kv ") => {
            let engines = known.engines.iter().filter(|(_, kind)| kind == "kv");
            engines.filter(|(path, _)| path.starts_with(word)).map(|(path, _)| path.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whole words that begin like this.
fn beginning<'a>(words: impl Iterator<Item = &'a str>, begun: &str) -> Vec<String> {
    words.filter(|word| word.starts_with(begun)).map(|word| format!("{word} ")).collect()
}
