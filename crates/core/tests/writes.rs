//! What each operation writes and deletes, path by path, as a real server's raft log shows it.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Outcome, Request, UnixTime};

struct Vault {
    core: Core,
    clock: SetClock,
}

impl Vault {
    fn new() -> Self {
        let clock = SetClock::at(UnixTime::from_nanos(1_795_460_913_012_345_678));
        let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(7)), "root").unwrap();
        let mut vault = Self { core, clock };
        let policy = r#"path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }"#;
        vault.ask("root", "sys/policies/acl/all", &json!({ "policy": policy }));
        vault
    }

    fn handle(&mut self, token: &str, path: &str, body: &Value) -> Outcome {
        self.clock.advance(1_000_003);
        self.core.handle(&Request::new(Method::Post, path).token(token).json(body))
    }

    /// Asks, commits, and gives the answer and what was written: `put` and `del` with folders instead of names.
    fn ask(&mut self, token: &str, path: &str, body: &Value) -> (Value, Vec<String>) {
        let outcome = self.handle(token, path, body);
        let writes = shape(&outcome);
        let response = self.core.commit(outcome);
        assert!(response.status < 300, "{path}: {:?}", response.json());
        (response.json().unwrap_or_default(), writes)
    }

    fn token(&mut self, parent: &str, body: &Value) -> String {
        let (answer, _) = self.ask(parent, "auth/token/create", body);
        answer["auth"]["client_token"].as_str().unwrap().to_owned()
    }

    fn lookup(&mut self, token: &str) -> u16 {
        let outcome = self.handle("root", "auth/token/lookup", &json!({ "token": token }));
        self.core.commit(outcome).status
    }
}

/// `put id`, `del lease`: what kind of entry each write is.
fn shape(outcome: &Outcome) -> Vec<String> {
    let kind = |key: &str| {
        let kinds = [
            ("sys/token/id/", "id"),
            ("sys/token/accessor/", "accessor"),
            ("sys/token/parent/", "parent"),
            ("sys/expire/id/", "lease"),
            ("logical/", "secret"),
        ];
        kinds
            .iter()
            .find(|(folder, _)| key.starts_with(folder))
            .map_or(key.to_owned(), |(_, kind)| (*kind).to_owned())
    };
    let write = |(key, value): &(String, Option<Vec<u8>>)| {
        format!("{} {}", if value.is_some() { "put" } else { "del" }, kind(key))
    };
    outcome.batch.writes.iter().map(write).collect()
}

const END: [&str; 5] = ["put id", "del lease", "del parent", "del accessor", "del id"];

#[test]
fn a_service_token_is_four_entries_an_orphan_three_a_batch_token_none() {
    let mut vault = Vault::new();
    let body = json!({"policies": ["all"], "ttl": "1h"});
    let (_, writes) = vault.ask("root", "auth/token/create", &body);
    assert_eq!(writes, ["put accessor", "put parent", "put id", "put lease"]);
    let (_, writes) = vault.ask("root", "auth/token/create-orphan", &body);
    assert_eq!(writes, ["put accessor", "put id", "put lease"]);
    let (_, writes) = vault.ask("root", "auth/token/create", &json!({"type": "batch", "policies": ["all"]}));
    assert!(writes.is_empty());
}

#[test]
fn renewing_is_one_put_and_revoking_one_put_and_five_deletes() {
    let mut vault = Vault::new();
    let token = vault.token("root", &json!({"policies": ["all"], "ttl": "1h"}));
    let (_, writes) = vault.ask("root", "auth/token/renew", &json!({ "token": token }));
    assert_eq!(writes, ["put lease"]);
    let (_, writes) = vault.ask("root", "auth/token/revoke", &json!({ "token": token }));
    assert_eq!(writes, [&END[..], &["del lease"]].concat());
}

#[test]
fn descendants_end_first_and_their_cubbyholes_with_them() {
    let mut vault = Vault::new();
    let top = vault.token("root", &json!({"policies": ["all"], "ttl": "1h"}));
    let child = vault.token(&top, &json!({}));
    vault.ask(&child, "cubbyhole/x", &json!({"a": 1}));
    vault.ask(&child, "cubbyhole/y/z", &json!({"a": 1}));
    let (_, writes) = vault.ask("root", "auth/token/revoke", &json!({ "token": top }));
    let child = [&["put id", "del secret", "del secret"], &END[1..]].concat();
    assert_eq!(writes, [&child[..], &END[..], &["del lease"]].concat());
}

#[test]
fn spared_children_are_written_again_as_orphans() {
    let mut vault = Vault::new();
    let top = vault.token("root", &json!({"policies": ["all"], "ttl": "1h"}));
    let child = vault.token(&top, &json!({}));
    let (_, writes) = vault.ask("root", "auth/token/revoke-orphan", &json!({ "token": top }));
    assert_eq!(
        writes,
        ["put id", "del lease", "del parent", "del accessor", "put id", "del parent", "del id"]
    );
    assert_eq!(vault.lookup(&child), 200);
}

#[test]
fn a_use_is_one_put_and_the_last_ends_the_token() {
    let mut vault = Vault::new();
    let token = vault.token("root", &json!({"policies": ["all"], "ttl": "1h", "num_uses": 2}));
    let (_, writes) = vault.ask(&token, "auth/token/lookup", &json!({}));
    assert_eq!(writes, ["put id"]);
    let (_, writes) = vault.ask(&token, "auth/token/lookup", &json!({}));
    assert_eq!(
        writes,
        ["put id", "put lease", "del lease", "del parent", "del accessor", "del id", "del lease"]
    );
}

#[test]
fn a_refused_request_writes_its_use_and_nothing_else() {
    let mut vault = Vault::new();
    let token = vault.token("root", &json!({"policies": ["all"], "ttl": "1h", "num_uses": 2}));
    let outcome = vault.handle(&token, "auth/token/create", &json!({}));
    assert_eq!(outcome.response.status, 400);
    assert_eq!(shape(&outcome), ["put id"]);
}

#[test]
fn time_ends_a_token_and_takes_its_children_along() {
    let mut vault = Vault::new();
    assert_eq!(vault.core.next_event(), None);
    let top = vault.token("root", &json!({"policies": ["all"], "ttl": "2s"}));
    let child = vault.token(&top, &json!({"ttl": "1h"}));
    let orphan = vault.ask(&top, "auth/token/create-orphan", &json!({"ttl": "1h"})).0;
    let orphan = orphan["auth"]["client_token"].as_str().unwrap().to_owned();
    let due = vault.core.next_event().unwrap();
    let outcome = vault.core.expire(due.plus_nanos(-1));
    assert!(outcome.batch.writes.is_empty());
    let outcome = vault.core.expire(due);
    assert_eq!(shape(&outcome), [&END[..], &END[..], &["del lease"]].concat());
    let requests = vault.core.counters().requests;
    vault.core.commit(outcome);
    assert_eq!(vault.core.counters().requests, requests);
    vault.clock.set(due);
    assert_eq!((vault.lookup(&top), vault.lookup(&child), vault.lookup(&orphan)), (403, 403, 200));
    assert!(vault.core.next_event().unwrap() > due);
}

#[test]
fn without_a_host_that_expires_the_next_request_does_what_is_due() {
    let mut vault = Vault::new();
    let top = vault.token("root", &json!({"policies": ["all"], "ttl": "2s"}));
    let child = vault.token(&top, &json!({"ttl": "1h"}));
    vault.clock.advance(2_000_000_000);
    // The request is refused; what is due is done all the same.
    let outcome = vault.handle(&child, "auth/token/create", &json!({}));
    assert_eq!(outcome.response.status, 403);
    assert_eq!(shape(&outcome), [&END[..], &END[..], &["del lease"]].concat());
}

#[test]
fn a_dropped_outcome_has_not_happened() {
    let mut vault = Vault::new();
    let token = vault.token("root", &json!({"policies": ["all"], "ttl": "1h"}));
    drop(vault.handle("root", "auth/token/revoke", &json!({ "token": token })));
    assert_eq!(vault.lookup(&token), 200);
}

#[test]
fn a_clock_that_is_set_back_is_told_and_not_followed() {
    let mut vault = Vault::new();
    let before = vault.clock.clone();
    vault.token("root", &json!({"ttl": "2s"}));
    assert_eq!(vault.core.clock_behind(), None);
    before.advance(-5_000_000_000);
    assert_eq!(vault.core.clock_behind(), Some(5_000_000_000));
    let token = vault.token("root", &json!({"ttl": "1s"}));
    before.advance(5_500_000_000);
    assert_eq!((vault.core.clock_behind(), vault.lookup(&token)), (None, 200));
}
