//! From unseal shares to the keyring: the chain of keys. It knows no other entry.

use vaultlet_token::keyring::{KeyBytes, Keyring};
use zeroize::Zeroizing;

use super::{Snapshot, SnapshotError};
use crate::keyring::KEYRING;
use crate::seal::chain::{self, Broken};
use crate::seal::config::{SEAL_CONFIG, SealConfig};
use crate::seal::{Entries, blob};
use crate::{shamir, share};

/// The keyring of a snapshot whose sums the same server sealed.
pub(super) fn keyring<S: AsRef<str>>(snapshot: &Snapshot, shares: &[S]) -> Result<Keyring, SnapshotError> {
    let (keyring, unseal_key) = open(&snapshot.entries, shares)?;
    check_sealed_sums(snapshot, &unseal_key)?;
    Ok(keyring)
}

/// The keyring that the shares open, and the key that they make.
pub(super) fn open<S: AsRef<str>>(
    entries: &Entries,
    shares: &[S],
) -> Result<(Keyring, KeyBytes), SnapshotError> {
    let config = config(entries)?;
    if config.r#type != "shamir" {
        return Err(SnapshotError::Seal(config.r#type));
    }
    let unseal_key = unseal_key(&config, shares)?;
    let keyring = chain::open(entries, &unseal_key).map_err(|broken| match broken {
        Broken::Key => SnapshotError::WrongShares,
        Broken::Missing(key) => SnapshotError::Key { key, what: "is missing" },
        Broken::Unreadable(key) => unreadable(key),
        Broken::Keyring => SnapshotError::Key { key: KEYRING, what: "does not open with the root key" },
    })?;
    Ok((keyring, unseal_key))
}

/// How the server is sealed.
pub(super) fn config(entries: &Entries) -> Result<SealConfig, SnapshotError> {
    if !entries.contains_key(SEAL_CONFIG) {
        return Err(SnapshotError::Key { key: SEAL_CONFIG, what: "is missing" });
    }
    SealConfig::stored(entries).ok_or_else(|| unreadable(SEAL_CONFIG))
}

fn unseal_key<S: AsRef<str>>(config: &SealConfig, shares: &[S]) -> Result<KeyBytes, SnapshotError> {
    let threshold = usize::from(config.secret_threshold);
    let mut given: Vec<Zeroizing<Vec<u8>>> = Vec::with_capacity(shares.len());
    for (at, text) in shares.iter().enumerate() {
        let wrong = |what| SnapshotError::Share { number: at + 1, what };
        let share = share::read(text.as_ref()).ok_or_else(|| wrong("is neither base64 nor hex"))?;
        let wanted = if threshold == 1 { 32 } else { 33 };
        if share.len() != wanted {
            return Err(wrong("has a wrong length for this snapshot"));
        }
        if !given.contains(&share) {
            given.push(share);
        }
    }
    if given.len() < threshold.max(1) {
        return Err(SnapshotError::TooFewShares { given: given.len(), needed: threshold });
    }
    let given: Vec<&[u8]> = given.iter().map(|share| share.as_slice()).collect();
    let combined = match given.as_slice() {
        [only] if threshold == 1 => Zeroizing::new(only.to_vec()),
        _ => shamir::combine(&given).map_err(|_| SnapshotError::WrongShares)?,
    };
    let bytes: [u8; 32] = combined.as_slice().try_into().map_err(|_| SnapshotError::WrongShares)?;
    Ok(Zeroizing::new(bytes))
}

/// The server seals the sums of its snapshot, so that nobody without the unseal key can make one up.
fn check_sealed_sums(snapshot: &Snapshot, unseal_key: &KeyBytes) -> Result<(), SnapshotError> {
    let opened = blob::open(unseal_key, &snapshot.sealed_sums).map_err(|_| SnapshotError::SealedSums)?;
    if lines(&opened) == lines(&snapshot.sums) { Ok(()) } else { Err(SnapshotError::SealedSums) }
}

/// The server writes the lines of the sums twice, each time in an order of its own.
fn lines(sums: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = sums.split(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

fn unreadable(key: &'static str) -> SnapshotError {
    SnapshotError::Key { key, what: "is not what it should be" }
}
