//! `sys/leases/`: leases looked up, listed, renewed, revoked. It knows no engine.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::{Fields, Shape};
use crate::leases::{self, Lease};
use crate::refusal::Refusal;
use crate::reply::Reply;

/// Whether a path is root-protected.
pub(crate) fn needs_sudo(rest: &str) -> bool {
    ["lookup/", "revoke-prefix/", "revoke-force/"].iter().any(|folder| rest.starts_with(folder))
}

/// Answers a path below `sys/leases/`.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    let (verb, tail) = rest.split_once('/').unwrap_or((rest, ""));
    match (verb, tail, call.operation) {
        ("lookup", folder, Operation::List) => list(cx, folder),
        ("lookup", "", Operation::Update) => lookup(cx, call),
        ("renew" | "revoke" | "count" | "tidy", "", _) if rest.ends_with('/') => {
            Err(Refusal::UnsupportedPath)
        }
        ("count", "", Operation::Read) => irrevocable(call, "counts", json!({})),
        ("tidy", "", Operation::Update) => Ok(tidied()),
        ("renew", id, Operation::Update) => renew(cx, call, id),
        ("revoke", id, Operation::Update) => revoke(cx, call, id),
        ("revoke-prefix" | "revoke-force", "", _) => Err(Refusal::UnsupportedPath),
        ("revoke-prefix", prefix, Operation::Update) => revoke_below(cx, call, prefix, false),
        ("revoke-force", prefix, Operation::Update) => revoke_below(cx, call, prefix, true),
        ("count" | "tidy", "", _)
        | ("lookup" | "renew" | "revoke" | "revoke-prefix" | "revoke-force", _, _) => {
            Err(Refusal::UnsupportedOperation)
        }
        _ => Err(Refusal::UnsupportedPath),
    }
}

fn list(cx: &Context<'_>, folder: &str) -> Result<Reply, Refusal> {
    Reply::keys(cx.journal.list(&Lease::key(folder)))
}

fn lookup(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    check_lease_id(call)?;
    let unknown = Fields(&call.data).check(&[("lease_id", Shape::Text)])?;
    let id = lease_id(call, "")?;
    let lease = leases::find(cx, &id)?.ok_or_else(|| Refusal::invalid("invalid lease"))?;
    let seconds =
        |end: crate::UnixTime| (end.nanos_since(cx.now).saturating_add(500_000_000)) / 1_000_000_000;
    let data = Map::from_iter([
        ("expire_time".to_owned(), json!(lease.expires().map(|end| end.to_string()))),
        ("id".to_owned(), json!(lease.lease_id)),
        ("issue_time".to_owned(), json!(lease.issued().to_string())),
        ("last_renewal".to_owned(), json!(lease.renewed().map(|at| at.to_string()))),
        ("path".to_owned(), json!(lease.path)),
        ("renewable".to_owned(), Value::from(is_renewable(&lease))),
        ("ttl".to_owned(), json!(lease.expires().map_or(0, seconds))),
    ]);
    Ok(Reply::data(data).warn(unknown))
}

/// No engine here renews a secret. A batch token's secret is asked of its engine all the same, as the real server does.
fn renew(cx: &Context<'_>, call: &Call, path: &str) -> Result<Reply, Refusal> {
    Fields(&call.data).check(&[("increment", Shape::Duration)])?;
    check_lease_id(call)?;
    let id = lease_id(call, path)?;
    let lease = leases::find(cx, &id)?.ok_or_else(|| Refusal::invalid("lease not found"))?;
    Err(Refusal::invalid(match &lease {
        lease if lease.auth.is_some() && is_renewable(lease) => {
            "tokens cannot be renewed through this endpoint"
        }
        lease if lease.token_type == 2 || is_renewable(lease) => {
            "failed to renew entry: resp: (*logical.Response)(nil) err: unsupported operation"
        }
        _ => "lease is not renewable",
    }))
}

fn revoke(cx: &mut Context<'_>, call: &Call, path: &str) -> Result<Reply, Refusal> {
    let waits = waits(call)?;
    check_lease_id(call)?;
    let id = lease_id(call, path)?;
    leases::end(cx, &id)?;
    Ok(Reply { status: (!waits).then_some(202), ..Reply::nothing() })
}

fn revoke_below(cx: &mut Context<'_>, call: &Call, prefix: &str, force: bool) -> Result<Reply, Refusal> {
    let waits = force || waits(call)?;
    leases::end_below(cx, prefix, force)?;
    Ok(Reply { status: (!waits).then_some(202), ..Reply::nothing() })
}

/// Whether the answer waits for the end of the leases. Here they end before the answer in either case.
fn waits(call: &Call) -> Result<bool, Refusal> {
    let fields = Fields(&call.data);
    fields.flag("sync", false).map(|sync| sync || !fields.given("sync"))
}

/// A lease's id must be a text: numbers are not taken for one.
fn check_lease_id(call: &Call) -> Result<(), Refusal> {
    match call.data.get("lease_id") {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(Refusal::invalid("invalid lease ID")),
    }
}

/// Leases that could not be revoked: there are none, as revoking fails at nothing here.
pub(crate) fn irrevocable(call: &Call, name: &str, none: Value) -> Result<Reply, Refusal> {
    match Fields(&call.data).text("type")?.as_str() {
        "irrevocable" => Ok(Reply::data(Map::from_iter([
            (name.to_owned(), none),
            ("lease_count".to_owned(), Value::from(0)),
        ]))),
        _ => Err(Refusal::NotFound),
    }
}

/// There is nothing to tidy: no lease is left behind here.
fn tidied() -> Reply {
    let text = "Tidy operation successfully started. Any information from the operation will be printed to OpenBao's server logs.";
    Reply { status: Some(202), warnings: vec![text.to_owned()], ..Reply::nothing() }
}

/// The lease in the body, else in the path.
fn lease_id(call: &Call, path: &str) -> Result<String, Refusal> {
    let id = Fields(&call.data).text("lease_id")?;
    let id = if id.is_empty() { path.to_owned() } else { id };
    if id.is_empty() { Err(Refusal::invalid("lease_id must be specified")) } else { Ok(id) }
}

fn is_renewable(lease: &Lease) -> bool {
    lease.auth.as_ref().is_some_and(|auth| auth.renewable)
        || lease.secret.as_ref().is_some_and(|secret| secret.renewable)
}
