//! `data`, `delete`, `undelete`, `destroy`, `subkeys`: versions of values, made, read, taken away and back.

use serde_json::{Map, Value, json};

use super::gone;
use super::metadata::{custom, new_key};
use super::proto::{Duration, Key, Timestamp, Version, VersionMetadata};
use super::store::Store;
use crate::UnixTime;
use crate::auth::bare;
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::mounts::object;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// How many versions a key keeps if nothing else is set.
const MOST_VERSIONS: u32 = 10;

/// A time as it is shown; empty for none.
pub(super) fn shown_time(time: Option<Timestamp>) -> String {
    time.map_or_else(String::new, |time| UnixTime::from(time).to_string())
}

/// When a version is or was deleted; empty if never.
pub(super) fn deletion_time(version: &VersionMetadata) -> String {
    shown_time(version.deletion_time)
}

fn is_deleted(version: &VersionMetadata, now: UnixTime) -> bool {
    version.deletion_time.is_some_and(|time| UnixTime::from(time) <= now)
}

/// What an answer says of a version.
fn shown(key: &Key, number: u64, version: &VersionMetadata) -> Value {
    json!({
        "created_time": shown_time(version.created_time),
        "custom_metadata": custom(key),
        "deletion_time": deletion_time(version),
        "destroyed": version.destroyed,
        "version": number,
    })
}

/// The version that a read names, else the current one.
struct Found {
    key: Key,
    number: u64,
    metadata: VersionMetadata,
}

fn find(cx: &Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Found, Refusal> {
    let asked = Fields(&call.data).int("version")?;
    let key = store.key(cx, path)?.ok_or(Refusal::NotFound)?;
    let number = u64::try_from(asked).ok().filter(|&asked| asked > 0).unwrap_or(key.current_version);
    let metadata = *key.versions.get(&number).ok_or(Refusal::NotFound)?;
    Ok(Found { key, number, metadata })
}

fn value(cx: &mut Context<'_>, store: &Store, path: &str, number: u64) -> Result<Value, Refusal> {
    let version = store.version(cx, path, number)?.ok_or(Refusal::NotFound)?;
    serde_json::from_slice(&version.data).map_err(|error| {
        Refusal::Internal(format!("stored version {number} of {path:?} cannot be read: {error}"))
    })
}

/// Reads a version; a deleted one is 404 with what is known of it.
pub(super) fn read(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let Found { key, number, metadata } = find(cx, call, store, path)?;
    let shown = shown(&key, number, &metadata);
    if metadata.destroyed || is_deleted(&metadata, cx.now) {
        return Ok(gone(json!({ "data": null, "metadata": shown })));
    }
    let data = value(cx, store, path, number)?;
    Ok(Reply::data(object(json!({ "data": data, "metadata": shown }))))
}

/// Reads the names in a version without their values, down to `depth`.
pub(super) fn subkeys(
    cx: &mut Context<'_>,
    call: &Call,
    store: &Store,
    path: &str,
) -> Result<Reply, Refusal> {
    let depth = Fields(&call.data).int("depth")?;
    let Found { key, number, metadata } = find(cx, call, store, path)?;
    let shown = shown(&key, number, &metadata);
    if metadata.destroyed || is_deleted(&metadata, cx.now) {
        return Ok(gone(json!({ "subkeys": null, "metadata": shown })));
    }
    let data = value(cx, store, path, number)?;
    let names = names_of(&data, u64::try_from(depth).ok().filter(|&depth| depth > 0).unwrap_or(u64::MAX));
    Ok(Reply::data(object(json!({ "metadata": shown, "subkeys": names }))))
}

fn names_of(value: &Value, depth: u64) -> Value {
    match value {
        Value::Object(map) if depth > 0 && !map.is_empty() => {
            map.iter().map(|(name, value)| (name.clone(), names_of(value, depth - 1))).collect()
        }
        _ => Value::Null,
    }
}

/// Makes the next version.
pub(super) fn write(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let data = fields.object("data").map_err(bare)?;
    let options = fields.object("options").map_err(bare)?;
    fields.int("version").map_err(bare)?;
    let known = store.key(cx, path)?;
    if !call.data.contains_key("data") {
        return Err(Refusal::invalid("no data provided"));
    }
    check_version(cx, store, known.as_ref(), &options)?;
    let reply = put(cx, store, path, known, &data)?;
    Ok(reply.warn(fields.unknown(&["data", "options", "path", "version"])))
}

/// Check and set: the version must be the current one, 0 for a new key.
fn check_version(
    cx: &Context<'_>,
    store: &Store,
    key: Option<&Key>,
    options: &Map<String, Value>,
) -> Result<(), Refusal> {
    let required = key.is_some_and(|key| key.cas_required) || store.config(cx)?.cas_required;
    if !options.contains_key("cas") {
        let text = "check-and-set parameter required for this call";
        return if required { Err(Refusal::invalid(text)) } else { Ok(()) };
    }
    let wrong = |_| Refusal::invalid("error parsing check-and-set parameter");
    let cas = Fields(options).int("cas").map_err(wrong)?;
    if u64::try_from(cas) == Ok(key.map_or(0, |key| key.current_version)) {
        return Ok(());
    }
    Err(Refusal::invalid("check-and-set parameter did not match the current version"))
}

/// Stores a value as the next version, and lets go of those that are too many.
pub(super) fn put(
    cx: &mut Context<'_>,
    store: &Store,
    path: &str,
    known: Option<Key>,
    data: &Map<String, Value>,
) -> Result<Reply, Refusal> {
    let config = store.config(cx)?;
    let mut key = known.unwrap_or_else(|| new_key(cx, path));
    let number = key.current_version + 1;
    let kept_for = kept_for(&key, Duration::nanos_of(config.delete_version_after));
    let metadata = VersionMetadata {
        created_time: Some(cx.now.into()),
        deletion_time: kept_for.map(|span| cx.now.plus_nanos(span).into()),
        destroyed: false,
    };
    let version = Version {
        data: serde_json::to_vec(data).unwrap_or_default(),
        created_time: metadata.created_time,
        deletion_time: metadata.deletion_time,
    };
    store.put_version(cx, path, number, &version)?;
    key.versions.insert(number, metadata);
    key.current_version = number;
    key.updated_time = Some(cx.now.into());
    let most =
        [key.max_versions, config.max_versions].into_iter().find(|&most| most > 0).unwrap_or(MOST_VERSIONS);
    trim(cx, store, path, &mut key, most)?;
    store.put_key(cx, path, &key)?;
    Ok(Reply::data(object(shown(&key, number, &metadata))))
}

/// How long a new version is kept, if not for ever: the key's span, else the mount's, the shorter of both.
fn kept_for(key: &Key, of_mount: i64) -> Option<i64> {
    let of_key = Duration::nanos_of(key.delete_version_after);
    if of_mount < 0 {
        return None;
    }
    [of_key, of_mount].into_iter().filter(|&span| span > 0).min()
}

fn trim(cx: &mut Context<'_>, store: &Store, path: &str, key: &mut Key, most: u32) -> Result<(), Refusal> {
    let last = key.current_version.saturating_sub(u64::from(most));
    let old: Vec<u64> = key.versions.range(..=last).map(|(&number, _)| number).collect();
    for number in old {
        key.versions.remove(&number);
        store.delete_version(cx, path, number)?;
        key.oldest_version = last + 1;
    }
    Ok(())
}

/// Makes the next version from the current one and a merge patch.
pub(super) fn patch(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let given = fields.object("data")?;
    let options = fields.object("options")?;
    if !call.data.contains_key("data") {
        return Err(Refusal::invalid("no data provided"));
    }
    let Some(key) = store.key(cx, path)? else {
        return Ok(Reply { status: Some(404), ..Reply::nothing() });
    };
    let number = key.current_version;
    let Some(metadata) = key.versions.get(&number).copied() else {
        return Ok(Reply { status: Some(404), ..Reply::nothing() });
    };
    if metadata.destroyed || is_deleted(&metadata, cx.now) {
        return Ok(gone(shown(&key, number, &metadata)));
    }
    check_version(cx, store, Some(&key), &options)?;
    let mut data = value(cx, store, path, number)?;
    merge(&mut data, &Value::Object(given));
    put(cx, store, path, Some(key), &object(data))
}

/// RFC 7396: objects are merged, a null takes away, all else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Deletes the current version, which can be taken back.
pub(super) fn delete_latest(cx: &mut Context<'_>, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let Some(key) = store.key(cx, path)? else { return Ok(Reply::nothing()) };
    let current = key.current_version;
    mark_deleted(cx, store, path, key, &[current])
}

/// `delete`: the versions named.
pub(super) fn delete(cx: &mut Context<'_>, call: &Call, store: &Store, path: &str) -> Result<Reply, Refusal> {
    let numbers = numbers(call, "No version number provided")?;
    let Some(key) = store.key(cx, path)? else { return Ok(Reply::nothing()) };
    mark_deleted(cx, store, path, key, &numbers)
}

fn mark_deleted(
    cx: &mut Context<'_>,
    store: &Store,
    path: &str,
    mut key: Key,
    numbers: &[u64],
) -> Result<Reply, Refusal> {
    for number in numbers {
        let version = key.versions.get_mut(number);
        if let Some(version) = version.filter(|version| !version.destroyed && !is_deleted(version, cx.now)) {
            version.deletion_time = Some(cx.now.into());
        }
    }
    store.put_key(cx, path, &key)?;
    Ok(Reply::nothing())
}

/// `undelete`: takes deletions back, as long as nothing is destroyed.
pub(super) fn undelete(
    cx: &mut Context<'_>,
    call: &Call,
    store: &Store,
    path: &str,
) -> Result<Reply, Refusal> {
    let numbers = numbers(call, "No version number provided")?;
    let Some(mut key) = store.key(cx, path)? else { return Ok(Reply::nothing()) };
    for number in numbers {
        if let Some(version) = key.versions.get_mut(&number).filter(|version| !version.destroyed) {
            version.deletion_time = None;
        }
    }
    store.put_key(cx, path, &key)?;
    Ok(Reply::nothing())
}

/// `destroy`: the values named, for good.
pub(super) fn destroy(
    cx: &mut Context<'_>,
    call: &Call,
    store: &Store,
    path: &str,
) -> Result<Reply, Refusal> {
    let numbers = numbers(call, "no version number provided")?;
    let Some(mut key) = store.key(cx, path)? else { return Ok(Reply::nothing()) };
    for number in numbers {
        if let Some(version) = key.versions.get_mut(&number) {
            version.destroyed = true;
            store.delete_version(cx, path, number)?;
        }
    }
    store.put_key(cx, path, &key)?;
    Ok(Reply::nothing())
}

fn numbers(call: &Call, none: &str) -> Result<Vec<u64>, Refusal> {
    match Fields(&call.data).ints("versions")? {
        numbers if numbers.is_empty() => Err(Refusal::invalid(none)),
        numbers => Ok(numbers.into_iter().filter_map(|number| u64::try_from(number).ok()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_patch_is_applied() {
        let mut data = json!({"a": {"b": 1, "c": 2}, "d": [1]});
        merge(&mut data, &json!({"a": {"b": null, "e": {"f": null, "g": 3}}, "d": "x"}));
        assert_eq!(data, json!({"a": {"c": 2, "e": {"g": 3}}, "d": "x"}));
    }

    #[test]
    fn names_end_at_their_depth() {
        let data = json!({"a": {"b": 1, "c": {}}, "l": [1]});
        assert_eq!(names_of(&data, u64::MAX), json!({"a": {"b": null, "c": null}, "l": null}));
        assert_eq!(names_of(&data, 1), json!({"a": null, "l": null}));
    }
}
