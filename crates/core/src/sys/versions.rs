//! `sys/version-history`: which releases have opened this vault. A vault made here has seen one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::UnixTime;
use crate::context::Context;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::sys::status;

const FOLDER: &str = "core/versions/";

/// What stands at `core/versions/<version>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Version {
    #[serde(rename = "TimestampInstalled")]
    installed: String,
    #[serde(rename = "Version")]
    version: String,
    #[serde(rename = "BuildDate")]
    committed: String,
}

/// Writes down that this release has opened the vault.
pub(crate) fn store(cx: &mut Context<'_>) -> Result<(), Refusal> {
    let version = Version {
        installed: cx.now.to_string(),
        version: status::VERSION.to_owned(),
        committed: status::COMMIT_DATE.to_owned(),
    };
    cx.journal.put_compact(&format!("{FOLDER}{}", version.version), &version)
}

/// `LIST version-history`: the oldest first.
pub(crate) fn list(cx: &Context<'_>) -> Result<Reply, Refusal> {
    let mut versions: Vec<(UnixTime, Version)> = Vec::new();
    for key in cx.journal.all_below(FOLDER) {
        if let Some(version) = cx.journal.read_json::<Version>(&key)? {
            versions.push((UnixTime::parse(&version.installed).unwrap_or_default(), version));
        }
    }
    versions.sort_by_key(|(installed, _)| *installed);
    let (mut info, mut previous) = (Map::new(), Value::Null);
    for (installed, version) in &versions {
        let shown = json!({
            "commit_date": version.committed,
            "previous_version": previous,
            "timestamp_installed": UnixTime::from_secs(installed.secs()).to_string(),
        });
        previous = Value::from(version.version.clone());
        info.insert(version.version.clone(), shown);
    }
    let keys: Vec<&str> = versions.iter().map(|(_, version)| version.version.as_str()).collect();
    let mut reply = Reply::keys(keys.into_iter().map(str::to_owned).collect())?;
    reply.data.iter_mut().for_each(|data| drop(data.insert("key_info".to_owned(), json!(info))));
    Ok(reply)
}
