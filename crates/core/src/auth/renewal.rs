//! Renewing a token that a login gave: what the user or role says now counts. It knows no leases.

use super::token_fields::TokenFields;
use super::{approle, userpass};
use crate::context::Context;
use crate::leases::LeaseAuth;
use crate::refusal::Refusal;
use crate::token_store::policies::sanitise;

/// What a login's method says of a renewal.
pub(crate) enum Renewal {
    /// The spans that hold now, in nanoseconds; 0 for none.
    Spans { ttl: i64, max_ttl: i64, period: i64 },
    /// The user is gone: nothing is renewed, and nothing said.
    Gone,
}

/// Asks the method that gave the token at `path`; none for tokens that no login gave.
pub(crate) fn ask(cx: &Context<'_>, path: &str, auth: &LeaseAuth) -> Result<Option<Renewal>, Refusal> {
    let Some((mount, _)) = cx.index.mounts.route(path) else { return Ok(None) };
    let named = |name: &str| auth.metadata.as_ref().and_then(|metadata| metadata.get(name)).cloned();
    let fields = match mount.kind.as_str() {
        "userpass" => {
            let Some(fields) = userpass::token_fields(cx, mount, &named("username").unwrap_or_default())?
            else {
                return Ok(Some(Renewal::Gone));
            };
            check_policies(&fields, auth)?;
            fields
        }
        "approle" => {
            let name = named("role_name").unwrap_or_default();
            let gone = || {
                let text = format!("failed to renew entry: role \"{name}\" does not exist during renewal");
                Refusal::WrappedInternal(text)
            };
            approle::token_fields(cx, mount, &name)?.ok_or_else(gone)?
        }
        _ => return Ok(None),
    };
    let TokenFields { token_ttl: ttl, token_max_ttl: max_ttl, token_period: period, .. } = fields;
    Ok(Some(Renewal::Spans { ttl, max_ttl, period }))
}

/// A user's token keeps its policies, so it must end when they are to change.
fn check_policies(fields: &TokenFields, auth: &LeaseAuth) -> Result<(), Refusal> {
    let mut policies = fields.token_policies.clone().unwrap_or_default();
    if !fields.token_no_default_policy {
        policies.push("default".to_owned());
    }
    if sanitise(&policies) == auth.token_policies.clone().unwrap_or_default() {
        return Ok(());
    }
    let text = "failed to renew entry: policies have changed, not renewing";
    Err(Refusal::WrappedInternal(text.to_owned()))
}
