//! From the unseal key to the keyring, and back: the entries between them. It knows no share and no request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vaultlet_token::keyring::{KeyBytes, Keyring};
use zeroize::Zeroizing;

use super::Entries;
use super::blob::{self, BlobFault};
use crate::barrier::Journal;
use crate::refusal::Refusal;
use crate::{keyring, share};

/// The root key, sealed under the unseal key.
pub(crate) const UNSEAL_KEYS: &str = "core/hsm/barrier-unseal-keys";
/// The root key, sealed by the barrier.
pub(crate) const ROOT_KEY: &str = "core/root-key";
/// The unseal key, sealed by the barrier: an open vault can make new shares, and a snapshot's seal.
pub(crate) const UNSEAL_KEY: &str = "core/shamir-kek";

/// Why an unseal key gives no keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It does not open what it should.
    Key,
    /// An entry is not there.
    Missing(&'static str),
    /// An entry is not what it should be.
    Unreadable(&'static str),
    /// The keyring does not open with the root key.
    Keyring,
}

/// The keyring that an unseal key opens.
pub(crate) fn open(entries: &Entries, unseal_key: &KeyBytes) -> Result<Keyring, Broken> {
    let stored = entries.get(UNSEAL_KEYS).ok_or(Broken::Missing(UNSEAL_KEYS))?;
    let opened = blob::open(unseal_key, stored).map_err(|fault| match fault {
        BlobFault::NotABlob => Broken::Unreadable(UNSEAL_KEYS),
        BlobFault::DoesNotOpen => Broken::Key,
    })?;
    let root_key = root_key(&opened).ok_or(Broken::Unreadable(UNSEAL_KEYS))?;
    let stored = entries.get(keyring::KEYRING).ok_or(Broken::Missing(keyring::KEYRING))?;
    keyring::open(stored, &root_key).ok_or(Broken::Keyring)
}

/// The root key in `["<base64>"]`.
fn root_key(opened: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let keys: Zeroizing<Vec<String>> = Zeroizing::new(serde_json::from_slice(opened).ok()?);
    share::unbase64(keys.first()?)
}

/// Stages the root key of a keyring under the unseal key.
pub(crate) fn put_root_key(
    journal: &mut Journal<'_>,
    keyring: &Keyring,
    unseal_key: &KeyBytes,
) -> Result<(), Refusal> {
    let encoded = Zeroizing::new(STANDARD.encode(keyring.root_key.as_slice()));
    let list = Zeroizing::new(format!("[\"{}\"]", encoded.as_str()));
    let nonce = journal.nonce()?;
    let sealed = blob::seal(unseal_key, nonce, list.as_bytes());
    journal.put_sealed(UNSEAL_KEYS, sealed.map_err(|error| Refusal::Internal(error.to_string()))?);
    Ok(())
}

/// Stages a keyring under its root key, and the root key under the key that will seal from then on.
pub(crate) fn put_keyring(journal: &mut Journal<'_>, keyring: &Keyring) -> Result<(), Refusal> {
    let broken = || Refusal::Internal("the keyring cannot be sealed".to_owned());
    let nonce = journal.nonce()?;
    journal.put_sealed(keyring::KEYRING, keyring::seal(keyring, nonce).ok_or_else(broken)?);
    let nonce = journal.nonce()?;
    let root_key = root_key_json(keyring);
    let sealed =
        keyring.active().and_then(|key| key.seal(nonce, ROOT_KEY.as_bytes(), root_key.as_bytes()).ok());
    journal.put_sealed(ROOT_KEY, sealed.ok_or_else(broken)?);
    Ok(())
}

fn root_key_json(keyring: &Keyring) -> Zeroizing<String> {
    let value = Zeroizing::new(STANDARD.encode(keyring.root_key.as_slice()));
    let value = value.as_str();
    Zeroizing::new(format!(
        r#"{{"Term":1,"Version":1,"Value":"{value}","InstallTime":"0001-01-01T00:00:00Z"}}"#
    ))
}

/// The root key in what stands at [`ROOT_KEY`].
pub(crate) fn read_root_key(opened: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    #[derive(serde::Deserialize)]
    struct Stored {
        #[serde(rename = "Value")]
        value: String,
    }
    let stored: Stored = serde_json::from_slice(opened).ok()?;
    share::unbase64(&Zeroizing::new(stored.value))
}
