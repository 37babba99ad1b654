//! The keyring as it is stored: sealed under the root key. It knows no unsealing.

use vaultlet_token::keyring::{Key, KeyBytes, Keyring};
use zeroize::Zeroizing;

use crate::UnixTime;

/// Where the keyring is stored, which is also its additional data.
pub(crate) const KEYRING: &str = "core/keyring";

/// The root key as a key: the keyring is always sealed under term 1.
pub(crate) fn root(root_key: &[u8]) -> Option<Key> {
    let bytes: KeyBytes = Zeroizing::new(root_key.try_into().ok()?);
    Some(Key::new(1, bytes, String::new()))
}

/// Opens the stored keyring.
pub(crate) fn open(sealed: &[u8], root_key: &[u8]) -> Option<Keyring> {
    let root = Keyring::new(Zeroizing::default(), root(root_key)?);
    Keyring::from_json(&root.open(sealed, KEYRING.as_bytes()).ok()?).ok()
}

/// Seals the keyring for storage.
pub(crate) fn seal(keyring: &Keyring, nonce: [u8; 12]) -> Option<Vec<u8>> {
    root(&keyring.root_key)?.seal(nonce, KEYRING.as_bytes(), &keyring.to_json()).ok()
}

/// A key of the next term, made `now`.
pub(crate) fn next(keyring: &Keyring, bytes: KeyBytes, now: UnixTime) -> Key {
    let term = keyring.active().map_or(0, |key| key.term).saturating_add(1);
    Key::new(term, bytes, now.to_string())
}
