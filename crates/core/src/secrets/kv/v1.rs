//! `kv` without versions: a path's last value, as JSON at the same path below the mount's folder.

use serde_json::{Map, Value};

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::duration::GoDuration;
use crate::mounts::Mount;
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
        Operation::Read => read(cx, mount, &key),
        Operation::List => Reply::keys(cx.journal.list(&key)),
        Operation::Scan => scan(cx, &key),
        Operation::Update if call.data.is_empty() => Err(Refusal::invalid("missing data fields")),
        Operation::Update => {
            cx.journal.put_compact(&key, &call.data)?;
            Ok(Reply::nothing())
        }
        Operation::Delete => {
            cx.journal.delete(&key);
            Ok(Reply::nothing())
        }
        Operation::Patch => Err(Refusal::UnsupportedOperation),
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
    let keys = cx.journal.all_below(folder);
    Reply::keys(keys.iter().filter_map(|key| key.strip_prefix(folder)).map(str::to_owned).collect())
}
