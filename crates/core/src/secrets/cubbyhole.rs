//! `cubbyhole/`: what a service token keeps for itself, gone with it. It knows no policies.

use serde_json::{Map, Value};

use crate::context::{Caller, Context, Index};
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::Live;

/// Said of an answer that is unwrapped by reading it where it waits.
const OLD_UNWRAPPING: &str = "Reading from 'cubbyhole/response' is deprecated. Please use sys/wrapping/unwrap to unwrap responses, \
    as it provides additional security checks and other benefits.";

/// Answers a path below `cubbyhole/`.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    path: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    let folder = folder(cx.index, &caller.token)?;
    match call.operation {
        Operation::List => Reply::keys(cx.journal.list(&format!("{folder}{path}"))),
        Operation::Update if call.data.is_empty() => {
            Err(Refusal::WrappedInternal("missing data fields".to_owned()))
        }
        Operation::Read | Operation::Update if path.is_empty() => Err(missing_path()),
        Operation::Read => {
            let data: Option<Map<String, Value>> = cx.journal.read_json(&format!("{folder}{path}"))?;
            let unknown = Fields(&call.data).unknown(&["path"]);
            let old = Some(OLD_UNWRAPPING.to_owned()).filter(|_| path == "response");
            Ok(Reply::data(data.ok_or(Refusal::NotFound)?).warn(old).warn(unknown))
        }

        Operation::Update => {
            cx.journal.put_json(&format!("{folder}{path}"), &call.data)?;
            Ok(Reply::nothing())
        }
        Operation::Delete => {
            cx.journal.delete(&format!("{folder}{path}"));
            Ok(Reply::nothing())
        }
        Operation::Scan | Operation::Patch | Operation::Head => Err(Refusal::UnsupportedOperation),
    }
}

/// Whether there is something at a path. This is asked before the policies are, so a batch token that writes hears of its kind
/// first.
pub(crate) fn exists(cx: &Context<'_>, call: &Call, path: &str, token: &Live) -> Result<bool, Refusal> {
    let folder = folder(cx.index, token)?;
    if call.data.is_empty() {
        return Err(Refusal::WrappedInternal("missing data fields".to_owned()));
    }
    if path.is_empty() {
        return Err(missing_path());
    }
    Ok(cx.journal.read(&format!("{folder}{path}"))?.is_some())
}

/// Deletes all that a token kept.
pub(crate) fn destroy(cx: &mut Context<'_>, cubbyhole_id: &str) {
    let Some(mount) = cx.index.mounts.cubbyhole().filter(|_| !cubbyhole_id.is_empty()) else { return };
    for key in cx.journal.all_below(&format!("logical/{}/{cubbyhole_id}/", mount.uuid)) {
        cx.journal.delete(&key);
    }
}

fn folder(index: &Index, token: &Live) -> Result<String, Refusal> {
    if token.is_batch() {
        return Err(Refusal::invalid("cubbyhole operations are only supported by 'service' type tokens"));
    }
    let mount = index.mounts.cubbyhole().ok_or(Refusal::UnsupportedPath)?;
    Ok(format!("logical/{}/{}/", mount.uuid, token.entry.cubbyhole_id))
}

fn missing_path() -> Refusal {
    Refusal::WrappedInternal("missing path".to_owned())
}
