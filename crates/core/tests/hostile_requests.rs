//! Whatever is asked, the engine answers: no text, header or body makes it panic or changes it by an error.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a broken expectation is a failed test")]

use proptest::prelude::*;
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, UnixTime};

fn vault() -> Core {
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    Core::dev(Box::new(clock), Box::new(Seeded::new(1)), "root").unwrap().0
}

/// An open vault, a sealed one, or none at all.
fn any_vault() -> impl Strategy<Value = fn() -> Core> {
    let sealed = || {
        let mut core = vault();
        core.seal();
        core
    };
    let none = || {
        let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
        Core::uninitialised(Box::new(clock), Box::new(Seeded::new(1)))
    };
    prop::sample::select(vec![vault as fn() -> Core, vault, vault, sealed, none])
}

fn entries(core: &Core) -> Vec<(String, Vec<u8>)> {
    core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
}

/// A path that leads somewhere, or anything.
fn path() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "auth/token/create",
        "auth/token/lookup",
        "auth/token/renew",
        "auth/token/revoke",
        "auth/token/roles/x",
        "cubbyhole/x",
        "secret/data/x",
        "sys/auth/x",
        "sys/capabilities",
        "sys/init",
        "sys/leases/lookup",
        "sys/mounts/x",
        "sys/policies/acl/x",
        "sys/remount",
        "sys/rotate/root",
        "sys/seal",
        "sys/unseal",
        "sys/wrapping/wrap",
    ]);
    prop_oneof![known.prop_map(|path| format!("/v1/{path}")), any::<String>()]
}

/// JSON with the names of real parameters and values of any type, or anything.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "config",
        "data",
        "from",
        "id",
        "key",
        "meta",
        "num_uses",
        "reset",
        "secret_shares",
        "secret_threshold",
        "to",
        "paths",
        "period",
        "policies",
        "policy",
        "token",
        "ttl",
        "type",
    ]);
    let value = prop::sample::select(vec![
        "\"\"",
        "\"1h\"",
        "\"-1\"",
        "-1",
        "1e400",
        "9999999999999999999999",
        "[]",
        "[[]]",
        "{}",
        "{\"a\":{}}",
        "null",
        "true",
        "\"\\ud800\"",
        "\"path \\\"x\\\" {\"",
        "1",
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"",
    ]);
    let json = prop::collection::vec((name, value), 0..4).prop_map(|pairs| {
        let members: Vec<String> = pairs.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    });
    prop_oneof![
        json,
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[{\":0-9a-z\\\\]{0,60}".prop_map(String::into_bytes)
    ]
}

proptest! {
    #[test]
    fn every_request_is_answered_and_an_error_changes_nothing(
        method in prop::sample::select(vec!["GET", "LIST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "SCAN", "OPTIONS", "X"]),
        path in path(),
        media in prop::sample::select(vec!["application/json", "application/merge-patch+json", "application/x-www-form-urlencoded", ""]),
        token in prop_oneof![Just("root".to_owned()), any::<String>(), "(b|hvb|hvs|s)\\.[A-Za-z0-9_-]{0,80}"],
        wrap in prop_oneof![Just(String::new()), any::<String>()],
        body in body(),
        made in any_vault(),
    ) {
        let mut core = made();
        let before = entries(&core);
        let mut request = Request::new(Method::parse(method), "").token(&token);
        request = request.header("Content-Type", media).header("X-Vault-Wrap-TTL", &wrap);
        request.target = path;
        request.body = body;
        let outcome = core.handle(&request);
        let response = core.commit(outcome);
        prop_assert!((200..600).contains(&response.status));
        if response.status >= 400 {
            prop_assert_eq!(entries(&core), before);
        }
    }

    #[test]
    fn deep_bodies_are_refused_not_followed(depth in 1..20_000_usize, open in prop::sample::select(vec!["[", "{\"a\":"])) {
        let mut core = vault();
        let mut request = Request::new(Method::Post, "auth/token/create").token("root");
        request.body = format!("{{\"meta\":{}", open.repeat(depth)).into_bytes();
        let outcome = core.handle(&request.header("Content-Type", "application/json"));
        prop_assert_eq!(outcome.response.status, 400);
    }
}
