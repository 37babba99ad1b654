//! An answer as the Key/Value table. It knows no streams.

use vaultlet_core::duration::GoDuration;

use super::columns;
use super::go;
use crate::json::Json;
use crate::secret::{Auth, Secret, Wrapped};

/// The table of an answer; none if it has nothing to show.
pub(crate) fn secret(secret: &Secret) -> Option<String> {
    let mut rows = Vec::new();
    if secret.lease_duration > 0 {
        if secret.lease_id.is_empty() {
            row(&mut rows, "refresh_interval", span(secret.lease_duration));
        } else {
            row(&mut rows, "lease_id", secret.lease_id.clone());
            row(&mut rows, "lease_duration", span(secret.lease_duration));
            row(&mut rows, "lease_renewable", secret.renewable.to_string());
        }
    }
    if let Some(auth) = &secret.auth {
        token(&mut rows, auth);
    }
    if let Some(wrapped) = &secret.wrapped {
        wrapping(&mut rows, wrapped);
    }
    for (key, value) in secret.data.as_object().unwrap_or_default() {
        row(&mut rows, key, cell(key, value));
    }
    (!rows.is_empty()).then(|| columns::titled(&["Key", "Value"], rows))
}

fn token(rows: &mut Vec<Vec<String>>, auth: &Auth) {
    let list = |items: &Option<Vec<String>>| go::quoted_list(items.as_deref().unwrap_or_default());
    row(rows, "token", auth.client_token.clone());
    row(rows, "token_accessor", auth.accessor.clone());
    let forever = auth.lease_duration == 0;
    row(rows, "token_duration", if forever { "∞".to_owned() } else { span(auth.lease_duration) });
    row(rows, "token_renewable", auth.renewable.to_string());
    row(rows, "token_policies", list(&auth.token_policies));
    row(rows, "identity_policies", list(&auth.identity_policies));
    row(rows, "policies", list(&auth.policies));
    for (key, value) in auth.metadata.iter().flatten() {
        row(rows, &format!("token_meta_{key}"), value.clone());
    }
}

fn wrapping(rows: &mut Vec<Vec<String>>, wrapped: &Wrapped) {
    row(rows, "wrapping_token:", wrapped.token.clone());
    row(rows, "wrapping_accessor:", wrapped.accessor.clone());
    row(rows, "wrapping_token_ttl:", span(wrapped.ttl));
    row(rows, "wrapping_token_creation_time:", go_time(&wrapped.creation_time));
    row(rows, "wrapping_token_creation_path:", wrapped.creation_path.clone());
    if !wrapped.wrapped_accessor.is_empty() {
        row(rows, "wrapped_accessor:", wrapped.wrapped_accessor.clone());
    }
}

fn row(rows: &mut Vec<Vec<String>>, key: &str, value: String) {
    rows.push(vec![key.to_owned(), value]);
}

/// A value of the data: spans of time are told by their key.
pub(crate) fn cell(key: &str, value: &Json) -> String {
    let named = ["ttl", "period", "duration", "lease_max", "ttl_max"].contains(&key);
    let ends = ["_ttl", "_period", "_duration"].iter().any(|end| key.ends_with(end));
    match value.as_i64() {
        Some(seconds) if named || ends => span(seconds),
        _ => go::plain(value),
    }
}

/// Seconds as people write them: `768h`, `29m25s`.
pub(crate) fn span(seconds: i64) -> String {
    GoDuration(seconds.saturating_mul(1_000_000_000)).short()
}

/// RFC 3339 in UTC as Go prints a time: `2026-11-23 17:13:04.420581425 +0000 UTC`.
pub(crate) fn go_time(text: &str) -> String {
    match (text.strip_suffix('Z'), text.split_once('T')) {
        (Some(_), Some((date, time))) => format!("{date} {} +0000 UTC", time.trim_end_matches('Z')),
        _ => text.to_owned(),
    }
}
