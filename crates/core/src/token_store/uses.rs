//! Use limits: every request of a limited token takes one use, whatever its answer. It knows no endpoint.

use vaultlet_token::entry::TokenEntry;

use crate::context::Context;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::record::Record;
use crate::token_store::{Live, end, salted};

/// What a token without uses left has in the place of their number. It is no longer found, but looks itself up.
pub(crate) const SPENT: i64 = -1;

/// Takes one use of a limited token. The write stays also if the request is refused.
pub(crate) fn spend(cx: &mut Context<'_>, token: &mut Live) -> Result<(), Refusal> {
    if token.entry.num_uses <= 0 {
        return Ok(());
    }
    token.entry.num_uses = if token.entry.num_uses == 1 { SPENT } else { token.entry.num_uses - 1 };
    write(cx, &token.entry)?;
    cx.journal.keep();
    Ok(())
}

/// After its last use the token ends with all that hangs on it, also if the request was refused. A lease made by the last use
/// has ended with it, so the secret is not given out.
pub(crate) fn settle(
    cx: &mut Context<'_>,
    token: Live,
    answer: Result<Reply, Refusal>,
) -> Result<Reply, Refusal> {
    if token.entry.num_uses != SPENT {
        return answer;
    }
    if answer.is_err() {
        cx.journal.undo_to_kept();
    }
    let id = salted(&cx.index.salt, &token.entry.id);
    if cx.journal.read(&format!("sys/token/id/{id}"))?.is_some() {
        if let Some(mut lease) = token.lease.as_ref().map(|lease| lease.0.clone()) {
            lease.expire(cx.now);
            lease.store(cx)?;
        }
        end::with_descendants(cx, &token)?;
    }
    cx.journal.keep();
    match answer {
        Ok(reply) if !reply.lease.id.is_empty() => Err(Refusal::invalid(
            "Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.",
        )),
        answer => answer,
    }
}

fn write(cx: &mut Context<'_>, entry: &TokenEntry) -> Result<(), Refusal> {
    let id = salted(&cx.index.salt, &entry.id);
    cx.journal.put_compact(&format!("sys/token/id/{id}"), &Record::from(entry))
}
