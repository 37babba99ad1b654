//! Which commands and flags the transcripts show. It runs nothing.

use std::collections::BTreeSet;

use vaultlet_cli::{commands, shared_flags};

/// The commands, and flags of commands, that none of the lines has: `token create -ttl`. A flag of every command needs to be shown once.
pub fn uncited(lines: &[String]) -> Vec<String> {
    let shown: BTreeSet<(String, String)> = lines.iter().flat_map(|line| citations(line)).collect();
    let is_shown = |name: &str, flag: &str| shown.contains(&(name.to_owned(), flag.to_owned()));
    let mut missing = Vec::new();
    for command in commands() {
        if !is_shown(command.name, "") {
            missing.push(command.name.to_owned());
        }
        let flags = command.flags.iter().filter(|flag| !is_shown(command.name, flag));
        missing.extend(flags.map(|flag| format!("{} -{flag}", command.name)));
    }
    let shared = shared_flags().into_iter().filter(|flag| !shown.iter().any(|(_, known)| known == flag));
    missing.extend(shared.map(|flag| format!("-{flag}")));
    missing
}

/// Each command in a line with nothing, and with each of its flags.
fn citations(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in line.split(['|', ';', '\n', '(', ')']) {
        let words: Vec<&str> = part.split_whitespace().map(|word| word.trim_matches(['\'', '"'])).collect();
        let Some(at) = words.iter().position(|word| *word == "bao") else { continue };
        let rest = &words[at + 1..];
        let fits = |name: &str| {
            let names: Vec<&str> = name.split(' ').collect();
            rest.starts_with(&names).then_some(names.len())
        };
        let known = commands().into_iter().filter_map(|command| Some((fits(command.name)?, command.name)));
        let Some((length, name)) = known.max() else { continue };
        found.push((name.to_owned(), String::new()));
        let flags = rest[length..].iter().filter_map(|word| word.strip_prefix('-'));
        let bare = |flag: &str| flag.trim_start_matches('-').split('=').next().unwrap_or_default().to_owned();
        found.extend(flags.map(|flag| (name.to_owned(), bare(flag))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_wherever_they_stand() {
        let found = citations(
            "echo x | BAO_TOKEN=$(bao print token) bao kv metadata get -mount=secret --format json a",
        );
        let pair = |name: &str, flag: &str| (name.to_owned(), flag.to_owned());
        assert!(found.contains(&pair("print token", "")));
        assert!(found.contains(&pair("kv metadata get", "mount")), "{found:?}");
        assert!(found.contains(&pair("kv metadata get", "format")));
        assert!(!found.contains(&pair("kv metadata get", "field")));
    }

    #[test]
    fn what_nothing_shows_is_listed() {
        let missing = uncited(&["bao policy delete -address=x a".to_owned()]);
        assert!(
            missing.contains(&"policy read".to_owned()) && !missing.contains(&"policy delete".to_owned())
        );
        assert!(missing.contains(&"-mfa".to_owned()) && !missing.contains(&"-address".to_owned()));
    }
}
