//! Both directions against a real server: its tokens open here with the keyring of its snapshot, ours are alive there.
#![cfg(feature = "live")]

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Response, Snapshot, UnixTime};
use vaultlet_tests::raft::Raft;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::keyring::Keyring;
use vaultlet_token::signed::SignedToken;
use vaultlet_token::{Flavour, Token, batch_token};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A real server with tokens of every kind, and its snapshot after they were made.
struct World {
    raft: Raft,
    /// Batch tokens, with the term of the key that each was sealed under.
    batch: Vec<(String, u32)>,
    service: Vec<String>,
    snapshot: Snapshot,
    keyring: Keyring,
}

impl World {
    fn new() -> Self {
        let raft = Raft::start(5, 3);
        set_up(&raft);
        let mut batch: Vec<_> = kinds_of_batch(&raft).into_iter().map(|token| (token, 1)).collect();
        let service = kinds_of_service(&raft);
        raft.ask(Method::Post, "sys/rotate", &json!({}));
        batch.extend(kinds_of_batch(&raft).into_iter().map(|token| (token, 2)));
        let snapshot = Snapshot::read(&raft.snapshot()).unwrap();
        let keyring = snapshot.keyring(&raft.shares[2..]).unwrap();
        Self { raft, batch, service, snapshot, keyring }
    }

    /// An engine of the snapshot, at a moment.
    fn engine(&self, now: UnixTime) -> Core {
        let (clock, rng) = (Box::new(SetClock::at(now)), Box::new(Seeded::new(1)));
        Core::from_snapshot(clock, rng, self.snapshot.clone(), &self.raft.shares[..3]).unwrap()
    }

    /// The lookup of a token that must be alive on the server.
    fn lookup(&self, token: &str) -> Value {
        self.raft.ask(Method::Post, "auth/token/lookup", &json!({ "token": token }))["data"].clone()
    }
}

fn set_up(raft: &Raft) {
    let policy = json!({ "policy": "path \"auth/token/*\" { capabilities = [\"update\", \"sudo\"] }" });
    raft.ask(Method::Put, "sys/policies/acl/maker", &policy);
    let policy = json!({ "policy": "path \"secret/+/x*\" { capabilities = [\"read\", \"list\"] }" });
    raft.ask(Method::Put, "sys/policies/acl/base", &policy);
    let role = json!({ "token_type": "batch", "orphan": true, "renewable": false, "path_suffix": "ci-runs", "token_bound_cidrs": "127.0.0.1,10.0.0.0/8" });
    raft.ask(Method::Put, "auth/token/roles/ci", &role);
    raft.ask(Method::Post, "sys/auth/userpass", &json!({ "type": "userpass" }));
    let bob = json!({ "password": "x", "token_type": "batch", "token_policies": "base", "token_ttl": "20m" });
    raft.ask(Method::Put, "auth/userpass/users/bob", &bob);
}

fn made(answer: &Value) -> String {
    answer["auth"]["client_token"].as_str().expect("a token was made").to_owned()
}

/// With a parent, orphan, with metadata, without the default policy, of a role, of a child, of a login.
fn kinds_of_batch(raft: &Raft) -> Vec<String> {
    let bodies = [
        json!({ "type": "batch", "policies": ["base"] }),
        json!({ "type": "batch", "policies": ["base"], "no_parent": true, "ttl": "90m" }),
        json!({ "type": "batch", "policies": ["maker"], "no_default_policy": true, "ttl": "90001.5s" }),
        json!({ "type": "batch", "policies": ["base"], "meta": { "a": "1", "b": "", "é": "ü" }, "display_name": "ci #7" }),
    ];
    let mut tokens: Vec<_> =
        bodies.iter().map(|body| made(&raft.ask(Method::Post, "auth/token/create", body))).collect();
    tokens.push(made(&raft.ask(Method::Post, "auth/token/create/ci", &json!({ "policies": ["base"] }))));
    let parent = made(&raft.ask(Method::Post, "auth/token/create", &json!({ "policies": ["maker"] })));
    let request = Request::new(Method::Post, "auth/token/create").token(&parent);
    let child = raft.server.ask(&request.json(&json!({ "type": "batch", "ttl": "10m" }))).json().unwrap();
    tokens.push(made(&child));
    tokens.push(made(&raft.ask(Method::Post, "auth/userpass/login/bob", &json!({ "password": "x" }))));
    tokens
}

fn kinds_of_service(raft: &Raft) -> Vec<String> {
    let bodies = [
        json!({ "policies": ["base"], "ttl": "2h", "explicit_max_ttl": "4h" }),
        json!({ "policies": ["base"], "period": "30m" }),
        json!({ "policies": ["maker"], "no_parent": true, "meta": { "a": "1" } }),
        json!({ "policies": ["base"], "num_uses": 5, "renewable": false }),
    ];
    let mut tokens: Vec<_> =
        bodies.iter().map(|body| made(&raft.ask(Method::Post, "auth/token/create", body))).collect();
    raft.ask(Method::Post, "auth/token/renew", &json!({ "token": tokens[0], "increment": "3h" }));
    tokens.push(raft.root_token.clone());
    tokens
}

/// Asks for the lookup of a text, in a body and, if it can stand there, as the caller's own token.
fn ways_to_ask(text: &str, root: &str) -> Vec<Request> {
    let body = Request::new(Method::Post, "auth/token/lookup").token(root).json(&json!({ "token": text }));
    let header = Request::new(Method::Get, "auth/token/lookup-self").token(text);
    // A line end cannot stand in a header, and Go's HTTP refuses a NUL there before any Vault sees it.
    if text.contains(['\r', '\n', '\0']) { vec![body] } else { vec![body, header] }
}

/// A status, and the errors or whose lookup it is: what the two sides must have in common.
fn gist(answer: &Response) -> (u16, Value) {
    let body = answer.json().unwrap_or_default();
    let data = ["id", "path", "policies"].map(|name| body["data"][name].clone());
    (answer.status, json!([body["errors"], data]))
}

/// The moment in which the server looked a token up: its lookup says what was left of it.
fn moment(lookup: &Value) -> UnixTime {
    let Some(end) = lookup["expire_time"].as_str() else { return now() };
    UnixTime::parse(end).unwrap().plus_nanos(-lookup["ttl"].as_i64().unwrap() * 1_000_000_000)
}

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_nanos(u64::try_from(since.as_nanos()).unwrap())
}

fn answered(core: &mut Core, request: &Request) -> Response {
    let outcome = core.handle(request);
    core.commit(outcome)
}

// Shows 2.1, 2.3, 2.4, 2.5.
#[test]
fn the_servers_tokens_open_with_the_keyring_of_its_snapshot() {
    let world = World::new();
    let terms: Vec<u32> = world.keyring.keys().map(|key| key.term).collect();
    assert_eq!(terms, [1, 2]);
    for (token, term) in &world.batch {
        let bytes = Token::parse(token).sealed_bytes().unwrap();
        assert_eq!(u32::from_be_bytes(bytes[..4].try_into().unwrap()), *term);
        let entry = world.keyring.open_token(token).unwrap();
        let texts = [&entry.id, &entry.accessor, &entry.cubbyhole_id, &entry.external_id];
        assert!(texts.iter().all(|text| text.is_empty()), "nothing else is sealed: {entry:?}");
        assert_eq!([entry.num_uses, entry.explicit_max_ttl, entry.period], [0; 3], "nothing else is sealed");
        let lookup = world.lookup(token);
        let list = |name: &str| lookup.get(name).cloned().unwrap_or_else(|| json!([]));
        assert_eq!(json!(entry.policies), lookup["policies"]);
        assert_eq!(json!(entry.bound_cidrs), list("bound_cidrs"));
        assert_eq!(json!(entry.path), lookup["path"]);
        assert_eq!(json!(entry.display_name), lookup["display_name"]);
        assert_eq!(json!(entry.entity_id), lookup["entity_id"]);
        assert_eq!(json!(entry.creation_time), lookup["creation_time"]);
        assert_eq!(json!(entry.ttl / 1_000_000_000), lookup["creation_ttl"]);
        assert_eq!(json!(entry.parent.is_empty()), lookup["orphan"]);
        assert_eq!(json!(entry.role), lookup.get("role").cloned().unwrap_or_else(|| json!("")));
        assert_eq!(json!(entry.token_type.word()), lookup["type"]);
        assert_eq!(
            Some(json!(entry.meta)).filter(|_| !entry.meta.is_empty()).unwrap_or_default(),
            lookup["meta"]
        );
    }
}

// Shows 1.2, 2.1, 2.5.
#[test]
fn the_server_knows_the_tokens_that_we_sealed() {
    let world = World::new();
    let seconds = i64::try_from(now().secs()).unwrap();
    let orphan = TokenEntry {
        policies: vec!["base".into(), "default".into()],
        path: "auth/token/create".into(),
        display_name: "sealed here".into(),
        meta: [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())].into(),
        creation_time: seconds,
        ttl: 3600 * 1_000_000_000,
        bound_cidrs: vec!["127.0.0.1".into()],
        namespace_id: "root".into(),
        token_type: TokenType::Batch,
        ..TokenEntry::default()
    };
    let child = TokenEntry { parent: world.service[2].clone(), ..orphan.clone() };
    let mut nonce = 0;
    for term in [1, 2] {
        for entry in [&orphan, &child] {
            for flavour in [Flavour::OpenBao, Flavour::Vault] {
                nonce += 1;
                let sealed =
                    world.keyring.key(term).unwrap().seal([nonce; 12], b"", &entry.encode()).unwrap();
                let token = batch_token(flavour, &sealed);
                let lookup = world.lookup(&token);
                assert_eq!(lookup["id"], json!(token));
                assert_eq!(lookup["type"], "batch");
                assert_eq!(lookup["policies"], json!(["base", "default"]));
                assert_eq!(lookup["display_name"], "sealed here");
                assert_eq!(lookup["meta"], json!({ "a": "1", "b": "2" }));
                assert_eq!(lookup["orphan"], json!(entry.parent.is_empty()));
                assert_eq!(lookup["bound_cidrs"], json!(["127.0.0.1"]));
                assert_eq!(
                    (&lookup["creation_time"], &lookup["creation_ttl"]),
                    (&json!(seconds), &json!(3600))
                );
                // And the engine of the snapshot says of it what the server says.
                let request = &ways_to_ask(&token, &world.raft.root_token)[0];
                let here = answered(&mut world.engine(moment(&lookup)), request);
                assert_eq!(here.json().unwrap()["data"], lookup);
            }
        }
    }
}

#[test]
fn every_single_bit_flip_is_refused_by_both() {
    let world = World::new();
    let token = &world.batch[1].0;
    let bytes = Token::parse(token).sealed_bytes().unwrap();
    let mut engine = world.engine(now());
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(world.keyring.open(&changed, b"").is_err(), "bit {bit}");
        let changed = batch_token(Flavour::OpenBao, &changed);
        let request = &ways_to_ask(&changed, &world.raft.root_token)[0];
        let there = world.raft.server.ask(request);
        assert_eq!(there.status, 403, "bit {bit}");
        assert_eq!(gist(&answered(&mut engine, request)), gist(&there), "bit {bit}");
    }
}

#[test]
fn texts_that_are_nearly_a_token_are_taken_as_the_server_takes_them() {
    let world = World::new();
    for (token, _) in world.batch.iter().take(4) {
        for text in nearly(token) {
            for request in ways_to_ask(&text, &world.raft.root_token) {
                let there = world.raft.server.ask(&request);
                let here = answered(&mut world.engine(now()), &request);
                assert_eq!(gist(&here), gist(&there), "{} of {text:?}", request.target);
            }
        }
    }
}

/// The token's text changed in ways that leave its bytes alone, and in ways that do not.
fn nearly(token: &str) -> Vec<String> {
    let (front, back) = token.split_at(40);
    let payload = Token::parse(token).payload;
    let last = token.bytes().last().unwrap();
    let value = ALPHABET.iter().position(|&letter| letter == last).unwrap();
    let mut texts: Vec<String> =
        ["\n", "\r\n", " ", "\t", "=", "==", "\u{a0}", "\0", ".", ".abc", ".a.b", "A", "AA", "AAAA"]
            .iter()
            .flat_map(|odd| [format!("{token}{odd}"), format!("{front}{odd}{back}"), format!("{odd}{token}")])
            .collect();
    // A slack bit is not read where the payload's last letter has some; elsewhere this changes a sealed bit.
    for bit in 0..6 {
        texts.push(format!("{}{}", &token[..token.len() - 1], char::from(ALPHABET[value ^ (1 << bit)])));
    }
    texts.extend(
        ["b.", "hvb.", "s.", "hvs.", "r.", "hvr.", "B.", "b", ""].map(|prefix| format!("{prefix}{payload}")),
    );
    texts.extend([token.replace(['-', '_'], "+"), token.replace(['-', '_'], "/"), token.to_uppercase()]);
    texts.extend(["b.", "hvb.", "b.A", "b.AA", "b..", "b. ", "b"].map(str::to_owned));
    texts
}

/// What two sides say of a text as a token.
fn both_say(world: &World, text: &str) -> (u16, Value) {
    let mut said = Vec::new();
    for request in ways_to_ask(text, &world.raft.root_token) {
        let there = world.raft.server.ask(&request);
        let here = answered(&mut world.engine(now()), &request);
        assert_eq!(gist(&here), gist(&there), "{} of {text:?}", request.target);
        said.push(gist(&there));
    }
    said.swap_remove(0)
}

// Shows 1.5, 1.6.
#[test]
fn a_signed_token_is_the_one_inside_and_another_prefix_makes_another_id() {
    let world = World::new();
    let inner = &world.service[0];
    let at = "core/index-header-hmac-key";
    let (_, sealed) = world.snapshot.entries().find(|(key, _)| *key == at).unwrap();
    let key = world.keyring.open(sealed, at.as_bytes()).unwrap();
    let signed = SignedToken::wrap(&key, inner, 0);
    let (status, said) = both_say(&world, &signed);
    assert_eq!((status, &said[1][0]), (200, &json!(signed)), "lookup gives the long form back");
    let body = json!({ "token": signed });
    let request = Request::new(Method::Post, "auth/token/renew").token(&world.raft.root_token).json(&body);
    let mut engine = world.engine(now());
    engine.allow_writes();
    for answer in [world.raft.server.ask(&request), answered(&mut engine, &request)] {
        assert_eq!(answer.json().unwrap()["auth"]["client_token"], json!(signed), "and so does renewal");
    }
    let payload = |token: &str| token.split_once('.').unwrap().1.to_owned();
    for other in [
        SignedToken::wrap(b"another key", inner, 0),
        format!("hvs.{}", payload(inner)),
        format!("s.{}", payload(&world.batch[1].0)),
    ] {
        assert_eq!(both_say(&world, &other).0, 403, "{other}");
    }
}

// Shows 2.2, 2.6.
#[test]
fn fields_in_any_order_unknown_ones_and_the_first_version_are_opened_by_both() {
    let world = World::new();
    let seconds = i64::try_from(now().secs()).unwrap();
    let whole = TokenEntry::default();
    let backwards = [
        TokenEntry { token_type: TokenType::Batch, ..whole.clone() },
        TokenEntry { namespace_id: "root".into(), ..whole.clone() },
        TokenEntry { ttl: 3600 * 1_000_000_000, ..whole.clone() },
        TokenEntry { creation_time: seconds, ..whole.clone() },
        TokenEntry { path: "auth/token/create".into(), ..whole.clone() },
        TokenEntry { policies: vec!["base".into()], ..whole.clone() },
    ];
    let mut plain: Vec<u8> = backwards.iter().flat_map(|entry| entry.encode().to_vec()).collect();
    // Field 99, a text.
    plain.extend_from_slice(b"\x9a\x06\x01x");
    let mut sealed = world.keyring.key(1).unwrap().seal([9; 12], b"", &plain).unwrap();
    for version in [2, 1] {
        sealed[4] = version;
        let (status, said) = both_say(&world, &batch_token(Flavour::OpenBao, &sealed));
        assert_eq!((status, &said[1][2]), (200, &json!(["base"])), "version {version}");
    }
}

// Shows 1.7.
#[test]
fn an_engine_of_the_snapshot_looks_everything_up_as_the_server_did() {
    let world = World::new();
    let tokens = world.batch.iter().map(|(token, _)| token).chain(&world.service);
    for token in tokens {
        let lookup = world.lookup(token);
        let request = &ways_to_ask(token, &world.raft.root_token)[0];
        let here = answered(&mut world.engine(moment(&lookup)), request);
        assert_eq!(here.json().unwrap_or_default()["data"], lookup, "{token}");
    }
}

#[test]
fn an_engine_of_the_snapshot_knows_accessors_and_capabilities_as_the_server_did() {
    let world = World::new();
    let tokens = world.batch.iter().map(|(token, _)| token).chain(&world.service);
    let paths =
        ["auth/token/create", "secret/a/x1", "secret/a/y", "sys/policies/acl/base", "auth/token/lookup-self"];
    for token in tokens {
        let lookup = world.lookup(token);
        let accessor = lookup["accessor"].as_str().unwrap();
        let mut questions = vec![("sys/capabilities", json!({ "token": token, "paths": paths }))];
        if !accessor.is_empty() {
            questions.push(("auth/token/lookup-accessor", json!({ "accessor": accessor })));
            questions.push(("sys/capabilities-accessor", json!({ "accessor": accessor, "paths": paths })));
        }
        for (path, body) in questions {
            let there = world.raft.ask(Method::Post, path, &body)["data"].clone();
            let request = Request::new(Method::Post, path).token(&world.raft.root_token).json(&body);
            let when = if there["expire_time"].is_string() { moment(&there) } else { moment(&lookup) };
            let here = answered(&mut world.engine(when), &request);
            assert_eq!(here.json().unwrap_or_default()["data"], there, "{path} {body}");
        }
    }
}

#[test]
fn an_engine_of_the_snapshot_reads_the_policies_that_the_server_has() {
    let world = World::new();
    let mut engine = world.engine(now());
    for path in [
        "sys/policies/acl?list=true",
        "sys/policies/acl/base",
        "sys/policies/acl/maker",
        "sys/policies/acl/default",
    ] {
        let request = Request::new(Method::Get, path).token(&world.raft.root_token);
        let (here, there) = (answered(&mut engine, &request), world.raft.server.ask(&request));
        assert_eq!(here.json().unwrap()["data"], there.json().unwrap()["data"], "{path}");
    }
}
