//! Rotation, by hand and when it is due, and tokens in Vault's spelling.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, UnixTime};
use vaultlet_token::Flavour;

const HOUR: i64 = 3_600_000_000_000;

fn vault() -> (Core, SetClock) {
    let clock = SetClock::at(UnixTime::from_nanos(1_795_460_913_012_345_678));
    let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(7)), "root").unwrap();
    (core, clock)
}

fn ask(core: &mut Core, token: &str, path: &str, body: &Value) -> Response {
    let outcome = core.handle(&Request::new(Method::Post, path).token(token).json(body));
    core.commit(outcome)
}

fn made(core: &mut Core, body: &Value) -> String {
    let answer = ask(core, "root", "auth/token/create", body).json().unwrap();
    answer["auth"]["client_token"].as_str().unwrap().to_owned()
}

fn lookup(core: &mut Core, token: &str) -> Response {
    ask(core, "root", "auth/token/lookup", &json!({ "token": token }))
}

#[test]
fn a_rotation_writes_the_keyring_and_keeps_old_terms() {
    let (mut core, _) = vault();
    let batch = json!({"type": "batch", "policies": ["default"]});
    let old = made(&mut core, &batch);
    let outcome = core.handle(&Request::new(Method::Post, "sys/rotate").token("root"));
    let keys: Vec<_> =
        outcome.batch.writes.iter().map(|(key, value)| (key.as_str(), value.is_some())).collect();
    assert_eq!(
        keys,
        [("core/keyring", true), ("core/root-key", true), ("core/master", false), ("core/upgrade/1", true)]
    );
    core.commit(outcome);
    let new = made(&mut core, &batch);
    assert!(old.starts_with("b.AAAAAQ") && new.starts_with("b.AAAAAg"), "{old} {new}");
    assert_eq!((lookup(&mut core, &old).status, lookup(&mut core, &new).status), (200, 200));
    assert_eq!(core.keyring().unwrap().active().unwrap().term, 2);
}

#[test]
fn an_interval_rotates_without_a_request() {
    let (mut core, clock) = vault();
    ask(&mut core, "root", "sys/rotate/config", &json!({"interval": "24h"}));
    let made = core.next_event().unwrap();
    assert_eq!(made.nanos_since(UnixTime::from_nanos(1_795_460_913_012_345_678)), 24 * HOUR);
    clock.advance(24 * HOUR);
    let outcome = core.expire(made);
    assert_eq!(outcome.batch.writes.first().map(|(key, _)| key.as_str()), Some("core/keyring"));
    core.commit(outcome);
    assert_eq!(core.keyring().unwrap().active().unwrap().term, 2);
    // The new key lies for standbys for two minutes.
    let cleared = core.next_event().unwrap();
    assert_eq!(cleared.nanos_since(made), HOUR / 30);
    let outcome = core.expire(cleared);
    assert_eq!(outcome.batch.writes, [("core/upgrade/1".to_owned(), None)]);
    core.commit(outcome);
    assert_eq!(core.next_event().unwrap().nanos_since(made), 24 * HOUR);
}

#[test]
fn vaults_spelling_is_signed_for_service_tokens_and_plain_for_root() {
    let (mut core, _) = vault();
    let plain = made(&mut core, &json!({"policies": ["default"]}));
    core.set_flavour(Flavour::Vault);
    let signed = made(&mut core, &json!({"policies": ["default"], "ttl": "1h"}));
    let root = made(&mut core, &json!({}));
    let batch = made(&mut core, &json!({"policies": ["default"], "type": "batch"}));
    assert!(plain.starts_with("s.") && batch.starts_with("hvb.AAAAAQ"));
    assert!(signed.starts_with("hvs.CAES") && signed.len() == 95, "{signed}");
    assert!(root.starts_with("hvs.") && root.len() == 28, "{root}");
    for token in [&plain, &signed, &root, &batch] {
        let answer = lookup(&mut core, token);
        assert_eq!(answer.json().unwrap()["data"]["id"], json!(token));
    }
    let renewed = ask(&mut core, &signed, "auth/token/renew-self", &json!({})).json().unwrap();
    assert_eq!(renewed["auth"]["client_token"], json!(signed));
}

#[test]
fn a_signature_that_is_wrong_is_refused_as_caller_and_in_a_body() {
    let (mut core, _) = vault();
    core.set_flavour(Flavour::Vault);
    let signed = made(&mut core, &json!({"policies": ["default"], "ttl": "1h"}));
    // The 20th letter is within the HMAC.
    let letter = if signed.as_bytes()[20] == b'A' { "B" } else { "A" };
    let forged = format!("{}{letter}{}", &signed[..20], &signed[21..]);
    let caller = core.handle(&Request::new(Method::Get, "auth/token/lookup-self").token(&forged));
    assert_eq!(caller.response.json().unwrap(), json!({"errors": ["permission denied"]}));
    for path in ["lookup", "renew", "revoke", "revoke-orphan"] {
        let answer = ask(&mut core, "root", &format!("auth/token/{path}"), &json!({ "token": forged }));
        assert_eq!(
            (answer.status, answer.json().unwrap()),
            (403, json!({"errors": ["bad token"]})),
            "{path}"
        );
    }
}
