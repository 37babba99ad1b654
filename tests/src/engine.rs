//! The engine in this process as something that can be asked a scenario. It knows no scenario.

use std::time::Duration;

use vaultlet_core::host::{Clock, Seeded, SetClock};
use vaultlet_core::{Core, Request, Response, UnixTime};

use crate::driver::Driver;
use crate::engines::Engines;
use crate::scenario::Server;

pub(crate) const BEGINNING: UnixTime = UnixTime::from_nanos(1_795_460_913_012_345_678);

/// An engine with a clock of its own.
pub struct Engine {
    /// The engine.
    pub core: Core,
    clock: SetClock,
}

impl Engine {
    /// What a scenario begins with. The same seed gives the same bytes.
    pub fn start(server: Server, seed: u64) -> Box<dyn Driver> {
        match server {
            Server::Dev => Box::new(Self::dev(seed)),
            Server::Uninitialised => Box::new(Self::uninitialised(seed)),
            Server::Standby => Box::new(Engines::standby()),
            Server::Secondary => Box::new(Engines::secondary()),
        }
    }

    /// With nothing stored.
    pub(crate) fn uninitialised(seed: u64) -> Self {
        let clock = SetClock::at(BEGINNING);
        let core = Core::uninitialised(Box::new(clock.clone()), Box::new(Seeded::new(seed)));
        Self { core, clock }
    }

    /// From a seed: the same seed gives the same bytes.
    ///
    /// # Panics
    /// When the engine cannot be made.
    pub fn dev(seed: u64) -> Self {
        let clock = SetClock::at(BEGINNING);
        let made = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(seed)), "root");
        let (core, _) = made.expect("a seeded generator gives randomness");
        Self { core, clock }
    }
}

impl Driver for Engine {
    fn ask(&mut self, request: &Request) -> Response {
        // A real server needs some time for each answer; the engine's clock stands, so it is moved on.
        self.clock.advance(1_000_003);
        let outcome = self.core.handle(request);
        self.core.commit(outcome)
    }

    fn advance(&mut self, span: Duration) {
        self.clock.advance(i64::try_from(span.as_nanos()).expect("a scenario's span is short"));
        while let Some(due) = self.core.next_event().filter(|&due| due <= self.clock.now()) {
            let outcome = self.core.expire(due);
            self.core.commit(outcome);
        }
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }
}
