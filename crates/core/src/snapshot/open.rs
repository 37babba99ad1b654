//! A snapshot as an engine. It knows no request.

use std::mem;

use vaultlet_token::keyring::Keyring;
use zeroize::Zeroizing;

use super::{Origin, Snapshot, SnapshotError, unseal};
use crate::barrier::Barrier;
use crate::core::{Core, Role, State, Unsealed};
use crate::host::{Clock, Rng};
use crate::seal::config::SealConfig;
use crate::seal::{Sealed, chain};

impl Core {
    /// Opens a snapshot as an engine that answers as the vault did. A real server's is read-only until
    /// [`Core::allow_writes`]: what would write is refused. One of [`Core::snapshot`] goes on where it was, not before the time at
    /// which it was taken.
    ///
    /// `rng` must be a fresh stream of the platform's randomness: the keys have sealed before, and a nonce repeated under them
    /// would break what they sealed.
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
        let vault = Unsealed::open(Barrier::new(snapshot.entries, keyring));
        let mut core = Self::assemble(clock, rng, State::Unsealed(Box::new(vault)));
        match snapshot.origin {
            Origin::Server => core.role = Role::ReadOnly,
            Origin::Vaultlet(time) => core.last = core.last.max(time),
        }
        Ok(core)
    }

    /// Forgets the keys and everything read with them; what is stored stays, sealed. Until [`Core::unseal`] every request
    /// is answered 503, but for the health and the state of the seal.
    pub fn seal(&mut self) {
        let entries = match &mut self.state {
            State::Sealed(vault) => mem::take(&mut vault.entries),
            State::Unsealed(vault) => mem::take(&mut vault.barrier.entries),
        };
        self.state = State::Sealed(Sealed::new(entries));
    }

    /// Opens a sealed engine with the shares of the server that it came from. One that is open stays as it is.
    ///
    /// # Errors
    /// As [`Snapshot::keyring`]; the engine stays sealed then. A development vault has no shares.
    pub fn unseal<S: AsRef<str>>(&mut self, shares: &[S]) -> Result<(), SnapshotError> {
        let State::Sealed(vault) = &self.state else { return Ok(()) };
        let (keyring, _) = unseal::open(&vault.entries, shares)?;
        self.open(keyring);
        Ok(())
    }

    /// Opens what is sealed with its keys.
    pub(crate) fn open(&mut self, keyring: Keyring) {
        if let State::Sealed(vault) = &mut self.state {
            let entries = mem::take(&mut vault.entries);
            self.state = State::Unsealed(Box::new(Unsealed::open(Barrier::new(entries, keyring))));
        }
    }

    /// How many shares open the vault, and of how many; none before it is initialised.
    pub fn threshold(&self) -> Option<(usize, usize)> {
        let entries = match &self.state {
            State::Sealed(vault) => &vault.entries,
            State::Unsealed(vault) => &vault.barrier.entries,
        };
        let config = SealConfig::stored(entries)?;
        Some((config.secret_threshold.into(), config.secret_shares.into()))
    }

    /// The key that a vault's shares make: of a development vault its one share. None if it is sealed, or was never sealed
    /// by shares.
    pub fn unseal_key(&self) -> Option<Zeroizing<[u8; 32]>> {
        let State::Unsealed(vault) = &self.state else { return None };
        let stored = vault.barrier.read(chain::UNSEAL_KEY).ok()??;
        Some(Zeroizing::new(stored.as_slice().try_into().ok()?))
    }
}
