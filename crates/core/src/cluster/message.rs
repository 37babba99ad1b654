//! What nodes tell each other. It knows no node.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Request, Response, WriteBatch};

/// A node's number, its own in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

/// The time of one active node, later ones larger. No two nodes share one, so an epoch names its active node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch {
    /// Counts up.
    pub round: u64,
    /// Who is active in it.
    pub node: NodeId,
}

/// One write batch in the cluster's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub index: u64,
    /// In which it was proposed. An entry proposed again after a promotion has the later one.
    pub epoch: Epoch,
    /// Sealed writes.
    pub batch: WriteBatch,
}

impl Entry {
    /// The bytes that it has to carry: keys and sealed values.
    pub fn bytes(&self) -> u64 {
        let size = |(key, value): &(String, Option<Vec<u8>>)| key.len() + value.as_ref().map_or(0, Vec::len);
        self.batch.writes.iter().map(|write| size(write) as u64).sum()
    }
}

/// How often a node has sealed under one key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worn {
    /// The key's term.
    pub term: u32,
    /// How often.
    pub encryptions: u64,
}

/// What one node tells another. Any of them may be lost, be late or come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The active node to all, at every change and now and then: how far is committed, and the entry to hold.
    Append {
        /// The active node's.
        epoch: Epoch,
        /// The last committed index.
        committed: u64,
        /// The entry after it, if one is proposed.
        entry: Option<Entry>,
    },
    /// To the active node: kept up to here.
    Held {
        /// The active node's.
        epoch: Epoch,
        /// The last index that is kept.
        index: u64,
        /// What of it the engine has.
        applied: u64,
        /// The key as far as this node has worn it.
        worn: Worn,
    },
    /// To the active node, or to one that has more: entries are missing here.
    Behind {
        /// The asker's.
        epoch: Epoch,
        /// The last index that the engine has.
        applied: u64,
    },
    /// Committed entries in order, to one who is behind.
    CatchUp {
        /// The asker's.
        epoch: Epoch,
        /// Without gaps.
        entries: Vec<Entry>,
    },
    /// The whole state, to one who is too far behind.
    State {
        /// The asker's.
        epoch: Epoch,
        /// The last index in it.
        index: u64,
        /// All sealed entries by storage key.
        entries: BTreeMap<String, Vec<u8>>,
    },
    /// A node that is being promoted asks all to follow it.
    Claim {
        /// Its own.
        epoch: Epoch,
    },
    /// To the claimer: no earlier epoch is followed here from now on.
    Promise {
        /// The claimer's.
        epoch: Epoch,
        /// The last index that the engine has.
        applied: u64,
        /// What is kept after it.
        held: Option<Entry>,
    },
    /// To one with an earlier epoch: it is over.
    Stale {
        /// What is followed here.
        promised: Epoch,
    },
    /// A standby's request that only the active node may answer.
    Forward {
        /// The standby's number for it.
        id: u64,
        /// As it came.
        request: Request,
    },
    /// What the active node answers.
    Answer {
        /// The standby's number.
        id: u64,
        /// To be passed on as it is.
        response: Response,
        /// What the standby should have first, so that its client sees there what it has just written.
        index: u64,
    },
}

impl Message {
    /// The bytes of replication in it: keys and sealed values.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Append { entry: Some(entry), .. } => entry.bytes(),
            Self::CatchUp { entries, .. } => entries.iter().map(Entry::bytes).sum(),
            Self::State { entries, .. } => {
                entries.iter().map(|(key, value)| (key.len() + value.len()) as u64).sum()
            }
            _ => 0,
        }
    }
}
