//! A snapshot as an engine. It knows no request.

use super::{Snapshot, SnapshotError};
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
}
