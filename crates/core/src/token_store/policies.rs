//! The list of policies that a new token gets. It knows no policy's rules.

use crate::refusal::Refusal;
use crate::token_store::Live;

/// Trimmed, lower-cased, without empties and repeats, sorted; `root` swallows all others.
pub(crate) fn sanitise(policies: &[String]) -> Vec<String> {
    let names = policies.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().any(|name| name == "root") {
        return vec!["root".to_owned()];
    }
    names
}

/// The policies asked for in a call without a role.
pub(crate) struct Asked {
    /// As given; empty is none given.
    pub policies: Vec<String>,
    /// Whether `default` is unwanted.
    pub no_default: bool,
    /// Whether the caller is root or has sudo on the path.
    pub sudo: bool,
}

/// What the token gets: with sudo what was asked, else a subset of the parent's.
pub(crate) fn grant(asked: &Asked, parent: &Live) -> Result<Vec<String>, Refusal> {
    let parents = sanitise(&parent.entry.policies);
    let mut granted = if asked.policies.is_empty() {
        parents.clone()
    } else {
        let mut wanted = sanitise(&asked.policies);
        let is_root = wanted.iter().any(|name| name == "root");
        let parent_has_default = parents.iter().any(|name| name == "default");
        if !is_root && (asked.sudo || parent_has_default) {
            wanted.push("default".to_owned());
        }
        wanted = sanitise(&wanted);
        let parent_is_root = parents.iter().any(|name| name == "root");
        if !asked.sudo && !parent_is_root && !wanted.iter().all(|name| parents.contains(name)) {
            return Err(Refusal::invalid("child policies must be subset of parent"));
        }
        wanted
    };
    if asked.no_default {
        granted.retain(|name| name != "default");
    }
    if granted.iter().any(|name| name == "response-wrapping") {
        return Err(Refusal::invalid("cannot assign policy \"response-wrapping\""));
    }
    Ok(granted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_swallows_and_the_rest_is_sorted() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(sanitise(&names(&[" B ", "a", "", "A"])), ["a", "b"]);
        assert_eq!(sanitise(&names(&["x", "ROOT"])), ["root"]);
    }
}
