//! `sys/rotate`, `key-status`, `rotate/config`: a new key for the barrier, by hand or when one is due. Old keys stay and open what they
//! sealed. It knows no storage but the keyring's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};
use vaultlet_token::keyring::Keyring;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::door::Call;
use crate::duration::GoDuration;
use crate::fields::{Fields, Shape};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::seal::chain;
use crate::{UnixTime, ground, keyring};

/// Where each new key lies for a while, sealed by the one before it.
pub(crate) const UPGRADES: &str = "core/upgrade/";
const MOST_OPERATIONS: i64 = 3_865_470_566;
const FEWEST_OPERATIONS: i64 = 1_000_000;
/// A day, in nanoseconds.
const SHORTEST_INTERVAL: i64 = 24 * 3600 * 1_000_000_000;

/// How long a standby has to come by a new key, in nanoseconds.
const GRACE: i64 = 120 * 1_000_000_000;

/// `key-status`: of the key that seals now.
pub(crate) fn status(cx: &Context<'_>) -> Result<Reply, Refusal> {
    let key = cx.journal.keyring().active().ok_or(Refusal::NotFound)?;
    let data = Map::from_iter([
        ("encryptions".to_owned(), json!(key.encryptions)),
        ("install_time".to_owned(), json!(key.install_time)),
        ("term".to_owned(), json!(key.term)),
    ]);
    Ok(Reply::repeated(data))
}

/// `rotate`, `rotate/keyring`: a new key seals from the next request on.
pub(crate) fn rotate(cx: &mut Context<'_>) -> Result<Reply, Refusal> {
    let bytes = ground::random_key(cx.journal.rng())?;
    let mut rotated = cx.journal.keyring().clone();
    let old = rotated.active().map_or(0, |key| key.term);
    let key = keyring::next(&rotated, bytes, cx.now);
    let upgrade = json!({
        "Term": key.term,
        "Version": key.version,
        "Value": STANDARD.encode(key.expose()),
        "InstallTime": key.install_time,
    });
    rotated.add(key);
    store(cx, &rotated)?;
    // Sealed by the old key: how a standby that has only that one comes by the new one.
    cx.journal.put_compact(&format!("{UPGRADES}{old}"), &upgrade)?;
    Ok(Reply::nothing())
}

/// `rotate/root`: another root key, under the same shares. What the keyring's keys sealed is not touched.
pub(crate) fn rotate_root(cx: &mut Context<'_>) -> Result<Reply, Refusal> {
    let stored = cx.journal.read(chain::UNSEAL_KEY)?;
    let unseal_key =
        stored.and_then(|stored| Some(Zeroizing::new(<[u8; 32]>::try_from(stored.as_slice()).ok()?)));
    let unseal_key =
        unseal_key.ok_or_else(|| Refusal::Internal("the vault was not sealed by shares".to_owned()))?;
    let mut rotated = cx.journal.keyring().clone();
    rotated.root_key = Zeroizing::new(ground::random_key(cx.journal.rng())?.to_vec());
    chain::put_root_key(&mut cx.journal, &rotated, &unseal_key)?;
    chain::put_keyring(&mut cx.journal, &rotated)?;
    Ok(Reply::nothing())
}

/// `seal`: the keys are forgotten when this is answered, and how often the active one has sealed is written down before.
pub(crate) fn seal(cx: &mut Context<'_>) -> Result<Reply, Refusal> {
    let mut counted = cx.journal.keyring().clone();
    if let Some(key) = counted.active_mut() {
        key.encryptions += cx.journal.encryptions();
    }
    chain::put_keyring(&mut cx.journal, &counted)?;
    Ok(Reply { seals: true, ..Reply::nothing() })
}

/// Makes a new key if the limits of the configuration ask for it.
pub(crate) fn rotate_if_due(cx: &mut Context<'_>) -> Result<(), Refusal> {
    let keyring = cx.journal.keyring();
    let Some(key) = keyring.active().filter(|_| !keyring.rotation.disabled) else { return Ok(()) };
    let encryptions = key.encryptions.saturating_add(cx.index.elsewhere);
    let worn = i64::try_from(encryptions).unwrap_or(i64::MAX) > keyring.rotation.max_operations;
    if worn || next_rotation(keyring).is_some_and(|due| due <= cx.now) {
        rotate(cx)?;
    }
    Ok(())
}

/// Deletes the new keys that were laid out for standbys, when they have had the time to take them.
pub(crate) fn clear_upgrades(cx: &mut Context<'_>) {
    for key in cx.journal.all_below(UPGRADES) {
        if upgrade_ends(cx.journal.keyring(), &key).is_some_and(|end| end <= cx.now) {
            cx.journal.delete(&key);
        }
    }
}

/// When the new key at a storage key goes.
pub(crate) fn upgrade_ends(keyring: &Keyring, key: &str) -> Option<UnixTime> {
    let old: u32 = key.strip_prefix(UPGRADES)?.parse().ok()?;
    let made = &keyring.key(old.checked_add(1)?)?.install_time;
    Some(UnixTime::parse(made)?.plus_nanos(GRACE))
}

/// When the interval of the configuration, if there is one, asks for a new key.
pub(crate) fn next_rotation(keyring: &Keyring) -> Option<UnixTime> {
    let config = keyring.rotation;
    let key = keyring.active().filter(|_| !config.disabled && config.interval > 0)?;
    Some(UnixTime::parse(&key.install_time)?.plus_nanos(config.interval))
}

/// `GET rotate/config`
pub(crate) fn read_config(cx: &Context<'_>) -> Reply {
    let config = cx.journal.keyring().rotation;
    let interval = match config.interval {
        0 => json!(0),
        span => json!(GoDuration(span).to_string()),
    };
    Reply::data(Map::from_iter([
        ("enabled".to_owned(), json!(!config.disabled)),
        ("interval".to_owned(), interval),
        ("max_operations".to_owned(), json!(config.max_operations)),
    ]))
}

/// `POST rotate/config`: what is not given stays.
pub(crate) fn write_config(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    fields.check(&[
        ("enabled", Shape::Flag),
        ("max_operations", Shape::Int64),
        ("interval", Shape::Duration),
    ])?;
    let mut changed = cx.journal.keyring().clone();
    if fields.given("max_operations") {
        changed.rotation.max_operations = fields.int64("max_operations")?;
    }
    if let Some(span) = fields.duration("interval")? {
        changed.rotation.interval = span.0;
    }
    if fields.has("enabled") {
        changed.rotation.disabled = !fields.flag("enabled", true)?;
    }
    if !(FEWEST_OPERATIONS..=MOST_OPERATIONS).contains(&changed.rotation.max_operations) {
        return Err(Refusal::invalid(format!(
            "max_operations must be in the range [{FEWEST_OPERATIONS},{MOST_OPERATIONS}]"
        )));
    }
    if changed.rotation.interval != 0 && changed.rotation.interval < SHORTEST_INTERVAL {
        return Err(Refusal::invalid("interval must be greater or equal to 24h0m0s"));
    }
    if changed.rotation != cx.journal.keyring().rotation {
        store(cx, &changed)?;
    }
    Ok(Reply::nothing())
}

/// Stages a changed keyring, and takes away where old servers kept the root key.
fn store(cx: &mut Context<'_>, keyring: &Keyring) -> Result<(), Refusal> {
    chain::put_keyring(&mut cx.journal, keyring)?;
    cx.journal.delete("core/master");
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::core::State;
    use crate::host::{Seeded, SetClock};
    use crate::{Core, Method, Request, UnixTime};

    fn worn_by(encryptions: u64) -> u32 {
        let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
        let (mut core, _) = Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").unwrap();
        let State::Unsealed(vault) = &mut core.state else { panic!("a development vault is unsealed") };
        vault.barrier.keyring.active_mut().unwrap().encryptions = encryptions;
        let outcome = core.handle(&Request::new(Method::Get, "sys/key-status").token("root"));
        core.commit(outcome);
        core.keyring().unwrap().active().unwrap().term
    }

    #[test]
    fn a_key_beyond_its_limit_is_followed_by_the_next() {
        assert_eq!((worn_by(3_865_470_566), worn_by(3_865_470_567)), (1, 2));
    }
}
