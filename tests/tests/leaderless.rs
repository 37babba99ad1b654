//! A cluster of engines whose active node has gone. The real server's words are those of a raft node that has no leader.

use serde_json::json;
use vaultlet_core::cluster::{Local, NodeId, Platform};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Method, Request, UnixTime};

const NOBODY: &str = "local node not active but active cluster node not found";

// Shows 13.9.
#[test]
fn without_an_active_node_only_what_writes_nothing_is_done() {
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let mut seed = 0;
    let platform: Platform = Box::new(move || {
        seed += 1;
        (Box::new(clock.clone()), Box::new(Seeded::new(seed)))
    });
    let mut cluster = Local::dev(2, "root", platform).unwrap();
    let standby = NodeId(2);
    cluster.stop(NodeId(1));
    let create = |kind: &str| {
        let body = json!({ "type": kind, "policies": ["default"], "ttl": "1h" });
        Request::new(Method::Post, "auth/token/create").token("root").json(&body)
    };
    let answer = cluster.ask(standby, &create("service"));
    assert_eq!((answer.status, answer.json().unwrap()), (500, json!({ "errors": [NOBODY] })));
    assert_eq!(cluster.ask(standby, &create("batch")).status, 200);
    let lookup = Request::new(Method::Get, "auth/token/lookup-self").token("root");
    assert_eq!(cluster.ask(standby, &lookup).status, 200);
}
