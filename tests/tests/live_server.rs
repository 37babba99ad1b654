//! The real server starts, answers and stops as the other live tests rely on.
#![cfg(feature = "live")]

use serde_json::json;
use vaultlet_core::{Method, Request};
use vaultlet_tests::openbao::OpenBao;
use vaultlet_tests::raft::Raft;

#[test]
fn a_dev_server_answers_every_verb() {
    let server = OpenBao::dev();
    assert_eq!(server.http("GET", "auth/token/lookup-self", "root", &[], b"").status, 200);
    let policies = server.http("LIST", "sys/policies/acl", "root", &[], b"").json().unwrap();
    assert_eq!(policies["data"]["keys"], json!(["default", "root"]));
    assert_eq!(server.http("HEAD", "sys/health", "", &[], b"").body, b"");
    assert_eq!(server.http("BREW", "sys/health", "", &[], b"").status, 405);
}

#[test]
fn servers_side_by_side_do_not_meet() {
    let servers = [OpenBao::dev(), OpenBao::dev()];
    servers[0].http("PUT", "secret/data/x", "root", &[], br#"{"data":{"a":"b"}}"#);
    assert_eq!(servers[1].http("GET", "secret/data/x", "root", &[], b"").status, 404);
}

#[test]
fn the_real_command_line_runs_with_its_own_home() {
    let server = OpenBao::dev();
    assert_eq!(server.cli().run(&["token", "lookup"], b"").code, 2);
    assert_eq!(server.cli().run(&["login", "-"], b"root").code, 0);
    let ran = server.cli().shell("bao token lookup -field=id");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), ("root", "", 0));
}

#[test]
fn a_raft_server_gives_snapshots() {
    let raft = Raft::start(5, 3);
    assert_eq!(raft.shares.len(), 5);
    let request = Request::new(Method::Get, "auth/token/lookup-self").token(&raft.root_token);
    assert_eq!(raft.server.ask(&request).status, 200);
    assert_eq!(raft.snapshot()[..2], [0x1f, 0x8b], "a gzip file");
}
