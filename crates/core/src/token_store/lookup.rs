//! `auth/token/lookup` and `lookup-self`: what a token is, for who may know. It knows no policies.

use serde_json::{Map, Value, json};

use crate::UnixTime;
use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::{Dead, Live, find_even_spent};

/// `lookup`: the token in the body or query; without one, the caller's.
pub(crate) fn lookup(cx: &Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("token", Shape::Text)])?;
    let text = fields.text("token")?;
    if text.is_empty() || text == caller.token.shown {
        return Ok(answer(cx, &caller.token).warn(unknown));
    }
    let token = find_even_spent(cx, &text).map_err(|dead| match dead {
        Dead::Undecodable(error) => Refusal::Invalid(error.to_string()),
        Dead::Broken(refusal) => refusal,
        Dead::Unknown | Dead::Expired | Dead::ParentGone => Refusal::Forbidden("bad token".to_owned()),
    })?;
    Ok(answer(cx, &token).warn(unknown))
}

/// `lookup-self`. A token in the parameters is not looked at.
pub(crate) fn lookup_self(cx: &Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let unknown = Fields(&call.data).check(&[("token", Shape::Text)])?;
    Ok(answer(cx, &caller.token).warn(unknown))
}

fn answer(cx: &Context<'_>, token: &Live) -> Reply {
    Reply::data(data(token, cx.now))
}

/// The members of a lookup's answer, sorted as the map sorts them.
pub(crate) fn data(token: &Live, now: UnixTime) -> Map<String, Value> {
    let entry = &token.entry;
    let mut data = object(json!({
        "accessor": entry.accessor,
        "creation_time": entry.creation_time,
        "creation_ttl": seconds(entry.ttl),
        "display_name": entry.display_name,
        "entity_id": entry.entity_id,
        "expire_time": null,
        "explicit_max_ttl": seconds(entry.explicit_max_ttl),
        "id": token.shown,
        "meta": if entry.meta.is_empty() { Value::Null } else { json!(entry.meta) },
        "num_uses": entry.num_uses,
        "orphan": entry.parent.is_empty(),
        "path": entry.path,
        "policies": entry.policies,
        "ttl": 0,
        "type": entry.token_type.word(),
    }));
    if !entry.bound_cidrs.is_empty() {
        data.insert("bound_cidrs".to_owned(), json!(entry.bound_cidrs));
    }
    if !token.identity_policies.is_empty() {
        data.insert("identity_policies".to_owned(), json!(token.identity_policies));
        data.insert("external_namespace_policies".to_owned(), json!({}));
    }
    if !entry.role.is_empty() {
        data.insert("role".to_owned(), json!(entry.role));
    }
    if entry.period != 0 {
        data.insert("period".to_owned(), json!(seconds(entry.period)));
    }
    add_times(&mut data, token, now);
    data
}

fn add_times(data: &mut Map<String, Value>, token: &Live, now: UnixTime) {
    if let Some(end) = token.expires() {
        data.insert("expire_time".to_owned(), json!(end.to_string()));
        data.insert("ttl".to_owned(), json!(rounded_seconds(end.nanos_since(now))));
    }
    let issued = match &token.lease {
        _ if token.is_batch() => UnixTime::from_secs(u64::try_from(token.entry.creation_time).unwrap_or(0)),
        Some(lease) => {
            if let Some(renewed) = lease.renewed() {
                data.insert("last_renewal".to_owned(), json!(renewed.to_string()));
                data.insert("last_renewal_time".to_owned(), json!(renewed.secs()));
            }
            lease.issued()
        }
        None => return,
    };
    let renewable =
        token.lease.as_ref().and_then(|lease| lease.auth.as_ref()).is_some_and(|auth| auth.renewable);
    data.insert("issue_time".to_owned(), json!(issued.to_string()));
    data.insert("renewable".to_owned(), json!(renewable));
}

/// Whole seconds of nanoseconds, cut off.
pub(crate) fn seconds(nanos: i64) -> i64 {
    nanos / 1_000_000_000
}

/// Whole seconds of nanoseconds, rounded.
fn rounded_seconds(nanos: i64) -> i64 {
    nanos.saturating_add(500_000_000) / 1_000_000_000
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
