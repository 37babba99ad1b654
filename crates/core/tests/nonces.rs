//! Nonces are never repeated under one key: nothing that could be restored says how far a generator is.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vaultlet_core::host::{Rng, RngFailed, Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Snapshot, UnixTime};
use vaultlet_token::Token;

/// A nonce and the term of its key.
type Used = (u32, [u8; 12]);

/// The platform's own randomness, as the edge crates give it to every engine.
struct Platform;

impl Rng for Platform {
    #[allow(clippy::disallowed_methods, reason = "this test is the host, which knows the platform")]
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed> {
        getrandom::fill(buf).map_err(|_| RngFailed)
    }
}

/// An engine restored from the same kept bytes every time.
fn restored(rng: impl Rng + 'static) -> (Core, String) {
    let recorded: Value = serde_json::from_str(include_str!("../../token/tests/data/recorded.json")).unwrap();
    let shares: Vec<String> = serde_json::from_value(recorded["unseal_keys_b64"].clone()).unwrap();
    let snapshot = Snapshot::read(include_bytes!("data/raft.snap")).unwrap();
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let core = Core::from_snapshot(Box::new(clock), Box::new(rng), snapshot, &shares[..3]).unwrap();
    (core, recorded["root_token"].as_str().unwrap().to_owned())
}

/// The nonces of `count` new batch tokens.
fn batch_nonces(core: &mut Core, root: &str, count: usize) -> Vec<Used> {
    let body = json!({ "type": "batch", "policies": ["base"] });
    let request = Request::new(Method::Post, "auth/token/create").token(root).json(&body);
    (0..count)
        .map(|_| {
            let outcome = core.handle(&request);
            let answer = core.commit(outcome).json().unwrap();
            let token = answer["auth"]["client_token"].as_str().unwrap().to_owned();
            used(&Token::parse(&token).sealed_bytes().unwrap())
        })
        .collect()
}

fn used(frame: &[u8]) -> Used {
    (u32::from_be_bytes(frame[..4].try_into().unwrap()), frame[5..17].try_into().unwrap())
}

fn state(core: &Core) -> Vec<(String, Vec<u8>)> {
    core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
}

#[test]
fn batch_tokens_leave_no_trace_from_which_a_position_could_be_restored() {
    let (mut core, root) = restored(Platform);
    let before = state(&core);
    batch_nonces(&mut core, &root, 250);
    assert_eq!(state(&core), before);
}

#[test]
fn engines_restored_from_the_same_bytes_never_share_a_nonce() {
    // A reload, two tabs, two nodes: each is a restore of the same kept state, each makes tokens that leave no trace.
    let mut all = BTreeSet::new();
    for _ in 0..4 {
        let (mut core, root) = restored(Platform);
        all.extend(batch_nonces(&mut core, &root, 250));
    }
    assert_eq!(all.len(), 1000);
}

#[test]
fn one_engine_never_repeats_a_nonce_of_a_token_or_of_a_stored_entry() {
    let (mut core, root) = restored(Platform);
    core.allow_writes();
    let mut all = BTreeSet::new();
    let mut count = 0;
    for number in 0..60 {
        let body = json!({ "policies": ["base"], "meta": { "number": number.to_string() } });
        let outcome = core.handle(&Request::new(Method::Post, "auth/token/create").token(&root).json(&body));
        let sealed = outcome.batch.writes.iter().filter_map(|(_, value)| value.as_deref());
        let nonces: Vec<Used> = sealed.map(used).collect();
        core.commit(outcome);
        count += nonces.len() + 5;
        all.extend(nonces);
        all.extend(batch_nonces(&mut core, &root, 5));
    }
    assert!(count >= 60 * 9, "four entries and five tokens a turn: {count}");
    assert_eq!(all.len(), count);
}

#[test]
fn what_is_dropped_does_not_give_its_nonce_back() {
    let (mut core, root) = restored(Seeded::new(1));
    let body = json!({ "type": "batch", "policies": ["base"] });
    let request = Request::new(Method::Post, "auth/token/create").token(&root).json(&body);
    let tokens: BTreeSet<String> = (0..100)
        .map(|_| core.handle(&request).response.json().unwrap()["auth"]["client_token"].to_string())
        .collect();
    assert_eq!(tokens.len(), 100);
}

#[test]
fn only_vaults_made_to_be_replayed_repeat_themselves() {
    let nonces = |seed| {
        let (mut core, root) = restored(Seeded::new(seed));
        batch_nonces(&mut core, &root, 10)
    };
    assert_eq!(nonces(1), nonces(1));
    assert!(nonces(1).iter().all(|nonce| !nonces(2).contains(nonce)));
}
