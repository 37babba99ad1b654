//! `auth/token/renew`, `renew-self`, `renew-accessor`: a longer life within the limits. It knows no policies.

use vaultlet_token::entry::TokenEntry;

use crate::auth::renewal::{self, Renewal};
use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::leases::{Lease, LeaseAuth};
use crate::mounts::SYSTEM_TTL;
use crate::refusal::Refusal;
use crate::reply::{Auth, Reply};
use crate::token_store::role::Role;
use crate::token_store::{Dead, Live, find, given};
use crate::{identity, ttl};

/// `renew`: the token in the body.
pub(crate) fn renew(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("token", Shape::Text), ("increment", Shape::Duration)])?;
    let text = fields.text("token")?;
    if text.is_empty() {
        return Err(Refusal::invalid("missing token ID"));
    }
    let token = find(cx, &text).map_err(|dead| match dead {
        Dead::Undecodable(error) => {
            Refusal::WrappedInternal(format!("error looking up token to renew: {error}"))
        }
        Dead::Broken(refusal) => refusal,
        Dead::Unknown | Dead::Expired | Dead::ParentGone => Refusal::invalid("token not found"),
    })?;
    Ok(extend(cx, token, fields)?.warn(unknown))
}

/// `renew-self`: the caller's. A token in the body is not looked at.
pub(crate) fn renew_self(cx: &mut Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("token", Shape::Text), ("increment", Shape::Duration)])?;
    Ok(extend(cx, caller.token.clone(), fields)?.warn(unknown))
}

/// `renew-accessor`: the answer does not tell the token.
pub(crate) fn renew_accessor(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("accessor", Shape::Text), ("increment", Shape::Duration)])?;
    let mut token = given::required_by_accessor(cx, fields)?;
    token.shown.clear();
    let renewed = extend(cx, token, fields).map_err(|refusal| match refusal {
        // The server loses the reason on the way.
        Refusal::Invalid(_) => Refusal::WrappedInvalid("invalid request".to_owned()),
        refusal => refusal,
    })?;
    Ok(renewed.warn(unknown))
}

fn extend(cx: &mut Context<'_>, token: Live, fields: Fields<'_>) -> Result<Reply, Refusal> {
    if token.is_batch() {
        return Err(Refusal::invalid("batch tokens cannot be renewed"));
    }
    if token.is_spent() {
        return Err(Refusal::invalid("token not found"));
    }
    let not_renewable = || Refusal::invalid("lease is not renewable");
    let mut lease = token.lease.as_ref().map(|lease| lease.0.clone()).ok_or_else(not_renewable)?;
    let mut auth = lease.auth.take().filter(|auth| auth.renewable).ok_or_else(not_renewable)?;
    let increment = fields.duration("increment")?.unwrap_or_default().0;
    let mut asked = ask(cx, &lease, &auth, increment);
    match renewal::ask(cx, &lease.path, &auth)? {
        Some(Renewal::Gone) => return Ok(Reply::nothing()),
        Some(Renewal::Spans { ttl, max_ttl, period }) => {
            asked.default = if ttl > 0 { ttl } else { mount_default(cx, &lease) };
            (asked.backend_max, asked.period) = (max_ttl, period);
            (auth.max_ttl, auth.period) = (max_ttl, period);
        }
        None => {
            follow_role(cx, &token.entry, &mut auth)?;
            asked = ask(cx, &lease, &auth, increment);
        }
    }
    let (ttl, warnings) = ttl::grant(asked);
    if ttl <= 0 {
        return Err(Refusal::WrappedInternal("past the max TTL, cannot renew".to_owned()));
    }
    auth.lease = ttl;
    lease.renew(cx.now, cx.now.plus_nanos(ttl));
    let mut answer = answer(token.shown, &auth);
    identity::show_policies(cx.index, &token.entry, &mut answer);
    lease.auth = Some(auth);
    lease.store(cx)?;
    Ok(Reply { warnings, ..Reply::auth(answer) })
}

/// What the role says now counts, not what it said when the token was made.
fn follow_role(cx: &Context<'_>, entry: &TokenEntry, auth: &mut LeaseAuth) -> Result<(), Refusal> {
    if entry.role.is_empty() {
        return Ok(());
    }
    let role = Role::find(cx, &entry.role)?.ok_or_else(|| {
        Refusal::WrappedInternal(format!(
            "failed to renew entry: original token role \"{}\" could not be found, not renewing",
            entry.role
        ))
    })?;
    auth.period = role.token_period;
    auth.explicit_max_ttl = role.token_explicit_max_ttl;
    Ok(())
}

fn mount_default(cx: &Context<'_>, lease: &Lease) -> i64 {
    let mount = cx.index.mounts.route(&lease.path).map(|(mount, _)| mount);
    mount.map_or(SYSTEM_TTL, crate::mounts::Mount::default_ttl)
}

/// Without an increment the span last granted is granted again.
fn ask(cx: &Context<'_>, lease: &Lease, auth: &LeaseAuth, increment: i64) -> ttl::Ask {
    let mount = cx.index.mounts.route(&lease.path).map(|(mount, _)| mount);
    ttl::Ask {
        ttl: increment,
        default: auth.lease,
        max: mount.map_or(SYSTEM_TTL, crate::mounts::Mount::max_ttl),
        backend_max: 0,
        explicit_max: auth.explicit_max_ttl,
        period: auth.period,
        issued: lease.issued(),
        now: cx.now,
    }
}

fn answer(shown: String, auth: &LeaseAuth) -> Auth {
    Auth {
        client_token: shown,
        accessor: auth.accessor.clone(),
        policies: auth.token_policies.clone().unwrap_or_default(),
        token_policies: auth.token_policies.clone().unwrap_or_default(),
        identity_policies: auth.identity_policies.clone().unwrap_or_default(),
        metadata: auth.metadata.clone(),
        lease_duration: auth.lease / 1_000_000_000,
        renewable: auth.renewable,
        entity_id: auth.entity_id.clone(),
        token_type: "service",
        orphan: auth.orphan,
        mfa_requirement: None,
        num_uses: auth.num_uses,
    }
}
