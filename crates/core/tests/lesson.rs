//! The batch-token lesson, request by request.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, Standing, UnixTime};

const HOUR: i64 = 3_600_000_000_000;

struct Vault {
    core: Core,
    clock: SetClock,
}

impl Vault {
    fn new() -> Self {
        let clock = SetClock::at(UnixTime::from_secs(1_800_000_000));
        let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(1)), "root").unwrap();
        Self { core, clock }
    }

    fn ask(&mut self, method: Method, path: &str, token: &str, body: Value) -> Response {
        let outcome = self.core.handle(&Request::new(method, path).token(token).json(&body));
        self.core.commit(outcome)
    }

    fn batch(&mut self, body: Value) -> String {
        let answer = self.ask(Method::Post, "auth/token/create", "root", body);
        answer.json().unwrap()["auth"]["client_token"].as_str().unwrap().to_owned()
    }
}

fn error(answer: &Response) -> (u16, String) {
    (answer.status, answer.json().unwrap()["errors"][0].as_str().unwrap_or_default().to_owned())
}

#[test]
fn root_cannot_make_a_batch_root_token() {
    let mut vault = Vault::new();
    let answer = vault.ask(Method::Post, "auth/token/create", "root", json!({"type": "batch"}));
    assert_eq!(error(&answer), (400, "batch tokens cannot be root tokens".to_owned()));
}

#[test]
fn a_batch_token_is_made_without_a_write_and_looked_up() {
    let mut vault = Vault::new();
    let body = json!({"type": "batch", "policies": ["base"], "ttl": "1h"});
    let outcome =
        vault.core.handle(&Request::new(Method::Post, "auth/token/create").token("root").json(&body));
    assert_eq!(outcome.batch.writes, []);
    let answer = vault.core.commit(outcome).json().unwrap();
    assert_eq!(answer["warnings"], json!(["Policy \"base\" does not exist"]));
    let token = answer["auth"]["client_token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("b.AAAAAQ"));
    let lookup =
        vault.ask(Method::Post, "auth/token/lookup", "root", json!({"token": token})).json().unwrap();
    assert_eq!(lookup["data"]["type"], "batch");
    assert_eq!(lookup["data"]["policies"], json!(["base", "default"]));
    assert_eq!(lookup["data"]["ttl"], 3600);
}

#[test]
fn a_service_token_is_four_puts_and_an_orphan_three() {
    let mut vault = Vault::new();
    for (body, puts) in
        [(json!({"policies": ["base"]}), 4), (json!({"policies": ["base"], "no_parent": true}), 3)]
    {
        let request = Request::new(Method::Post, "auth/token/create").token("root").json(&body);
        let outcome = vault.core.handle(&request);
        assert_eq!((outcome.batch.puts(), outcome.batch.deletes()), (puts, 0));
    }
}

#[test]
fn a_dropped_outcome_has_not_happened() {
    let mut vault = Vault::new();
    let before: Vec<_> = vault.core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    let request = Request::new(Method::Post, "auth/token/create").token("root").json(&json!({}));
    let token = vault.core.handle(&request).response.json().unwrap()["auth"]["client_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let after: Vec<_> = vault.core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    assert_eq!(before, after);
    let answer = vault.ask(Method::Post, "auth/token/lookup", "root", json!({"token": token}));
    assert_eq!(error(&answer), (403, "bad token".to_owned()));
}

#[test]
fn a_batch_token_ends_with_its_ttl() {
    let mut vault = Vault::new();
    let token = vault.batch(json!({"type": "batch", "policies": ["base"], "ttl": "1h"}));
    assert!(matches!(vault.core.standing(&token), Standing::Valid { .. }));
    vault.clock.advance(HOUR + 1);
    assert!(matches!(vault.core.standing(&token), Standing::Expired { .. }));
    let answer = vault.ask(Method::Get, "auth/token/lookup-self", &token, Value::Null);
    assert_eq!(error(&answer), (403, "permission denied".to_owned()));
}

#[test]
fn the_same_seed_and_clock_give_the_same_bytes() {
    let token = || Vault::new().batch(json!({"type": "batch", "policies": ["base"]}));
    assert_eq!(token(), token());
}
