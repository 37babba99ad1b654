//! The list of policies that a new token gets. It knows no policy's rules.

use std::collections::BTreeSet;

use crate::refusal::Refusal;
use crate::token_store::Live;
use crate::token_store::role::Role;

/// Trimmed, lower-cased, without empties and repeats, sorted; `root` swallows all others.
pub(crate) fn sanitise(policies: &[String]) -> Vec<String> {
    let names = tidy_list(policies);
    if names.iter().any(|name| name == "root") { vec!["root".to_owned()] } else { names }
}

/// Trimmed, lower-cased, without empties and repeats, sorted; `root` is a name as others.
pub(crate) fn tidy_list(names: &[String]) -> Vec<String> {
    let names = names.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

/// The policies asked for in a call.
pub(crate) struct Asked {
    /// As given; empty is none given.
    pub policies: Vec<String>,
    /// Whether `default` is unwanted.
    pub no_default: bool,
    /// Whether the caller is root or has sudo on the path.
    pub sudo: bool,
}

/// What the token gets: what a role's lists allow, or with sudo what was asked, else a subset of the parent's.
pub(crate) fn grant(asked: &Asked, parent: &Live, role: Option<&Role>) -> Result<Vec<String>, Refusal> {
    let mut granted = match role.filter(|role| role.has_policy_lists()) {
        Some(role) => by_role(asked, parent, role)?,
        None => by_parent(asked, parent)?,
    };
    if asked.no_default {
        granted.retain(|name| name != "default");
    }
    if granted.iter().any(|name| name == "response-wrapping") {
        return Err(Refusal::invalid("cannot assign policy \"response-wrapping\""));
    }
    Ok(granted)
}

fn by_parent(asked: &Asked, parent: &Live) -> Result<Vec<String>, Refusal> {
    let parents = sanitise(&parent.entry.policies);
    if asked.policies.is_empty() {
        return Ok(parents);
    }
    let has = |wanted: &str| parents.iter().any(|name| name == wanted);
    let wanted = sanitise_with_default(&asked.policies, asked.sudo || has("default"));
    if !asked.sudo && !has("root") && !wanted.iter().all(|name| has(name)) {
        return Err(Refusal::invalid("child policies must be subset of parent"));
    }
    Ok(wanted)
}

/// A role's lists count in place of the parent's policies.
fn by_role(asked: &Asked, parent: &Live, role: &Role) -> Result<Vec<String>, Refusal> {
    let disallowed = |name: &String| {
        role.disallowed_policies.contains(name) || matches_one(&role.disallowed_policies_glob, name)
    };
    let adds_default =
        !asked.no_default && !role.token_no_default_policy && !disallowed(&"default".to_owned());
    let with_default = |names: &[String]| sanitise_with_default(names, adds_default);
    let mut granted = if asked.policies.is_empty() { Vec::new() } else { with_default(&asked.policies) };
    if role.allowed_policies.is_empty() && role.allowed_policies_glob.is_empty() {
        if granted.is_empty() {
            granted = with_default(&parent.entry.policies);
        }
    } else {
        let allowed = with_default(&role.allowed_policies);
        let globs = sanitise(&role.allowed_policies_glob);
        if granted.is_empty() {
            granted = allowed;
        } else if !granted.iter().all(|name| allowed.contains(name) || matches_one(&globs, name)) {
            return Err(Refusal::invalid(format!(
                "token policies ({}) must be subset of the role's allowed policies ({}) or glob policies ({})",
                quoted(&granted),
                quoted(&allowed),
                quoted(&globs)
            )));
        }
    }
    match granted.iter().find(|name| disallowed(name)) {
        Some(name) => Err(Refusal::invalid(format!("token policy {name:?} is disallowed by this role"))),
        None => Ok(granted),
    }
}

fn sanitise_with_default(names: &[String], adds_default: bool) -> Vec<String> {
    let mut names = sanitise(names);
    if adds_default && !names.iter().any(|name| name == "root") {
        names.push("default".to_owned());
    }
    sanitise(&names)
}

/// As Go prints a list of texts: `["a" "b"]`.
fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("[{}]", names.join(" "))
}

/// Whether one of the patterns fits, in which `*` is any text.
pub(crate) fn matches_one(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, text))
}

fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_swallows_and_the_rest_is_sorted() {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(sanitise(&names(&[" B ", "a", "", "A"])), ["a", "b"]);
        assert_eq!(sanitise(&names(&["x", "ROOT"])), ["root"]);
        assert_eq!(tidy_list(&names(&["x", "ROOT"])), ["root", "x"]);
    }

    #[test]
    fn a_star_is_any_text_anywhere() {
        for (pattern, text, fitting) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "abc", true),
            ("*b*", "abc", true),
            ("a*b*d", "abc", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(fits(pattern, text), fitting, "{pattern} {text}");
        }
    }
}
