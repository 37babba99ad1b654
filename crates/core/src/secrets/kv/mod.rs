//! `kv`: keys and values, with versions or without.

mod config;
mod data;
mod metadata;
mod proto;
mod store;
mod v1;

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;
use store::Store;

/// Answers a path below the mount's.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
) -> Result<Reply, Refusal> {
    if mount.is_kv2() {
        versioned(cx, call, &Store::of(mount), rest)
    } else {
        v1::dispatch(cx, call, mount, rest)
    }
}

/// Whether what would be written is there.
pub(crate) fn exists(cx: &Context<'_>, mount: &Mount, rest: &str) -> Result<Option<bool>, Refusal> {
    if !mount.is_kv2() {
        return v1::exists(cx, mount, rest).map(Some);
    }
    match rest.split_once('/') {
        Some(("data" | "metadata", path)) => Ok(Some(Store::of(mount).key(cx, path)?.is_some())),
        _ => Ok(None),
    }
}

/// Gives the entries of a mount without versions a first one each.
pub(crate) fn upgrade(cx: &mut Context<'_>, mount: &Mount) -> Result<(), Refusal> {
    let folder = mount.storage();
    let store = Store::of(mount);
    for key in cx.journal.all_below(&folder) {
        let Some(path) = key.strip_prefix(&folder) else { continue };
        if let Some(value) = cx.journal.read_json(&key)? {
            cx.journal.delete(&key);
            data::put(cx, &store, path, None, &value)?;
        }
    }
    Ok(())
}

fn versioned(cx: &mut Context<'_>, call: &Call, store: &Store, rest: &str) -> Result<Reply, Refusal> {
    use Operation::{Delete, List, Patch, Read, Scan, Update};
    let (folder, path) = rest.split_once('/').map_or((rest, None), |(folder, path)| (folder, Some(path)));
    match (folder, path, call.operation) {
        ("config", None, Read) => config::read(cx, store),
        ("config", None, Update) => config::write(cx, call, store),
        ("config", None, _) => Err(Refusal::UnsupportedOperation),
        ("metadata", Some(path), List) => Reply::keys(page(call, store.list(cx, path)?)?),
        ("metadata", Some(path), Scan) => {
            Ok(metadata::scan(leaves_first(page(call, store.scan(cx, path)?)?)))
        }
        ("detailed-metadata", Some(path), List) => match page(call, store.list(cx, path)?)? {
            names if names.is_empty() => Err(Refusal::NotFound),
            names => metadata::detailed(cx, store, path, names),
        },
        ("detailed-metadata", Some(path), Scan) => {
            metadata::detailed(cx, store, path, leaves_first(page(call, store.scan(cx, path)?)?))
        }
        ("detailed-metadata", Some(_), _) => Err(Refusal::UnsupportedOperation),
        ("data" | "metadata" | "delete" | "undelete" | "destroy" | "subkeys", None, _) => {
            Ok(nowhere("Non-listing operations on the root of a K/V v2 mount are not supported."))
        }
        ("data", Some(path), Read) => data::read(cx, call, store, path),
        ("data", Some(path), Update) => data::write(cx, call, store, path),
        ("data", Some(path), Patch) => data::patch(cx, call, store, path),
        ("data", Some(path), Delete) => data::delete_latest(cx, store, path),
        ("subkeys", Some(path), Read) => data::subkeys(cx, call, store, path),
        ("metadata", Some(path), Read) => metadata::read(cx, store, path),
        ("metadata", Some(path), Update) => metadata::write(cx, call, store, path),
        ("metadata", Some(path), Patch) => metadata::patch(cx, call, store, path),
        ("metadata", Some(path), Delete) => metadata::delete(cx, store, path),
        ("delete", Some(path), Update) => data::delete(cx, call, store, path),
        ("undelete", Some(path), Update) => data::undelete(cx, call, store, path),
        ("destroy", Some(path), Update) => data::destroy(cx, call, store, path),
        ("data" | "metadata" | "delete" | "undelete" | "destroy" | "subkeys", _, _) => {
            Err(Refusal::UnsupportedOperation)
        }
        (_, _, Operation::Head) => Err(Refusal::UnsupportedOperation),
        _ => Ok(invalid_path(call.operation)),
    }
}

/// The names that a listing asks for: those behind `after`, and `limit` of them at most.
fn page(call: &Call, mut names: Vec<String>) -> Result<Vec<String>, Refusal> {
    let fields = Fields(&call.data);
    let after = fields.text("after")?;
    let limit = fields.int("limit")?;
    names.retain(|name| *name > after);
    if let Ok(limit) = usize::try_from(limit)
        && limit > 0
    {
        names.truncate(limit);
    }
    Ok(names)
}

/// Paths in the order in which folders are gone through: of each what stands in it, then what its folders hold.
fn leaves_first(mut paths: Vec<String>) -> Vec<String> {
    paths.sort_by_cached_key(|path| {
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        let last = parts.len().saturating_sub(1);
        parts.into_iter().enumerate().map(|(at, part)| (at < last, part)).collect::<Vec<_>>()
    });
    paths
}

/// 404 with a warning and nothing else.
fn nowhere(text: &str) -> Reply {
    Reply { status: Some(404), warnings: vec![text.to_owned()], ..Reply::nothing() }
}

fn invalid_path(operation: Operation) -> Reply {
    let verb = match operation {
        Operation::Read | Operation::Head => "get",
        Operation::List => "list",
        Operation::Scan => "scan",
        Operation::Update => "put",
        Operation::Patch => "patch",
        Operation::Delete => "delete",
    };
    nowhere(&format!(
        "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using \
         the OpenBao CLI, use 'bao kv {verb}' for this operation."
    ))
}

/// 404 with what is still known.
fn gone(data: serde_json::Value) -> Reply {
    Reply { status: Some(404), ..Reply::data(object(data)) }
}
