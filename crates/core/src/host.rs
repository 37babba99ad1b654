//! What the engine needs from outside: the time and randomness. It knows no platform that gives them.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};

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

/// A generator that gives the same bytes for the same seed: ChaCha20's key stream.
///
/// Only for vaults made to be replayed or tested. Two engines of one seed would seal under one nonce.
pub struct Seeded(ChaCha20);

impl Seeded {
    /// A generator from its beginning.
    pub fn new(seed: u64) -> Self {
        let mut key = [0u8; 32];
        key.iter_mut().zip(seed.to_le_bytes()).for_each(|(key, seed)| *key = seed);
        Self(ChaCha20::new(&key.into(), &[0u8; 12].into()))
    }
}

impl Rng for Seeded {
    fn fill(&mut self, buf: &mut [u8]) -> Result<(), RngFailed> {
        buf.fill(0);
        self.0.try_apply_keystream(buf).map_err(|_| RngFailed)
    }
}

/// A clock that stands until it is set, shared by its clones.
#[derive(Debug, Clone, Default)]
pub struct SetClock(std::rc::Rc<std::cell::Cell<u64>>);

impl SetClock {
    /// Standing at `now`.
    pub fn at(now: UnixTime) -> Self {
        Self(std::rc::Rc::new(std::cell::Cell::new(now.nanos())))
    }

    /// Sets it for all its clones.
    pub fn set(&self, now: UnixTime) {
        self.0.set(now.nanos());
    }

    /// Moves it on by nanoseconds.
    pub fn advance(&self, nanos: i64) {
        self.set(self.now().plus_nanos(nanos));
    }
}

impl Clock for SetClock {
    fn now(&self) -> UnixTime {
        UnixTime::from_nanos(self.0.get())
    }
}
