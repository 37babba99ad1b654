//! What the seal itself seals: bytes under the unseal key, without additional data. It knows no share and no storage.

use prost::Message;
use vaultlet_token::TokenError;
use vaultlet_token::keyring::{Key, KeyBytes, Keyring};
use zeroize::Zeroizing;

/// The bytes before `nonce | ciphertext | tag` that make it a frame of term 1 and version 1, the one without additional data.
const FRAME: [u8; 5] = [0, 0, 0, 1, 1];

#[derive(Clone, PartialEq, Message)]
struct Blob {
    /// `nonce | ciphertext | tag`
    #[prost(bytes = "vec", tag = "1")]
    sealed: Vec<u8>,
    /// Which key sealed it: Shamir's has no name.
    #[prost(message, optional, tag = "5")]
    key: Option<Nameless>,
}

#[derive(Clone, PartialEq, Message)]
struct Nameless {}

/// Why sealed bytes do not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlobFault {
    /// They are not what a seal wrote.
    NotABlob,
    /// Another key sealed them.
    DoesNotOpen,
}

/// Opens what a seal wrote.
pub(crate) fn open(unseal_key: &KeyBytes, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, BlobFault> {
    let blob = Blob::decode(bytes).map_err(|_| BlobFault::NotABlob)?;
    let keyring = Keyring::new(Zeroizing::default(), key(unseal_key));
    let frame = [&FRAME, blob.sealed.as_slice()].concat();
    keyring.open(&frame, b"").map_err(|_| BlobFault::DoesNotOpen)
}

/// Seals `plaintext`. The nonce must never have been used under this key.
pub(crate) fn seal(unseal_key: &KeyBytes, nonce: [u8; 12], plaintext: &[u8]) -> Result<Vec<u8>, TokenError> {
    let frame = key(unseal_key).seal(nonce, b"", plaintext)?;
    let sealed = frame.get(FRAME.len()..).unwrap_or_default().to_vec();
    Ok(Blob { sealed, key: Some(Nameless {}) }.encode_to_vec())
}

fn key(unseal_key: &KeyBytes) -> Key {
    Key::new(1, unseal_key.clone(), String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_alone() {
        let [one, other] = [[1u8; 32], [2u8; 32]].map(Zeroizing::new);
        let sealed = seal(&one, [7; 12], b"root key").unwrap();
        assert_eq!(*open(&one, &sealed).unwrap(), b"root key");
        assert_eq!(open(&other, &sealed), Err(BlobFault::DoesNotOpen));
        assert_eq!(open(&one, b"\xff"), Err(BlobFault::NotABlob));
        // The real server's ends with its empty field 5.
        assert!(sealed.ends_with(&[0x2a, 0]), "{sealed:?}");
    }
}
