//! `sys/unseal` of a sealed vault: shares one by one until the vault opens. It knows no token.

use zeroize::Zeroizing;

use super::chain::{self, Broken};
use super::config::SealConfig;
use super::shares::{self, Shares};
use super::{Sealed, Turn};
use crate::host::Rng;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::sys::status;

/// Takes a share. Shares that make no key, or not the right one, are all dropped.
pub(crate) fn give(
    vault: &Sealed,
    rng: &mut dyn Rng,
    share: Zeroizing<Vec<u8>>,
) -> (Result<Reply, Refusal>, Turn) {
    let Some(config) = SealConfig::stored(&vault.entries) else {
        return (Err(Refusal::invalid("Vault is not initialized")), Turn::Stays);
    };
    let mut given = vault.given.clone();
    if let Err(refusal) = given.add(share, rng) {
        return (Err(refusal), Turn::Stays);
    }
    let key = match given.key(&config) {
        Ok(Some(key)) => key,
        Ok(None) => return (Ok(status::sealed_status(&vault.entries, &given)), Turn::Given(given)),
        Err(refusal) => return (Err(refusal), dropped()),
    };
    match chain::open(&vault.entries, &key) {
        Ok(keyring) => {
            let reply = status::opened_status(&vault.entries, &keyring);
            (Ok(reply), Turn::Opens(Box::new(keyring)))
        }
        Err(broken) => (Err(refusal(broken)), dropped()),
    }
}

/// Drops what was given.
pub(crate) fn reset(vault: &Sealed) -> (Result<Reply, Refusal>, Turn) {
    (Ok(status::sealed_status(&vault.entries, &Shares::default())), dropped())
}

fn dropped() -> Turn {
    Turn::Given(Shares::default())
}

fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::Key => shares::wrong_key(),
        Broken::Missing(key) => Refusal::Internal(format!("stored entry {key:?} is missing")),
        Broken::Unreadable(key) => {
            Refusal::Internal(format!("stored entry {key:?} is not what it should be"))
        }
        Broken::Keyring => Refusal::Internal("the keyring does not open with the root key".to_owned()),
    }
}
