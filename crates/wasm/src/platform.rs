//! The one file that knows the platform: its time and its randomness.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Date, Function};
use vaultlet_core::UnixTime;
use vaultlet_core::host::{Clock, Rng, RngFailed};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

/// The platform's own randomness, drawn in stores: asking JavaScript costs more than what is asked for. What was given is wiped.
pub(crate) struct PlatformRng {
    store: Zeroizing<[u8; STORE]>,
    /// Where in the store the rest begins.
    rest: usize,
}

/// How much is drawn at once, in bytes.
const STORE: usize = 512;

impl PlatformRng {
    /// With an empty store.
    pub(crate) fn new() -> Self {
        Self { store: Zeroizing::new([0; STORE]), rest: STORE }
    }
}

impl Rng for PlatformRng {
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed> {
        if buf.len() > STORE {
            return draw(buf);
        }
        if buf.len() > STORE - self.rest {
            draw(self.store.as_mut())?;
            self.rest = 0;
        }
        let given = self.store.iter_mut().skip(self.rest);
        buf.iter_mut().zip(given).for_each(|(byte, given)| *byte = std::mem::take(given));
        self.rest += buf.len();
        Ok(())
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the file that knows the platform")]
fn draw(buf: &mut [u8]) -> Result<(), RngFailed> {
    getrandom::fill(buf).map_err(|_| RngFailed)
}

/// Where the time comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// `Date.now()`.
    Date,
    /// A number of milliseconds that stands.
    Frozen(f64),
    /// A function that gives milliseconds.
    Function(Function),
}

/// A clock that can be moved on.
#[derive(Clone)]
pub(crate) struct JsClock {
    source: Source,
    /// Nanoseconds, shared by the clock's clones.
    offset: Rc<Cell<i64>>,
}

impl JsClock {
    /// From a source, not moved yet.
    pub(crate) fn new(source: Source) -> Self {
        Self { source, offset: Rc::default() }
    }

    /// Moves it on by nanoseconds.
    pub(crate) fn advance(&self, nanos: i64) {
        self.offset.set(self.offset.get().saturating_add(nanos));
    }

    /// Moves it on to a time; never back.
    pub(crate) fn move_to(&self, time: UnixTime) {
        self.advance(time.nanos_since(self.now()).max(0));
    }

    /// `Tue, 24 Nov 2026 10:53:46 GMT`
    pub(crate) fn http_date(&self) -> String {
        let millis = self.now().nanos() / 1_000_000;
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of any year that Date knows are exact")]
        let date = Date::new(&JsValue::from_f64(millis as f64));
        String::from(date.to_utc_string())
    }

    fn millis(&self) -> f64 {
        match &self.source {
            Source::Date => Date::now(),
            Source::Frozen(millis) => *millis,
            // A function that throws or gives no number stands still at 0; the engine's clock never moves back.
            Source::Function(function) => {
                function.call0(&JsValue::NULL).ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
            }
        }
    }
}

impl Clock for JsClock {
    fn now(&self) -> UnixTime {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "out of range becomes its end"
        )]
        let nanos = (self.millis() * 1e6) as u64;
        UnixTime::from_nanos(nanos).plus_nanos(self.offset.get())
    }
}
