//! `sys/`: the vault about itself.

pub(crate) mod capabilities;
pub(crate) mod counters;
pub(crate) mod leases;
pub(crate) mod mounts;
pub(crate) mod policies;
pub(crate) mod remount;
pub(crate) mod rotate;
pub(crate) mod status;
pub(crate) mod tune;
pub(crate) mod versions;

use crate::context::{Caller, Context};
use crate::door::{Call, Operation};
use crate::refusal::Refusal;
use crate::reply::Reply;
use policies::Api;

/// Paths of one name, whatever the operation.
const PATHS: [&str; 14] = [
    "capabilities",
    "capabilities-accessor",
    "capabilities-self",
    "internal/counters/entities",
    "internal/counters/tokens",
    "internal/ui/resultant-acl",
    "key-status",
    "rotate",
    "rotate/config",
    "rotate/keyring",
    "rotate/keyring/config",
    "rotate/root",
    "version-history",
    "version-history/",
];

/// Answers a path below `sys/`.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    rest: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    for (prefix, api) in [("policies/acl", Api::Acl), ("policy", Api::Old)] {
        if let Some(rest) = rest.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            return policies::dispatch(cx, call, rest.strip_prefix('/'), api);
        }
    }
    if let Some(folder) =
        rest.strip_prefix("policies/detailed/acl").filter(|rest| rest.is_empty() || rest.starts_with('/'))
    {
        return policies::detailed(cx, call, folder.trim_start_matches('/'));
    }
    if rest == "leases" {
        return match call.operation {
            Operation::Read => leases::irrevocable(call, "leases", serde_json::json!([])),
            _ => Err(Refusal::UnsupportedOperation),
        };
    }
    if let Some(rest) = rest.strip_prefix("leases/") {
        return leases::dispatch(cx, call, rest);
    }
    for table in ["mounts", "auth"] {
        if let Some(path) = rest.strip_prefix(table).filter(|path| path.is_empty() || path.starts_with('/')) {
            return mounts::dispatch(cx, call, table, path.trim_start_matches('/'));
        }
    }
    if let Some(rest) =
        rest.strip_prefix("locked-users").filter(|rest| rest.is_empty() || rest.starts_with('/'))
    {
        return crate::auth::lockout::dispatch(cx, call, rest);
    }
    if let Some(rest) = rest.strip_prefix("remount").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        return remount::dispatch(cx, call, rest);
    }
    if let Some(rest) = rest.strip_prefix("wrapping/") {
        return crate::wrapping::dispatch(cx, call, rest, caller);
    }
    match (rest, call.operation) {
        ("capabilities", Operation::Update) => capabilities::of_token(cx, call),
        ("capabilities-self", Operation::Update) => capabilities::of_caller(cx, call, caller),
        ("capabilities-accessor", Operation::Update) => capabilities::of_accessor(cx, call),
        ("key-status", Operation::Read) => rotate::status(cx),
        ("seal", Operation::Update) => rotate::seal(cx),
        ("rotate/root", Operation::Update) => rotate::rotate_root(cx),
        ("version-history/", Operation::List) => versions::list(cx),
        ("rotate" | "rotate/keyring", Operation::Update) => rotate::rotate(cx),
        ("rotate/config" | "rotate/keyring/config", Operation::Read) => Ok(rotate::read_config(cx)),
        ("rotate/config" | "rotate/keyring/config", Operation::Update) => rotate::write_config(cx, call),
        ("internal/counters/tokens", Operation::Read) => Ok(counters::tokens(cx)),
        ("internal/counters/entities", Operation::Read) => Ok(counters::entities(cx, call)),
        ("internal/ui/resultant-acl", Operation::Read) => capabilities::resultant(cx, caller),
        (rest, _) if PATHS.contains(&rest) => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}
