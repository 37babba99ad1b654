//! Secrets engines. They know no policies and no tokens but the caller's.

pub(crate) mod cubbyhole;
pub(crate) mod kv;
pub(crate) mod ssh;

use crate::context::Context;
use crate::leases::Lease;
use crate::refusal::Refusal;

/// Takes back the secret of a lease that ends. An engine that is not here, as in a real server's snapshot, has given out what nobody can
/// take back: its lease ends all the same.
pub(crate) fn revoke(cx: &mut Context<'_>, lease: &Lease) -> Result<(), Refusal> {
    match cx.index.mounts.route(&lease.path) {
        Some((mount, _)) if mount.kind == "ssh" => ssh::revoke(cx, mount, lease),
        _ => Ok(()),
    }
}
