//! `sys/internal/counters/`: how many service tokens and entities there are. Batch tokens leave nothing to count.

use serde_json::{Map, json};

use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::reply::Reply;

/// Counts what stands in the token store.
pub(crate) fn tokens(cx: &Context<'_>) -> Reply {
    let total = cx.journal.all_below("sys/token/id/").len();
    let counters = json!({ "service_tokens": { "total": total } });
    Reply::data(Map::from_iter([("counters".to_owned(), counters)]))
}

/// Counts entities.
pub(crate) fn entities(cx: &Context<'_>, call: &Call) -> Reply {
    let total = cx.index.entities.all().count();
    let counters = json!({ "entities": { "total": total } });
    let data = Map::from_iter([("counters".to_owned(), counters)]);
    Reply::data(data).warn(Fields(&call.data).unknown(&[]))
}
