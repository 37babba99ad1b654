//! One value of an answer, for `-field`. It knows no streams.

use super::{Format, data, go, table, texts};
use crate::json::Json;
use crate::secret::{Auth, Secret, Wrapped};

/// The text of a field; none if the answer does not have it.
pub(crate) fn field(secret: &Secret, name: &str, format: Format) -> Option<String> {
    let value = value(secret, name)?;
    Some(match format {
        Format::Table => go::plain(&value),
        _ => data(&value, format),
    })
}

fn value(secret: &Secret, name: &str) -> Option<Json> {
    let special = match (&secret.auth, &secret.wrapped) {
        (Some(auth), _) => of_token(auth, name),
        (None, Some(wrapped)) => of_wrapping(wrapped, name),
        (None, None) => None,
    };
    let value = special.or_else(|| secret.data.member(name).cloned()).or_else(|| of_answer(secret, name));
    value.filter(|value| *value != Json::Null)
}

fn of_token(auth: &Auth, name: &str) -> Option<Json> {
    Some(match name {
        "token" => Json::text(&auth.client_token),
        "token_accessor" => Json::text(&auth.accessor),
        "token_duration" => Json::number(auth.lease_duration),
        "token_renewable" => Json::Bool(auth.renewable),
        "token_policies" => listed(auth.token_policies.as_ref()),
        "identity_policies" => listed(auth.identity_policies.as_ref()),
        "policies" => listed(auth.policies.as_ref()),
        _ => return None,
    })
}

/// A list of texts, which is empty and not null where there is none.
fn listed(items: Option<&Vec<String>>) -> Json {
    items.map_or(Json::List(Vec::new()), |items| texts(Some(items)))
}

fn of_wrapping(wrapped: &Wrapped, name: &str) -> Option<Json> {
    Some(match name {
        "wrapping_token" => Json::text(&wrapped.token),
        "wrapping_accessor" => Json::text(&wrapped.accessor),
        "wrapping_token_ttl" => Json::number(wrapped.ttl),
        "wrapping_token_creation_time" => Json::text(&table::go_time(&wrapped.creation_time)),
        "wrapping_token_creation_path" => Json::text(&wrapped.creation_path),
        "wrapped_accessor" => Json::text(&wrapped.wrapped_accessor),
        _ => return None,
    })
}

fn of_answer(secret: &Secret, name: &str) -> Option<Json> {
    Some(match name {
        "lease_duration" | "refresh_interval" => Json::number(secret.lease_duration),
        "lease_id" => Json::text(&secret.lease_id),
        "renewable" => Json::Bool(secret.renewable),
        "request_id" => Json::text(&secret.request_id),
        "data" => secret.data.clone(),
        _ => return None,
    })
}
