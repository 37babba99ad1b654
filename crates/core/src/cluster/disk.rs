//! What a host keeps of a node, so that it comes back after a crash. It knows no medium.

use std::collections::BTreeMap;

use super::message::{Entry, Epoch, NodeId};
use crate::WriteBatch;

/// One thing to keep, all or nothing, before anything that the node says after it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// No earlier epoch is followed.
    Promised(Epoch),
    /// The entry after the last applied one, in the place of one held before.
    Held(Entry),
    /// A committed entry: its writes, its index, and nothing is held any more.
    Applied(Entry),
    /// Everything anew, and nothing is held any more.
    State {
        /// The last index in it.
        index: u64,
        /// All sealed entries by storage key.
        entries: BTreeMap<String, Vec<u8>>,
    },
}

/// What is kept of one node. A host with a store of its own keeps the same four things there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// The sealed entries by storage key.
    pub entries: BTreeMap<String, Vec<u8>>,
    /// The last index in them.
    pub applied: u64,
    /// No earlier epoch is followed.
    pub promised: Epoch,
    /// The entry after the last applied one, not known to be committed.
    pub held: Option<Entry>,
}

impl Disk {
    /// Of a node that has nothing yet: the active one will send it everything.
    pub fn blank() -> Self {
        let promised = Epoch { round: 0, node: NodeId(0) };
        Self { entries: BTreeMap::new(), applied: 0, promised, held: None }
    }

    /// Of the first node of a cluster, whose vault began with `batch`.
    pub fn founding(batch: &WriteBatch) -> Self {
        let mut disk = Self { applied: 1, ..Self::blank() };
        disk.write(batch);
        disk
    }

    /// Keeps one thing.
    pub fn keep(&mut self, kept: Kept) {
        match kept {
            Kept::Promised(epoch) => self.promised = epoch,
            Kept::Held(entry) => self.held = Some(entry),
            Kept::Applied(entry) => {
                self.write(&entry.batch);
                self.applied = entry.index;
                self.held = None;
            }
            Kept::State { index, entries } => {
                self.entries = entries;
                self.applied = index;
                self.held = None;
            }
        }
    }

    fn write(&mut self, batch: &WriteBatch) {
        for (key, value) in &batch.writes {
            match value {
                Some(sealed) => drop(self.entries.insert(key.clone(), sealed.clone())),
                None => drop(self.entries.remove(key)),
            }
        }
    }
}
