//! What the engine needs from outside: the time and randomness. It knows no platform that gives them.

use crate::UnixTime;

/// Where the time comes from. Read once a request; below that `now` is a parameter.
pub trait Clock {
    /// The time now. The engine never lets it move back.
    fn now(&self) -> UnixTime;
}

/// Where randomness comes from: keys, nonces, ids.
///
/// A generator's position is never stored: batch tokens leave no trace, so a restored position would repeat
/// nonces under one key. Every engine, also a restored one, is given a fresh stream.
pub trait Rng {
    /// Fills the whole of `buf`.
    ///
    /// # Errors
    /// [`RngFailed`] when the platform has none to give; the request then answers 500 and changes nothing.
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed>;
}

/// The platform gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the platform's random generator failed")]
pub struct RngFailed;
