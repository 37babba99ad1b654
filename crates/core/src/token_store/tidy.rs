//! `auth/token/tidy`: what dangles is swept up. It knows no policies.

use vaultlet_token::entry::TokenEntry;

use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::record::{AccessorRecord, Record};
use crate::token_store::salted;

const STARTED: &str = "Tidy operation successfully started. Any information from the operation will be printed to \
    OpenBao's server logs.";

/// Sweeps at once: when the answer is given it is done. The real server goes on in the background.
pub(crate) fn tidy(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    sweep_parents(cx)?;
    sweep_accessors(cx)?;
    let reply = Reply { status: Some(202), ..Reply::nothing() };
    Ok(reply.warn(Some(STARTED.to_owned())).warn(Fields(&call.data).unknown(&[])))
}

/// An index without its child goes; a child without its parent is written as an orphan.
fn sweep_parents(cx: &mut Context<'_>) -> Result<(), Refusal> {
    for index in cx.journal.all_below("sys/token/parent/") {
        let Some((parent, child)) =
            index.strip_prefix("sys/token/parent/").and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let child_key = format!("sys/token/id/{child}");
        match cx.journal.read_json::<Record>(&child_key)? {
            None => cx.journal.delete(&index),
            Some(record) if cx.journal.read(&format!("sys/token/id/{parent}"))?.is_none() => {
                let mut entry = TokenEntry::from(&record);
                entry.parent.clear();
                cx.journal.put_compact(&child_key, &Record::from(&entry))?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn sweep_accessors(cx: &mut Context<'_>) -> Result<(), Refusal> {
    for key in cx.journal.all_below("sys/token/accessor/") {
        let Some(record) = cx.journal.read_json::<AccessorRecord>(&key)? else { continue };
        let id = salted(&cx.index.salt, &record.token_id);
        if cx.journal.read(&format!("sys/token/id/{id}"))?.is_none() {
            cx.journal.delete(&key);
        }
    }
    Ok(())
}
