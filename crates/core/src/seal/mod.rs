//! The seal: shares, the unseal key that they make, and the chain of keys below it.
//!
//! ```text
//! shares -> unseal key -> core/hsm/barrier-unseal-keys -> root key -> core/keyring -> everything else
//! ```

pub(crate) mod blob;
pub(crate) mod body;
pub(crate) mod chain;
pub(crate) mod config;
pub(crate) mod direct;
pub(crate) mod init;
pub(crate) mod shares;
pub(crate) mod unseal;

use std::collections::BTreeMap;
use std::fmt;

use vaultlet_token::keyring::Keyring;

use shares::Shares;

/// Stored entries by storage key, sealed but for the few that are read before anything can be unsealed.
pub(crate) type Entries = BTreeMap<String, Vec<u8>>;

/// A vault without its keys knows nothing but its entries, and the shares given so far.
pub(crate) struct Sealed {
    /// What is stored. Without a seal's configuration among it the vault is not initialised.
    pub entries: Entries,
    /// What was given to open it.
    pub given: Shares,
}

impl Sealed {
    /// Of what is stored; nothing is given yet.
    pub fn new(entries: Entries) -> Self {
        Self { entries, given: Shares::default() }
    }
}

/// What becomes of the seal when an answer happens.
#[derive(Default)]
pub(crate) enum Turn {
    /// It stays as it is.
    #[default]
    Stays,
    /// So many shares are given now.
    Given(Shares),
    /// It opens, with these keys.
    Opens(Box<Keyring>),
    /// The keys are forgotten.
    Closes,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stays => "Stays",
            Self::Given(_) => "Given(redacted)",
            Self::Opens(_) => "Opens(redacted)",
            Self::Closes => "Closes",
        })
    }
}
