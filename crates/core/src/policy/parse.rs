//! From a policy's text to its rules. It knows no requests.

use std::collections::BTreeMap;

use serde_json::Value;

use super::hcl::{self, Item, Kind, Node};
use super::scan::Place;
use crate::UnixTime;
use crate::duration::GoDuration;

/// A policy whose text was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its name, lower case; `root` may do anything.
    pub name: String,
    /// Whether values of its templates may have `*` and `+` in them.
    pub allow_wildcards: bool,
    /// Whether values of its templates may have `/` in them.
    pub allow_slashes: bool,
    /// When it ends, if ever: from then on it grants nothing.
    pub expires: Option<UnixTime>,
    pub(super) rules: Vec<Rule>,
}

/// Why a policy's text is refused, in the real server's words behind `failed to parse policy: `.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct PolicyError {
    text: String,
}

impl PolicyError {
    pub(super) fn at(place: Place, text: impl std::fmt::Display) -> Self {
        Self { text: format!("At {}:{}: {text}", place.line, place.column) }
    }

    fn new(text: String) -> Self {
        Self { text }
    }
}

/// What may be done, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Capabilities(pub u16);

/// The capabilities by name, sorted, with their bits.
pub(super) const CAPABILITIES: [(&str, u16); 9] = [
    ("create", 1),
    ("delete", 1 << 1),
    ("deny", 1 << 2),
    ("list", 1 << 3),
    ("patch", 1 << 4),
    ("read", 1 << 5),
    ("scan", 1 << 6),
    ("sudo", 1 << 7),
    ("update", 1 << 8),
];

impl Capabilities {
    /// The bit of a name, if it is one.
    pub fn bit(name: &str) -> Option<u16> {
        CAPABILITIES.iter().find(|(known, _)| *known == name).map(|(_, bit)| *bit)
    }

    /// Whether a named capability is in it.
    pub fn has(self, name: &str) -> bool {
        Self::bit(name).is_some_and(|bit| self.0 & bit != 0)
    }

    fn of(names: &[&str]) -> Self {
        Self(names.iter().filter_map(|name| Self::bit(name)).sum())
    }
}

/// What one stanza grants on its path.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Rule {
    /// Without a leading slash; with its `*` and `+`.
    pub path: String,
    pub capabilities: Capabilities,
    /// Parameter names, lower case, and the values that they may have.
    pub allowed: BTreeMap<String, Vec<Value>>,
    pub denied: BTreeMap<String, Vec<Value>>,
    pub required: Vec<String>,
    pub min_wrapping: Option<GoDuration>,
    pub max_wrapping: Option<GoDuration>,
}

impl Policy {
    /// Reads a policy's text, HCL 1 or JSON.
    ///
    /// # Errors
    /// [`PolicyError`], which names the line, or the path and what is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, PolicyError> {
        let items = hcl::parse(text)?;
        check_keys(&items, &["path", "name"])?;
        let paths = items.iter().filter(|item| item.keys.first().is_some_and(|(key, _)| key == "path"));
        let rules = paths.map(rule).collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_lowercase(),
            allow_wildcards: false,
            allow_slashes: false,
            expires: None,
            rules,
        })
    }
}

const PATH_KEYS: [&str; 13] = [
    "comment",
    "policy",
    "capabilities",
    "allowed_parameters",
    "denied_parameters",
    "required_parameters",
    "min_wrapping_ttl",
    "max_wrapping_ttl",
    "mfa_methods",
    "pagination_limit",
    "expiration",
    "list_scan_response_keys_filter_path",
    "control_group",
];

fn check_keys(items: &[Item], known: &[&str]) -> Result<(), PolicyError> {
    let first = items.iter().filter_map(|item| item.keys.first());
    let unknown: Vec<String> = first
        .filter(|(key, _)| !known.contains(&key.as_str()))
        .map(|(key, place)| format!("\t* invalid key \"{key}\" on line {}\n", place.line))
        .collect();
    match unknown.len() {
        0 => Ok(()),
        1 => Err(PolicyError::new(format!("1 error occurred:\n{}\n", unknown.concat()))),
        count => Err(PolicyError::new(format!("{count} errors occurred:\n{}\n", unknown.concat()))),
    }
}

fn rule(item: &Item) -> Result<Rule, PolicyError> {
    let path = item.keys.get(1).or(item.keys.first()).map(|(key, _)| key.clone()).unwrap_or_default();
    let outer = |error: PolicyError| PolicyError::new(format!("path \"{path}\": {error}"));
    let inner = |error: PolicyError| outer(outer(error));
    let Kind::Object(members) = &item.value.kind else {
        return Err(outer(PolicyError::at(item.value.place, "expected an object")));
    };
    check_keys(members, &PATH_KEYS).map_err(outer)?;
    if path.contains("+*") {
        return Err(inner(PolicyError::new("invalid use of wildcards ('+*' is forbidden)".to_owned())));
    }
    if path.matches("{{").count() != path.matches("}}").count() {
        let text = "failed to validate policy templating: unbalanced templating characters";
        return Err(outer(PolicyError::new(text.to_owned())));
    }
    let mut rule = Rule { path: path.strip_prefix('/').unwrap_or(&path).to_owned(), ..Rule::default() };
    let member =
        |name: &str| members.iter().rfind(|item| item.keys.first().is_some_and(|(key, _)| key == name));
    rule.capabilities = capabilities(members).map_err(inner)?;
    if let Some(item) = member("allowed_parameters") {
        rule.allowed = parameters("allowed_parameters", &item.value).map_err(inner)?;
    }
    if let Some(item) = member("denied_parameters") {
        rule.denied = parameters("denied_parameters", &item.value).map_err(inner)?;
    }
    if let Some(item) = member("required_parameters") {
        rule.required = texts("required_parameters", &item.value).map_err(inner)?;
        rule.required.iter_mut().for_each(|name| *name = name.to_lowercase());
    }
    let span = |name: &str| member(name).map(|item| duration(name, &item.value)).transpose().map_err(outer);
    (rule.min_wrapping, rule.max_wrapping) = (span("min_wrapping_ttl")?, span("max_wrapping_ttl")?);
    if let (Some(min), Some(max)) = (rule.min_wrapping, rule.max_wrapping)
        && max < min
    {
        return Err(outer(PolicyError::new(
            "max_wrapping_ttl cannot be less than min_wrapping_ttl".to_owned(),
        )));
    }
    Ok(rule)
}

/// The old style's word and the list, united; `deny` wipes the rest.
fn capabilities(members: &[Item]) -> Result<Capabilities, PolicyError> {
    let mut all = Capabilities::default();
    for item in members {
        let names = match item.keys.first().map(|(key, _)| key.as_str()) {
            Some("policy") => old_style(&item.value)?,
            Some("capabilities") => texts("Capabilities", &item.value)?,
            _ => continue,
        };
        for name in names {
            let bit = Capabilities::bit(&name);
            all.0 |= bit.ok_or_else(|| PolicyError::new(format!("invalid capability \"{name}\"")))?;
        }
    }
    Ok(if all.has("deny") { Capabilities::of(&["deny"]) } else { all })
}

fn old_style(value: &Node) -> Result<Vec<String>, PolicyError> {
    let Kind::Text(word) = &value.kind else {
        return Err(PolicyError::at(value.place, "policy is not a text"));
    };
    let names: &[&str] = match word.as_str() {
        "deny" => &["deny"],
        "read" => &["read", "list"],
        "write" => &["create", "read", "update", "delete", "list"],
        "sudo" => &["create", "read", "update", "delete", "list", "sudo"],
        _ => return Err(PolicyError::new(format!("invalid policy \"{word}\""))),
    };
    Ok(names.iter().map(|&name| name.to_owned()).collect())
}

fn texts(field: &str, value: &Node) -> Result<Vec<String>, PolicyError> {
    let Kind::List(nodes) = &value.kind else {
        return Err(PolicyError::at(value.place, format!("unknown slice type: {}", value.ast_name())));
    };
    nodes.iter().enumerate().map(|(at, node)| text(field, at, node)).collect()
}

fn text(field: &str, at: usize, node: &Node) -> Result<String, PolicyError> {
    match &node.kind {
        Kind::Text(text) | Kind::Number(text) => Ok(text.clone()),
        _ => {
            let reason = format!("root.{field}[{at}]: unknown type for string {}", node.ast_name());
            Err(PolicyError::at(node.place, reason))
        }
    }
}

fn parameters(field: &str, value: &Node) -> Result<BTreeMap<String, Vec<Value>>, PolicyError> {
    let Kind::Object(items) = &value.kind else {
        let reason = format!("root.{field}: not an object type for map ({})", value.ast_name());
        return Err(PolicyError::at(value.place, reason));
    };
    let named = |item: &Item| {
        let name = item.keys.first().map(|(key, _)| key.to_lowercase()).unwrap_or_default();
        Ok((name, values(&item.value)?))
    };
    items.iter().map(named).collect()
}

/// Values that a parameter may have, each of its own type.
fn values(value: &Node) -> Result<Vec<Value>, PolicyError> {
    let Kind::List(nodes) = &value.kind else {
        return Err(PolicyError::at(value.place, format!("unknown slice type: {}", value.ast_name())));
    };
    let one = |node: &Node| match &node.kind {
        Kind::Text(text) => Value::from(text.as_str()),
        Kind::Bool(flag) => Value::from(*flag),
        Kind::Number(text) => text.parse().map_or(Value::Null, Value::Number),
        Kind::List(_) | Kind::Object(_) => Value::Null,
    };
    Ok(nodes.iter().map(one).collect())
}

fn duration(name: &str, value: &Node) -> Result<GoDuration, PolicyError> {
    let (Kind::Text(text) | Kind::Number(text)) = &value.kind else {
        return Err(PolicyError::at(value.place, format!("error parsing {name}: could not parse duration")));
    };
    GoDuration::parse_lenient(text)
        .map_err(|error| PolicyError::new(format!("error parsing {name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of the real server, one by one.
    const REFUSED: [(&str, &str); 32] = [
        ("garbage", "At 1:9: key 'garbage' expected start of object ('{') or assignment ('=')"),
        ("path \"a\" {", "At 1:12: object expected closing RBRACE got: EOF"),
        (
            "path \"a\" { capabilities",
            "At 1:25: key 'capabilities' expected start of object ('{') or assignment ('=')",
        ),
        ("path \"a\" { capabilities = [", "At 1:28: unexpected token while parsing list: EOF"),
        (
            "path \"a\" { capabilities = [\"read\"",
            "At 1:34: error parsing list, expected comma or list end, got: EOF",
        ),
        (
            "path \"a\" { capabilities = [\"read\" \"list\"] }",
            "At 1:35: error parsing list, expected comma or list end, got: STRING",
        ),
        (
            "path \"a\" { capabilities = \"read\" }",
            "path \"a\": path \"a\": At 1:27: unknown slice type: *ast.LiteralType",
        ),
        ("path \"a\" { capabilities = [\"foo\"] }", "path \"a\": path \"a\": invalid capability \"foo\""),
        (
            "path \"a\" { bogus = 1 }",
            "path \"a\": 1 error occurred:\n\t* invalid key \"bogus\" on line 1\n\n",
        ),
        ("foo = 1", "1 error occurred:\n\t* invalid key \"foo\" on line 1\n\n"),
        ("path \"a\" { policy = \"xx\" }", "path \"a\": path \"a\": invalid policy \"xx\""),
        (
            "path \"a/+*\" { capabilities = [\"read\"] }",
            "path \"a/+*\": path \"a/+*\": invalid use of wildcards ('+*' is forbidden)",
        ),
        (
            "path = { \"a\" = { capabilities = [\"read\"] } }",
            "path \"path\": 1 error occurred:\n\t* invalid key \"a\" on line 1\n\n",
        ),
        ("path \"a\" = { capabilities = [\"read\"] }", "At 1:10: nested object expected: LBRACE got: ASSIGN"),
        ("path \"a\" { capabilities = [\"read\"] ", "At 1:37: object expected closing RBRACE got: EOF"),
        (
            "{\"path\":{\"a\":{\"capabilities\":[\"foo\"]}}}",
            "path \"a\": path \"a\": invalid capability \"foo\"",
        ),
        (
            "{\"path\":{\"a\":{\"bogus\":1}}}",
            "path \"a\": 1 error occurred:\n\t* invalid key \"bogus\" on line 1\n\n",
        ),
        ("{\"bogus\":1}", "1 error occurred:\n\t* invalid key \"bogus\" on line 1\n\n"),
        (
            "path \"a\" { capabilities = [\"read\"] } }",
            "At 1:38: expected: IDENT | STRING | ASSIGN | LBRACE got: RBRACE",
        ),
        ("path \"a { capabilities = [\"read\"] }", "At 1:36: literal not terminated"),
        ("path 'a' { }", "At 1:6: illegal char"),
        (
            "path \"a\" { capabilities = [true] }",
            "path \"a\": path \"a\": At 1:28: root.Capabilities[0]: unknown type for string *ast.LiteralType",
        ),
        (
            "path \"a\" { min_wrapping_ttl = \"1h\" max_wrapping_ttl = \"1m\" }",
            "path \"a\": max_wrapping_ttl cannot be less than min_wrapping_ttl",
        ),
        (
            "path \"a\" { min_wrapping_ttl = \"x\" }",
            "path \"a\": error parsing min_wrapping_ttl: time: invalid duration \"x\"",
        ),
        (
            "path \"a\" { allowed_parameters = { \"x\" = \"1\" } }",
            "path \"a\": path \"a\": At 1:41: unknown slice type: *ast.LiteralType",
        ),
        (
            "path \"a\" { denied_parameters = [\"x\"] }",
            "path \"a\": path \"a\": At 1:32: root.denied_parameters: not an object type for map (*ast.ListType)",
        ),
        ("/* x", "At 1:5: comment not terminated"),
        ("path \"a\" { capabilities == [\"read\"] }", "At 1:26: Unknown token: 1:26 ASSIGN ="),
        ("path \"a\" { capabilities = @ }", "At 1:27: illegal char"),
        ("path \"a\" { @ = 1 }", "At 1:12: illegal char"),
        ("@", "At 1:1: illegal char"),
        (
            "path \"a\" {\n  bogus = 1\n  bad = 2\n}",
            "path \"a\": 2 errors occurred:\n\t* invalid key \"bogus\" on line 2\n\t* invalid key \"bad\" on line 3\n\n",
        ),
    ];

    #[test]
    fn refusals_are_the_real_servers_words() {
        for (text, error) in REFUSED {
            let got = Policy::parse("t", text).map_err(|error| error.to_string());
            assert_eq!(got, Err(error.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_the_real_server_takes_is_taken() {
        for text in [
            "",
            "# only a comment",
            "name = \"x\"",
            "path a { capabilities = [\"read\"] }",
            "path \"a\" \"b\" { capabilities = [\"read\"] }",
            "path \"a\" { capabilities = [\"read\",] }",
            "path \"a\" { capabilities = [\"read\"], policy = \"write\" }",
            "path \"a\" { capabilities = [\"read\"] } path \"a\" { capabilities = [\"list\"] }",
            "path \"a\" { allowed_parameters = { \"x\" = [\"1\"] \"*\" = [] } }",
            "path \"${x}\" {\r\n  \"capabilities\" = [\"read\"]\r\n}\r\n",
            "path \"a\" { comment = <<EOF\nany } text\nEOF\n capabilities = [\"read\"] }",
            "{\"path\":[{\"a\":{\"capabilities\":[\"read\"]}}]}",
            "{ \"path\": { \"a\": { \"capabilities\": [\"read\"] } } }",
        ] {
            assert!(Policy::parse("t", text).is_ok(), "{text:?}: {:?}", Policy::parse("t", text));
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        let deep = format!("path \"a\" {{ capabilities = {} }}", "[".repeat(100_000));
        assert!(Policy::parse("t", &deep).unwrap_err().to_string().contains("nested deeper"));
        assert!(Policy::parse("t", &"{\"a\":".repeat(100_000)).is_err());
    }
}
