//! `metadata`: what is known of a key beside its values, and how its versions are kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::config::count;
use super::data::{deletion_time, shown_time};
use super::proto::{Duration, Key};
use super::store::Store;
use crate::auth::bare;
use crate::context::Context;
use crate::door::Call;
use crate::duration::GoDuration;
use crate::fields::{Fields, Shape};
use crate::mounts::object;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// Reads what is known of a key.
pub(super) fn read(cx: &Context<'_>, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let key = store.key(cx, path)?.ok_or(Refusal::NotFound)?;
    Ok(Reply::data(shown(&key)))
}

/// Keys with what is known of each; folders have nothing.
pub(super) fn detailed(
    cx: &Context<'_>,
    store: &Store,
    path: &str,
    names: Vec<String>,
) -> Result<Reply, Refusal> {
    let mut reply = scan(names.clone());
    let mut lines = Map::new();
    for name in names {
        let key = if name.ends_with('/') { None } else { store.key(cx, &format!("{path}{name}"))? };
        lines.insert(name, key.map(|key| shown(&key)).unwrap_or_default().into());
    }
    if let Some(data) = reply.data.as_mut().filter(|_| !lines.is_empty()) {
        data.insert("key_info".to_owned(), lines.into());
    }
    Ok(reply)
}

/// Keys found below a folder; none is no error.
pub(super) fn scan(keys: Vec<String>) -> Reply {
    Reply::data(if keys.is_empty() { Map::new() } else { object(json!({ "keys": keys })) })
}

fn shown(key: &Key) -> Map<String, Value> {
    let version = |version: &super::proto::VersionMetadata| {
        json!({
            "created_time": shown_time(version.created_time),
            "deletion_time": deletion_time(version),
            "destroyed": version.destroyed,
        })
    };
    let versions: Map<String, Value> =
        key.versions.iter().map(|(number, metadata)| (number.to_string(), version(metadata))).collect();
    object(json!({
        "cas_required": key.cas_required,
        "created_time": shown_time(key.created_time),
        "current_metadata_version": key.current_metadata_version,
        "current_version": key.current_version,
        "custom_metadata": custom(key),
        "delete_version_after": GoDuration(Duration::nanos_of(key.delete_version_after)).to_string(),
        "max_versions": key.max_versions,
        "metadata_cas_required": false,
        "oldest_version": key.oldest_version,
        "updated_time": shown_time(key.updated_time),
        "versions": versions,
    }))
}

/// A key's own metadata, null without any.
pub(super) fn custom(key: &Key) -> Value {
    if key.custom_metadata.is_empty() { Value::Null } else { json!(key.custom_metadata) }
}

/// Parameters that are read and have no part here.
const UNUSED: [(&str, Shape); 4] = [
    ("after", Shape::Text),
    ("limit", Shape::Int),
    ("metadata_cas", Shape::Int),
    ("metadata_cas_required", Shape::Flag),
];

const FIELDS: [&str; 4] = ["cas_required", "custom_metadata", "delete_version_after", "max_versions"];

/// Changes what is given; a key that is not there is made if anything is given.
pub(super) fn write(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    fields.check(&UNUSED).map_err(bare)?;
    let known = store.key(cx, path)?;
    let mut key = known.unwrap_or_else(|| new_key(cx, path));
    update(fields, &mut key).map_err(bare)?;
    if fields.has("custom_metadata") {
        key.custom_metadata = texts(&fields.object("custom_metadata").map_err(bare)?)?;
    }
    if FIELDS.iter().any(|name| fields.has(name)) {
        save(cx, store, path, key)?;
    }
    Ok(Reply::nothing())
}

/// As [`write()`], but of a key that is there; a null takes back.
pub(super) fn patch(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let Some(mut key) = store.key(cx, path)? else {
        return Ok(Reply { status: Some(404), ..Reply::nothing() });
    };
    update(fields, &mut key)?;
    for name in FIELDS.iter().filter(|name| call.data.get(**name).is_some_and(Value::is_null)) {
        match *name {
            "max_versions" => key.max_versions = 0,
            "cas_required" => key.cas_required = false,
            "delete_version_after" => key.delete_version_after = None,
            _ => key.custom_metadata.clear(),
        }
    }
    let (removed, given): (Map<_, _>, Map<_, _>) =
        fields.object("custom_metadata")?.into_iter().partition(|(_, value)| value.is_null());
    key.custom_metadata.retain(|name, _| !removed.contains_key(name));
    key.custom_metadata.extend(texts(&given)?);
    save(cx, store, path, key)?;
    Ok(Reply::nothing())
}

fn update(fields: Fields<'_>, key: &mut Key) -> Result<(), Refusal> {
    if fields.has("max_versions") {
        key.max_versions = count(fields.int("max_versions")?);
    }
    key.cas_required = fields.flag("cas_required", key.cas_required)?;
    if let Some(span) = fields.duration("delete_version_after")? {
        key.delete_version_after = Duration::of(span.0);
    }
    Ok(())
}

fn texts(given: &Map<String, Value>) -> Result<BTreeMap<String, String>, Refusal> {
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok((name.clone(), text.clone())),
        Value::Number(number) => Ok((name.clone(), number.to_string())),
        Value::Bool(flag) => Ok((name.clone(), u8::from(*flag).to_string())),
        Value::Null => Ok((name.clone(), String::new())),
        Value::Array(_) | Value::Object(_) => {
            let kind = if value.is_array() { "[]interface {}" } else { "map[string]interface {}" };
            Err(Refusal::invalid(format!(
                "custom_metadata validation failed: '' expected type 'string', got unconvertible type '{kind}'"
            )))
        }
    };
    given.iter().map(text).collect()
}

fn save(cx: &mut Context<'_>, store: &Store, path: &str, mut key: Key) -> Result<(), Refusal> {
    key.updated_time = Some(cx.now.into());
    key.current_metadata_version += 1;
    store.put_key(cx, path, &key)
}

/// A key without versions.
pub(super) fn new_key(cx: &Context<'_>, path: &str) -> Key {
    let now = Some(cx.now.into());
    Key { key: path.to_owned(), created_time: now, updated_time: now, ..Key::default() }
}

/// Deletes a key with all its versions.
pub(super) fn delete(cx: &mut Context<'_>, store: &Store, path: &str) -> Result<Reply, Refusal> {
    if let Some(key) = store.key(cx, path)? {
        for &number in key.versions.keys() {
            store.delete_version(cx, path, number)?;
        }
        store.delete_key(cx, path)?;
    }
    Ok(Reply::nothing())
}
