//! Answers to text: the formats of the real command line.

pub(crate) mod columns;
pub(crate) mod field;
pub(crate) mod go;
pub(crate) mod json;
pub(crate) mod table;
pub(crate) mod wrap;
pub(crate) mod yaml;

use crate::json::Json;
use crate::secret::{Auth, Secret, Wrapped};

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Yaml,
    /// For a few commands of the real one; the others refuse it.
    Pretty,
    /// The same.
    Raw,
}

impl Format {
    /// By its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "table" | "" => Some(Self::Table),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "pretty" => Some(Self::Pretty),
            "raw" => Some(Self::Raw),
            _ => None,
        }
    }
}

/// Data in JSON or YAML, without the line end that the printing adds.
pub(crate) fn data(json: &Json, format: Format) -> String {
    match format {
        Format::Yaml => yaml::document(json),
        _ => self::json::indented(json),
    }
}

/// An answer as one JSON value, its members in the real command line's order.
pub(crate) fn secret(secret: &Secret) -> Json {
    let mut members = vec![
        ("request_id", Json::text(&secret.request_id)),
        ("lease_id", Json::text(&secret.lease_id)),
        ("lease_duration", Json::number(secret.lease_duration)),
        ("renewable", Json::Bool(secret.renewable)),
        ("data", secret.data.clone()),
        ("warnings", texts((!secret.warnings.is_empty()).then_some(&secret.warnings))),
    ];
    members.extend(secret.auth.as_ref().map(|auth| ("auth", self::auth(auth))));
    members.extend(secret.wrapped.as_ref().map(|wrapped| ("wrap_info", self::wrapped(wrapped))));
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn auth(auth: &Auth) -> Json {
    let pair = |(key, value): &(String, String)| (key.clone(), Json::text(value));
    let metadata = auth.metadata.as_ref().map(|pairs| Json::Object(pairs.iter().map(pair).collect()));
    Json::object([
        ("client_token", Json::text(&auth.client_token)),
        ("accessor", Json::text(&auth.accessor)),
        ("policies", texts(auth.policies.as_ref())),
        ("token_policies", texts(auth.token_policies.as_ref())),
        ("identity_policies", texts(auth.identity_policies.as_ref())),
        ("metadata", metadata.unwrap_or(Json::Null)),
        ("orphan", Json::Bool(auth.orphan)),
        ("entity_id", Json::text(&auth.entity_id)),
        ("lease_duration", Json::number(auth.lease_duration)),
        ("renewable", Json::Bool(auth.renewable)),
        ("mfa_requirement", Json::Null),
    ])
}

fn wrapped(wrapped: &Wrapped) -> Json {
    let mut members = vec![
        ("token", Json::text(&wrapped.token)),
        ("accessor", Json::text(&wrapped.accessor)),
        ("ttl", Json::number(wrapped.ttl)),
        ("creation_time", Json::text(&wrapped.creation_time)),
        ("creation_path", Json::text(&wrapped.creation_path)),
    ];
    members.push(("wrapped_accessor", Json::text(&wrapped.wrapped_accessor)));
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A list of texts, or null.
pub(crate) fn texts(items: Option<&Vec<String>>) -> Json {
    items.map_or(Json::Null, |items| Json::List(items.iter().map(|item| Json::text(item)).collect()))
}
