//! How a vault is sealed: `core/seal-config`, which is stored open. It knows no key.

use serde::{Deserialize, Serialize};

use super::Entries;
use crate::refusal::Refusal;

/// Where it is stored.
pub(crate) const SEAL_CONFIG: &str = "core/seal-config";

/// The most shares there can be: an `x` is a byte that is not 0.
const MOST: i64 = 255;

/// How a vault is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealConfig {
    /// `shamir`, or what seals a server by itself.
    pub r#type: String,
    /// How many shares there are.
    pub secret_shares: u8,
    /// How many of them open it.
    pub secret_threshold: u8,
    #[serde(default)]
    pgp_keys: Option<Vec<String>>,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    backup: bool,
}

impl SealConfig {
    /// Shamir's, of so many shares.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for numbers that make no sense, in the order of the real server's checks.
    pub fn shamir(shares: i64, threshold: i64) -> Result<Self, Refusal> {
        let wrong = match () {
            () if shares < 1 => "shares must be at least one",
            () if threshold < 1 => "threshold must be at least one",
            () if shares > 1 && threshold == 1 => "threshold must be greater than one for multiple shares",
            () if shares > MOST => "shares must be less than 256",
            () if threshold > MOST => "threshold must be less than 256",
            () if threshold > shares => "threshold cannot be larger than shares",
            () => "",
        };
        match (u8::try_from(shares), u8::try_from(threshold)) {
            (Ok(shares), Ok(threshold)) if wrong.is_empty() => Ok(Self::of(shares, threshold)),
            _ => Err(invalid(wrong)),
        }
    }

    /// One share, which is the key itself: a development server's.
    pub fn one() -> Self {
        Self::of(1, 1)
    }

    fn of(secret_shares: u8, secret_threshold: u8) -> Self {
        Self {
            r#type: "shamir".to_owned(),
            secret_shares,
            secret_threshold,
            pgp_keys: None,
            nonce: String::new(),
            backup: false,
        }
    }

    /// That of a vault; none before it is initialised, or if it is not what it should be.
    pub fn stored(entries: &Entries) -> Option<Self> {
        serde_json::from_slice(entries.get(SEAL_CONFIG)?).ok()
    }

    /// As it is stored.
    pub fn to_json(&self) -> Vec<u8> {
        // Texts and numbers alone: nothing here can fail to be JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A seal that cannot be made, in the real server's words.
pub(crate) fn invalid(what: &str) -> Refusal {
    Refusal::invalid(format!("invalid seal configuration: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_stored_as_the_real_server_stores_it() {
        let stored = br#"{"type":"shamir","secret_shares":3,"secret_threshold":2,"pgp_keys":null,"nonce":"","backup":false}"#;
        let config = SealConfig::shamir(3, 2).unwrap();
        assert_eq!(config.to_json(), stored);
        let entries = Entries::from([(SEAL_CONFIG.to_owned(), stored.to_vec())]);
        assert_eq!(SealConfig::stored(&entries), Some(config));
    }

    #[test]
    fn numbers_without_sense_are_refused() {
        for (shares, threshold) in
            [(0, 0), (1, 0), (5, 1), (256, 3), (5, 256), (5, 9), (-1, -1), (i64::MAX, 2)]
        {
            assert!(SealConfig::shamir(shares, threshold).is_err(), "{shares} {threshold}");
        }
        for (shares, threshold) in [(1, 1), (2, 2), (255, 255), (5, 3)] {
            assert!(SealConfig::shamir(shares, threshold).is_ok(), "{shares} {threshold}");
        }
    }
}
