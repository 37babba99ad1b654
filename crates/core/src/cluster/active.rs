//! The active node: it stages, proposes one entry at a time, and answers when a majority keeps it. It knows no standby's inside.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::disk::Kept;
use super::message::{Entry, Epoch, Message, NodeId, Worn};
use super::node::{Doing, Node, PATIENCE};
use super::promotion::adopted;
use crate::core::{Outcome, Role};
use crate::{Refusal, Request, Response, WriteBatch, reply};

/// Who waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A client of this node.
    Here(u64),
    /// A client of a standby, by the standby's number for it.
    There(NodeId, u64),
}

/// What is proposed and not yet committed.
struct Pending {
    /// What was staged here; none for an entry that an earlier active node had proposed.
    outcome: Option<Outcome>,
    /// Who waits; nobody for what time alone did.
    origin: Option<Origin>,
    /// Who keeps it, this node included.
    holders: BTreeSet<NodeId>,
}

/// An active node's state.
pub(super) struct Active {
    epoch: Epoch,
    pending: Option<Pending>,
    /// Requests that write, behind the pending one.
    queue: VecDeque<(Origin, Request)>,
    /// Ticks since each other node was heard.
    heard: BTreeMap<NodeId, u32>,
    worn: BTreeMap<NodeId, Worn>,
}

impl Node {
    /// Begins an epoch: what an earlier active node may have had acknowledged is proposed again first.
    pub(super) fn lead(&mut self, epoch: Epoch, kept: &[Option<Entry>]) {
        let again = adopted(kept, self.applied);
        let (pending, queue) = (None, VecDeque::new());
        let (heard, worn) = (BTreeMap::new(), BTreeMap::new());
        self.doing = Doing::Active(Box::new(Active { epoch, pending, queue, heard, worn }));
        self.core.set_role(Role::Active);
        match again {
            Some(entry) => self.propose(entry.batch, None, None),
            None => self.append_to_all(),
        }
    }

    /// Stages a request; with an empty batch the answer is given at once, as all of it comes from what is committed. What is said to be done
    /// without a write is proposed as an empty entry, so that a node that was deposed without knowing says no such thing.
    pub(super) fn ask_active(&mut self, origin: Origin, request: &Request) {
        let Doing::Active(active) = &mut self.doing else {
            return self.refuse(origin, Self::nobody_active());
        };
        let outcome = self.core.handle(request);
        if outcome.is_for_active_alone() {
            let response = self.core.commit(outcome);
            return self.respond(origin, response);
        }
        if active.pending.is_some() {
            active.queue.push_back((origin, request.clone()));
            return;
        }
        self.propose(outcome.batch.clone(), Some(outcome), Some(origin));
    }

    pub(super) fn hear_forward(&mut self, from: NodeId, id: u64, request: &Request) {
        self.ask_active(Origin::There(from, id), request);
    }

    /// A standby keeps what it was sent, or says how far it is.
    pub(super) fn hear_held(&mut self, from: NodeId, epoch: Epoch, (index, applied): (u64, u64), worn: Worn) {
        let mine = self.applied;
        let Doing::Active(active) = &mut self.doing else { return };
        if active.epoch != epoch {
            return;
        }
        active.heard.insert(from, 0);
        active.worn.insert(from, worn);
        self.core.set_worn_elsewhere(elsewhere(&active.worn, self.core.worn().term));
        let Some(pending) = &mut active.pending else { return };
        if index > mine {
            pending.holders.insert(from);
            self.commit_if_held();
        } else if applied == mine {
            // It has just caught up, and now can hold what is pending.
            let message = self.append(epoch);
            self.send(from, message);
        }
    }

    pub(super) fn tick_active(&mut self) {
        let Doing::Active(active) = &mut self.doing else { return };
        let known: Vec<NodeId> = self.seat.members.iter().copied().filter(|&id| id != self.seat.id).collect();
        for node in known {
            *active.heard.entry(node).or_default() += 1;
        }
        let near = self
            .seat
            .members
            .iter()
            .filter(|id| active.heard.get(id).is_some_and(|&ticks| ticks <= PATIENCE));
        let near = near.count() + 1;
        if !self.is_majority(near) {
            return self.step_down();
        }
        self.end_what_is_due();
        self.append_to_all();
    }

    /// The real server's words for a write that nobody knows the end of.
    pub(super) fn give_up_active(&mut self, active: Active) {
        if let Some(origin) = active.pending.and_then(|pending| pending.origin) {
            let text = "failed to persist entry: leadership lost while committing log";
            self.refuse(origin, reply::refuse(&Refusal::invalid(text)));
        }
        for (origin, _) in active.queue {
            self.refuse(origin, Self::nobody_active());
        }
    }

    fn end_what_is_due(&mut self) {
        if self.is_proposing() || !self.core.is_due() {
            return;
        }
        let now = self.core.now();
        let outcome = self.core.expire(now);
        if outcome.batch.writes.is_empty() {
            self.core.commit(outcome);
        } else {
            self.propose(outcome.batch.clone(), Some(outcome), None);
        }
    }

    /// Keeps an entry here, and asks all to keep it.
    fn propose(&mut self, batch: WriteBatch, outcome: Option<Outcome>, origin: Option<Origin>) {
        let Doing::Active(active) = &mut self.doing else { return };
        let entry = Entry { index: self.applied + 1, epoch: active.epoch, batch };
        active.pending = Some(Pending { outcome, origin, holders: BTreeSet::from([self.seat.id]) });
        self.held = Some(entry.clone());
        self.keep(Kept::Held(entry));
        self.append_to_all();
        self.commit_if_held();
    }

    fn commit_if_held(&mut self) {
        let Doing::Active(active) = &mut self.doing else { return };
        let members = &self.seat.members;
        let held = |pending: &Pending| pending.holders.iter().filter(|id| members.contains(id)).count();
        if active.pending.as_ref().is_none_or(|pending| held(pending) * 2 <= members.len()) {
            return;
        }
        let (Some(pending), Some(entry)) = (active.pending.take(), self.held.take()) else { return };
        self.commit(pending, entry);
        self.work_off_queue();
        if !self.is_proposing() {
            self.append_to_all();
        }
    }

    fn is_proposing(&self) -> bool {
        matches!(&self.doing, Doing::Active(active) if active.pending.is_some())
    }

    fn commit(&mut self, pending: Pending, entry: Entry) {
        self.counts.puts += entry.batch.puts() as u64;
        self.counts.deletes += entry.batch.deletes() as u64;
        self.applied = entry.index;
        self.log.push(entry.clone());
        let response = match pending.outcome {
            Some(outcome) => Some(self.core.commit(outcome)),
            None => {
                self.core.apply(entry.batch.clone());
                None
            }
        };
        self.keep(Kept::Applied(entry));
        if let (Some(origin), Some(response)) = (pending.origin, response) {
            self.respond(origin, response);
        }
    }

    /// Stages what had to wait, until something writes again.
    fn work_off_queue(&mut self) {
        loop {
            let Doing::Active(active) = &mut self.doing else { return };
            if active.pending.is_some() {
                return;
            }
            let Some((origin, request)) = active.queue.pop_front() else { return };
            self.ask_active(origin, &request);
        }
    }

    fn append(&self, epoch: Epoch) -> Message {
        Message::Append { epoch, committed: self.applied, entry: self.held.clone() }
    }

    fn append_to_all(&mut self) {
        let Doing::Active(active) = &self.doing else { return };
        let message = self.append(active.epoch);
        self.send_all(&message);
    }

    fn respond(&mut self, origin: Origin, response: Response) {
        self.counts.served += 1;
        self.refuse(origin, response);
    }

    fn refuse(&mut self, origin: Origin, response: Response) {
        match origin {
            Origin::Here(id) => self.answer(id, response),
            Origin::There(node, id) => {
                let index = self.applied;
                self.send(node, Message::Answer { id, response, index });
            }
        }
    }
}

/// What the others have sealed under the key of that term.
fn elsewhere(worn: &BTreeMap<NodeId, Worn>, term: u32) -> u64 {
    worn.values().filter(|worn| worn.term == term).map(|worn| worn.encryptions).sum()
}
