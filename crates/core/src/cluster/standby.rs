//! A standby: it stages each request itself, answers what writes nothing, and forwards the rest. It knows no kind of token: a batch token is
//! made where it is asked for because its batch is empty, and for no other reason.

use std::collections::BTreeMap;

use super::disk::Kept;
use super::message::{Entry, Epoch, Message, NodeId};
use super::node::{Doing, Node, PATIENCE};
use crate::{Request, Response};

/// A standby's state.
#[derive(Default)]
pub(super) struct Standby {
    /// Whom it follows; none if nobody has been heard for a while.
    pub active: Option<NodeId>,
    /// How far is committed, as the active node says.
    pub committed: u64,
    /// Ticks since the active node was heard.
    silence: u32,
    /// Ticks that each forwarded request has waited.
    waiting: BTreeMap<u64, u32>,
    /// Answers that wait for this node to have what they say: by number, the index and the ticks waited.
    late: BTreeMap<u64, (u64, u32, Response)>,
}

impl Node {
    pub(super) fn ask_standby(&mut self, id: u64, request: &Request) {
        let outcome = self.core.handle(request);
        if outcome.is_for_any_node() {
            self.counts.served += 1;
            let response = self.core.commit(outcome);
            return self.answer(id, response);
        }
        self.core.remember(outcome);
        let Doing::Standby(standby) = &mut self.doing else { return self.answer(id, Self::nobody_active()) };
        let Some(active) = standby.active else { return self.answer(id, Self::nobody_active()) };
        standby.waiting.insert(id, 0);
        self.counts.forwarded += 1;
        self.send(active, Message::Forward { id, request: request.clone() });
    }

    /// An answer is passed on once this node has itself what it says was written.
    pub(super) fn hear_answer(&mut self, id: u64, response: Response, index: u64) {
        let Doing::Standby(standby) = &mut self.doing else { return };
        if standby.waiting.remove(&id).is_none() {
            return;
        }
        if index > self.applied {
            standby.late.insert(id, (index, 0, response));
            return;
        }
        self.answer(id, response);
    }

    pub(super) fn hear_append(&mut self, from: NodeId, epoch: Epoch, committed: u64, entry: Option<Entry>) {
        if epoch < self.promised {
            return self.send(from, Message::Stale { promised: self.promised });
        }
        self.follow(epoch, committed);
        // In one epoch one entry is proposed for an index, so what is held of this epoch is what is committed.
        if let Some(held) = self.held.take_if(|held| held.epoch == epoch && held.index <= committed) {
            self.take(held);
        }
        if let Some(entry) = entry
            && entry.index == self.applied + 1
            && self.held.as_ref().is_none_or(|held| held.epoch != epoch)
        {
            self.held = Some(entry.clone());
            self.keep(Kept::Held(entry));
        }
        self.say_how_far(from, epoch, committed);
    }

    pub(super) fn hear_catch_up(&mut self, epoch: Epoch, entries: Vec<Entry>) {
        if epoch != self.promised || matches!(self.doing, Doing::Active(_)) {
            return;
        }
        for entry in entries {
            if entry.index == self.applied + 1 {
                self.take(entry);
            }
        }
        self.caught_up(epoch);
    }

    pub(super) fn hear_state(&mut self, epoch: Epoch, index: u64, entries: BTreeMap<String, Vec<u8>>) {
        let wanted =
            epoch == self.promised && index > self.applied && !matches!(self.doing, Doing::Active(_));
        let Some(root_key) = self.root_key.clone().filter(|_| wanted) else { return };
        self.keep(Kept::State { index, entries: entries.clone() });
        self.applied = index;
        self.held = None;
        self.log.clear();
        if !self.core.replace(entries, &root_key) {
            // Another vault's: without its keys this node can take no part.
            self.root_key = None;
            return;
        }
        self.caught_up(epoch);
    }

    /// Sends what somebody lacks: the active node to its standbys, anybody to the one whom it has promised to follow.
    pub(super) fn hear_behind(&mut self, from: NodeId, epoch: Epoch, applied: u64) {
        if epoch != self.promised || applied >= self.applied {
            return;
        }
        let message = match self.log.after(applied) {
            Some(entries) => Message::CatchUp { epoch, entries },
            None => Message::State { epoch, index: self.applied, entries: self.core.all_entries() },
        };
        self.send(from, message);
    }

    pub(super) fn tick_standby(&mut self) {
        let Doing::Standby(standby) = &mut self.doing else { return };
        standby.silence += 1;
        if standby.silence > PATIENCE {
            standby.active = None;
        }
        standby.waiting.values_mut().for_each(|ticks| *ticks += 1);
        standby.late.values_mut().for_each(|(_, ticks, _)| *ticks += 1);
        let lost: Vec<u64> =
            standby.waiting.iter().filter(|(_, ticks)| **ticks > PATIENCE).map(|(id, _)| *id).collect();
        standby.waiting.retain(|_, ticks| *ticks <= PATIENCE);
        for id in lost {
            self.answer(id, Self::nobody_active());
        }
        self.pass_on_late();
    }

    /// Nobody will answer what was forwarded; what was answered already is passed on.
    pub(super) fn give_up_standby(&mut self, standby: Standby) {
        for id in standby.waiting.into_keys() {
            self.answer(id, Self::nobody_active());
        }
        for (id, (_, _, response)) in standby.late {
            self.answer(id, response);
        }
    }

    fn follow(&mut self, epoch: Epoch, committed: u64) {
        self.promise(epoch);
        if !matches!(&self.doing, Doing::Standby(standby) if standby.active.is_none_or(|active| active == epoch.node))
        {
            self.step_down();
        }
        if let Doing::Standby(standby) = &mut self.doing {
            standby.active = Some(epoch.node);
            standby.committed = standby.committed.max(committed);
            standby.silence = 0;
        }
    }

    /// Takes a committed entry into the engine.
    fn take(&mut self, entry: Entry) {
        self.applied = entry.index;
        self.held.take_if(|held| held.index <= entry.index);
        self.core.apply(entry.batch.clone());
        self.log.push(entry.clone());
        self.keep(Kept::Applied(entry));
        self.pass_on_late();
    }

    fn caught_up(&mut self, epoch: Epoch) {
        self.pass_on_late();
        if let Doing::Candidate(_) = self.doing {
            return self.lead_if_promised();
        }
        self.say_how_far(epoch.node, epoch, self.applied);
    }

    fn say_how_far(&mut self, to: NodeId, epoch: Epoch, committed: u64) {
        if self.applied < committed {
            return self.send(to, Message::Behind { epoch, applied: self.applied });
        }
        let held = self.held.as_ref().filter(|held| held.epoch == epoch);
        let index = held.map_or(self.applied, |held| held.index);
        let worn = self.core.worn();
        self.send(to, Message::Held { epoch, index, applied: self.applied, worn });
    }

    fn pass_on_late(&mut self) {
        let Doing::Standby(standby) = &mut self.doing else { return };
        let (late, applied) = (std::mem::take(&mut standby.late), self.applied);
        let (ready, late) = late
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(_, (index, ticks, _))| *index <= applied || *ticks > PATIENCE);
        standby.late = late;
        for (id, (_, _, response)) in ready {
            self.answer(id, response);
        }
    }
}
