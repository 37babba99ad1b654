//! A snapshot, of a real server or of an engine here: written, read, opened with its unseal shares, made an engine. It knows no
//! file system.
//!
//! ```text
//! gzip( tar( meta.json, state.bin, SHA256SUMS, SHA256SUMS.sealed ) )
//! state.bin = ( uvarint length | protobuf { 1: storage key, 2: value } )*
//! shares -> unseal key -> core/hsm/barrier-unseal-keys -> root key -> core/keyring -> everything else
//! ```
//!
//! Everything in it may come from somebody hostile. What it unpacks to is bounded by what it is: see [`archive`].

mod archive;
mod entries;
mod error;
mod meta;
mod open;
mod unseal;
mod write;

use std::collections::BTreeMap;

use vaultlet_token::keyring::Keyring;

pub use error::SnapshotError;
pub use meta::Origin;

/// The sealed entries of a vault at one moment, whole but not opened.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// What is stored, by key.
    pub(crate) entries: BTreeMap<String, Vec<u8>>,
    origin: Origin,
    sums: Vec<u8>,
    sealed_sums: Vec<u8>,
}

impl Snapshot {
    /// Reads what `operator raft snapshot save` wrote, or [`Core::snapshot`](crate::Core::snapshot), and checks its sums.
    ///
    /// # Errors
    /// [`SnapshotError`] with what is wrong and where; nothing is kept then.
    pub fn read(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let files = archive::read(bytes)?;
        let entries = entries::read(&files.state, bytes.len())?;
        let origin = meta::read(&files.meta)?;
        Ok(Self { entries, origin, sums: files.sums, sealed_sums: files.sealed_sums })
    }

    /// Opens the keyring with unseal shares, each as `operator init` gave it: base64 or hex.
    ///
    /// # Errors
    /// [`SnapshotError::Share`] and [`SnapshotError::TooFewShares`] name what is wrong with the shares;
    /// [`SnapshotError::WrongShares`] if they are not this server's.
    pub fn keyring<S: AsRef<str>>(&self, shares: &[S]) -> Result<Keyring, SnapshotError> {
        unseal::keyring(self, shares)
    }

    /// Which server it is of.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// How many shares open it, and of how many; none if it does not say.
    pub fn threshold(&self) -> Option<(usize, usize)> {
        let config = unseal::config(&self.entries).ok()?;
        Some((config.secret_threshold.into(), config.secret_shares.into()))
    }

    /// The sealed entries by storage key.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value.as_slice()))
    }
}
