//! The last committed entries, for those who are a little behind. It knows no node.

use std::collections::VecDeque;

use super::message::Entry;

/// A bounded tail of what was committed.
#[derive(Debug)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
    limit: usize,
}

impl Log {
    /// Of at most `limit` entries.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit }
    }

    /// Adds a committed entry; the oldest goes if there is no room.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
        while self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }

    /// Forgets everything: the state came from elsewhere.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Everything after `applied`, if it is all still here.
    pub fn after(&self, applied: u64) -> Option<Vec<Entry>> {
        let first = self.entries.front()?.index;
        (first <= applied + 1)
            .then(|| self.entries.iter().filter(|entry| entry.index > applied).cloned().collect())
    }
}
