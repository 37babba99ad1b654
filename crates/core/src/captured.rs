//! The parameters that a path itself gives: what the body says in their place is replaced, and an answer that has something to say
//! says so. It knows no handler.

use crate::context::Index;
use crate::door::Call;
use crate::reply::Reply;

/// Adds the warning where the body, or the query, names what the path gives. It comes last, and is no answer of its own.
pub(crate) fn warn(index: &Index, call: &Call, reply: Reply) -> Reply {
    let Some(name) = index.mounts.route(&call.path).and_then(|(mount, rest)| name(&mount.kind, rest)) else {
        return reply;
    };
    if !reply.is_wrappable() || !call.data.contains_key(name) {
        return reply;
    }
    reply.warn(Some(format!(
        "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [{name}]"
    )))
}

/// What the path gives; `rest` is the path below the mount.
fn name(kind: &str, rest: &str) -> Option<&'static str> {
    let (folder, below) = rest.split_once('/').filter(|(_, below)| !below.is_empty())?;
    Some(match (kind, folder) {
        ("token", "create" | "roles") | ("approle", "role") => "role_name",
        ("userpass", "users" | "login") => "username",
        ("ssh", "roles" | "creds") => "role",
        ("kv", "data" | "metadata" | "delete" | "undelete" | "destroy" | "subkeys") => "path",
        ("identity", _) if below.starts_with("id/") => "id",
        ("identity", _) if below.starts_with("name/") => "name",
        ("system", "policy") => "name",
        ("system", "policies") if below.starts_with("acl/") => "name",
        ("system", "auth" | "mounts") => "path",
        _ => return None,
    })
}
