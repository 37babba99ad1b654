//! `sys/internal/counters/tokens`: how many service tokens there are. Batch tokens leave nothing to count.

use serde_json::{Map, json};

use crate::context::Context;
use crate::reply::Reply;

/// Counts what stands in the token store.
pub(crate) fn tokens(cx: &Context<'_>) -> Reply {
    let total = cx.journal.all_below("sys/token/id/").len();
    let counters = json!({ "service_tokens": { "total": total } });
    Reply::data(Map::from_iter([("counters".to_owned(), counters)]))
}
