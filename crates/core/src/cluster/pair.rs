//! Two clusters in one process, of one node each: what the first writes is replicated at once. It knows no message.

use super::local::Platform;
use super::secondary::Secondary;
use crate::{Core, Refusal, Request, Response};

/// A first cluster and a second one that has its keys.
pub struct Pair {
    primary: Core,
    secondary: Secondary,
}

impl Pair {
    /// A development vault, and a second cluster of it. Both have a root token of that id, each its own.
    ///
    /// # Errors
    /// A [`Refusal`] if a generator fails.
    pub fn dev(root_token: &str, mut platform: Platform) -> Result<Self, Refusal> {
        let (clock, rng) = platform();
        let (primary, _) = Core::dev(clock, rng, root_token)?;
        let (clock, rng) = platform();
        let (secondary, _) = Secondary::found(&primary, clock, rng, root_token)?;
        Ok(Self { primary, secondary })
    }

    /// Asks the first cluster, and replicates what it writes.
    pub fn ask_primary(&mut self, request: &Request) -> Response {
        let outcome = self.primary.handle(request);
        self.secondary.feed(&outcome.batch);
        self.primary.commit(outcome)
    }

    /// Asks the second cluster.
    pub fn ask_secondary(&mut self, request: &Request) -> Response {
        self.secondary.ask(request)
    }

    /// The first cluster's engine, to look at.
    pub fn primary(&self) -> &Core {
        &self.primary
    }

    /// The second cluster's engine, to look at.
    pub fn secondary(&self) -> &Core {
        self.secondary.core()
    }
}
