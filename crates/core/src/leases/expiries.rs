//! When leases end: the soonest first, and each by its id. It knows no lease's inside.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::UnixTime;

/// The ends of all leases that end. Both orders share the ids: there may be a million.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expiries {
    soonest: BTreeSet<(UnixTime, Rc<str>)>,
    by_id: BTreeMap<Rc<str>, UnixTime>,
}

impl Expiries {
    /// Says when a lease ends; none is never, or that there is no such lease any more.
    pub fn set(&mut self, lease_id: &str, end: Option<UnixTime>) {
        let known = self.by_id.remove_entry(lease_id).map(|(id, end)| {
            let pair = (end, id);
            self.soonest.remove(&pair);
            pair.1
        });
        if let Some(end) = end {
            let id = known.unwrap_or_else(|| Rc::from(lease_id));
            self.soonest.insert((end, Rc::clone(&id)));
            self.by_id.insert(id, end);
        }
    }

    /// The leases that have ended by now, soonest first.
    pub fn due(&self, now: UnixTime) -> impl Iterator<Item = &str> {
        self.soonest.iter().take_while(move |(end, _)| *end <= now).map(|(_, id)| &**id)
    }

    /// When the next one ends.
    pub fn next(&self) -> Option<UnixTime> {
        self.soonest.first().map(|(end, _)| *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_ends_once_and_when_it_was_said_last() {
        let at = UnixTime::from_secs;
        let mut expiries = Expiries::default();
        expiries.set("a", Some(at(3)));
        expiries.set("b", Some(at(2)));
        expiries.set("a", Some(at(1)));
        assert_eq!(expiries.next(), Some(at(1)));
        assert_eq!(expiries.due(at(2)).collect::<Vec<_>>(), ["a", "b"]);
        expiries.set("a", None);
        expiries.set("c", None);
        assert_eq!(expiries.due(at(9)).collect::<Vec<_>>(), ["b"]);
    }
}
