//! A vault is initialised, opened and sealed by requests alone, and what it stores then is what the real server stores.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Outcome, Request, UnixTime};

const NOW: UnixTime = UnixTime::from_secs(1_795_460_913);

fn empty() -> Core {
    Core::uninitialised(Box::new(SetClock::at(NOW)), Box::new(Seeded::new(5)))
}

fn put(core: &mut Core, path: &str, token: &str, body: &Value) -> Outcome {
    core.handle(&Request::new(Method::Put, path).token(token).json(body))
}

fn done(core: &mut Core, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let outcome = put(core, path, token, body);
    let response = core.commit(outcome);
    (response.status, response.json().unwrap_or_default())
}

/// A vault of three shares, two of which open it; still sealed. Its shares and its root token.
fn initialised() -> (Core, Vec<String>, String) {
    let mut core = empty();
    let (status, made) = done(&mut core, "sys/init", "", &json!({"secret_shares": 3, "secret_threshold": 2}));
    assert_eq!(status, 200, "{made}");
    let shares = serde_json::from_value(made["keys"].clone()).unwrap();
    (core, shares, made["root_token"].as_str().unwrap().to_owned())
}

fn unsealed() -> (Core, Vec<String>, String) {
    let (mut core, shares, root) = initialised();
    for share in &shares[1..] {
        assert_eq!(done(&mut core, "sys/unseal", "", &json!({ "key": share })).0, 200);
    }
    (core, shares, root)
}

fn entries(core: &Core) -> Vec<(String, Vec<u8>)> {
    core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
}

/// A storage key without what differs from vault to vault.
fn shape(key: &str) -> String {
    let random =
        |part: &&str| part.len() >= 32 && part.chars().all(|c| c.is_ascii_hexdigit() || "-h".contains(c));
    key.split('/').map(|part| if random(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn an_initialisation_is_one_batch_and_dropping_it_makes_nothing() {
    let mut core = empty();
    let body = json!({"secret_shares": 1, "secret_threshold": 1});
    let outcome = put(&mut core, "sys/init", "", &body);
    assert_eq!((outcome.response.status, outcome.batch.deletes()), (200, 0));
    let puts = outcome.batch.puts();
    drop(outcome);
    assert!(entries(&core).is_empty());
    let outcome = put(&mut core, "sys/init", "", &body);
    core.commit(outcome);
    assert_eq!(entries(&core).len(), puts, "each entry is put once");
    let again = put(&mut core, "sys/init", "", &body);
    assert_eq!((again.response.status, again.batch.puts()), (400, 0));
}

#[test]
fn what_a_new_vault_stores_is_what_the_real_server_stores() {
    let (core, ..) = initialised();
    let ours: BTreeSet<String> = core.entries().map(|(key, _)| shape(key)).collect();
    let recorded: Value = serde_json::from_str(include_str!("../../token/tests/data/recorded.json")).unwrap();
    let real: Vec<String> = serde_json::from_value(recorded["snapshot_keys"].clone()).unwrap();
    let real: BTreeSet<String> = real.iter().map(|key| shape(key)).collect();
    let unknown: Vec<_> = ours.difference(&real).collect();
    assert!(unknown.is_empty(), "the real server stores nothing at {unknown:?}");
    for key in [
        "core/seal-config",
        "core/hsm/barrier-unseal-keys",
        "core/keyring",
        "core/root-key",
        "core/shamir-kek",
    ] {
        assert!(ours.contains(key), "{key}");
    }
}

#[test]
fn no_key_and_no_share_is_stored_open() {
    let (mut core, shares, root) = unsealed();
    let unseal_key = core.unseal_key().unwrap();
    let keyring = core.keyring().unwrap();
    let mut secrets: Vec<Vec<u8>> =
        vec![unseal_key.to_vec(), keyring.root_key.to_vec(), root.clone().into_bytes()];
    secrets.extend(keyring.keys().map(|key| key.expose().to_vec()));
    secrets.extend(shares.iter().map(|share| share.clone().into_bytes()));
    for (key, value) in entries(&core) {
        let found = secrets.iter().any(|secret| value.windows(secret.len()).any(|part| part == secret));
        assert!(!found, "{key}");
    }
    assert_eq!(done(&mut core, "sys/seal", &root, &Value::Null).0, 204);
    assert!(core.keyring().is_none() && core.unseal_key().is_none());
}

#[test]
fn a_share_counts_once_it_is_committed() {
    let (mut core, shares, root) = initialised();
    drop(put(&mut core, "sys/unseal", "", &json!({ "key": shares[0] })));
    let (_, state) = done(&mut core, "sys/unseal", "", &json!({ "key": shares[1] }));
    assert_eq!((&state["progress"], &state["sealed"]), (&json!(1), &json!(true)));
    let outcome = put(&mut core, "sys/unseal", "", &json!({ "key": shares[0] }));
    assert!(outcome.batch.writes.is_empty(), "opening writes nothing");
    drop(outcome);
    assert!(core.keyring().is_none());
    let (_, state) = done(&mut core, "sys/unseal", "", &json!({ "key": shares[2] }));
    assert_eq!(state["sealed"], json!(false));
    assert_eq!(
        core.handle(&Request::new(Method::Get, "auth/token/lookup-self").token(&root)).response.status,
        200
    );
}

#[test]
fn encryptions_are_counted_across_a_seal() {
    let (mut core, shares, root) = unsealed();
    let count = |core: &mut Core| {
        let outcome = core.handle(&Request::new(Method::Get, "sys/key-status").token(&root));
        core.commit(outcome).json().unwrap()["data"]["encryptions"].as_u64().unwrap()
    };
    let before = count(&mut core);
    let batch = json!({"type": "batch", "policies": ["default"]});
    assert_eq!(done(&mut core, "auth/token/create", &root, &batch).0, 200);
    assert_eq!(count(&mut core), before + 1);
    done(&mut core, "sys/seal", &root, &Value::Null);
    core.unseal(&shares).unwrap();
    assert_eq!(count(&mut core), before + 1);
}

#[test]
fn a_development_vault_has_one_share() {
    let (mut core, _) = Core::dev(Box::new(SetClock::at(NOW)), Box::new(Seeded::new(1)), "root").unwrap();
    let key: String = core.unseal_key().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(done(&mut core, "sys/seal", "root", &Value::Null).0, 204);
    let (_, state) = done(&mut core, "sys/unseal", "", &json!({ "key": key }));
    assert_eq!((&state["sealed"], &state["n"], &state["t"]), (&json!(false), &json!(1), &json!(1)));
}
