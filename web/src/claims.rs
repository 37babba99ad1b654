//! What an opened token says, field by field, and how long it has to live. It knows neither keys nor the page.

use serde_json::Value;
use vaultlet_core::duration::GoDuration;
use vaultlet_core::{Standing, UnixTime};
use vaultlet_token::entry::TokenEntry;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name, Vault's own.
    pub name: &'static str,
    /// Its value, as the command line prints it.
    pub value: String,
    /// Whether it is a token, to be masked until asked for.
    pub secret: bool,
}

/// A token's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Seconds left.
    pub left: i64,
    /// Seconds given, 0 for a token without an end.
    pub given: i64,
    /// When it was made, seconds since the epoch.
    pub created: i64,
}

impl Life {
    /// How much is left, as the command line prints it.
    pub fn left_text(self) -> String {
        seconds_text(self.left)
    }

    /// How much was given.
    pub fn given_text(self) -> String {
        seconds_text(self.given)
    }

    /// When it was made, RFC 3339.
    pub fn created_text(self) -> String {
        UnixTime::from_secs(u64::try_from(self.created).unwrap_or(0)).to_string()
    }
}

/// The entry behind a token, if this tab's vault can see it.
pub fn entry(standing: &Standing) -> Option<&TokenEntry> {
    match standing {
        Standing::Valid { entry, .. } => Some(entry),
        Standing::Expired { entry } | Standing::ParentGone { entry } => entry.as_deref(),
        _ => None,
    }
}

/// The token's time; none if nothing opened.
pub fn life(standing: &Standing, now: UnixTime) -> Option<Life> {
    let entry = entry(standing)?;
    let given = entry.ttl / 1_000_000_000;
    let left = match standing {
        Standing::Valid { lookup, .. } => lookup.get("ttl").and_then(Value::as_i64).unwrap_or(0),
        Standing::ParentGone { .. } => {
            let now = i64::try_from(now.secs()).unwrap_or(i64::MAX);
            entry.creation_time.saturating_add(given).saturating_sub(now).max(0)
        }
        _ => 0,
    };
    Some(Life { left, given, created: entry.creation_time })
}

/// The names that are always shown, opened or not.
pub const NAMES: [&str; 11] = [
    "type",
    "orphan",
    "policies",
    "renewable",
    "path",
    "accessor",
    "display_name",
    "num_uses",
    "parent",
    "entity_id",
    "namespace",
];

/// What an opened token says; empty if nothing opened.
pub fn claims(standing: &Standing) -> Vec<Claim> {
    let Some(entry) = entry(standing) else { return Vec::new() };
    let renewable = match standing {
        Standing::Valid { lookup, .. } => lookup.get("renewable").and_then(Value::as_bool).unwrap_or(false),
        _ => false,
    };
    let mut claims = vec![
        claim("type", entry.token_type.word()),
        claim("orphan", entry.parent.is_empty()),
        claim("policies", format!("[{}]", entry.policies.join(" "))),
        claim("renewable", renewable),
        claim("path", or_none(&entry.path)),
        claim("accessor", or_none(&entry.accessor)),
        claim("display_name", or_none(&entry.display_name)),
        claim("num_uses", entry.num_uses),
        Claim { secret: is_token(&entry.parent), ..claim("parent", or_none(&entry.parent)) },
        claim("entity_id", or_none(&entry.entity_id)),
        claim("namespace", or_none(&entry.namespace_id)),
    ];
    claims.extend(rare(entry));
    claims
}

/// Fields that most tokens do not have.
fn rare(entry: &TokenEntry) -> impl Iterator<Item = Claim> {
    let spans = [("explicit_max_ttl", entry.explicit_max_ttl), ("period", entry.period)];
    let spans = spans.into_iter().filter(|(_, nanos)| *nanos != 0);
    let spans = spans.map(|(name, nanos)| claim(name, GoDuration(nanos).short()));
    let meta: Vec<String> = entry.meta.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    let texts = [
        ("role", entry.role.clone()),
        ("bound_cidrs", entry.bound_cidrs.join(" ")),
        ("meta", meta.join(" ")),
        ("inline_policy", entry.inline_policy.clone()),
    ];
    spans.chain(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| claim(name, text)))
}

fn claim(name: &'static str, value: impl ToString) -> Claim {
    Claim { name, value: value.to_string(), secret: false }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "n/a" } else { text }
}

/// A development vault's root token is called `root`; that is no secret.
fn is_token(text: &str) -> bool {
    text.contains('.')
}

fn seconds_text(seconds: i64) -> String {
    GoDuration(seconds.saturating_mul(1_000_000_000)).short()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn opened() -> Standing {
        let entry = TokenEntry {
            parent: "s.JlNTS5wVPPnb1P72poUjUR4o".to_owned(),
            policies: vec!["base".to_owned(), "default".to_owned()],
            creation_time: 1_800_000_000,
            ttl: 3_600_000_000_000,
            ..TokenEntry::default()
        };
        Standing::ParentGone { entry: Some(Box::new(entry)) }
    }

    #[test]
    fn lists_and_nothings_are_as_the_command_line_prints_them() {
        let claims = claims(&opened());
        let value =
            |name: &str| claims.iter().find(|claim| claim.name == name).map(|claim| claim.value.as_str());
        assert_eq!(value("policies"), Some("[base default]"));
        assert_eq!(value("accessor"), Some("n/a"));
        assert_eq!(claims.iter().map(|claim| claim.name).collect::<Vec<_>>(), NAMES);
    }

    #[test]
    fn a_parent_is_a_secret() {
        assert!(claims(&opened()).iter().any(|claim| claim.name == "parent" && claim.secret));
    }

    #[test]
    fn the_time_that_is_left_is_given_less_used() {
        let life = life(&opened(), UnixTime::from_secs(1_800_000_014)).unwrap();
        assert_eq!((life.left_text(), life.given_text()), ("59m46s".to_owned(), "1h".to_owned()));
    }

    #[test]
    fn nothing_opened_says_nothing() {
        assert_eq!(claims(&Standing::Unknown), []);
        assert_eq!(life(&Standing::Unknown, UnixTime::from_secs(0)), None);
    }
}
