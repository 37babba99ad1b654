//! Keeping the index in step with what is stored. It knows no request.

use vaultlet_token::keyring::Keyring;

use crate::barrier::Barrier;
use crate::context::{Index, Noted};
use crate::core::Unsealed;
use crate::identity::packer;
use crate::identity::proto::Entity;
use crate::leases::Lease;
use crate::mounts::{Mount, Mounts};
use crate::seal::chain;
use crate::sys::policies::StoredPolicy;
use crate::token_store::Salt;
use crate::{UnixTime, WriteBatch};

const EXPIRE: &str = "sys/expire/id/";
const POLICY: &str = "sys/policy/";

impl Unsealed {
    /// Opens a barrier: everything known is read from its entries.
    pub fn open(barrier: Barrier) -> Self {
        let mut vault = Self { barrier, index: Index::new() };
        let keys: Vec<String> = vault.barrier.entries.keys().cloned().collect();
        for key in keys.iter().filter(|key| !is_mount(key)) {
            vault.learn(key);
        }
        vault.read_mounts();
        vault
    }

    /// Applies a batch that the host has kept.
    pub fn apply(&mut self, batch: WriteBatch, encryptions: u64) {
        if let Some(key) = self.barrier.keyring.active_mut() {
            key.encryptions += encryptions;
        }
        let mut mounts = false;
        for (at, (key, value)) in batch.writes.into_iter().enumerate() {
            mounts |= is_mount(&key);
            self.write(key, value, batch.ends.get(&at));
        }
        if mounts {
            self.read_mounts();
        }
    }

    fn write(&mut self, key: String, value: Option<Vec<u8>>, end: Option<&Option<UnixTime>>) {
        self.forget(&key);
        let told = key.strip_prefix(EXPIRE).zip(end.filter(|_| value.is_some()));
        if let Some((lease_id, end)) = told {
            self.index.expiries.set(lease_id, *end);
        }
        let unknown = told.is_none().then(|| key.clone());
        match value {
            Some(sealed) => drop(self.barrier.entries.insert(key, sealed)),
            None => drop(self.barrier.entries.remove(&key)),
        }
        if let Some(key) = unknown {
            self.learn(&key);
        }
    }

    /// Remembers what is kept in memory alone.
    pub fn remember(&mut self, noted: Vec<Noted>) {
        for noted in noted {
            match noted {
                Noted::Login(user, Some(failures)) => drop(self.index.failures.insert(user, failures)),
                Noted::Login(user, None) => drop(self.index.failures.remove(&user)),
                Noted::Moved(id, moved) => drop(self.index.moves.insert(id, moved)),
            }
        }
    }

    /// Takes back what the index knows of a key's old value.
    fn forget(&mut self, key: &str) {
        self.barrier.opened.get_mut().forget(key);
        if let Some(name) = key.strip_prefix(POLICY) {
            self.index.policies.remove(name);
        }
        if packer::is_bucket(key) {
            for entity in entities(&self.barrier, key) {
                self.index.entities.remove(&entity.id);
            }
        }
    }

    /// Adds what a key's value says.
    fn learn(&mut self, key: &str) {
        if let Some(name) = key.strip_prefix(POLICY) {
            let stored = read::<StoredPolicy>(&self.barrier, key);
            if let Some(policy) = stored.and_then(|stored| stored.parse(name)) {
                self.index.policies.insert(name.to_owned(), policy);
            }
        } else if let Some(lease_id) = key.strip_prefix(EXPIRE) {
            self.index.expiries.set(lease_id, expiry(&self.barrier, key));
        } else if packer::is_bucket(key) {
            for entity in entities(&self.barrier, key) {
                self.index.entities.add(entity);
            }
        } else if key == "sys/token/salt" {
            self.index.salt = Salt::new(&text(&self.barrier, key));
        } else if key == "core/index-header-hmac-key" {
            self.index.signing_key = text(&self.barrier, key);
        } else if key == "core/keyring" {
            self.reload_keyring();
        } else if key == chain::ROOT_KEY {
            self.reload_root_key();
        }
    }

    /// A rotation has written a new keyring under the root key. Counts of encryptions are not in it: they stay.
    fn reload_keyring(&mut self) {
        let Some(sealed) = self.barrier.entries.get("core/keyring") else { return };
        let Some(mut keyring) = crate::keyring::open(sealed, &self.barrier.keyring.root_key) else { return };
        keep_counts(&self.barrier.keyring, &mut keyring);
        self.barrier.keyring = keyring;
    }

    /// A rotation may have written a new root key, under which the keyring is then stored.
    fn reload_root_key(&mut self) {
        let stored = self.barrier.read(chain::ROOT_KEY).ok().flatten();
        let Some(root_key) = stored.and_then(|stored| chain::read_root_key(&stored)) else { return };
        if root_key != self.barrier.keyring.root_key {
            self.barrier.keyring.root_key = root_key;
            self.reload_keyring();
        }
    }

    fn read_mounts(&mut self) {
        let keys = Mounts::FOLDERS.iter().flat_map(|folder| self.barrier.keys_below(folder));
        let mut mounts: Vec<Mount> = keys.filter_map(|key| read(&self.barrier, key)).collect();
        mounts.sort_by_key(Mount::full_path);
        self.index.mounts = Mounts(mounts);
    }
}

fn keep_counts(old: &Keyring, new: &mut Keyring) {
    if let (Some(old), Some(key)) = (old.active(), new.active_mut())
        && old.term == key.term
    {
        key.encryptions = old.encryptions;
    }
}

fn is_mount(key: &str) -> bool {
    Mounts::FOLDERS.iter().any(|folder| key.starts_with(folder))
}

fn expiry(barrier: &Barrier, key: &str) -> Option<UnixTime> {
    read::<Lease>(barrier, key)?.expires()
}

/// An entry that cannot be read is not known here; whoever asks for it is told.
fn read<T: serde::de::DeserializeOwned>(barrier: &Barrier, key: &str) -> Option<T> {
    serde_json::from_slice(&barrier.read(key).ok()??).ok()
}

fn entities(barrier: &Barrier, key: &str) -> Vec<Entity> {
    barrier.read(key).ok().flatten().map(|stored| packer::entities(&stored)).unwrap_or_default()
}

fn text(barrier: &Barrier, key: &str) -> String {
    let bytes = barrier.read(key).ok().flatten().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
