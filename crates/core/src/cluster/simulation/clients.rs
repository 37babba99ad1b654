//! Clients: what they ask, what they were told, and what must therefore be so at every node.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Tally;
use super::world::{Dice, ensure};
use crate::cluster::NodeId;
use crate::host::{Clock, SetClock};
use crate::{Core, Method, Request, Response, Standing};

impl SetClock {
    pub(super) fn now_nanos(&self) -> u64 {
        self.now().nanos()
    }
}

/// What was asked.
#[derive(Debug, Clone, Copy)]
enum Op {
    Create {
        parent: Option<usize>,
        batch: bool,
        asked: u64,
        ttl: u64,
    },
    Revoke(usize),
    /// What may change the answer of nothing here: renewals by nothing, rotations, policies.
    Other,
}

/// A token that was given out.
#[derive(Debug)]
struct Token {
    text: String,
    parent: Option<usize>,
    batch: bool,
    /// When its ttl is over at the earliest, in nanoseconds.
    end: u64,
    /// When it is over at the latest: it was made at some time between the question and the answer.
    latest: u64,
    /// Somebody has tried to revoke it: until told, nobody knows.
    doubted: bool,
    /// The index by which it is certainly revoked.
    revoked: Option<u64>,
    /// The index by which it certainly is.
    since: u64,
}

/// All clients together.
#[derive(Default)]
pub(super) struct Clients {
    asked: u64,
    ops: BTreeMap<u64, Op>,
    tokens: Vec<Token>,
    heard: u64,
    last: Vec<u64>,
}

/// The sealed frame in a batch token.
pub(super) fn frame(token: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(token.strip_prefix("b.")?).ok()
}

impl Clients {
    /// Something to ask of a node.
    pub fn think_of(&mut self, dice: &mut Dice, _node: NodeId, now: u64) -> (u64, Request) {
        let known: Vec<usize> = (0..self.tokens.len()).collect();
        let service: Vec<usize> = known.iter().copied().filter(|&at| !self.tokens[at].batch).collect();
        let (op, request) = match dice.below(10) {
            0..3 => create(None, None, false, now, *[30, 3600].get(dice.below(2) as usize).unwrap_or(&30)),
            3..4 => {
                let parent = dice.one_of(&service);
                create(parent, parent.map(|at| self.tokens[at].text.as_str()), false, now, 3600)
            }
            4..7 => {
                let parent = dice.one_of(&service);
                create(parent, parent.map(|at| self.tokens[at].text.as_str()), true, now, 3600)
            }
            7..9 => match dice.one_of(&service) {
                Some(at) => {
                    self.tokens[at].doubted = true;
                    let body = json!({ "token": self.tokens[at].text });
                    (Op::Revoke(at), post("auth/token/revoke", "root", &body))
                }
                None => (Op::Other, post("sys/rotate", "root", &json!({}))),
            },
            _ => match dice.below(3) {
                0 => (Op::Other, post("sys/rotate", "root", &json!({}))),
                1 => (Op::Other, post("sys/policies/acl/p", "root", &json!({ "policy": "path \"x\" {}" }))),
                _ => (Op::Other, Request::new(Method::Get, "auth/token/lookup-self").token("root")),
            },
        };
        (self.number(op), request)
    }

    /// A service token of root's.
    pub fn last(&mut self, _node: NodeId, now: u64) -> (u64, Request) {
        let (op, request) = create(None, None, false, now, 3600);
        let number = self.number(op);
        self.last.push(number);
        (number, request)
    }

    /// Whether the last requests were all answered.
    pub fn last_acknowledged(&self) -> bool {
        self.last.iter().all(|number| !self.ops.contains_key(number))
    }

    /// How many good answers there were.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// Hears an answer `now`. `applied` is the highest index that is committed: what is acknowledged is not above it. Gives a token that was made.
    pub fn hear(
        &mut self,
        number: u64,
        response: &Response,
        (applied, now): (u64, u64),
        tally: &mut Tally,
    ) -> Option<String> {
        let op = self.ops.get(&number).copied()?;
        if response.status >= 400 {
            return None;
        }
        self.ops.remove(&number);
        self.heard += 1;
        match op {
            Op::Create { parent, batch, asked, ttl } => {
                let answer = response.json().unwrap_or_default();
                let text = answer["auth"]["client_token"].as_str()?.to_owned();
                tally.acknowledged += 1;
                let since = if batch { 0 } else { applied };
                let (doubted, revoked) = (false, None);
                let (end, latest) = (asked + ttl, now + ttl);
                self.tokens.push(Token {
                    text: text.clone(),
                    parent,
                    batch,
                    end,
                    latest,
                    doubted,
                    revoked,
                    since,
                });
                Some(text)
            }
            Op::Revoke(at) => {
                tally.revoked += 1;
                let known = self.tokens[at].revoked.unwrap_or(applied);
                self.tokens[at].revoked = Some(known.min(applied));
                None
            }
            Op::Other => None,
        }
    }

    /// Every token stands at a node as its clients were told. In the end nothing is late.
    pub fn check(
        &self,
        node: NodeId,
        core: &mut Core,
        applied: u64,
        now: u64,
        end: bool,
    ) -> Result<(), String> {
        if core.keyring().is_none() {
            return Ok(());
        }
        for at in 0..self.tokens.len() {
            // Looking costs time: while it runs, only some are looked at.
            if !end
                && at + 2 < self.tokens.len()
                && self.tokens[at].revoked.is_none_or(|index| index + 3 < applied)
            {
                continue;
            }
            self.check_one(at, node, core, (applied, now), end)?;
        }
        Ok(())
    }

    fn check_one(
        &self,
        at: usize,
        node: NodeId,
        core: &mut Core,
        (applied, now): (u64, u64),
        end: bool,
    ) -> Result<(), String> {
        let token = &self.tokens[at];
        let alive = matches!(core.standing(&token.text), Standing::Valid { .. });
        let line: Vec<&Token> = self.line(at);
        let dead = line.iter().any(|token| token.revoked.is_some_and(|index| index <= applied));
        ensure(!(alive && dead), || {
            format!("token {at} lives on at {node}, which has its revocation: {token:?}")
        })?;
        // Who is below an expired token dies when the active node ends that one, which in the end it has; a batch token's own parent is looked
        // at by everybody. Batch tokens live to the end of the second.
        let near = if end { line.len() } else { 1 + usize::from(token.batch) };
        let over = line.iter().take(near).any(|token| token.latest + 1_000_000_000 < now);
        ensure(!(alive && over), || format!("token {at} outlives its time at {node}: {line:?} at {now}"))?;
        let known = line
            .iter()
            .all(|token| token.since <= applied && !token.doubted && now + 2_000_000_000 < token.end);
        // A batch token made under a newer key opens when the key is there.
        let opens = !token.batch || frame(&token.text).is_some_and(|frame| has_term(core, &frame));
        ensure(alive || !known || !opens, || format!("acknowledged token {at} is lost at {node}: {token:?}"))
    }

    /// A token and all above it.
    fn line(&self, at: usize) -> Vec<&Token> {
        let mut line = Vec::new();
        let mut next = self.tokens.get(at);
        while let Some(token) = next {
            line.push(token);
            next = token.parent.and_then(|parent| self.tokens.get(parent));
        }
        line
    }

    fn number(&mut self, op: Op) -> u64 {
        self.asked += 1;
        self.ops.insert(self.asked, op);
        self.asked
    }
}

/// The policy that lets tokens make tokens.
pub(super) fn maker() -> Request {
    let policy = "path \"auth/token/create\" { capabilities = [\"update\"] }";
    post("sys/policies/acl/maker", "root", &json!({ "policy": policy }))
}

fn has_term(core: &Core, frame: &[u8]) -> bool {
    let term = frame.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes)).unwrap_or_default();
    core.keyring().is_some_and(|keyring| keyring.key(term).is_some())
}

fn create(parent: Option<usize>, by: Option<&str>, batch: bool, now: u64, ttl: u64) -> (Op, Request) {
    let kind = if batch { "batch" } else { "service" };
    let body = json!({ "type": kind, "policies": ["default", "maker"], "ttl": ttl });
    let path = if by.is_none() { "auth/token/create-orphan" } else { "auth/token/create" };
    (
        Op::Create { parent, batch, asked: now, ttl: ttl * 1_000_000_000 },
        post(path, by.unwrap_or("root"), &body),
    )
}

fn post(path: &str, token: &str, body: &Value) -> Request {
    Request::new(Method::Post, path).token(token).json(body)
}
