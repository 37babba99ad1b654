//! Promotion: a node asks all to follow it, learns from a majority what may have been acknowledged, and begins its epoch with that.

use std::collections::BTreeMap;

use super::message::{Entry, Epoch, Message, NodeId};
use super::node::{Doing, Node};

/// A node that is being promoted.
pub(super) struct Candidate {
    epoch: Epoch,
    /// Who has promised: what its engine has, and what it keeps after it.
    promises: BTreeMap<NodeId, (u64, Option<Entry>)>,
}

impl Node {
    /// Asks all to follow a new epoch, this node first.
    pub(super) fn claim(&mut self) {
        self.step_down();
        let epoch = Epoch { round: self.promised.round + 1, node: self.seat.id };
        self.promise(epoch);
        let promises = BTreeMap::from([(self.seat.id, (self.applied, self.held.clone()))]);
        self.doing = Doing::Candidate(Candidate { epoch, promises });
        self.send_all(&Message::Claim { epoch });
        self.lead_if_promised();
    }

    pub(super) fn tick_candidate(&mut self) {
        let Doing::Candidate(candidate) = &self.doing else { return };
        let epoch = candidate.epoch;
        self.send_all(&Message::Claim { epoch });
        self.lead_if_promised();
    }

    pub(super) fn hear_claim(&mut self, from: NodeId, epoch: Epoch) {
        if epoch < self.promised {
            return self.send(from, Message::Stale { promised: self.promised });
        }
        if epoch > self.promised {
            self.promise(epoch);
            self.step_down();
        }
        self.send(from, Message::Promise { epoch, applied: self.applied, held: self.held.clone() });
    }

    pub(super) fn hear_promise(&mut self, from: NodeId, epoch: Epoch, applied: u64, held: Option<Entry>) {
        let Doing::Candidate(candidate) = &mut self.doing else { return };
        if candidate.epoch == epoch {
            candidate.promises.insert(from, (applied, held));
            self.lead_if_promised();
        }
    }

    /// Somebody follows a later epoch: this one is over.
    pub(super) fn hear_stale(&mut self, promised: Epoch) {
        if promised > self.promised {
            self.promise(promised);
            self.step_down();
        }
    }

    /// Begins the epoch if a majority has promised and this node has everything that any of them has.
    pub(super) fn lead_if_promised(&mut self) {
        let Doing::Candidate(candidate) = &self.doing else { return };
        let members = candidate.promises.keys().filter(|id| self.seat.members.contains(id));
        if !self.is_majority(members.count()) {
            return;
        }
        let epoch = candidate.epoch;
        let most = candidate.promises.iter().max_by_key(|(_, (applied, _))| *applied);
        if let Some((&node, &(applied, _))) = most
            && applied > self.applied
        {
            return self.send(node, Message::Behind { epoch, applied: self.applied });
        }
        if self.core.keyring().is_none() {
            // A new node alone has nothing to lead with.
            return;
        }
        let mut kept: Vec<Option<Entry>> =
            candidate.promises.values().map(|(_, held)| held.clone()).collect();
        kept.push(self.held.clone());
        self.lead(epoch, &kept);
    }
}

/// What may have been acknowledged after `applied`: of all that is kept, what was proposed last. An earlier proposal for the same index had no
/// majority, or the later one would be the same.
pub(super) fn adopted(kept: &[Option<Entry>], applied: u64) -> Option<Entry> {
    let next = kept.iter().flatten().filter(|entry| entry.index == applied + 1);
    next.max_by_key(|entry| entry.epoch).cloned()
}
