//! `sys/health`, `sys/seal-status`: what anybody may know.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use vaultlet_token::keyring::Keyring;

use crate::UnixTime;
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::seal::config::{SEAL_CONFIG, SealConfig};
use crate::seal::shares::Shares;
use crate::seal::{Entries, Sealed};

/// The release whose behaviour this is.
pub(crate) const VERSION: &str = "2.7.2";
/// When that release was committed.
pub(crate) const COMMIT_DATE: &str = "2026-10-26T20:32:27Z";

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
    add_name(&mut bare, cx.journal.read_json(CLUSTER)?);
    Ok(Reply { bare: Some(bare), ..Reply::default() })
}

fn add_name(bare: &mut Value, cluster: Option<Cluster>) {
    if let (Some(cluster), Some(members)) = (cluster, bare.as_object_mut()) {
        members.insert("cluster_name".to_owned(), Value::from(cluster.name));
        members.insert("cluster_id".to_owned(), Value::from(cluster.id));
    }
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

/// `sys/health` without keys: 503, or what `sealedcode` asks for; not initialised 501, or what `uninitcode` asks for.
pub(crate) fn sealed_health(vault: &Sealed, call: &Call, now: UnixTime) -> Result<Reply, Refusal> {
    let initialised = vault.entries.contains_key(SEAL_CONFIG);
    let (name, usual) = if initialised { ("sealedcode", 503) } else { ("uninitcode", 501) };
    let status = wanted_status(call, name)?.or(Some(usual));
    let bare = json!({
        "initialized": initialised,
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
    named(cx, seal(SealConfig::stored(cx.journal.entries()).as_ref(), None))
}

/// `sys/seal-status` without keys: the vault's name is sealed, too.
pub(crate) fn sealed_status(entries: &Entries, given: &Shares) -> Reply {
    Reply { bare: Some(seal(SealConfig::stored(entries).as_ref(), Some(given))), ..Reply::default() }
}

/// `sys/seal-status` of a vault that these keys have just opened.
pub(crate) fn opened_status(entries: &Entries, keyring: &Keyring) -> Reply {
    let mut bare = seal(SealConfig::stored(entries).as_ref(), None);
    let stored = entries.get(CLUSTER).and_then(|sealed| keyring.open(sealed, CLUSTER.as_bytes()).ok());
    let cluster = stored.and_then(|stored| serde_json::from_slice(&stored).ok());
    add_name(&mut bare, cluster);
    Reply { bare: Some(bare), ..Reply::default() }
}

/// `given` is what was given to open a sealed vault.
fn seal(config: Option<&SealConfig>, given: Option<&Shares>) -> Value {
    json!({
        "type": config.map_or("shamir", |config| &config.r#type),
        "initialized": config.is_some(),
        "sealed": given.is_some(),
        "t": config.map_or(0, |config| config.secret_threshold),
        "n": config.map_or(0, |config| config.secret_shares),
        "progress": given.map_or(0, Shares::progress),
        "nonce": given.map_or("", |given| &given.nonce),
        "recovery_seal": false,
        "version": VERSION,
        "commit_date": COMMIT_DATE,
        "migration": false,
        "storage_type": "inmem",
    })
}
