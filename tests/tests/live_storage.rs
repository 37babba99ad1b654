//! What is stored, and in which order: a real server's raft log beside the batches of the engine that its snapshot makes, operation by
//! operation. Each test says which rules of `docs/behaviour.md` it shows.
#![cfg(feature = "live")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, Snapshot, UnixTime};
use vaultlet_tests::raft::Raft;
use vaultlet_tests::raft_log;

/// A real server and an engine of its snapshot, asked the same.
struct Pair {
    raft: Raft,
    core: Core,
    /// The log's last index that was looked at.
    seen: u64,
}

/// What a call names by turns: each side has tokens of its own.
type Tokens = BTreeMap<&'static str, (String, String)>;

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_nanos(u64::try_from(since.as_nanos()).unwrap())
}

/// `put id`, `del lease`: what kind of entry a write is of. None for the server's own affairs.
fn kind(word: &str, key: &str) -> Option<String> {
    let kinds = [
        ("sys/token/id/", "id"),
        ("sys/token/accessor/", "accessor"),
        ("sys/token/parent/", "parent"),
        ("sys/expire/id/", "lease"),
        ("sys/expire/token/", "lease index"),
        ("logical/", "secret"),
    ];
    kinds.iter().find(|(folder, _)| key.starts_with(folder)).map(|(_, kind)| format!("{word} {kind}"))
}

impl Pair {
    fn new() -> Self {
        let raft = Raft::start(1, 1);
        let policy = json!({ "policy": "path \"*\" { capabilities = [\"create\", \"read\", \"update\", \"delete\", \"list\", \"sudo\"] }" });
        raft.ask(Method::Put, "sys/policies/acl/all", &policy);
        let snapshot = Snapshot::read(&raft.snapshot()).unwrap();
        let (clock, rng) = (Box::new(SetClock::at(now())), Box::new(Seeded::new(1)));
        let mut core = Core::from_snapshot(clock, rng, snapshot, &raft.shares).unwrap();
        core.allow_writes();
        let mut pair = Self { raft, core, seen: 0 };
        pair.logged();
        pair
    }

    /// What the server has written since this was last asked.
    fn logged(&mut self) -> Vec<String> {
        let log = raft_log::read(self.raft.server.home());
        let fresh = log.range(self.seen + 1..);
        let writes = fresh.flat_map(|(_, writes)| writes).filter_map(|(word, key)| kind(word, key)).collect();
        self.seen = log.keys().next_back().copied().unwrap_or(self.seen);
        writes
    }

    /// Asks both; gives both answers, and what both wrote.
    fn ask(&mut self, requests: [Request; 2]) -> ([Response; 2], [Vec<String>; 2]) {
        let [there, here] = requests;
        let answer = self.raft.server.ask(&there);
        let logged = self.logged();
        let outcome = self.core.handle(&here);
        let writes = outcome.batch.writes.iter();
        let writes = writes
            .filter_map(|(key, value)| kind(if value.is_some() { "put" } else { "del" }, key))
            .collect();
        ([answer, self.core.commit(outcome)], [logged, writes])
    }

    /// Asks with a named token, and checks that both answer and write alike. `<NAME>` in the body stands for a token.
    fn same(
        &mut self,
        tokens: &mut Tokens,
        caller: &str,
        path: &str,
        body: &str,
        makes: Option<&'static str>,
    ) -> Vec<String> {
        let filled = |side: fn(&(String, String)) -> &String| {
            let body = tokens
                .iter()
                .fold(body.to_owned(), |body, (name, pair)| body.replace(&format!("<{name}>"), side(pair)));
            let token = tokens.get(caller).map_or(self.raft.root_token.as_str(), |pair| side(pair).as_str());
            let body: Value = serde_json::from_str(&body).unwrap();
            Request::new(Method::Post, path).token(token).json(&body)
        };
        let requests = [filled(|pair| &pair.0), filled(|pair| &pair.1)];
        let ([there, here], [logged, written]) = self.ask(requests);
        assert_eq!(here.status, there.status, "{path} {body}: {here:?} {there:?}");
        assert!(there.status < 300, "{path} {body}: {there:?}");
        assert_eq!(written, logged, "{path} {body}: left the engine's batch, right the server's log");
        if let Some(name) = makes {
            let made = |answer: &Response| {
                answer.json().unwrap()["auth"]["client_token"].as_str().unwrap().to_owned()
            };
            tokens.insert(name, (made(&there), made(&here)));
        }
        logged
    }
}

// Shows 5.1, 5.2, 5.3, 5.4, 2.9.
#[test]
fn both_write_the_same_entries_in_the_same_order() {
    let mut pair = Pair::new();
    let tokens = &mut Tokens::new();
    let create = "auth/token/create";
    let service = r#"{"policies":["all"],"ttl":"1h"}"#;
    let made = pair.same(tokens, "root", create, service, Some("parent"));
    assert_eq!(made, ["put accessor", "put parent", "put id", "put lease"], "the index before the id");
    let made = pair.same(tokens, "root", "auth/token/create-orphan", service, Some("orphan"));
    assert_eq!(made, ["put accessor", "put id", "put lease"]);
    for caller in ["root", "parent"] {
        let made = pair.same(tokens, caller, create, r#"{"type":"batch","policies":["all"]}"#, Some("batch"));
        assert!(made.is_empty(), "{made:?}");
    }
    pair.same(tokens, "parent", create, r#"{"policies":["all"]}"#, Some("child"));
    pair.same(tokens, "parent", create, r#"{"policies":["all"]}"#, Some("second"));
    pair.same(tokens, "child", create, r#"{"policies":["all"]}"#, Some("grandchild"));
    pair.same(tokens, "root", create, r#"{"id":"customary","policies":["all"]}"#, None);
    pair.same(tokens, "root", create, r#"{"num_uses":3,"policies":["all"]}"#, Some("limited"));
    let used = pair.same(tokens, "limited", "sys/capabilities-self", r#"{"path":"a"}"#, None);
    assert_eq!(used, ["put id"], "a use is a put");
    let looked = pair.same(tokens, "parent", "auth/token/lookup", r#"{"token":"<child>"}"#, None);
    assert!(looked.is_empty());
    let renewed = pair.same(tokens, "root", "auth/token/renew", r#"{"token":"<orphan>"}"#, None);
    assert_eq!(renewed, ["put lease"]);
    pair.same(tokens, "orphan", "cubbyhole/a", r#"{"x":1}"#, None);
    pair.same(tokens, "root", "auth/token/revoke", r#"{"token":"<orphan>"}"#, None);
    let ended = pair.same(tokens, "root", "auth/token/revoke", r#"{"token":"<grandchild>"}"#, None);
    assert_eq!(ended, ["put id", "del lease", "del parent", "del accessor", "del id", "del lease"]);
    pair.same(tokens, "root", "auth/token/revoke", r#"{"token":"customary"}"#, None);
    pair.same(tokens, "root", "auth/token/revoke-orphan", r#"{"token":"<second>"}"#, None);
    pair.same(tokens, "root", "auth/token/revoke", r#"{"token":"<parent>"}"#, None);
}

/// An entry opened, as JSON.
fn opened(keyring: &vaultlet_token::keyring::Keyring, key: &str, sealed: &[u8]) -> Value {
    let plain = keyring.open(sealed, key.as_bytes()).unwrap();
    serde_json::from_slice(&plain).unwrap_or_else(|_| json!(String::from_utf8_lossy(&plain)))
}

/// The members of JSON, at every depth, with what kind each value is.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), form(value))).collect(),
        Value::Array(items) => items.iter().map(form).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

// Shows 1.7, 2.2, 5.1, 5.6.
#[test]
fn both_store_the_same_entries_under_their_paths() {
    let mut pair = Pair::new();
    let tokens = &mut Tokens::new();
    let body = r#"{"policies":["all"],"ttl":"1h","meta":{"a":"1"},"num_uses":4,"display_name":"x"}"#;
    pair.same(tokens, "root", "auth/token/create", body, Some("made"));
    pair.same(
        tokens,
        "root",
        "auth/token/create",
        r#"{"id":"customary","policies":["all"],"period":"1h"}"#,
        None,
    );
    let snapshot = Snapshot::read(&pair.raft.snapshot()).unwrap();
    let keyring = snapshot.keyring(&pair.raft.shares).unwrap();
    let is_ours = |key: &str| key.starts_with("sys/token/") || key.starts_with("sys/expire/");
    let forms = |entries: &mut dyn Iterator<Item = (&str, &[u8])>| -> BTreeSet<(String, String)> {
        entries
            .filter(|(key, _)| is_ours(key))
            .map(|(key, sealed)| {
                // A generated id has a hash of its own on each side; what is not generated has the same.
                let shape: Vec<String> = key
                    .split('/')
                    .map(
                        |part| {
                            if part.len() >= 40 { format!("{} hash", part.len()) } else { part.to_owned() }
                        },
                    )
                    .collect();
                (shape.join("/"), form(&opened(&keyring, key, sealed)).to_string())
            })
            .collect()
    };
    let there = forms(&mut snapshot.entries());
    let here = forms(&mut pair.core.entries());
    assert_eq!(here, there, "left the engine's entries, right the server's");
    // A custom id and the salt are the same on both sides, so its entries' paths are.
    let engine: BTreeSet<&str> =
        pair.core.entries().map(|(key, _)| key).filter(|key| key.starts_with("sys/token/id/")).collect();
    let server: BTreeSet<&str> =
        snapshot.entries().map(|(key, _)| key).filter(|key| key.starts_with("sys/token/id/")).collect();
    let custom = |ids: &BTreeSet<&str>| ids.iter().find(|id| !id.contains("/h")).map(|id| (*id).to_owned());
    assert!(custom(&server).is_some());
    assert_eq!(custom(&engine), custom(&server));
}
