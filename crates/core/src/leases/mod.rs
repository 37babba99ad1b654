//! Leases of secrets: registered under the token that answers for them, ended with it or in their own time. A token's own lease
//! ends the token. It knows no engine's secrets: see `secrets`.

pub(crate) mod expiries;
pub(crate) mod lease;

pub(crate) use lease::{Lease, LeaseAuth, LeaseSecret};

use serde_json::{Map, Value};

use crate::UnixTime;
use crate::context::Context;
use crate::ended::{What, Why};
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply;
use crate::token_store::{Live, end, salted};
use crate::{secrets, ttl};

/// Gives a secret its lease, of the mount's ttl unless `secret.lease` asks for one. A batch token's secret ends with the token at the
/// latest, and its parent answers for it. Also warnings for the answer.
pub(crate) fn register(
    cx: &mut Context<'_>,
    token: &Live,
    mount: &Mount,
    path: &str,
    mut secret: LeaseSecret,
    data: &Map<String, Value>,
) -> Result<(reply::Lease, Vec<String>), Refusal> {
    let (ttl, warnings) = ttl::grant(ttl::Ask {
        ttl: secret.lease,
        default: mount.default_ttl(),
        max: mount.max_ttl(),
        backend_max: secret.max_ttl,
        issued: cx.now,
        now: cx.now,
        ..ttl::Ask::default()
    });
    secret.lease = ttl;
    let renewable = secret.renewable;
    let ends = cx.now.plus_nanos(ttl);
    let ends = token.expires().filter(|_| token.is_batch()).map_or(ends, |end| end.min(ends));
    let lease_id = format!("{path}/{}", cx.journal.id()?);
    let mut lease = Lease::new(lease_id.clone(), path, cx.now, Some(ends));
    lease.client_token = if token.is_batch() { token.shown.clone() } else { token.entry.id.clone() };
    lease.token_type = token.entry.token_type.number();
    lease.data = Some(Value::Object(data.clone()));
    lease.secret = Some(secret);
    lease.store(cx)?;
    if let Some(index) = index_key(cx, token, &lease_id) {
        cx.journal.put(&index, lease_id.as_bytes())?;
    }
    let duration = ends.nanos_since(cx.now).saturating_add(500_000_000) / 1_000_000_000;
    Ok((reply::Lease { id: lease_id, duration, renewable }, warnings))
}

/// Who answers for a token's leases: itself, for a batch token its parent, for an orphan batch token nobody.
fn index_key(cx: &Context<'_>, token: &Live, lease_id: &str) -> Option<String> {
    let holder = if token.is_batch() { &token.entry.parent } else { &token.entry.id };
    let salt = &cx.index.salt;
    (!holder.is_empty())
        .then(|| format!("sys/expire/token/{}/{}", salted(salt, holder), salted(salt, lease_id)))
}

/// Reads a lease that has not ended.
pub(crate) fn find(cx: &Context<'_>, lease_id: &str) -> Result<Option<Lease>, Refusal> {
    let lease: Option<Lease> = cx.journal.read_json(&Lease::key(lease_id))?;
    Ok(lease.filter(|lease| lease.expires().is_none_or(|end| end > cx.now)))
}

/// Ends a lease: the secret in its engine, or the token with all below it.
pub(crate) fn end(cx: &mut Context<'_>, lease_id: &str) -> Result<(), Refusal> {
    let Some(lease) = cx.journal.read_json::<Lease>(&Lease::key(lease_id))? else { return Ok(()) };
    if lease.auth.is_some() {
        return end::by_lease(cx, &lease);
    }
    secrets::revoke(cx, &lease)?;
    forget(cx, &lease);
    cx.journal.endings.note(What::Lease { id: lease_id.to_owned() });
    Ok(())
}

/// Ends all leases that a token answers for; `id` is its storage id. Each is first written as ended, so that none can be lost.
pub(crate) fn end_all_of(cx: &mut Context<'_>, id: &str) -> Result<(), Refusal> {
    let mut ids = Vec::new();
    for index in cx.journal.all_below(&format!("sys/expire/token/{id}/")) {
        let lease_id = cx.journal.read(&index)?.unwrap_or_default();
        ids.push(String::from_utf8_lossy(&lease_id).into_owned());
    }
    for lease_id in &ids {
        let key = Lease::key(lease_id);
        if let Some(mut lease) = cx.journal.read_json::<Lease>(&key)? {
            lease.expire(cx.now);
            lease.store(cx)?;
        }
    }
    let cause = std::mem::replace(&mut cx.journal.endings.cause, Why::Token);
    for lease_id in &ids {
        end(cx, lease_id)?;
    }
    cx.journal.endings.cause = cause;
    Ok(())
}

/// Ends what is below a prefix, or the one lease of that id. With `force` also what its engine cannot take back.
pub(crate) fn end_below(cx: &mut Context<'_>, prefix: &str, force: bool) -> Result<(), Refusal> {
    if find(cx, prefix)?.is_some() {
        return end(cx, prefix);
    }
    let folder = Lease::key(prefix.trim_end_matches('/'));
    for key in cx.journal.all_below(&format!("{folder}/")) {
        let lease_id = key.strip_prefix(&Lease::key("")).unwrap_or_default();
        match end(cx, lease_id) {
            Err(_) if force => forget_by_id(cx, lease_id)?,
            ended => ended?,
        }
    }
    Ok(())
}

/// Ends everything that is due, soonest first. A lease whose entries are broken is only forgotten: it must not keep others alive, and
/// without its lease a token is dead.
pub(crate) fn end_due(cx: &mut Context<'_>) -> Result<(), Refusal> {
    let (index, now) = (cx.index, cx.now);
    let cause = std::mem::replace(&mut cx.journal.endings.cause, Why::Time);
    for lease_id in index.expiries.due(now) {
        if end(cx, lease_id).is_err() {
            // Without randomness nothing can be sealed, and nothing may be forgotten.
            cx.journal.nonce()?;
            cx.journal.delete(&Lease::key(lease_id));
        }
    }
    cx.journal.endings.cause = cause;
    Ok(())
}

/// When something ends next.
pub(crate) fn next_end(index: &crate::context::Index) -> Option<UnixTime> {
    index.expiries.next()
}

fn forget_by_id(cx: &mut Context<'_>, lease_id: &str) -> Result<(), Refusal> {
    if let Some(lease) = cx.journal.read_json::<Lease>(&Lease::key(lease_id))? {
        forget(cx, &lease);
    }
    Ok(())
}

/// Deletes a lease and its index, if it has one.
fn forget(cx: &mut Context<'_>, lease: &Lease) {
    cx.journal.delete(&Lease::key(&lease.lease_id));
    let salt = &cx.index.salt;
    let holder = holder(cx, lease).filter(|holder| !holder.is_empty());
    let index = holder.map(|holder| {
        format!("sys/expire/token/{}/{}", salted(salt, &holder), salted(salt, &lease.lease_id))
    });
    if let Some(index) = index {
        cx.journal.delete(&index);
    }
}

/// The token that answers for a lease, from the lease alone: a batch token's parent is sealed in it.
fn holder(cx: &Context<'_>, lease: &Lease) -> Option<String> {
    if lease.token_type != 2 {
        return Some(lease.client_token.clone());
    }
    cx.journal.keyring().open_token(&lease.client_token).ok().map(|entry| entry.parent)
}
