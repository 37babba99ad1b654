//! `auth/token/lookup-accessor` and the list of accessors. It knows no policies.

use crate::context::Context;
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::record::AccessorRecord;
use crate::token_store::{given, lookup};

/// `lookup-accessor`: what a token is, but not which.
pub(crate) fn lookup(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("accessor", Shape::Text)])?;
    let mut token = given::required_by_accessor(cx, fields)?;
    token.shown.clear();
    Ok(Reply::data(lookup::data(&token, cx.now)).warn(unknown))
}

/// `LIST accessors`: in the order of storage, which is that of their hashes.
pub(crate) fn list(cx: &Context<'_>) -> Result<Reply, Refusal> {
    let mut accessors = Vec::new();
    for key in cx.journal.all_below("sys/token/accessor/") {
        accessors.extend(cx.journal.read_json::<AccessorRecord>(&key)?.map(|record| record.accessor_id));
    }
    Reply::keys(accessors)
}
