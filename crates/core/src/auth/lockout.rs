//! Locking users out after wrong passwords. Failures are counted in memory; a lock is stored.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::{Value, json};

use crate::UnixTime;
use crate::context::{Context, Noted};
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

const FOLDER: &str = "core/login/lockedUsers/";
const SECOND: i64 = 1_000_000_000;
/// Fifteen minutes, the server's own span for both locks and counting.
const QUARTER: i64 = 15 * 60 * SECOND;

/// A user at a mount: its accessor and the alias.
pub(crate) type User = (String, String);

/// Wrong passwords of one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    /// In a row.
    pub count: u64,
    /// When the last one was.
    pub last: UnixTime,
}

/// The rules of one mount.
struct Rules {
    threshold: u64,
    duration: i64,
    counter_reset: i64,
    disabled: bool,
}

impl Rules {
    fn of(mount: &Mount) -> Self {
        let set = mount.config.user_lockout_config.clone().unwrap_or_default();
        let or = |span: i64| if span == 0 { QUARTER } else { span };
        Self {
            threshold: if set.lockout_threshold == 0 { 5 } else { set.lockout_threshold },
            duration: or(set.lockout_duration),
            counter_reset: or(set.lockout_counter_reset),
            disabled: set.disable_lockout,
        }
    }
}

/// Refuses a locked user.
pub(crate) fn check(cx: &Context<'_>, mount: &Mount, alias: &str) -> Result<(), Refusal> {
    let rules = Rules::of(mount);
    if rules.disabled {
        return Ok(());
    }
    let last = match cx.index.failures.get(&user(mount, alias)) {
        Some(failures) if failures.count >= rules.threshold => Some(failures.last),
        Some(_) => None,
        None => stored(cx, &mount.accessor, alias)?,
    };
    match last {
        Some(last) if since(cx.now, last) < rules.duration => Err(Refusal::NoToken),
        _ => Ok(()),
    }
}

/// Counts a wrong password, and stores the lock if it is one too many. That is kept although the login is refused.
pub(crate) fn failed(cx: &mut Context<'_>, mount: &Mount, alias: &str) -> Result<(), Refusal> {
    let rules = Rules::of(mount);
    if rules.disabled {
        return Ok(());
    }
    let user = user(mount, alias);
    let known = cx.index.failures.get(&user).copied();
    let goes_on = |known: Failures| {
        let span = if known.count < rules.threshold { rules.counter_reset } else { rules.duration };
        since(cx.now, known.last) < span
    };
    let count = known.filter(|known| goes_on(*known)).map_or(0, |known| known.count) + 1;
    let failures = Failures { count, last: cx.now };
    if count >= rules.threshold {
        let key = format!("{FOLDER}{}/{alias}", mount.accessor);
        cx.journal.put_json(&key, &cx.now.secs())?;
        cx.journal.keep();
    }
    cx.journal.note(Noted::Login(user, Some(failures)));
    Ok(())
}

/// Forgets a user's failures.
pub(crate) fn succeeded(cx: &mut Context<'_>, mount: &Mount, alias: &str) {
    let user = user(mount, alias);
    if cx.index.failures.contains_key(&user) {
        cx.journal.note(Noted::Login(user, None));
    }
}

fn user(mount: &Mount, alias: &str) -> User {
    (mount.accessor.clone(), alias.to_owned())
}

fn stored(cx: &Context<'_>, accessor: &str, alias: &str) -> Result<Option<UnixTime>, Refusal> {
    let stored = cx.journal.read(&format!("{FOLDER}{accessor}/{alias}"))?;
    Ok(stored.and_then(|stored| seconds(&stored)).map(UnixTime::from_secs))
}

/// A number in JSON, here as it stands; the real server compresses it, behind the letter `G`.
fn seconds(stored: &[u8]) -> Option<u64> {
    let Some((b'G', compressed)) = stored.split_first() else { return serde_json::from_slice(stored).ok() };
    let mut text = String::new();
    flate2::bufread::GzDecoder::new(compressed).take(64).read_to_string(&mut text).ok()?;
    serde_json::from_str(text.trim()).ok()
}

/// Whole seconds, as the server counts them.
fn since(now: UnixTime, last: UnixTime) -> i64 {
    UnixTime::from_secs(now.secs()).nanos_since(UnixTime::from_secs(last.secs()))
}

/// `sys/locked-users`, and `sys/locked-users/:accessor/unlock/:alias`.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    if rest.is_empty() {
        return match call.operation {
            Operation::Read => list(cx, &Fields(&call.data).text("mount_accessor")?),
            Operation::List | Operation::Scan => Err(Refusal::UnsupportedPath),
            _ => Err(Refusal::UnsupportedOperation),
        };
    }
    let named = rest.strip_prefix('/').and_then(|rest| rest.split_once("/unlock/"));
    let (accessor, alias) = named.ok_or(Refusal::UnsupportedPath)?;
    if call.operation != Operation::Update {
        return Err(Refusal::UnsupportedOperation);
    }
    if stored(cx, accessor, alias)?.is_some() {
        cx.journal.delete(&format!("{FOLDER}{accessor}/{alias}"));
    }
    cx.journal.note(Noted::Login((accessor.to_owned(), alias.to_owned()), None));
    Ok(Reply::nothing())
}

fn list(cx: &Context<'_>, only: &str) -> Result<Reply, Refusal> {
    let mut by_mount: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in cx.journal.all_below(FOLDER) {
        let named = key.strip_prefix(FOLDER).and_then(|rest| rest.split_once('/'));
        if let Some((accessor, alias)) = named.filter(|(accessor, _)| only.is_empty() || *accessor == only) {
            by_mount.entry(accessor.to_owned()).or_default().push(alias.to_owned());
        }
    }
    let total: usize = by_mount.values().map(Vec::len).sum();
    let line = |(accessor, aliases): (&String, &Vec<String>)| json!({ "alias_identifiers": aliases, "counts": aliases.len(), "mount_accessor": accessor });
    let mut mounts: Vec<Value> = by_mount.iter().map(line).collect();
    if mounts.is_empty() && !only.is_empty() {
        mounts.push(json!({ "alias_identifiers": null, "counts": 0, "mount_accessor": only }));
    }
    let namespace =
        json!({ "counts": total, "mount_accessors": mounts, "namespace_id": "root", "namespace_path": "" });
    Ok(Reply::data(object(json!({ "by_namespace": [namespace], "total": total }))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_servers_lock_is_read() {
        let stored = b"G\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff24\xb74550413\xe6\x02\x0c\x00u\xf1\x82n\x0b\x00\x00\x00";
        assert_eq!(seconds(stored), Some(1_795_501_463));
        assert_eq!(seconds(b"1795501463\n"), Some(1_795_501_463));
        assert_eq!(seconds(b"G"), None);
    }
}
