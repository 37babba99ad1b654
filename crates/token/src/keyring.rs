//! Keys by term, and what is sealed and opened under them. It draws no nonces: they come in.

use std::collections::BTreeMap;
use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce, Tag};
use zeroize::Zeroizing;

use crate::TokenError;
use crate::entry::TokenEntry;
use crate::frame::{Frame, HEADER_LEN, NONCE_LEN, OVERHEAD};
use crate::token::{Flavour, Token, batch_token};

/// A key's bytes, wiped on drop and never shown.
pub type KeyBytes = Zeroizing<[u8; 32]>;

/// The version byte that is written: the storage path is additional data.
const VERSION_WITH_PATH: u8 = 2;
/// The version byte of old frames: no additional data.
const VERSION_WITHOUT_PATH: u8 = 1;

/// One key of a keyring.
#[derive(Clone)]
pub struct Key {
    /// Which key it is; the first is 1.
    pub term: u32,
    /// The key's own version number, 1.
    pub version: u32,
    /// When it was made, as RFC 3339 text.
    pub install_time: String,
    /// How often it has sealed, as far as was stored.
    pub encryptions: u64,
    value: KeyBytes,
    cipher: Box<Aes256Gcm>,
}

impl Key {
    /// A key from its bytes.
    pub fn new(term: u32, value: KeyBytes, install_time: String) -> Self {
        let cipher = Box::new(Aes256Gcm::new(&(*value).into()));
        Self { term, version: 1, install_time, encryptions: 0, value, cipher }
    }

    /// The key's bytes.
    pub fn expose(&self) -> &[u8; 32] {
        &self.value
    }

    /// Seals `plaintext` for the storage path `path` (empty for a token): see [`Frame`] for the layout.
    ///
    /// The nonce must never have been used under this key.
    ///
    /// # Errors
    /// [`TokenError::DoesNotOpen`] for a plaintext beyond AES-GCM's 64 GiB.
    pub fn seal(&self, nonce: [u8; NONCE_LEN], path: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, TokenError> {
        let mut frame = Vec::with_capacity(plaintext.len() + OVERHEAD);
        frame.extend_from_slice(&self.term.to_be_bytes());
        frame.push(VERSION_WITH_PATH);
        frame.extend_from_slice(&nonce);
        frame.extend_from_slice(plaintext);
        let body = frame.get_mut(HEADER_LEN..).ok_or(TokenError::DoesNotOpen)?;
        let sealed = self.cipher.encrypt_inout_detached(&Nonce::<Aes256Gcm>::from(nonce), path, body.into());
        frame.extend_from_slice(&sealed.map_err(|_| TokenError::DoesNotOpen)?);
        Ok(frame)
    }

    fn open(&self, frame: &Frame<'_>, path: &[u8]) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let path = match frame.version {
            VERSION_WITHOUT_PATH => &[],
            VERSION_WITH_PATH => path,
            other => return Err(TokenError::UnknownVersion(other)),
        };
        let mut plaintext = Zeroizing::new(frame.ciphertext.to_vec());
        let nonce = Nonce::<Aes256Gcm>::from(*frame.nonce);
        let tag = Tag::<Aes256Gcm>::from(*frame.tag);
        self.cipher
            .decrypt_inout_detached(&nonce, path, plaintext.as_mut_slice().into(), &tag)
            .map_err(|_| TokenError::DoesNotOpen)?;
        Ok(plaintext)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("term", &self.term).field("value", &"redacted").finish_non_exhaustive()
    }
}

/// When a keyring asks for a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationConfig {
    /// Whether it never asks.
    pub disabled: bool,
    /// After how many encryptions.
    pub max_operations: i64,
    /// After how long, in nanoseconds; 0 is never.
    pub interval: i64,
}

impl Default for RotationConfig {
    /// The server's own: 3,865,470,566 encryptions, which is 90 % of 2^32.
    fn default() -> Self {
        Self { disabled: false, max_operations: 3_865_470_566, interval: 0 }
    }
}

/// The keys of a barrier by term, and the root key that seals the keyring itself.
#[derive(Clone)]
pub struct Keyring {
    /// Seals the keyring in storage; empty if it is not known.
    pub root_key: Zeroizing<Vec<u8>>,
    /// When a new key is due.
    pub rotation: RotationConfig,
    keys: BTreeMap<u32, Key>,
}

impl Keyring {
    /// A keyring of one key.
    pub fn new(root_key: Zeroizing<Vec<u8>>, key: Key) -> Self {
        Self { root_key, rotation: RotationConfig::default(), keys: BTreeMap::from([(key.term, key)]) }
    }

    /// The key that seals, which has the highest term.
    pub fn active(&self) -> Option<&Key> {
        self.keys.last_key_value().map(|(_, key)| key)
    }

    /// The key that seals, to count its encryptions.
    pub fn active_mut(&mut self) -> Option<&mut Key> {
        self.keys.values_mut().next_back()
    }

    /// The key of a term.
    pub fn key(&self, term: u32) -> Option<&Key> {
        self.keys.get(&term)
    }

    /// All keys, by term.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.values()
    }

    /// Adds a key, or puts it in the place of the one of its term.
    pub fn add(&mut self, key: Key) {
        self.keys.insert(key.term, key);
    }

    /// Seals under the active key; see [`Key::seal`].
    ///
    /// # Errors
    /// [`TokenError::UnknownTerm`] if there is no key at all.
    pub fn seal(&self, nonce: [u8; NONCE_LEN], path: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, TokenError> {
        self.active().ok_or(TokenError::UnknownTerm(0))?.seal(nonce, path, plaintext)
    }

    /// Opens a sealed frame that stands at the storage path `path` (empty for a token).
    ///
    /// # Errors
    /// [`TokenError::TooShort`], [`TokenError::UnknownTerm`], [`TokenError::UnknownVersion`], [`TokenError::DoesNotOpen`]
    pub fn open(&self, bytes: &[u8], path: &[u8]) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let frame = Frame::split(bytes)?;
        self.key(frame.term).ok_or(TokenError::UnknownTerm(frame.term))?.open(&frame, path)
    }

    /// Seals an entry into a batch token's text.
    ///
    /// # Errors
    /// As [`Keyring::seal`].
    pub fn seal_token(
        &self,
        flavour: Flavour,
        nonce: [u8; NONCE_LEN],
        entry: &TokenEntry,
    ) -> Result<String, TokenError> {
        Ok(batch_token(flavour, &self.seal(nonce, b"", &entry.encode())?))
    }

    /// Opens a batch token's text.
    ///
    /// # Errors
    /// Those of [`Token::sealed_bytes`], [`Keyring::open`] and [`TokenEntry::decode`].
    pub fn open_token(&self, text: &str) -> Result<TokenEntry, TokenError> {
        TokenEntry::decode(&self.open(&Token::parse(text).sealed_bytes()?, b"")?)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("keys", &self.keys)
            .field("root_key", &"redacted")
            .finish_non_exhaustive()
    }
}
