//! What several policies together grant on a path. It knows no tokens.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parse::{CAPABILITIES, Capabilities, Policy, Rule};
use crate::duration::GoDuration;

/// What is to be done, as policies tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyOperation {
    /// A write to what is not there yet, where that is known.
    Create,
    /// A read.
    Read,
    /// Any other write.
    Update,
    /// A patch.
    Patch,
    /// A deletion.
    Delete,
    /// A list.
    List,
    /// A list of all below.
    Scan,
}

impl PolicyOperation {
    fn capability(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Scan => "scan",
        }
    }
}

/// A request, as policies see it.
#[derive(Debug, Clone, Copy)]
pub struct AclRequest<'a> {
    /// What is to be done.
    pub operation: PolicyOperation,
    /// Below `/v1/`, without a leading slash; a listed path ends with one.
    pub path: &'a str,
    /// The parameters.
    pub data: &'a Map<String, Value>,
    /// The wrap ttl asked for.
    pub wrap_ttl: Option<GoDuration>,
}

/// What the policies say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Whether it may be done.
    pub allowed: bool,
    /// Whether the policies hold `root`.
    pub root: bool,
    /// Whether the path is granted with `sudo`.
    pub sudo: bool,
}

/// The rules of several policies. Those of one path are united when the path is asked for: a request asks for one of many.
#[derive(Debug, Clone, Default)]
pub struct Acl<'a> {
    root: bool,
    rules: Vec<Cow<'a, Rule>>,
}

/// A value that a policy does not allow in its templates, in the real server's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "error parsing templated policy \"{policy}\": failed to parse policy: path \"{path}\": template substitution contains \
     forbidden value: \"{found}\""
)]
pub struct TemplateError {
    policy: String,
    path: String,
    found: &'static str,
}

impl<'a> Acl<'a> {
    /// Unites policies; one named `root` may do anything. Paths with identity templates are left out.
    pub fn new(policies: impl IntoIterator<Item = &'a Policy>) -> Self {
        // Without values there is none to refuse.
        Self::of_entity(policies, |_| None).unwrap_or_default()
    }

    /// Unites policies for an entity: `value` gives what stands for a template's name, such as `identity.entity.name`. A
    /// path with a name that has no value is left out.
    ///
    /// # Errors
    /// [`TemplateError`] if a value would make a path reach further than its author meant.
    pub fn of_entity(
        policies: impl IntoIterator<Item = &'a Policy>,
        value: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, TemplateError> {
        let mut acl = Self::default();
        for policy in policies {
            acl.root |= policy.name == "root";
            for rule in &policy.rules {
                if !rule.path.contains("{{") {
                    acl.rules.push(Cow::Borrowed(rule));
                } else if let Some(path) = filled(policy, &rule.path, &value)? {
                    acl.rules.push(Cow::Owned(Rule { path, ..rule.clone() }));
                }
            }
        }
        Ok(acl)
    }

    /// The same with the rules of others, such as those of a token's own policy.
    pub(crate) fn and(mut self, other: &Acl<'_>) -> Self {
        self.root |= other.root;
        self.rules.extend(other.rules.iter().map(|rule| Cow::Owned(rule.as_ref().clone())));
        self
    }

    /// Whether a request may be done.
    pub fn check(&self, request: &AclRequest<'_>) -> Verdict {
        if self.root {
            return Verdict { allowed: true, root: true, sudo: true };
        }
        let listing = matches!(request.operation, PolicyOperation::List | PolicyOperation::Scan);
        let Some(rule) = self.rule(request.path, listing) else { return Verdict::default() };
        let sudo = rule.capabilities.has("sudo");
        let granted = rule.capabilities.has(request.operation.capability()) && !rule.capabilities.has("deny");
        let allowed = granted && wrapping_fits(&rule, request.wrap_ttl) && parameters_fit(&rule, request);
        Verdict { allowed, root: false, sudo }
    }

    /// What may be done on a path, sorted: `["root"]` for root, `["deny"]` for nothing.
    pub fn capabilities(&self, path: &str) -> Vec<&'static str> {
        if self.root {
            return vec!["root"];
        }
        let granted = self.rule(path.strip_prefix('/').unwrap_or(path), path.ends_with('/'));
        names(granted.map(|rule| rule.capabilities).unwrap_or_default())
    }

    /// All that is granted: exact paths, and those with a trailing `*`, which is left out. Patterns with `+` are not shown.
    pub fn resultant(&self) -> Map<String, Value> {
        if self.root {
            return Map::from_iter([("root".to_owned(), Value::Bool(true))]);
        }
        let united = self.united();
        let rules = || united.values().filter(|rule| !has_plus(&rule.path));
        let exact = rules().filter(|rule| !rule.path.ends_with('*'));
        let exact = exact.map(|rule| (rule.path.clone(), Value::Object(shown(rule))));
        let globs = rules().filter(|rule| rule.path.ends_with('*')).map(|rule| {
            (rule.path.strip_suffix('*').unwrap_or(&rule.path).to_owned(), Value::Object(shown(rule)))
        });
        Map::from_iter([
            ("exact_paths".to_owned(), Value::Object(exact.collect())),
            ("glob_paths".to_owned(), Value::Object(globs.collect())),
            ("root".to_owned(), Value::Bool(false)),
        ])
    }

    /// Whether anything is granted on or below a mount's path, which ends with a slash.
    pub fn reaches(&self, mount: &str) -> bool {
        let grants = |rule: &Rule| rule.capabilities.0 != 0 && !rule.capabilities.has("deny");
        self.root
            || self.rule(mount, true).is_some_and(|rule| grants(&rule))
            || self.united().values().any(|rule| grants(rule) && overlaps(&rule.path, mount))
    }

    /// The one rule that decides, united from all of its path: the exact path, else the best pattern.
    fn rule(&self, path: &str, listing: bool) -> Option<Cow<'_, Rule>> {
        let bare = path.strip_suffix('/').filter(|_| listing);
        let exact = self.united_at(path).filter(|rule| !is_pattern(&rule.path));
        let exact = exact.or_else(|| self.united_at(bare?).filter(|rule| !is_pattern(&rule.path)));
        exact.or_else(|| {
            let fitting = |path: &str| {
                let patterns =
                    self.rules.iter().map(|rule| rule.path.as_str()).filter(|path| is_pattern(path));
                patterns.filter(|pattern| fits(pattern, path)).max_by_key(|pattern| priority(pattern))
            };
            self.united_at(fitting(path).or_else(|| fitting(bare?))?)
        })
    }

    /// What all rules of exactly this path grant together.
    fn united_at(&self, path: &str) -> Option<Cow<'_, Rule>> {
        let mut rules = self.rules.iter().filter(|rule| rule.path == path);
        let mut known = Cow::Borrowed(rules.next()?.as_ref());
        rules.for_each(|rule| unite(known.to_mut(), rule));
        Some(known)
    }

    /// All paths with what is granted there.
    fn united(&self) -> BTreeMap<&str, Rule> {
        let mut united: BTreeMap<&str, Rule> = BTreeMap::new();
        for rule in &self.rules {
            match united.get_mut(rule.path.as_str()) {
                None => drop(united.insert(&rule.path, rule.as_ref().clone())),
                Some(known) => unite(known, rule),
            }
        }
        united
    }
}

/// Whether a rule's path is more than one path.
fn is_pattern(path: &str) -> bool {
    path.ends_with('*') || has_plus(path)
}

fn has_plus(path: &str) -> bool {
    path.contains('+') && path.split('/').any(|segment| segment == "+")
}

/// A path with values in the place of its templates; none if one has no value.
fn filled(
    policy: &Policy,
    path: &str,
    value: &impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, TemplateError> {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, (name, after))) = template(rest) {
        let Some(value) = value(name.trim()) else { return Ok(None) };
        let wildcards = ["*", "+"].into_iter().filter(|_| !policy.allow_wildcards);
        let mut forbidden = wildcards.chain(["/"].into_iter().filter(|_| !policy.allow_slashes));
        if let Some(found) = forbidden.find(|letter| value.contains(letter)) {
            let (policy, path) = (policy.name.clone(), path.to_owned());
            return Err(TemplateError { policy, path, found });
        }
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    Ok(Some(filled + rest))
}

/// The text before the first template, what is in it, and the text after it.
fn template(path: &str) -> Option<(&str, (&str, &str))> {
    let (before, inside) = path.split_once("{{")?;
    Some((before, inside.split_once("}}")?))
}

/// Later first wildcard, no trailing `*`, fewer `+`, longer, lexically larger.
fn priority(pattern: &str) -> (usize, bool, Reverse<usize>, usize, &str) {
    let glob = pattern.ends_with('*');
    let plus = pattern.split('/').scan(0, |at, segment| {
        let start = *at;
        *at += segment.len() + 1;
        Some((start, segment))
    });
    let plus: Vec<usize> = plus.filter(|(_, segment)| *segment == "+").map(|(start, _)| start).collect();
    let end = if glob { pattern.len() - 1 } else { pattern.len() };
    let first = plus.first().copied().unwrap_or(end).min(end);
    (first, !glob, Reverse(plus.len()), pattern.len(), pattern)
}

/// Whether a path fits a pattern: `+` is a whole segment, a trailing `*` any rest.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, glob) = match pattern.strip_suffix('*') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut wanted = pattern.split('/').peekable();
    let mut rest = Some(path);
    while let Some(segment) = wanted.next() {
        let Some(left) = rest else { return false };
        let last = wanted.peek().is_none();
        if last && glob && segment != "+" {
            return left.starts_with(segment);
        }
        let (given, tail) = left.split_once('/').map_or((left, None), |(given, tail)| (given, Some(tail)));
        if segment != "+" && segment != given {
            return false;
        }
        rest = tail;
    }
    rest.is_none() || glob
}

/// A rule as it is shown: what is not set is left out.
fn shown(rule: &Rule) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("capabilities".to_owned(), Value::from(names(rule.capabilities)));
    for (name, parameters) in [("allowed_parameters", &rule.allowed), ("denied_parameters", &rule.denied)] {
        if !parameters.is_empty() {
            let lists = parameters.iter().map(|(name, values)| (name.clone(), Value::from(values.clone())));
            data.insert(name.to_owned(), Value::Object(lists.collect()));
        }
    }
    if !rule.required.is_empty() {
        data.insert("required_parameters".to_owned(), Value::from(rule.required.clone()));
    }
    for (name, span) in [("max_wrapping_ttl", rule.max_wrapping), ("min_wrapping_ttl", rule.min_wrapping)] {
        if let Some(span) = span.filter(|span| span.0 > 0) {
            data.insert(name.to_owned(), Value::from(span.0 / 1_000_000_000));
        }
    }
    data
}

/// The names of capabilities, sorted; `deny` for none.
fn names(granted: Capabilities) -> Vec<&'static str> {
    if granted.0 == 0 || granted.has("deny") {
        return vec!["deny"];
    }
    CAPABILITIES.iter().filter(|(_, bit)| granted.0 & bit != 0).map(|(name, _)| *name).collect()
}

/// Whether a pattern may fit a path below `mount`: their segments agree as far as both go.
fn overlaps(pattern: &str, mount: &str) -> bool {
    let mut given = pattern.split('/');
    mount.trim_end_matches('/').split('/').all(|segment| match given.next() {
        Some(wanted) => {
            wanted == "+"
                || wanted == segment
                || wanted.strip_suffix('*').is_some_and(|start| segment.starts_with(start))
        }
        None => false,
    })
}

fn unite(known: &mut Rule, other: &Rule) {
    if known.capabilities.has("deny") {
        return;
    }
    if other.capabilities.has("deny") {
        *known = other.clone();
        return;
    }
    known.capabilities.0 |= other.capabilities.0;
    unite_parameters(&mut known.allowed, &other.allowed);
    unite_parameters(&mut known.denied, &other.denied);
    known.required.extend(other.required.iter().cloned());
    known.min_wrapping = [known.min_wrapping, other.min_wrapping].into_iter().flatten().min();
    known.max_wrapping = [known.max_wrapping, other.max_wrapping].into_iter().flatten().max();
}

/// An empty list of values is any value, and stays so.
fn unite_parameters(known: &mut BTreeMap<String, Vec<Value>>, other: &BTreeMap<String, Vec<Value>>) {
    for (name, values) in other {
        match known.get_mut(name) {
            None => drop(known.insert(name.clone(), values.clone())),
            Some(known) if known.is_empty() || values.is_empty() => known.clear(),
            Some(known) => known.extend(values.iter().cloned()),
        }
    }
}

fn wrapping_fits(rule: &Rule, asked: Option<GoDuration>) -> bool {
    let asked = asked.unwrap_or_default();
    let min = rule.min_wrapping.filter(|min| min.0 > 0);
    let max = rule.max_wrapping.filter(|max| max.0 > 0);
    let wraps = asked.0 > 0 || (min.is_none() && max.is_none());
    wraps && min.is_none_or(|min| asked >= min) && max.is_none_or(|max| asked <= max)
}

/// Parameters count on reads and writes alone.
fn parameters_fit(rule: &Rule, request: &AclRequest<'_>) -> bool {
    use PolicyOperation::{Create, Patch, Read, Update};
    if !matches!(request.operation, Create | Read | Update | Patch) {
        return true;
    }
    let given: BTreeMap<String, &Value> =
        request.data.iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    // Only these are looked for in the case in which they were given.
    if !rule.required.iter().all(|name| request.data.contains_key(name)) {
        return false;
    }
    if given.is_empty() {
        return true;
    }
    let denied = rule.denied.contains_key("*")
        || given
            .iter()
            .any(|(name, value)| rule.denied.get(name).is_some_and(|values| is_among(value, values)));
    if denied {
        return false;
    }
    let any = rule.allowed.is_empty();
    let others = rule.allowed.get("*");
    let allowed = |(name, value): (&String, &&Value)| match rule.allowed.get(name) {
        Some(values) => is_among(value, values),
        None => others.is_some_and(|values| is_among(value, values)),
    };
    any || given.iter().all(allowed)
}

/// Whether a value is in a list; an empty list holds all. Texts may have `*` at either end. A number is never in one: the real
/// server compares it with one of another type.
fn is_among(value: &Value, values: &[Value]) -> bool {
    let fits = |pattern: &Value| match (pattern, value) {
        (Value::String(pattern), Value::String(text)) => globs(pattern, text),
        (Value::Bool(wanted), Value::Bool(flag)) => wanted == flag,
        _ => false,
    };
    values.is_empty() || values.iter().any(fits)
}

fn globs(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => text.contains(pattern.trim_matches('*')),
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(text: &str) -> Acl<'static> {
        Acl::default().and(&Acl::new([&Policy::parse("t", text).unwrap()]))
    }

    /// The paths and answers that the real server gave.
    #[test]
    fn the_best_pattern_decides() {
        let acl = acl(r#"
            path "secret/foo/*" { capabilities = ["read"] }
            path "secret/foo/bar" { capabilities = ["create"] }
            path "secret/foo/b*" { capabilities = ["update"] }
            path "secret/+/baz" { capabilities = ["delete"] }
            path "secret/foo/+/x" { capabilities = ["list"] }
            path "secret/+/+/x" { capabilities = ["patch"] }
            path "secret/foo/+/xy*" { capabilities = ["scan"] }
            path "*" { capabilities = ["read"] }
            path "none" { capabilities = [] }
        "#);
        for (path, capability) in [
            ("secret/foo/q", "read"),
            ("secret/foo/bar", "create"),
            ("secret/foo/bq", "update"),
            ("secret/foo/baz", "update"),
            ("secret/zz/baz", "delete"),
            ("secret/foo/1/x", "list"),
            ("secret/zz/1/x", "patch"),
            ("secret/foo/1/xyz", "read"),
            ("anything", "read"),
            ("none", "deny"),
        ] {
            assert_eq!(acl.capabilities(path), [capability], "{path}");
        }
    }

    fn allows(acl: &Acl, data: &Value, wrap: Option<i64>) -> bool {
        let data = data.as_object().cloned().unwrap_or_default();
        let wrap_ttl = wrap.map(|seconds| GoDuration(seconds * 1_000_000_000));
        acl.check(&AclRequest { operation: PolicyOperation::Update, path: "a", data: &data, wrap_ttl })
            .allowed
    }

    #[test]
    fn parameters_are_held_to_their_lists() {
        let acl = acl(r#"path "a" { capabilities = ["update"]
            required_parameters = ["x"]
            allowed_parameters = { "x" = ["1*"] "y" = [] }
            denied_parameters = { "z" = [] } }"#);
        for (data, allowed) in [
            (serde_json::json!({"x": "12"}), true),
            (serde_json::json!({"x": "12", "Y": 5}), true),
            (serde_json::json!({"X": "12", "y": 5}), false),
            (serde_json::json!({"x": "2"}), false),
            (serde_json::json!({"x": "1", "q": 1}), false),
            (serde_json::json!({"x": "1", "z": 1}), false),
            (serde_json::json!({}), false),
        ] {
            assert_eq!(allows(&acl, &data, None), allowed, "{data}");
        }
    }

    #[test]
    fn a_wrapping_bound_asks_for_wrapping() {
        let acl =
            acl(r#"path "a" { capabilities = ["update"] min_wrapping_ttl = "1m" max_wrapping_ttl = "1h" }"#);
        for (wrap, allowed) in
            [(None, false), (Some(60), true), (Some(3600), true), (Some(59), false), (Some(3601), false)]
        {
            assert_eq!(allows(&acl, &Value::Null, wrap), allowed, "{wrap:?}");
        }
    }

    #[test]
    fn deny_wins_and_others_unite() {
        let policy = |text: &str| Policy::parse("t", text).unwrap();
        let read = policy(r#"path "a" { capabilities = ["read"] } path "b" { capabilities = ["read"] }"#);
        let rest =
            policy(r#"path "a" { capabilities = ["list"] } path "b" { capabilities = ["deny", "list"] }"#);
        let acl = Acl::new([&read, &rest]);
        assert_eq!(acl.capabilities("a"), ["list", "read"]);
        assert_eq!(acl.capabilities("b"), ["deny"]);
    }
}
