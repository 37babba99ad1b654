//! A real server restores a snapshot of an engine here, and answers as the engine does.
#![cfg(feature = "live")]

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response};
use vaultlet_tests::driver::Driver;
use vaultlet_tests::raft::Raft;

fn ask(core: &mut Core, path: &str, token: &str, body: &Value) -> Response {
    let outcome = core.handle(&Request::new(Method::Post, path).token(token).json(body));
    core.commit(outcome)
}

/// What a lookup says that does not change while time passes.
fn lasting(answer: &Response) -> Value {
    let mut data = answer.json().unwrap_or_default()["data"].take();
    data.as_object_mut().map(|members| members.remove("ttl"));
    data
}

#[test]
fn a_real_server_restores_our_snapshot_and_knows_its_tokens() {
    // Both are sealed by one share: the server keeps the numbers of its own seal until it is started again.
    let raft = Raft::start(1, 1);
    let clock = SetClock::at(Driver::now(&raft.server));
    let (mut core, _) = Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").unwrap();
    ask(
        &mut core,
        "sys/policies/acl/base",
        "root",
        &json!({ "policy": r#"path "secret/*" { capabilities = ["read"] }"# }),
    );
    ask(&mut core, "sys/rotate", "root", &Value::Null);
    let mut made = |body: Value| {
        let answer = ask(&mut core, "auth/token/create", "root", &body).json().unwrap();
        answer["auth"]["client_token"].as_str().unwrap().to_owned()
    };
    let tokens = [
        made(json!({ "policies": ["base"], "ttl": "1h", "meta": { "a": "b" } })),
        made(json!({ "policies": ["base"], "ttl": "1h", "type": "batch" })),
        made(json!({ "policies": ["base"], "period": "1h", "no_parent": true })),
    ];
    let share: String = core.unseal_key().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    raft.restore(&core.snapshot().unwrap());
    let alive = Request::new(Method::Get, "auth/token/lookup-self").token("root");
    let begun = Instant::now();
    while raft.server.ask(&alive).status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not open:\n{}", raft.server.log());
        raft.server.ask(&Request::new(Method::Put, "sys/unseal").json(&json!({ "key": share })));
        thread::sleep(Duration::from_millis(100));
    }
    for token in &tokens {
        let request =
            Request::new(Method::Post, "auth/token/lookup").token("root").json(&json!({ "token": token }));
        let (theirs, ours) = (raft.server.ask(&request), core.handle(&request).response);
        assert_eq!((theirs.status, lasting(&theirs)), (200, lasting(&ours)), "{token}");
        let body = json!({ "token": token, "paths": ["secret/data/x", "sys/seal"] });
        let request = Request::new(Method::Post, "sys/capabilities").token("root").json(&body);
        let (theirs, ours) = (raft.server.ask(&request).json(), core.handle(&request).response.json());
        assert_eq!(theirs.unwrap()["data"], ours.unwrap()["data"]);
    }
}
