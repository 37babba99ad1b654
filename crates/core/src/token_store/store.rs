//! Writing a service token: four entries, in the server's order. It knows no checks.

use serde_json::Value;
use vaultlet_token::Flavour;
use vaultlet_token::entry::TokenEntry;

use crate::UnixTime;
use crate::context::Context;
use crate::leases::{Lease, LeaseAuth};
use crate::refusal::Refusal;
use crate::token_store::record::{AccessorRecord, Record};
use crate::token_store::salted;

/// What a token's lease is granted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Grant {
    /// Nanoseconds; 0 never ends.
    pub ttl: i64,
    /// Whether it may be renewed.
    pub renewable: bool,
    /// Nanoseconds: what every renewal grants, 0 for none.
    pub period: i64,
    /// Nanoseconds: what no renewal goes beyond, 0 for none.
    pub explicit_max: i64,
}

/// What a login's lease remembers of it, for the auth method to renew by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    /// The policies as the method gave them.
    pub policies: Option<Vec<String>>,
    /// Who logged in.
    pub alias: Value,
    /// What the method keeps for itself.
    pub internal_data: Option<Value>,
    /// The role that was logged in with, where the method has roles.
    pub role: String,
    /// Whether the login made the entity.
    pub entity_created: bool,
}

/// Draws id, accessor and cubbyhole, and writes the token. A custom id is kept.
pub(crate) fn write(cx: &mut Context<'_>, entry: &mut TokenEntry, grant: &Grant) -> Result<(), Refusal> {
    draw_ids(cx, entry)?;
    write_entries(cx, entry)?;
    lease_for(cx, entry, grant).store(cx)
}

/// As [`write()`], for a login's token.
pub(crate) fn write_login(
    cx: &mut Context<'_>,
    entry: &mut TokenEntry,
    grant: &Grant,
    login: Login,
) -> Result<(), Refusal> {
    draw_ids(cx, entry)?;
    write_entries(cx, entry)?;
    let mut lease = lease_for(cx, entry, grant);
    lease.login_role = login.role;
    if let Some(auth) = &mut lease.auth {
        auth.policies = login.policies;
        auth.alias = Some(login.alias);
        auth.internal_data = login.internal_data;
        auth.entity_created = login.entity_created;
        auth.creation_path.clear();
        auth.bound_cidrs = Some(entry.bound_cidrs.clone()).filter(|cidrs| !cidrs.is_empty());
    }
    lease.store(cx)
}

/// As [`write()`], for a wrapping token, of which the real server remembers little.
pub(crate) fn write_wrapping(
    cx: &mut Context<'_>,
    entry: &mut TokenEntry,
    grant: &Grant,
) -> Result<(), Refusal> {
    draw_ids(cx, entry)?;
    write_entries(cx, entry)?;
    let mut lease = lease_for(cx, entry, grant);
    lease.auth = Some(LeaseAuth {
        lease: grant.ttl,
        policies: Some(entry.policies.clone()),
        client_token: entry.id.clone(),
        ..LeaseAuth::default()
    });
    lease.store(cx)
}

/// Draws id, accessor and cubbyhole. A custom id is kept.
pub(crate) fn draw_ids(cx: &mut Context<'_>, entry: &mut TokenEntry) -> Result<(), Refusal> {
    if entry.id.is_empty() {
        let prefix = match cx.flavour {
            Flavour::Vault => "hvs",
            Flavour::OpenBao => "s",
        };
        entry.id = format!("{prefix}.{}", cx.journal.id()?);
    }
    entry.accessor = cx.journal.id()?;
    entry.cubbyhole_id = cx.journal.id()?;
    Ok(())
}

/// Writes accessor, parent index and entry. The index comes before the entry: one that dangles beats a token that
/// escapes its parent's revocation.
pub(crate) fn write_entries(cx: &mut Context<'_>, entry: &TokenEntry) -> Result<(), Refusal> {
    let salt = &cx.index.salt;
    let salted_id = salted(salt, &entry.id);
    let accessor = AccessorRecord {
        token_id: entry.id.clone(),
        accessor_id: entry.accessor.clone(),
        namespace_id: entry.namespace_id.clone(),
    };
    cx.journal.put_json(&format!("sys/token/accessor/{}", salted(salt, &entry.accessor)), &accessor)?;
    if !entry.parent.is_empty() {
        let parent = salted(salt, &entry.parent);
        cx.journal.put(&format!("sys/token/parent/{parent}/{salted_id}"), b"")?;
    }
    cx.journal.put_compact(&format!("sys/token/id/{salted_id}"), &Record::from(entry))
}

fn lease_for(cx: &Context<'_>, entry: &TokenEntry, grant: &Grant) -> Lease {
    let expires: Option<UnixTime> = Some(cx.now.plus_nanos(grant.ttl)).filter(|_| grant.ttl > 0);
    let lease_id = format!("{}/{}", entry.path, salted(&cx.index.salt, &entry.id));
    let mut lease = Lease::new(lease_id, &entry.path, cx.now, expires);
    lease.client_token.clone_from(&entry.id);
    lease.auth = Some(LeaseAuth {
        lease: grant.ttl,
        renewable: grant.renewable,
        display_name: entry.display_name.clone(),
        policies: Some(entry.policies.clone()),
        token_policies: Some(entry.policies.clone()),
        metadata: Some(entry.meta.clone()).filter(|meta| !meta.is_empty()),
        client_token: entry.id.clone(),
        accessor: entry.accessor.clone(),
        period: grant.period,
        explicit_max_ttl: grant.explicit_max,
        num_uses: entry.num_uses,
        entity_id: entry.entity_id.clone(),
        creation_path: entry.path.clone(),
        token_type: 1,
        orphan: entry.parent.is_empty(),
        ..LeaseAuth::default()
    });
    lease
}
