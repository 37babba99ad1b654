//! Two engines side by side: an active node and a standby, or two clusters under the same keys. It knows no scenario and no row.

use std::time::Duration;

use vaultlet_core::cluster::{Local, NodeId, Pair, Platform};
use vaultlet_core::host::{Clock, Seeded, SetClock};
use vaultlet_core::{Request, Response, UnixTime};

use crate::driver::Driver;
use crate::engine::BEGINNING;
use crate::scenario::At;

/// The active node.
pub const ACTIVE: NodeId = NodeId(1);
/// The standby.
pub const STANDBY: NodeId = NodeId(2);

/// Two engines and their clock.
pub struct Engines {
    both: Both,
    clock: SetClock,
}

enum Both {
    Cluster(Box<Local>),
    Clusters(Box<Pair>),
}

impl Engines {
    /// A development vault of two nodes.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn standby() -> Self {
        let clock = SetClock::at(BEGINNING);
        let local = Local::dev(2, "root", platform(&clock)).expect("a seeded generator gives randomness");
        Self { both: Both::Cluster(Box::new(local)), clock }
    }

    /// A development vault, and a second cluster under its keys.
    ///
    /// # Panics
    /// When they cannot be made.
    pub fn secondary() -> Self {
        let clock = SetClock::at(BEGINNING);
        let pair = Pair::dev("root", platform(&clock)).expect("a seeded generator gives randomness");
        Self { both: Both::Clusters(Box::new(pair)), clock }
    }

    /// How many entries the first has put into storage.
    pub fn puts(&self) -> u64 {
        match &self.both {
            Both::Cluster(local) => local.counts(ACTIVE).map_or(0, |counts| counts.puts),
            Both::Clusters(pair) => pair.primary().counters().puts,
        }
    }

    /// How often the first and the one beside it have sealed.
    pub fn encryptions(&self) -> (u64, u64) {
        let sealed = |local: &Local, id| local.counts(id).map_or(0, |counts| counts.encryptions);
        match &self.both {
            Both::Cluster(local) => (sealed(local, ACTIVE), sealed(local, STANDBY)),
            Both::Clusters(pair) => {
                (pair.primary().counters().encryptions, pair.secondary().counters().encryptions)
            }
        }
    }
}

/// The same time for all, and for each a stream of its own.
fn platform(clock: &SetClock) -> Platform {
    let (clock, mut seed) = (clock.clone(), 0);
    Box::new(move || {
        seed += 1;
        (Box::new(clock.clone()), Box::new(Seeded::new(seed)))
    })
}

impl Driver for Engines {
    fn ask(&mut self, request: &Request) -> Response {
        self.clock.advance(1_000_003);
        match &mut self.both {
            Both::Cluster(local) => local.ask(ACTIVE, request),
            Both::Clusters(pair) => pair.ask_primary(request),
        }
    }

    fn ask_standby(&mut self, request: &Request) -> (Response, At) {
        self.clock.advance(1_000_003);
        let Both::Cluster(local) = &mut self.both else { panic!("these are two clusters of one node") };
        let forwarded = |local: &Local| local.counts(STANDBY).map_or(0, |counts| counts.forwarded);
        let before = forwarded(local);
        let response = local.ask(STANDBY, request);
        (response, if forwarded(local) > before { At::Active } else { At::Standby })
    }

    fn ask_secondary(&mut self, request: &Request) -> Response {
        self.clock.advance(1_000_003);
        let Both::Clusters(pair) = &mut self.both else { panic!("this is one cluster of two nodes") };
        pair.ask_secondary(request)
    }

    fn advance(&mut self, span: Duration) {
        self.clock.advance(i64::try_from(span.as_nanos()).expect("a scenario's span is short"));
        if let Both::Cluster(local) = &mut self.both {
            local.tick();
        }
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }
}
