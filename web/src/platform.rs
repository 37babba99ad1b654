//! The one file that knows the platform: its time, its randomness, its store for the theme. It knows no engine's inside.

use std::cell::Cell;
use std::rc::Rc;

use vaultlet_core::UnixTime;
use vaultlet_core::host::{Clock, Rng, RngFailed};

/// The platform's own randomness: a fresh stream for every engine.
pub(crate) struct PlatformRng;

impl Rng for PlatformRng {
    #[allow(clippy::disallowed_methods, reason = "this is the file that knows the platform")]
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed> {
        getrandom::fill(buf).map_err(|_| RngFailed)
    }
}

/// The platform's time and an offset, shared by its clones.
#[derive(Clone, Default)]
pub(crate) struct TabClock {
    offset: Rc<Cell<i64>>,
}

impl TabClock {
    /// Moves it on by nanoseconds; never back.
    pub(crate) fn advance(&self, nanos: i64) {
        self.offset.set(self.offset.get().saturating_add(nanos.max(0)));
    }

    /// A clock that shows the same and goes its own way from now on.
    pub(crate) fn apart(&self) -> Self {
        Self { offset: Rc::new(Cell::new(self.offset.get())) }
    }

    /// How far it is ahead of the reader's, in nanoseconds.
    pub(crate) fn ahead(&self) -> i64 {
        self.offset.get()
    }
}

impl Clock for TabClock {
    fn now(&self) -> UnixTime {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "out of range becomes its end"
        )]
        let millis = js_sys::Date::now() as u64;
        UnixTime::from_millis(millis).plus_nanos(self.offset.get())
    }
}

/// Keeps a word; a store that is full or denied keeps nothing, and that is no fault.
pub(crate) fn keep(key: &str, value: Option<&str>) {
    let store = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(store) = store {
        let _ = match value {
            Some(value) => store.set_item(key, value),
            None => store.remove_item(key),
        };
    }
}
