//! A real server's snapshot opens with its shares, and the engine made from it answers as that server did.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, Snapshot, SnapshotError, UnixTime};

const SNAPSHOT: &[u8] = include_bytes!("data/raft.snap");

fn recorded() -> Value {
    serde_json::from_str(include_str!("../../token/tests/data/recorded.json")).unwrap()
}

fn shares(recorded: &Value) -> Vec<String> {
    serde_json::from_value(recorded["unseal_keys_b64"].clone()).unwrap()
}

/// The engine at a moment after the snapshot was taken.
fn engine(recorded: &Value, now: UnixTime) -> Core {
    let snapshot = Snapshot::read(SNAPSHOT).unwrap();
    let (clock, rng) = (SetClock::at(now), Seeded::new(1));
    Core::from_snapshot(Box::new(clock), Box::new(rng), snapshot, &shares(recorded)[..3]).unwrap()
}

fn ask(core: &mut Core, method: Method, path: &str, token: &str, body: &Value) -> Response {
    let outcome = core.handle(&Request::new(method, path).token(token).json(body));
    core.commit(outcome)
}

/// The moment in which the server looked a token up: its lookup says what was left of it.
fn moment(lookup: &Value) -> UnixTime {
    let end = UnixTime::parse(lookup["expire_time"].as_str().unwrap()).unwrap();
    end.plus_nanos(-lookup["ttl"].as_i64().unwrap() * 1_000_000_000)
}

#[test]
fn any_three_of_the_five_shares_open_it_and_the_keyring_is_the_recorded_one() {
    let recorded = recorded();
    let snapshot = Snapshot::read(SNAPSHOT).unwrap();
    assert_eq!(snapshot.threshold(), Some((3, 5)));
    let shares = shares(&recorded);
    for chosen in [[0, 1, 2], [2, 3, 4], [4, 0, 2]] {
        let keyring = snapshot.keyring(&chosen.map(|at: usize| &shares[at])).unwrap();
        let json: Value = serde_json::from_slice(&keyring.to_json()).unwrap();
        assert_eq!(json, recorded["keyring"]);
    }
    assert!(snapshot.keyring(&shares).is_ok(), "all five");
}

#[test]
fn a_snapshot_has_the_entries_that_the_server_had() {
    let snapshot = Snapshot::read(SNAPSHOT).unwrap();
    let keys: Vec<&str> = snapshot.entries().map(|(key, _)| key).collect();
    let recorded: Vec<String> = serde_json::from_value(recorded()["snapshot_keys"].clone()).unwrap();
    assert_eq!(keys, recorded);
}

#[test]
fn shares_that_do_not_open_it_are_told_apart() {
    let recorded = recorded();
    let snapshot = Snapshot::read(SNAPSHOT).unwrap();
    let shares = shares(&recorded);
    let fails = |shares: &[&str]| snapshot.keyring(shares).unwrap_err();
    let [one, two] = [shares[0].as_str(), shares[1].as_str()];
    assert_eq!(fails(&[]), SnapshotError::TooFewShares { given: 0, needed: 3 });
    assert_eq!(fails(&[one, two]), SnapshotError::TooFewShares { given: 2, needed: 3 });
    assert_eq!(fails(&[one, two, one]), SnapshotError::TooFewShares { given: 2, needed: 3 });
    let text = "is neither base64 nor hex";
    assert_eq!(fails(&[one, "no share!"]), SnapshotError::Share { number: 2, what: text });
    let text = "has a wrong length for this snapshot";
    assert_eq!(fails(&[one, two, "AAAA"]), SnapshotError::Share { number: 3, what: text });
    let changed = shares[2].replacen('C', "D", 1);
    assert_eq!(fails(&[one, two, &changed]), SnapshotError::WrongShares);
}

#[test]
fn every_recorded_token_is_looked_up_as_recorded() {
    let recorded = recorded();
    let root = recorded["root_token"].as_str().unwrap();
    let tokens = recorded["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 10);
    for token in tokens {
        let mut core = engine(&recorded, moment(&token["lookup"]));
        let body = json!({ "token": token["token"] });
        let answer = ask(&mut core, Method::Post, "auth/token/lookup", root, &body);
        assert_eq!(answer.json().unwrap()["data"], token["lookup"], "{}", token["name"]);
    }
}

#[test]
fn every_recorded_accessor_is_looked_up_as_recorded() {
    let recorded = recorded();
    let root = recorded["root_token"].as_str().unwrap();
    let mut known = 0;
    for token in recorded["tokens"].as_array().unwrap() {
        let mut core = engine(&recorded, moment(&token["lookup"]));
        let accessor = &token["lookup"]["accessor"];
        let answer = ask(
            &mut core,
            Method::Post,
            "auth/token/lookup-accessor",
            root,
            &json!({ "accessor": accessor }),
        );
        if accessor == "" {
            assert_eq!(answer.status, 400, "a batch token has no accessor");
            continue;
        }
        // Who has an accessor alone is not told the token.
        let mut expected = token["lookup"].clone();
        expected["id"] = json!("");
        assert_eq!(answer.json().unwrap()["data"], expected, "{}", token["name"]);
        known += 1;
    }
    assert_eq!(known, 3);
}

#[test]
fn every_recorded_token_may_what_its_policies_say() {
    let recorded = recorded();
    let root = recorded["root_token"].as_str().unwrap();
    for token in recorded["tokens"].as_array().unwrap() {
        let mut core = engine(&recorded, moment(&token["lookup"]));
        let policies: Vec<String> = serde_json::from_value(token["lookup"]["policies"].clone()).unwrap();
        let maker = policies.iter().any(|name| name == "maker");
        let default = policies.iter().any(|name| name == "default");
        let body =
            json!({ "token": token["token"], "paths": ["auth/token/create", "auth/token/lookup-self"] });
        let answer = ask(&mut core, Method::Post, "sys/capabilities", root, &body).json().unwrap();
        let may = |path: &str| answer["data"][path] != json!(["deny"]);
        assert_eq!(may("auth/token/create"), maker, "{} {answer}", token["name"]);
        assert_eq!(may("auth/token/lookup-self"), default, "{} {answer}", token["name"]);
    }
}

#[test]
fn its_policies_are_read() {
    let recorded = recorded();
    let mut core = engine(&recorded, moment(&recorded["tokens"][0]["lookup"]));
    let root = recorded["root_token"].as_str().unwrap();
    let list = ask(&mut core, Method::List, "sys/policies/acl", root, &Value::Null);
    assert_eq!(list.json().unwrap()["data"]["keys"], json!(["base", "default", "maker", "root"]));
    for (name, part) in
        [("base", "path "), ("maker", "auth/token/create"), ("default", "auth/token/lookup-self")]
    {
        let answer = ask(&mut core, Method::Get, &format!("sys/policies/acl/{name}"), root, &Value::Null);
        let text = answer.json().unwrap()["data"]["policy"].as_str().unwrap().to_owned();
        assert!(text.contains(part), "{name}: {text}");
    }
}

#[test]
fn an_engine_of_a_snapshot_writes_only_when_asked_to() {
    let recorded = recorded();
    let mut core = engine(&recorded, moment(&recorded["tokens"][0]["lookup"]));
    let root = recorded["root_token"].as_str().unwrap();
    let before: Vec<_> = core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    let service = json!({ "policies": ["base"] });
    let refused = ask(&mut core, Method::Post, "auth/token/create", root, &service);
    assert_eq!(refused.status, 500);
    assert!(
        refused.json().unwrap()["errors"][0].as_str().unwrap().contains("cannot write to readonly storage")
    );
    let batch = ask(
        &mut core,
        Method::Post,
        "auth/token/create",
        root,
        &json!({ "type": "batch", "policies": ["base"] }),
    );
    assert_eq!(batch.status, 200, "a batch token writes nothing");
    let after: Vec<_> = core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    assert_eq!(before, after);
    core.allow_writes();
    assert_eq!(ask(&mut core, Method::Post, "auth/token/create", root, &service).status, 200);
}

#[test]
fn a_sealed_engine_answers_nothing_until_its_shares_come() {
    let recorded = recorded();
    let token = &recorded["tokens"][0];
    let mut core = engine(&recorded, moment(&token["lookup"]));
    let kept: Vec<_> = core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    core.seal();
    assert!(core.keyring().is_none());
    let text = token["token"].as_str().unwrap();
    let look = |core: &mut Core| ask(core, Method::Get, "auth/token/lookup-self", text, &Value::Null);
    let answer = look(&mut core);
    assert_eq!((answer.status, answer.json().unwrap()), (503, json!({ "errors": ["Vault is sealed"] })));
    let shares = shares(&recorded);
    assert_eq!(core.unseal(&shares[..2]), Err(SnapshotError::TooFewShares { given: 2, needed: 3 }));
    assert_eq!(look(&mut core).status, 503, "and it stays sealed");
    core.unseal(&shares[2..]).unwrap();
    assert_eq!(look(&mut core).json().unwrap()["data"], token["lookup"]);
    let after: Vec<_> = core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect();
    assert_eq!(kept, after);
}
