//! A cluster in one process, as a person would play with it: nodes die, lag, are cut off, are promoted.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};
use vaultlet_core::cluster::{Local, NodeId, Part};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Method, Request, UnixTime};

const FIRST: NodeId = NodeId(1);
const SECOND: NodeId = NodeId(2);
const THIRD: NodeId = NodeId(3);

fn cluster(nodes: u32) -> Local {
    let (clock, mut seed) = (SetClock::at(UnixTime::from_secs(1_795_460_913)), 0);
    let platform = move || {
        seed += 1;
        (Box::new(clock.clone()) as _, Box::new(Seeded::new(seed)) as _)
    };
    Local::dev(nodes, "root", Box::new(platform)).unwrap()
}

fn post(local: &mut Local, node: NodeId, path: &str, body: &Value) -> (u16, Value) {
    let response = local.ask(node, &Request::new(Method::Post, path).token("root").json(body));
    (response.status, response.json().unwrap_or_default())
}

fn service(local: &mut Local, node: NodeId) -> (u16, Value) {
    post(local, node, "auth/token/create", &json!({ "policies": ["default"], "ttl": "1h" }))
}

fn batch(local: &mut Local, node: NodeId) -> (u16, Value) {
    post(local, node, "auth/token/create-orphan", &json!({ "policies": ["default"], "type": "batch" }))
}

fn token(answer: &Value) -> String {
    answer["auth"]["client_token"].as_str().unwrap().to_owned()
}

fn is_known(local: &mut Local, node: NodeId, token: &str) -> bool {
    local.ask(node, &Request::new(Method::Get, "auth/token/lookup-self").token(token)).status == 200
}

fn entries(local: &Local, node: NodeId) -> Vec<(String, Vec<u8>)> {
    let entries = local.node(node).unwrap().core().entries();
    entries.map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
}

#[test]
fn batch_tokens_are_made_where_they_are_asked_for_and_service_tokens_on_the_active_node() {
    let mut local = cluster(2);
    let before = [local.counts(FIRST).unwrap(), local.counts(SECOND).unwrap()];
    for _ in 0..20 {
        assert_eq!(batch(&mut local, SECOND).0, 200);
    }
    let after = [local.counts(FIRST).unwrap(), local.counts(SECOND).unwrap()];
    assert_eq!(after[0], before[0], "the active node knows nothing of it");
    assert_eq!((after[1].encryptions, after[1].forwarded, after[1].received), (20, 0, before[1].received));
    for _ in 0..20 {
        assert_eq!(service(&mut local, SECOND).0, 200);
    }
    let last = [local.counts(FIRST).unwrap(), local.counts(SECOND).unwrap()];
    assert_eq!((last[0].puts - after[0].puts, last[0].encryptions - after[0].encryptions), (80, 80));
    assert_eq!((last[1].encryptions, last[1].forwarded, last[1].puts), (20, 20, 0));
    // The real server's entry of a token and its lease are some 1.6 KB, and a batch carries them once.
    let bytes = (last[1].received - after[1].received) / 20;
    assert!((1_000..3_000).contains(&bytes), "{bytes} bytes are replicated for a service token");
}

#[test]
fn without_an_active_node_a_standby_goes_on_with_what_writes_nothing() {
    let mut local = cluster(2);
    local.stop(FIRST);
    let (status, answer) = batch(&mut local, SECOND);
    assert_eq!(status, 200);
    assert!(is_known(&mut local, SECOND, &token(&answer)));
    let refused = json!({ "errors": ["local node not active but active cluster node not found"] });
    assert_eq!(service(&mut local, SECOND), (500, refused));
}

#[test]
fn what_was_acknowledged_is_there_after_the_active_node_has_died() {
    let mut local = cluster(3);
    let tokens: Vec<String> = (0..5).map(|_| token(&service(&mut local, THIRD).1)).collect();
    local.stop(FIRST);
    local.promote(SECOND);
    assert_eq!(local.node(SECOND).unwrap().part(), Part::Active);
    for node in [SECOND, THIRD] {
        assert!(tokens.iter().all(|token| is_known(&mut local, node, token)));
    }
    let late = token(&service(&mut local, THIRD).1);
    local.start(FIRST);
    local.tick();
    assert!(is_known(&mut local, FIRST, &late));
    assert_eq!(entries(&local, FIRST), entries(&local, SECOND));
}

#[test]
fn a_standby_that_was_cut_off_lags_and_catches_up() {
    let mut local = cluster(3);
    local.cut(THIRD);
    for _ in 0..5 {
        assert_eq!(service(&mut local, FIRST).0, 200);
    }
    let applied = |local: &Local, node| local.counts(node).unwrap().applied;
    assert_eq!(applied(&local, FIRST) - applied(&local, THIRD), 5);
    local.heal(THIRD);
    local.tick();
    assert_eq!(entries(&local, THIRD), entries(&local, FIRST));
}

#[test]
fn without_a_majority_nothing_is_acknowledged() {
    let mut local = cluster(2);
    local.cut(SECOND);
    let before = entries(&local, FIRST);
    let (status, answer) = service(&mut local, FIRST);
    let lost = json!({ "errors": ["failed to persist entry: leadership lost while committing log"] });
    assert_eq!((status, answer), (400, lost));
    assert_eq!(entries(&local, FIRST), before);
    assert_eq!(local.node(FIRST).unwrap().part(), Part::Standby, "it is not active alone");
    assert_eq!(batch(&mut local, FIRST).0, 200);
}

#[test]
fn a_new_key_reaches_the_standbys() {
    let mut local = cluster(2);
    assert_eq!(post(&mut local, SECOND, "sys/rotate", &json!({})).0, 204);
    let sealed = token(&batch(&mut local, SECOND).1);
    assert!(sealed.starts_with("b.AAAAAg"), "sealed under term 2: {sealed}");
    assert!(is_known(&mut local, FIRST, &sealed));
    let counts = local.counts(SECOND).unwrap();
    assert_eq!((counts.term, counts.encryptions), (2, 1));
}

#[test]
fn a_new_node_is_sent_everything_and_one_that_goes_is_not_waited_for() {
    let mut local = cluster(1);
    let made = token(&service(&mut local, FIRST).1);
    local.start(SECOND);
    local.tick();
    assert!(is_known(&mut local, SECOND, &made));
    assert_eq!(entries(&local, SECOND), entries(&local, FIRST));
    local.remove(SECOND);
    assert_eq!(service(&mut local, FIRST).0, 200);
}
