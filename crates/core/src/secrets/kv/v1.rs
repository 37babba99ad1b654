//! `kv` without versions: a path's last value, as JSON at the same path below the mount's folder.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::duration::GoDuration;
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::{Lease, Reply};

/// Answers a path below the mount's.
pub(super) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
) -> Result<Reply, Refusal> {
    let key = format!("{}{rest}", mount.storage());
    match call.operation {
        Operation::Read => Ok(read(cx, mount, &key)?.warn(Fields(&call.data).unknown(&["path"]))),
        Operation::List => Reply::keys(cx.journal.list(&key)),
        Operation::Scan => scan(cx, &key),
        Operation::Update if rest.is_empty() => Err(Refusal::invalid("missing path")),
        Operation::Update if call.data.is_empty() => Err(Refusal::invalid("missing data fields")),
        Operation::Update => {
            cx.journal.put_compact(&key, &call.data)?;
            Ok(Reply::nothing())
        }
        Operation::Delete => {
            cx.journal.delete(&key);
            Ok(Reply::nothing())
        }
        Operation::Patch | Operation::Head => Err(Refusal::UnsupportedOperation),
    }
}

/// Whether something stands at a path.
pub(super) fn exists(cx: &Context<'_>, mount: &Mount, rest: &str) -> Result<bool, Refusal> {
    Ok(cx.journal.read(&format!("{}{rest}", mount.storage()))?.is_some())
}

/// No lease, but how long a reader may rely on it: what the value itself says in `ttl` or `lease`, else the mount's default.
fn read(cx: &Context<'_>, mount: &Mount, key: &str) -> Result<Reply, Refusal> {
    let data: Map<String, Value> = cx.journal.read_json(key)?.ok_or(Refusal::NotFound)?;
    let span = |name: &str| GoDuration::parse_field(data.get(name)?).ok().filter(|span| span.0 > 0);
    let span = span("ttl").or_else(|| span("lease")).map_or(mount.default_ttl(), |span| span.0);
    let lease = Lease { duration: span / 1_000_000_000, ..Lease::default() };
    Ok(Reply { lease, ..Reply::data(data) })
}

fn scan(cx: &Context<'_>, folder: &str) -> Result<Reply, Refusal> {
    let keys = below(cx, folder, "");
    let data = if keys.is_empty() { Map::new() } else { object(json!({ "keys": keys })) };
    Ok(Reply::data(data))
}

/// All keys below a folder: of each folder what stands in it first, then what its folders hold.
pub(super) fn below(cx: &Context<'_>, root: &str, folder: &str) -> Vec<String> {
    let names = cx.journal.list(&format!("{root}{folder}"));
    let (folders, leaves): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.ends_with('/'));
    let mut all: Vec<String> = leaves.iter().map(|name| format!("{folder}{name}")).collect();
    all.extend(folders.iter().flat_map(|inner| below(cx, root, &format!("{folder}{inner}"))));
    all
}
