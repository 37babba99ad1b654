//! A snapshot as an engine. It knows no request.

use std::mem;

use super::{Snapshot, SnapshotError, unseal};
use crate::barrier::Barrier;
use crate::core::{Core, State, Unsealed};
use crate::host::{Clock, Rng};

impl Core {
    /// Opens a real server's snapshot as an engine that answers as that server did. It is read-only until
    /// [`Core::allow_writes`]: what would write is refused.
    ///
    /// `rng` must be a fresh stream of the platform's randomness: the keys are a real server's, and a nonce repeated under
    /// them would break what it sealed.
    ///
    /// # Errors
    /// [`SnapshotError`], as [`Snapshot::keyring`] gives them.
    pub fn from_snapshot<S: AsRef<str>>(
        clock: Box<dyn Clock>,
        rng: Box<dyn Rng>,
        snapshot: Snapshot,
        shares: &[S],
    ) -> Result<Self, SnapshotError> {
        let keyring = snapshot.keyring(shares)?;
        let vault = Unsealed::open(Barrier { entries: snapshot.entries, keyring });
        let mut core = Self::assemble(clock, rng, State::Unsealed(Box::new(vault)));
        core.read_only = true;
        Ok(core)
    }

    /// Forgets the keys and everything read with them; what is stored stays, sealed. Until [`Core::unseal`] every request
    /// is answered 503, but for the health and the state of the seal.
    pub fn seal(&mut self) {
        let entries = match &mut self.state {
            State::Sealed(entries) => mem::take(entries),
            State::Unsealed(vault) => mem::take(&mut vault.barrier.entries),
        };
        self.state = State::Sealed(entries);
    }

    /// Opens a sealed engine with the shares of the server that it came from. One that is open stays as it is.
    ///
    /// # Errors
    /// As [`Snapshot::keyring`]; the engine stays sealed then. A development vault has no shares.
    pub fn unseal<S: AsRef<str>>(&mut self, shares: &[S]) -> Result<(), SnapshotError> {
        let State::Sealed(entries) = &mut self.state else { return Ok(()) };
        let (keyring, _) = unseal::open(entries, shares)?;
        let vault = Unsealed::open(Barrier { entries: mem::take(entries), keyring });
        self.state = State::Unsealed(Box::new(vault));
        Ok(())
    }
}
