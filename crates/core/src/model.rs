//! The token store against a model of it: random creations, renewals, revocations, jumps in time, rotations, dropped outcomes and
//! restores, after each of which every token must stand as the model says and every entry must fit the others. Only in tests.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::core::State;
use crate::host::{Clock, Seeded, SetClock};
use crate::token_store::{Salt, salted};
use crate::{Core, Method, Outcome, Request, Snapshot, UnixTime, ids};

const SECOND: i64 = 1_000_000_000;

/// One step. Numbers choose among the tokens made so far, root included.
#[derive(Debug, Clone)]
enum Step {
    Create {
        by: usize,
        kind: Kind,
        ttl: i64,
    },
    Renew {
        token: usize,
        increment: i64,
    },
    Revoke(usize),
    RevokeByAccessor(usize),
    RevokeOrphan(usize),
    Use(usize),
    Advance(i64),
    Rotate,
    Tidy,
    /// A revocation whose outcome is dropped.
    Dropped(usize),
    Restore(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Child,
    Orphan,
    Batch,
    OrphanBatch,
    Limited(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        4 => Just(Kind::Child),
        1 => Just(Kind::Orphan),
        2 => Just(Kind::Batch),
        1 => Just(Kind::OrphanBatch),
        1 => (1..4i64).prop_map(Kind::Limited),
    ];
    let token = 0..24usize;
    prop_oneof![
        8 => (token.clone(), kind, 1..90i64).prop_map(|(by, kind, ttl)| Step::Create { by, kind, ttl }),
        2 => (token.clone(), 0..90i64).prop_map(|(token, increment)| Step::Renew { token, increment }),
        2 => token.clone().prop_map(Step::Revoke),
        1 => token.clone().prop_map(Step::RevokeByAccessor),
        1 => token.clone().prop_map(Step::RevokeOrphan),
        2 => token.clone().prop_map(Step::Use),
        3 => (1..40i64).prop_map(Step::Advance),
        1 => Just(Step::Rotate),
        1 => Just(Step::Tidy),
        1 => token.prop_map(Step::Dropped),
        1 => any::<u64>().prop_map(Step::Restore),
    ]
}

/// A token as the model has it.
#[derive(Debug, Clone)]
struct Token {
    text: String,
    accessor: String,
    parent: Option<usize>,
    batch: bool,
    /// The last moment of a batch token, the first of a service token's death; none for root.
    end: Option<UnixTime>,
    /// Nanoseconds last granted.
    granted: i64,
    uses: i64,
    dead: bool,
}

struct Run {
    core: Core,
    /// The same engine, which keeps nothing opened: it must answer and write the same.
    twin: Core,
    clock: SetClock,
    tokens: Vec<Token>,
}

impl Run {
    fn new() -> Self {
        let clock = SetClock::at(UnixTime::from_nanos(1_795_460_913_012_345_678));
        let dev = || Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(3)), "root").unwrap().0;
        let (core, twin) = (dev(), without_cache(dev()));
        let root = Token {
            text: "root".to_owned(),
            accessor: String::new(),
            parent: None,
            batch: false,
            end: None,
            granted: 0,
            uses: 0,
            dead: false,
        };
        let mut run = Self { core, twin, clock, tokens: vec![root] };
        let policy = r#"path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }"#;
        assert_eq!(run.ask("root", "sys/policies/acl/all", &json!({ "policy": policy })).0, 204);
        run
    }

    fn ask(&mut self, token: &str, path: &str, body: &Value) -> (u16, Value, usize) {
        let request = Request::new(Method::Post, path).token(token).json(body);
        let (outcome, twin) = self.both(|core| core.handle(&request));
        let puts = outcome.batch.puts();
        let refused = outcome.response.status >= 400;
        let limited = self.tokens.iter().any(|known| known.text == token && known.uses > 0);
        assert!(!refused || limited || outcome.batch.writes.is_empty(), "{path}: a refused request wrote");
        let response = self.core.commit(outcome);
        self.twin.commit(twin);
        (response.status, response.json().unwrap_or_default(), puts)
    }

    /// Asks the engine and its twin, which must say and write the same.
    fn both(&mut self, ask: impl Fn(&mut Core) -> Outcome) -> (Outcome, Outcome) {
        let (one, other) = (ask(&mut self.core), ask(&mut self.twin));
        assert_eq!((&one.response, &one.batch), (&other.response, &other.batch));
        (one, other)
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    fn alive(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        match token.parent {
            _ if token.dead => false,
            _ if !token.batch => true,
            _ if token.end.is_some_and(|end| self.now() > end) => false,
            None => true,
            Some(parent) => self.alive(parent),
        }
    }

    /// A service token ends, with its service children.
    fn kill(&mut self, at: usize) {
        self.tokens[at].dead = true;
        for child in 0..self.tokens.len() {
            if self.tokens[child].parent == Some(at) && !self.tokens[child].batch && !self.tokens[child].dead
            {
                self.kill(child);
            }
        }
    }

    fn spend(&mut self, at: usize) {
        match self.tokens[at].uses {
            0 => {}
            1 => self.kill(at),
            _ => self.tokens[at].uses -= 1,
        }
    }

    /// A token that is there to be chosen; root is never ended.
    fn chosen(&self, number: usize) -> usize {
        number % self.tokens.len()
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Create { by, kind, ttl } => self.create(self.chosen(by), kind, ttl),
            Step::Renew { token, increment } => self.renew(self.chosen(token), increment),
            Step::Revoke(number) => self.revoke(self.chosen(number)),
            Step::RevokeByAccessor(number) => self.revoke_by_accessor(self.chosen(number)),
            Step::RevokeOrphan(number) => self.revoke_orphan(self.chosen(number)),
            Step::Use(number) => {
                let at = self.chosen(number);
                let (status, ..) =
                    self.ask(&self.tokens[at].text.clone(), "sys/capabilities-self", &json!({"path": "x"}));
                let last = self.tokens[at].uses == 1;
                let expected = if !self.alive(at) {
                    403
                } else if last {
                    400
                } else {
                    200
                };
                assert_eq!(status, expected);
                if self.alive(at) {
                    self.spend(at);
                }
            }
            Step::Advance(seconds) => self.advance(seconds),
            Step::Rotate => assert_eq!(self.ask("root", "sys/rotate", &json!({})).0, 204),
            Step::Tidy => assert_eq!(self.ask("root", "auth/token/tidy", &json!({})).0, 202),
            Step::Dropped(number) => {
                let body = json!({"token": self.tokens[self.chosen(number)].text});
                let request = Request::new(Method::Post, "auth/token/revoke").token("root").json(&body);
                drop(self.both(|core| core.handle(&request)));
            }
            Step::Restore(seed) => self.restore(seed),
        }
    }

    fn create(&mut self, by: usize, kind: Kind, ttl: i64) {
        let batch = matches!(kind, Kind::Batch | Kind::OrphanBatch);
        let orphan = matches!(kind, Kind::Orphan | Kind::OrphanBatch);
        let uses = if let Kind::Limited(uses) = kind { uses } else { 0 };
        let body = json!({
            "policies": ["all"], "no_default_policy": true, "ttl": ttl, "num_uses": uses, "no_parent": orphan,
            "type": if batch { "batch" } else { "service" },
        });
        let (status, answer, puts) = self.ask(&self.tokens[by].text.clone(), "auth/token/create", &body);
        if !self.alive(by) {
            assert_eq!(status, 403);
            return;
        }
        if self.tokens[by].batch || self.tokens[by].uses > 0 {
            assert_eq!(status, 400);
            self.spend(by);
            return;
        }
        assert_eq!(status, 200);
        assert_eq!(
            puts,
            if batch {
                0
            } else if orphan {
                3
            } else {
                4
            }
        );
        let text = |name: &str| answer["auth"][name].as_str().unwrap().to_owned();
        let start = if batch { UnixTime::from_secs(self.now().secs()) } else { self.now() };
        self.tokens.push(Token {
            text: text("client_token"),
            accessor: text("accessor"),
            parent: Some(by).filter(|_| !orphan),
            batch,
            end: Some(start.plus_nanos(ttl * SECOND)),
            granted: ttl * SECOND,
            uses,
            dead: false,
        });
    }

    fn renew(&mut self, at: usize, increment: i64) {
        let body = json!({"token": self.tokens[at].text, "increment": increment});
        let (status, _, puts) = self.ask("root", "auth/token/renew", &body);
        if at == 0 || self.tokens[at].batch || !self.alive(at) {
            assert_eq!(status, 400);
            return;
        }
        assert_eq!((status, puts), (200, 1));
        let now = self.now();
        let token = &mut self.tokens[at];
        if increment > 0 {
            token.granted = increment * SECOND;
        }
        token.end = Some(now.plus_nanos(token.granted));
    }

    fn revoke(&mut self, at: usize) {
        if at == 0 {
            return;
        }
        let (status, ..) = self.ask("root", "auth/token/revoke", &json!({"token": self.tokens[at].text}));
        let refused = self.tokens[at].batch && self.alive(at);
        assert_eq!(status, if refused { 400 } else { 204 });
        if !self.tokens[at].batch && self.alive(at) {
            self.kill(at);
        }
    }

    fn revoke_by_accessor(&mut self, at: usize) {
        if at == 0 || self.tokens[at].batch {
            return;
        }
        let (status, ..) =
            self.ask("root", "auth/token/revoke-accessor", &json!({"accessor": self.tokens[at].accessor}));
        assert_eq!(status, if self.alive(at) { 204 } else { 200 });
        if self.alive(at) {
            self.kill(at);
        }
    }

    fn revoke_orphan(&mut self, at: usize) {
        if at == 0 {
            return;
        }
        let (status, ..) =
            self.ask("root", "auth/token/revoke-orphan", &json!({"token": self.tokens[at].text}));
        if self.tokens[at].batch || !self.alive(at) {
            assert_eq!(status, 400);
            return;
        }
        assert_eq!(status, 204);
        self.tokens[at].dead = true;
        for child in &mut self.tokens {
            if child.parent == Some(at) && !child.batch {
                child.parent = None;
            }
        }
    }

    /// Time passes; every other time the host asks for what is due.
    fn advance(&mut self, seconds: i64) {
        self.clock.advance(seconds * SECOND);
        let now = self.now();
        while let Some(due) = self.core.next_event().filter(|&due| due <= now && seconds % 2 == 0) {
            let (outcome, twin) = self.both(|core| core.expire(due));
            assert!(!outcome.batch.writes.is_empty(), "something was due");
            self.core.commit(outcome);
            self.twin.commit(twin);
        }
        if seconds % 2 == 1 {
            // Nobody expires: the next request must do it, so it comes at once.
            self.ask("root", "sys/capabilities-self", &json!({"path": "x"}));
        }
        for at in 0..self.tokens.len() {
            let token = &self.tokens[at];
            if !token.batch && !token.dead && token.end.is_some_and(|end| end <= now) {
                self.kill(at);
            }
        }
    }

    /// Another engine is made from the vault's snapshot alone, with another generator.
    fn restore(&mut self, seed: u64) {
        let bytes = self.core.snapshot().unwrap();
        let State::Unsealed(old) = &self.core.state else { panic!("it is open") };
        let told = &old.index.expiries;
        let share = ids::hex(&*self.core.unseal_key().unwrap());
        let engine = || {
            let (clock, rng) = (Box::new(self.clock.clone()), Box::new(Seeded::new(seed)));
            Core::from_snapshot(clock, rng, Snapshot::read(&bytes).unwrap(), &[&share]).unwrap()
        };
        let (core, twin) = (engine(), without_cache(engine()));
        let State::Unsealed(new) = &core.state else { panic!("it is open") };
        assert_eq!(told, &new.index.expiries, "the ends that were told are those that are stored");
        (self.core, self.twin) = (core, twin);
    }

    /// Every token stands as the model says.
    fn check_tokens(&mut self) {
        for at in 0..self.tokens.len() {
            let (status, answer, puts) =
                self.ask("root", "auth/token/lookup", &json!({"token": self.tokens[at].text}));
            assert_eq!(status, if self.alive(at) { 200 } else { 403 }, "token {at}: {:?}", self.tokens[at]);
            assert_eq!(puts, 0);
            if status == 200 {
                let (data, token) = (&answer["data"], &self.tokens[at]);
                assert_eq!(data["orphan"], json!(token.parent.is_none()));
                assert_eq!(data["num_uses"], json!(token.uses));
            }
        }
    }

    /// Accessors, parents, leases and tokens agree.
    fn check_entries(&self) {
        let keyring = self.core.keyring().unwrap();
        let entries: BTreeMap<&str, &[u8]> = self.core.entries().collect();
        let salt = keyring.open(entries["sys/token/salt"], b"sys/token/salt").unwrap();
        let salt = Salt::new(std::str::from_utf8(&salt).unwrap());
        let read = |key: &str| -> Value {
            serde_json::from_slice(&keyring.open(entries[key], key.as_bytes()).unwrap()).unwrap()
        };
        let below = |folder: &'static str| entries.keys().filter_map(move |key| key.strip_prefix(folder));
        let alive =
            self.tokens.iter().enumerate().filter(|(at, token)| !token.batch && self.alive(*at)).count();
        assert_eq!(
            below("sys/token/id/").count(),
            alive,
            "every service token alive is stored, and no other"
        );
        assert_eq!(below("sys/token/accessor/").count(), alive);
        assert_eq!(below("sys/expire/id/").count(), alive);
        for id in below("sys/token/id/") {
            let token = read(&format!("sys/token/id/{id}"));
            let text = |name: &str| token[name].as_str().unwrap().to_owned();
            assert_eq!(salted(&salt, &text("id")), id);
            assert!(entries.contains_key(format!("sys/expire/id/{}/{id}", text("path")).as_str()));
            let accessor = read(&format!("sys/token/accessor/{}", salted(&salt, &text("accessor"))));
            assert_eq!(accessor["token_id"], token["id"]);
            if !text("parent").is_empty() {
                let parent = salted(&salt, &text("parent"));
                assert!(
                    entries.contains_key(format!("sys/token/id/{parent}").as_str()),
                    "a child outlives its parent"
                );
                assert!(entries.contains_key(format!("sys/token/parent/{parent}/{id}").as_str()));
            }
        }
        for index in below("sys/token/parent/") {
            let (parent, child) = index.split_once('/').unwrap();
            let holds = |id: &str| entries.contains_key(format!("sys/token/id/{id}").as_str());
            // What revoke-orphan leaves dangles below a parent that is gone.
            assert!(!holds(parent) || holds(child), "a living parent's index has no dead child");
        }
    }
}

fn without_cache(mut core: Core) -> Core {
    let State::Unsealed(vault) = &mut core.state else { panic!("it is open") };
    vault.barrier.opened.get_mut().room = 0;
    core
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_token_stands_as_the_model_says(steps in prop::collection::vec(step(), 1..40)) {
        let mut run = Run::new();
        for step in &steps {
            run.clock.advance(1_000_003);
            run.take(step);
            run.check_tokens();
            run.check_entries();
        }
    }
}
