//! Shares given one by one until there are enough. It knows no entry and no request.

use vaultlet_token::keyring::KeyBytes;
use zeroize::Zeroizing;

use super::config::SealConfig;
use crate::host::Rng;
use crate::refusal::Refusal;
use crate::{ids, shamir};

/// A share's least and greatest length in bytes: an AES key, and the longest with its `x`.
pub(crate) const LENGTHS: std::ops::RangeInclusive<usize> = 16..=33;

/// The shares given since the vault was sealed or they were last dropped; wiped with it.
#[derive(Clone, Default)]
pub(crate) struct Shares {
    /// Tells one attempt from another; empty before the first share.
    pub nonce: String,
    parts: Vec<Zeroizing<Vec<u8>>>,
}

impl Shares {
    /// How many different ones were given.
    pub fn progress(&self) -> usize {
        self.parts.len()
    }

    /// Adds a share; one that is there already changes nothing.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a length that no share has; [`Refusal::Internal`] if the generator fails.
    pub fn add(&mut self, share: Zeroizing<Vec<u8>>, rng: &mut dyn Rng) -> Result<(), Refusal> {
        let (least, greatest) = (LENGTHS.start(), LENGTHS.end());
        if share.len() < *least {
            return Err(Refusal::invalid(format!("invalid key: key is shorter than minimum {least} bytes")));
        }
        if share.len() > *greatest {
            return Err(Refusal::invalid(format!(
                "invalid key: key is longer than maximum {greatest} bytes"
            )));
        }
        if self.parts.is_empty() {
            self.nonce = ids::uuid(ids::bytes16(rng)?);
        }
        if !self.parts.contains(&share) {
            self.parts.push(share);
        }
        Ok(())
    }

    /// The unseal key that they make, once there are enough. Whether it is the right one only what it opens can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] in the real server's words for shares that make no key.
    pub fn key(&self, config: &SealConfig) -> Result<Option<KeyBytes>, Refusal> {
        if self.parts.len() < usize::from(config.secret_threshold.max(1)) {
            return Ok(None);
        }
        let parts: Vec<&[u8]> = self.parts.iter().map(|part| part.as_slice()).collect();
        let combined = match parts.as_slice() {
            [only] => Zeroizing::new(only.to_vec()),
            parts => shamir::combine(parts).map_err(no_key)?,
        };
        match combined.as_slice().try_into() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            // These are lengths of AES keys, too, but nothing was ever sealed by one.
            Err(_) if matches!(combined.len(), 16 | 24) => Err(wrong_key()),
            Err(_) => Err(Refusal::invalid(format!(
                "invalid key: failed to setup unseal key: crypto/aes: invalid key size {}",
                combined.len()
            ))),
        }
    }
}

/// What a key is told that does not open the vault.
pub(crate) fn wrong_key() -> Refusal {
    Refusal::invalid(
        "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: cipher: message authentication failed",
    )
}

fn no_key(fault: shamir::Fault) -> Refusal {
    let what = match fault {
        shamir::Fault::Repeated => "duplicate part detected",
        shamir::Fault::Lengths | shamir::Fault::Short => "all parts must be the same length",
    };
    Refusal::invalid(format!("invalid key: failed to compute combined key: {what}"))
}
