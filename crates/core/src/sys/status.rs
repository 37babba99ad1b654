//! `sys/health`, `sys/seal-status`: what anybody may know.

use serde_json::json;

use crate::context::Context;
use crate::reply::Reply;

/// The release whose behaviour this is.
pub(crate) const VERSION: &str = "2.7.2";
/// When that release was committed.
const COMMIT_DATE: &str = "2026-10-26T20:32:27Z";

/// `sys/health`
pub(crate) fn health(cx: &Context<'_>) -> Reply {
    let bare = json!({
        "initialized": true,
        "sealed": false,
        "standby": false,
        "replication_performance_mode": "disabled",
        "replication_dr_mode": "disabled",
        "server_time_utc": cx.now.secs(),
        "version": VERSION,
    });
    Reply { bare: Some(bare), ..Reply::default() }
}

/// `sys/seal-status`
pub(crate) fn seal_status(_cx: &Context<'_>) -> Reply {
    let bare = json!({
        "type": "shamir",
        "initialized": true,
        "sealed": false,
        "t": 1,
        "n": 1,
        "progress": 0,
        "nonce": "",
        "recovery_seal": false,
        "version": VERSION,
        "commit_date": COMMIT_DATE,
        "migration": false,
        "storage_type": "inmem",
    });
    Reply { bare: Some(bare), ..Reply::default() }
}
