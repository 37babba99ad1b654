//! `sys/health`, `sys/seal-status`: what anybody may know.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::UnixTime;
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// The release whose behaviour this is.
pub(crate) const VERSION: &str = "2.7.2";
/// When that release was committed.
const COMMIT_DATE: &str = "2026-10-26T20:32:27Z";

/// What stands at `core/cluster/local/info`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub name: String,
    pub id: String,
}

/// Where the cluster's name is stored.
pub(crate) const CLUSTER: &str = "core/cluster/local/info";

/// Adds the cluster's name, if it has one.
fn named(cx: &Context<'_>, mut bare: Value) -> Result<Reply, Refusal> {
    let cluster: Option<Cluster> = cx.journal.read_json(CLUSTER)?;
    if let (Some(cluster), Some(members)) = (cluster, bare.as_object_mut()) {
        members.insert("cluster_name".to_owned(), Value::from(cluster.name));
        members.insert("cluster_id".to_owned(), Value::from(cluster.id));
    }
    Ok(Reply { bare: Some(bare), ..Reply::default() })
}

/// `sys/health`: the status of an active node is 200, or what `activecode` asks for.
pub(crate) fn health(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let status = wanted_status(call, "activecode")?;
    let bare = json!({
        "initialized": true,
        "sealed": false,
        "standby": false,
        "replication_performance_mode": "disabled",
        "replication_dr_mode": "disabled",
        "server_time_utc": cx.now.secs(),
        "version": VERSION,
    });
    Ok(Reply { status, ..named(cx, bare)? })
}

/// `sys/health` of a sealed vault: 503, or what `sealedcode` asks for.
pub(crate) fn sealed_health(call: &Call, now: UnixTime) -> Result<Reply, Refusal> {
    let status = wanted_status(call, "sealedcode")?.or(Some(503));
    let bare = json!({
        "initialized": true,
        "sealed": true,
        "standby": true,
        "replication_performance_mode": "unknown",
        "replication_dr_mode": "unknown",
        "server_time_utc": now.secs(),
        "version": VERSION,
    });
    Ok(Reply { status, bare: Some(bare), ..Reply::default() })
}

/// Every status that can be asked for has to be a number; the one of `name` counts.
fn wanted_status(call: &Call, name: &str) -> Result<Option<u16>, Refusal> {
    for name in
        ["activecode", "drsecondarycode", "performancestandbycode", "sealedcode", "standbycode", "uninitcode"]
    {
        let text = Fields(&call.data).text(name)?;
        if !text.is_empty() && text.parse::<u16>().is_err() {
            return Err(Refusal::invalid(""));
        }
    }
    Ok(Fields(&call.data).text(name)?.parse().ok())
}

/// `sys/leader`: a vault alone has none.
pub(crate) fn leader() -> Reply {
    Reply { bare: Some(json!({ "ha_enabled": false })), ..Reply::default() }
}

/// `sys/seal-status`
pub(crate) fn seal_status(cx: &Context<'_>) -> Result<Reply, Refusal> {
    named(cx, seal(false))
}

/// `sys/seal-status` of a sealed vault, whose name is sealed too.
pub(crate) fn sealed_status() -> Reply {
    Reply { bare: Some(seal(true)), ..Reply::default() }
}

fn seal(sealed: bool) -> Value {
    json!({
        "type": "shamir",
        "initialized": true,
        "sealed": sealed,
        "t": 1,
        "n": 1,
        "progress": 0,
        "nonce": "",
        "recovery_seal": false,
        "version": VERSION,
        "commit_date": COMMIT_DATE,
        "migration": false,
        "storage_type": "inmem",
    })
}
