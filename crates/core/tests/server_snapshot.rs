//! A real server's snapshot with all kinds of mounts: what is known answers as the server did, what is not is named and kept.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Origin, Request, Snapshot, UnixTime};

/// Recorded from OpenBao 2.7.2, with the answers that it gave within the next second.
const SNAPSHOT: &[u8] = include_bytes!("data/mounts.snap");

fn recorded() -> Value {
    serde_json::from_str(include_str!("data/mounts.json")).unwrap()
}

fn engine(recorded: &Value) -> (Core, SetClock) {
    let snapshot = Snapshot::read(SNAPSHOT).unwrap();
    assert_eq!(snapshot.origin(), Origin::Server);
    let clock = SetClock::at(UnixTime::parse(recorded["now"].as_str().unwrap()).unwrap());
    let shares: Vec<String> = serde_json::from_value(recorded["shares"].clone()).unwrap();
    let rng = Box::new(Seeded::new(1));
    (Core::from_snapshot(Box::new(clock.clone()), rng, snapshot, &shares[..2]).unwrap(), clock)
}

fn ask(core: &mut Core, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let mut request = Request::new(Method::parse(method), path).token(token);
    if !body.is_null() {
        request = request.json(body);
    }
    let outcome = core.handle(&request);
    let response = core.commit(outcome);
    let mut answer = response.json().unwrap_or_default();
    answer.as_object_mut().map(|members| members.remove("request_id"));
    (response.status, answer)
}

/// A ttl counts down from one answer to the next.
fn without_ttl(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if answer["data"]["creation_ttl"].is_u64() {
        answer["data"]["ttl"] = Value::Null;
    }
    answer
}

#[test]
fn what_is_known_answers_as_the_server_did() {
    let recorded = recorded();
    let (mut core, _) = engine(&recorded);
    for wanted in recorded["answers"].as_array().unwrap() {
        let text = |name: &str| wanted[name].as_str().unwrap();
        let (status, answer) = ask(&mut core, text("method"), text("path"), text("token"), &wanted["body"]);
        assert_eq!(json!(status), wanted["status"], "{}: {answer}", text("path"));
        assert_eq!(without_ttl(&answer), without_ttl(&wanted["answer"]), "{}", text("path"));
    }
}

#[test]
fn what_is_not_known_is_named_and_kept() {
    let recorded = recorded();
    let (mut core, _) = engine(&recorded);
    let root = recorded["root"].as_str().unwrap();
    let named = [("auth/jwt/", "jwt"), ("ca/", "pki"), ("transit/", "transit")];
    assert_eq!(core.unknown_mounts(), named.map(|(path, kind)| (path.to_owned(), kind.to_owned())));
    let (status, answer) = ask(&mut core, "GET", "transit/keys/k", root, &Value::Null);
    let text = answer["errors"][0].as_str().unwrap();
    assert!(status == 500 && text.contains("transit/") && text.contains("does not know"), "{text}");
    let stored =
        |core: &Core| core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect::<Vec<_>>();
    let before = stored(&core);
    core.allow_writes();
    assert_eq!(ask(&mut core, "PUT", "kv1/x/y", root, &json!({ "a": "c" })).0, 204);
    let changed: Vec<_> =
        stored(&core).into_iter().zip(before).filter(|(now, before)| now != before).collect();
    assert_eq!(changed.len(), 1, "only what was written");
    let again = Snapshot::read(&core.snapshot().unwrap()).unwrap();
    assert!(again.entries().any(|(key, _)| key.ends_with("/policy/k")), "and a snapshot has it");
}

#[test]
fn hidden_names_are_read_and_written_but_not_made() {
    let recorded = recorded();
    let (mut core, _) = engine(&recorded);
    let root = recorded["root"].as_str().unwrap();
    core.allow_writes();
    let write = json!({ "data": { "new": 1 } });
    let (status, answer) = ask(&mut core, "PUT", "kv2/data/foo/bar", root, &write);
    assert_eq!((status, &answer["data"]["version"]), (200, &json!(3)));
    assert_eq!(
        ask(&mut core, "GET", "kv2/data/foo/bar", root, &Value::Null).1["data"]["data"],
        write["data"]
    );
    let count = core.entries().count();
    let (status, answer) = ask(&mut core, "PUT", "kv2/data/foo/new", root, &write);
    assert!(status == 500 && answer.to_string().contains("hides the names"), "{answer}");
    assert_eq!(core.entries().count(), count);
    assert_eq!(ask(&mut core, "DELETE", "kv2/metadata/foo/bar", root, &Value::Null).0, 204);
    assert_eq!(ask(&mut core, "GET", "kv2/metadata/foo/bar", root, &Value::Null).0, 404);
    let (_, list) = ask(&mut core, "LIST", "kv2/metadata/foo", root, &Value::Null);
    assert_eq!(list["data"]["keys"], json!(["baz/"]));
}

#[test]
fn read_only_what_has_ended_is_refused_and_kept_and_written_it_goes() {
    let recorded = recorded();
    let (mut core, clock) = engine(&recorded);
    let root = recorded["root"].as_str().unwrap();
    // Bob's token lives an hour; it and its one-time password are stored.
    let bob = recorded["answers"].as_array().unwrap().iter().find(|answer| {
        answer["path"] == "auth/token/lookup" && answer["answer"]["data"]["display_name"] == "userpass-bob"
    });
    let bob = bob.unwrap()["body"]["token"].as_str().unwrap().to_owned();
    let count = core.entries().count();
    clock.advance(3_601 * 1_000_000_000);
    assert_eq!(ask(&mut core, "GET", "auth/token/lookup-self", &bob, &Value::Null).0, 403);
    let dead = ask(&mut core, "POST", "auth/token/lookup", root, &json!({ "token": bob }));
    assert_eq!(dead, (403, json!({ "errors": ["bad token"] })));
    let accessors = |core: &mut Core| ask(core, "LIST", "auth/token/accessors", root, &Value::Null).1;
    assert_eq!(accessors(&mut core)["data"]["keys"].as_array().unwrap().len(), 3);
    assert_eq!(core.next_event(), None, "nothing happens by itself");
    let outcome = core.expire(vaultlet_core::host::Clock::now(&clock));
    assert_eq!((outcome.response.status, outcome.batch.writes.len()), (500, 0));
    core.commit(outcome);
    assert_eq!(core.entries().count(), count, "nothing is deleted");
    core.allow_writes();
    assert!(core.next_event().is_some_and(|due| due <= vaultlet_core::host::Clock::now(&clock)));
    assert_eq!(accessors(&mut core)["data"]["keys"].as_array().unwrap().len(), 2);
    let left = ask(&mut core, "LIST", "sys/leases/lookup/ssh/creds/otp", root, &Value::Null);
    assert_eq!(left.0, 404, "its password went with it");
    assert!(core.entries().count() < count);
}

/// The leases of a folder, opened, without what differs from token to token.
fn leases(core: &Core, folder: &str) -> Vec<Value> {
    let keyring = core.keyring().unwrap();
    let below = core.entries().filter(|(key, _)| key.starts_with(&format!("sys/expire/id/{folder}")));
    below
        .map(|(key, sealed)| {
            let mut lease: Value =
                serde_json::from_slice(&keyring.open(sealed, key.as_bytes()).unwrap()).unwrap();
            for name in ["lease_id", "client_token", "issue_time", "expire_time"] {
                assert!(lease[name].take().is_string(), "{name}");
            }
            for name in ["client_token", "accessor", "entity_created"] {
                assert!(!lease["auth"][name].take().is_null(), "{name}");
            }
            lease
        })
        .collect()
}

#[test]
fn a_login_leaves_the_lease_that_the_real_server_left() {
    let recorded = recorded();
    let (mut core, _) = engine(&recorded);
    let root = recorded["root"].as_str().unwrap();
    core.allow_writes();
    let bob = json!({ "password": "x" });
    assert_eq!(ask(&mut core, "POST", "auth/userpass/login/bob", "", &bob).0, 200);
    let (_, role_id) = ask(&mut core, "GET", "auth/approle/role/r/role-id", root, &Value::Null);
    let metadata = json!({ "metadata": "{\"a\":\"b\"}" });
    let (_, secret) = ask(&mut core, "POST", "auth/approle/role/r/secret-id", root, &metadata);
    let login = json!({ "role_id": role_id["data"]["role_id"], "secret_id": secret["data"]["secret_id"] });
    assert_eq!(ask(&mut core, "POST", "auth/approle/login", "", &login).0, 200);
    for folder in ["auth/userpass/login/bob", "auth/approle/login"] {
        let leases = leases(&core, folder);
        assert_eq!((leases.len(), &leases[0]), (2, &leases[1]), "{folder}");
    }
}
