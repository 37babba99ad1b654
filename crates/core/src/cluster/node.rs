//! One node: its engine, its part, and the door through which a host drives it. What each part does is in files of their names.

use std::collections::BTreeSet;
use std::mem;

use zeroize::Zeroizing;

use super::active::Active;
use super::counts::Counts;
use super::disk::{Disk, Kept};
use super::log::Log;
use super::message::{Entry, Epoch, Message, NodeId};
use super::promotion::Candidate;
use super::standby::Standby;
use crate::core::{Core, Role};
use crate::host::{Clock, Rng};
use crate::{Refusal, Request, Response, reply};

/// How many ticks a silent node is waited for.
pub(super) const PATIENCE: u32 = 10;

/// Where a node sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its number.
    pub id: NodeId,
    /// All nodes of the cluster, itself among them.
    pub members: BTreeSet<NodeId>,
    /// How many committed entries it remembers for those who are behind.
    pub log: usize,
}

impl Seat {
    /// A seat among `members`, with a log of a thousand entries.
    pub fn new(id: NodeId, members: impl IntoIterator<Item = NodeId>) -> Self {
        Self { id, members: members.into_iter().chain([id]).collect(), log: 1000 }
    }
}

/// What a node wants done, in this order. If something cannot be kept, the node must be stopped before anything after it happens.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Keep this durably.
    Keep(Kept),
    /// Carry this to another node; it may be lost.
    Send {
        /// To whom.
        to: NodeId,
        /// What.
        message: Message,
    },
    /// Answer the client of this node that asked with this number.
    Answer {
        /// The host's number for the request.
        id: u64,
        /// The answer.
        response: Response,
    },
}

/// What a node does in its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It has no keys, takes no part, and answers 503.
    Sealed,
    /// It answers what writes nothing, and forwards the rest.
    Standby,
    /// It is being promoted and waits for the promises of a majority.
    Candidate,
    /// It owns storage.
    Active,
}

/// What an unsealed node does.
pub(super) enum Doing {
    Standby(Standby),
    Candidate(Candidate),
    Active(Box<Active>),
}

/// One node of a cluster.
pub struct Node {
    pub(super) seat: Seat,
    pub(super) core: Core,
    /// Opens the keyring; none while sealed.
    pub(super) root_key: Option<Zeroizing<Vec<u8>>>,
    pub(super) promised: Epoch,
    pub(super) applied: u64,
    pub(super) held: Option<Entry>,
    pub(super) log: Log,
    pub(super) doing: Doing,
    pub(super) counts: Counts,
    effects: Vec<Effect>,
}

impl Node {
    /// A sealed node, new or back after a crash. `rng` must be a stream that no other node and no earlier life of this one draws from.
    pub fn new(seat: Seat, disk: Disk, clock: Box<dyn Clock>, rng: Box<dyn Rng>) -> Self {
        let Disk { entries, applied, promised, held } = disk;
        Self {
            core: Core::replica(clock, rng, entries),
            root_key: None,
            promised,
            applied,
            held,
            log: Log::new(seat.log),
            seat,
            doing: Doing::Standby(Standby::default()),
            counts: Counts::default(),
            effects: Vec::new(),
        }
    }

    /// Gives it the root key, which opens its keyring or, if it is new, the one that it will be sent. False if it is another vault's.
    pub fn unseal(&mut self, root_key: &[u8]) -> bool {
        let opened = self.applied == 0 || self.core.open_with(root_key);
        if opened {
            self.root_key = Some(Zeroizing::new(root_key.to_vec()));
        }
        opened
    }

    /// Takes its keys away: it answers 503 and takes no part until it is unsealed.
    pub fn seal(&mut self) -> Vec<Effect> {
        self.step_down();
        self.core.seal();
        self.root_key = None;
        self.done()
    }

    /// A client of this node asks. The answer comes as an effect with the same `id`, now or later; ids must not repeat in one life of the node.
    pub fn ask(&mut self, id: u64, request: &Request) -> Vec<Effect> {
        match self.doing {
            Doing::Active(_) => self.ask_active(super::active::Origin::Here(id), request),
            Doing::Standby(_) | Doing::Candidate(_) => self.ask_standby(id, request),
        }
        self.follow_seal();
        self.done()
    }

    /// A message has come.
    pub fn receive(&mut self, from: NodeId, message: Message) -> Vec<Effect> {
        if self.root_key.is_some() {
            self.counts.received += message.bytes();
            self.hear(from, message);
            self.follow_seal();
        }
        self.done()
    }

    /// A while has passed: a host calls this a few times a second. Repeats what may have been lost, gives up on who is silent, and ends what is
    /// due.
    pub fn tick(&mut self) -> Vec<Effect> {
        if self.root_key.is_some() {
            match self.doing {
                Doing::Standby(_) => self.tick_standby(),
                Doing::Candidate(_) => self.tick_candidate(),
                Doing::Active(_) => self.tick_active(),
            }
        }
        self.done()
    }

    /// Makes it the active node, if a majority promises to follow it.
    pub fn promote(&mut self) -> Vec<Effect> {
        if self.root_key.is_some() && !matches!(self.doing, Doing::Active(_)) {
            self.claim();
        }
        self.done()
    }

    /// Changes who belongs to the cluster. The host tells every node, and changes one member at a time, so that majorities before and after
    /// share a node.
    pub fn set_members(&mut self, members: impl IntoIterator<Item = NodeId>) {
        self.seat.members = members.into_iter().chain([self.seat.id]).collect();
    }

    /// What it does.
    pub fn part(&self) -> Part {
        match self.doing {
            _ if self.root_key.is_none() => Part::Sealed,
            Doing::Standby(_) => Part::Standby,
            Doing::Candidate(_) => Part::Candidate,
            Doing::Active(_) => Part::Active,
        }
    }

    /// The active node, as far as this one knows.
    pub fn active(&self) -> Option<NodeId> {
        match &self.doing {
            Doing::Standby(standby) => standby.active,
            Doing::Candidate(_) => None,
            Doing::Active(_) => Some(self.seat.id),
        }
    }

    /// Its engine, to look at.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Its engine, to ask how a token stands here.
    pub fn core_mut(&mut self) -> &mut Core {
        &mut self.core
    }

    /// What it has done.
    pub fn counts(&self) -> Counts {
        let worn = self.core.worn();
        let lag = match &self.doing {
            Doing::Standby(standby) => standby.committed.saturating_sub(self.applied),
            _ => 0,
        };
        Counts { term: worn.term, encryptions: worn.encryptions, applied: self.applied, lag, ..self.counts }
    }

    /// More than half of the members.
    pub(super) fn is_majority(&self, nodes: usize) -> bool {
        nodes * 2 > self.seat.members.len()
    }

    pub(super) fn send(&mut self, to: NodeId, message: Message) {
        self.counts.sent += message.bytes();
        self.effects.push(Effect::Send { to, message });
    }

    pub(super) fn send_all(&mut self, message: &Message) {
        let others: Vec<NodeId> =
            self.seat.members.iter().copied().filter(|&node| node != self.seat.id).collect();
        for to in others {
            self.send(to, message.clone());
        }
    }

    pub(super) fn keep(&mut self, kept: Kept) {
        self.effects.push(Effect::Keep(kept));
    }

    pub(super) fn answer(&mut self, id: u64, response: Response) {
        self.effects.push(Effect::Answer { id, response });
    }

    /// The real server's words when nobody is active.
    pub(super) fn nobody_active() -> Response {
        let text = "local node not active but active cluster node not found";
        reply::refuse(&Refusal::Internal(text.to_owned()))
    }

    /// Follows `epoch` and none before it.
    pub(super) fn promise(&mut self, epoch: Epoch) {
        if epoch > self.promised {
            self.promised = epoch;
            self.keep(Kept::Promised(epoch));
        }
    }

    /// Becomes a standby without an active node, and tells whoever waits for an answer.
    pub(super) fn step_down(&mut self) {
        self.core.set_role(Role::Standby);
        match mem::replace(&mut self.doing, Doing::Standby(Standby::default())) {
            Doing::Active(active) => self.give_up_active(*active),
            Doing::Standby(standby) => self.give_up_standby(standby),
            Doing::Candidate(_) => {}
        }
    }

    /// A client may have sealed or unsealed the engine: its node takes part, or does not.
    fn follow_seal(&mut self) {
        match self.core.keyring() {
            Some(keyring) if self.root_key.is_none() => self.root_key = Some(keyring.root_key.clone()),
            None if self.root_key.is_some() && self.applied > 0 => {
                self.step_down();
                self.root_key = None;
            }
            _ => {}
        }
    }

    fn hear(&mut self, from: NodeId, message: Message) {
        match message {
            Message::Append { epoch, committed, entry } => self.hear_append(from, epoch, committed, entry),
            Message::Held { epoch, index, applied, worn } => {
                self.hear_held(from, epoch, (index, applied), worn)
            }
            Message::Behind { epoch, applied } => self.hear_behind(from, epoch, applied),
            Message::CatchUp { epoch, entries } => self.hear_catch_up(epoch, entries),
            Message::State { epoch, index, entries } => self.hear_state(epoch, index, entries),
            Message::Claim { epoch } => self.hear_claim(from, epoch),
            Message::Promise { epoch, applied, held } => self.hear_promise(from, epoch, applied, held),
            Message::Stale { promised } => self.hear_stale(promised),
            Message::Forward { id, request } => self.hear_forward(from, id, &request),
            Message::Answer { id, response, index } => self.hear_answer(id, response, index),
        }
    }

    fn done(&mut self) -> Vec<Effect> {
        mem::take(&mut self.effects)
    }
}
