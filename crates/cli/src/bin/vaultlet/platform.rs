//! The one file that knows the platform: its time and its randomness.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use vaultlet_core::UnixTime;
use vaultlet_core::host::{Clock, Rng, RngFailed};

/// The platform's own randomness.
pub(crate) struct PlatformRng;

impl Rng for PlatformRng {
    #[allow(clippy::disallowed_methods, reason = "this is the file that knows the platform")]
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed> {
        getrandom::fill(buf).map_err(|_| RngFailed)
    }
}

/// The platform's time, which `sleep` moves on for an engine.
#[derive(Clone, Default)]
pub(crate) struct PlatformClock {
    /// Nanoseconds, shared by the clock's clones.
    offset: Rc<Cell<i64>>,
}

impl PlatformClock {
    /// Moves it on by nanoseconds.
    pub(crate) fn advance(&self, nanos: i64) {
        self.offset.set(self.offset.get().saturating_add(nanos));
    }
}

impl Clock for PlatformClock {
    #[allow(clippy::disallowed_methods, reason = "this is the file that knows the platform")]
    fn now(&self) -> UnixTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixTime::from_nanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
            .plus_nanos(self.offset.get())
    }
}
