//! The end of a service token: its entries deleted in the server's order, its descendants taken along. It knows no request.

use std::collections::BTreeSet;

use vaultlet_token::entry::TokenEntry;

use crate::context::Context;
use crate::ended::{What, Why};
use crate::leases::{self, Lease, LeaseAuth};
use crate::refusal::Refusal;
use crate::secrets::cubbyhole;
use crate::token_store::record::Record;
use crate::token_store::uses::SPENT;
use crate::token_store::{Live, salted};

/// Ends a token and all its descendants, deepest first.
pub(crate) fn with_descendants(cx: &mut Context<'_>, token: &Live) -> Result<(), Refusal> {
    let top = salted(&cx.index.salt, &token.entry.id);
    let lease_id = format!("{}/{top}", token.entry.path);
    if token.lease.is_none() {
        write_last_lease(cx, &token.entry, &lease_id)?;
    }
    tree(cx, top)?;
    cx.journal.delete(&Lease::key(&lease_id));
    Ok(())
}

/// Ends the token of a lease, with all its descendants.
pub(crate) fn by_lease(cx: &mut Context<'_>, lease: &Lease) -> Result<(), Refusal> {
    tree(cx, salted(&cx.index.salt, &lease.client_token))?;
    cx.journal.delete(&Lease::key(&lease.lease_id));
    Ok(())
}

/// Ends a token alone: its service children become orphans. Its batch children hold it sealed in and die.
pub(crate) fn alone(cx: &mut Context<'_>, token: &Live) -> Result<(), Refusal> {
    let id = salted(&cx.index.salt, &token.entry.id);
    one(cx, &id, Children::Orphan)
}

/// What becomes of the children of one token that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Children {
    /// They have ended before.
    Gone,
    /// They live on without a parent.
    Orphan,
}

/// Depth first, by a list of what is still to do and not by recursion: chains of tokens may be long.
fn tree(cx: &mut Context<'_>, top: String) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    let mut open = vec![top];
    while let Some(id) = open.last().cloned() {
        let children = cx.journal.list(&format!("sys/token/parent/{id}/"));
        if children.is_empty() {
            let cause = cx.journal.endings.cause;
            if open.len() > 1 {
                cx.journal.endings.cause = Why::Token;
            }
            one(cx, &id, Children::Gone)?;
            cx.journal.endings.cause = cause;
            open.pop();
        }
        for child in children {
            if seen.insert(child.clone()) {
                open.push(child);
            } else {
                // It has ended, and the index dangles: it was no longer this one's child.
                cx.journal.delete(&format!("sys/token/parent/{id}/{child}"));
            }
        }
    }
    Ok(())
}

/// Ends one token by its storage id. The mark comes first: whatever fails after it, the token is dead.
fn one(cx: &mut Context<'_>, id: &str, children: Children) -> Result<(), Refusal> {
    let key = format!("sys/token/id/{id}");
    let Some(record) = cx.journal.read_json::<Record>(&key)? else { return Ok(()) };
    let mut entry = TokenEntry::from(&record);
    if entry.num_uses != SPENT {
        entry.num_uses = SPENT;
        cx.journal.put_compact(&key, &Record::from(&entry))?;
    }
    cubbyhole::destroy(cx, &entry.cubbyhole_id);
    leases::end_all_of(cx, id)?;
    cx.journal.delete(&Lease::key(&format!("{}/{id}", entry.path)));
    if !entry.parent.is_empty() {
        let parent = salted(&cx.index.salt, &entry.parent);
        cx.journal.delete(&format!("sys/token/parent/{parent}/{id}"));
    }
    cx.journal.delete(&format!("sys/token/accessor/{}", salted(&cx.index.salt, &entry.accessor)));
    if children == Children::Orphan {
        orphan_children(cx, id)?;
    }
    cx.journal.delete(&key);
    let (accessor, display_name, path) = (entry.accessor, entry.display_name, entry.path);
    cx.journal.endings.note(What::Token { accessor, display_name, path });
    Ok(())
}

/// The server deletes another key than the index of the child, so that the index dangles: if the same custom id is ever given
/// again and revoked, it takes along the children of its namesake. As it is there, so it is here.
fn orphan_children(cx: &mut Context<'_>, id: &str) -> Result<(), Refusal> {
    for child in cx.journal.list(&format!("sys/token/parent/{id}/")) {
        let key = format!("sys/token/id/{child}");
        if let Some(record) = cx.journal.read_json::<Record>(&key)? {
            let mut entry = TokenEntry::from(&record);
            entry.parent.clear();
            cx.journal.put_compact(&key, &Record::from(&entry))?;
        }
        cx.journal.delete(&format!("sys/token/parent/{child}"));
    }
    Ok(())
}

/// The first root token of a vault has no lease. It gets one to be revoked by.
fn write_last_lease(cx: &mut Context<'_>, entry: &TokenEntry, lease_id: &str) -> Result<(), Refusal> {
    let mut lease = Lease::new(lease_id.to_owned(), &entry.path, cx.now, Some(cx.now.plus_nanos(1)));
    lease.client_token.clone_from(&entry.id);
    lease.auth =
        Some(LeaseAuth { lease: 1, client_token: entry.id.clone(), token_type: 1, ..LeaseAuth::default() });
    lease.store(cx)
}
