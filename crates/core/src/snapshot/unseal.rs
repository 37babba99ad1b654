//! From unseal shares to the keyring: the chain of keys. It knows no other entry.

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;
use vaultlet_token::keyring::{Key, KeyBytes, Keyring};
use zeroize::Zeroizing;

use super::{Snapshot, SnapshotError};
use crate::{shamir, share};

const SEAL_CONFIG: &str = "core/seal-config";
const UNSEAL_KEYS: &str = "core/hsm/barrier-unseal-keys";

/// How the server is sealed; stored open, for it is read before anything can be unsealed.
#[derive(Debug, Deserialize)]
pub(super) struct SealConfig {
    r#type: String,
    /// How many shares there are.
    pub secret_shares: usize,
    /// How many of them open it.
    pub secret_threshold: usize,
}

impl SealConfig {
    /// That of a server.
    pub fn of(entries: &Entries) -> Result<Self, SnapshotError> {
        let stored = entry(entries, SEAL_CONFIG)?;
        serde_json::from_slice(stored).map_err(|_| unreadable(SEAL_CONFIG))
    }
}

/// Stored entries, sealed.
type Entries = BTreeMap<String, Vec<u8>>;

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
    let config = SealConfig::of(entries)?;
    if config.r#type != "shamir" {
        return Err(SnapshotError::Seal(config.r#type));
    }
    let unseal_key = unseal_key(&config, shares)?;
    let sealed = entry(entries, UNSEAL_KEYS)?;
    let opened = open_blob(&unseal_key, sealed).map_err(|fault| match fault {
        BlobFault::NotABlob => unreadable(UNSEAL_KEYS),
        BlobFault::DoesNotOpen => SnapshotError::WrongShares,
    })?;
    let root_key = root_key(&opened).ok_or_else(|| unreadable(UNSEAL_KEYS))?;
    let stored = entry(entries, crate::keyring::KEYRING)?;
    let keyring = crate::keyring::open(stored, &root_key);
    let broken = SnapshotError::Key { key: crate::keyring::KEYRING, what: "does not open with the root key" };
    Ok((keyring.ok_or(broken)?, unseal_key))
}

fn unseal_key<S: AsRef<str>>(config: &SealConfig, shares: &[S]) -> Result<KeyBytes, SnapshotError> {
    let mut given: Vec<Zeroizing<Vec<u8>>> = Vec::with_capacity(shares.len());
    for (at, text) in shares.iter().enumerate() {
        let wrong = |what| SnapshotError::Share { number: at + 1, what };
        let share = share::read(text.as_ref()).ok_or_else(|| wrong("is neither base64 nor hex"))?;
        let wanted = if config.secret_threshold == 1 { 32 } else { 33 };
        if share.len() != wanted {
            return Err(wrong("has a wrong length for this snapshot"));
        }
        if !given.contains(&share) {
            given.push(share);
        }
    }
    if given.len() < config.secret_threshold.max(1) {
        return Err(SnapshotError::TooFewShares { given: given.len(), needed: config.secret_threshold });
    }
    let given: Vec<&[u8]> = given.iter().map(|share| share.as_slice()).collect();
    let combined = match given.as_slice() {
        [only] if config.secret_threshold == 1 => Zeroizing::new(only.to_vec()),
        _ => shamir::combine(&given).map_err(|_| SnapshotError::WrongShares)?,
    };
    let bytes: [u8; 32] = combined.as_slice().try_into().map_err(|_| SnapshotError::WrongShares)?;
    Ok(Zeroizing::new(bytes))
}

/// The root key in `["<base64>"]`.
fn root_key(opened: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let keys: Zeroizing<Vec<String>> = Zeroizing::new(serde_json::from_slice(opened).ok()?);
    share::unbase64(keys.first()?)
}

/// The server seals the sums of its snapshot, so that nobody without the unseal key can make one up.
fn check_sealed_sums(snapshot: &Snapshot, unseal_key: &KeyBytes) -> Result<(), SnapshotError> {
    let opened = open_blob(unseal_key, &snapshot.sealed_sums).map_err(|_| SnapshotError::SealedSums)?;
    if lines(&opened) == lines(&snapshot.sums) { Ok(()) } else { Err(SnapshotError::SealedSums) }
}

/// The server writes the lines of the sums twice, each time in an order of its own.
fn lines(sums: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = sums.split(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

fn entry<'a>(entries: &'a Entries, key: &'static str) -> Result<&'a [u8], SnapshotError> {
    let stored = entries.get(key).map(Vec::as_slice);
    stored.ok_or(SnapshotError::Key { key, what: "is missing" })
}

fn unreadable(key: &'static str) -> SnapshotError {
    SnapshotError::Key { key, what: "is not what it should be" }
}

/// What the seal itself sealed.
#[derive(Clone, PartialEq, Message)]
struct Blob {
    /// `nonce | ciphertext | tag` under the unseal key, without additional data.
    #[prost(bytes = "vec", tag = "1")]
    sealed: Vec<u8>,
}

enum BlobFault {
    NotABlob,
    DoesNotOpen,
}

fn open_blob(unseal_key: &KeyBytes, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, BlobFault> {
    let blob = Blob::decode(bytes).map_err(|_| BlobFault::NotABlob)?;
    let keyring = Keyring::new(Zeroizing::default(), Key::new(1, unseal_key.clone(), String::new()));
    // A frame of term 1 and version 1, which is the one without additional data.
    let frame = [&[0, 0, 0, 1, 1], blob.sealed.as_slice()].concat();
    keyring.open(&frame, b"").map_err(|_| BlobFault::DoesNotOpen)
}
