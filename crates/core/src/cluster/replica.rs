//! The engine as a node uses it: opened with a root key, fed with batches from elsewhere, told its part. It knows no message.

use std::collections::BTreeMap;

use super::message::Worn;
use crate::core::{Core, Outcome, Reach, Role, State, WriteBatch};
use crate::host::{Clock, Rng};
use crate::mounts::Mount;
use crate::seal::Sealed;

impl Outcome {
    /// Whether a standby answers this itself: it writes nothing, and is nothing that only the active node may answer.
    pub fn is_for_any_node(&self) -> bool {
        self.batch.writes.is_empty() && self.reach == Reach::Any
    }

    /// Whether the active node may answer this at once, without asking the others.
    pub(super) fn is_for_active_alone(&self) -> bool {
        self.batch.writes.is_empty() && self.reach < Reach::Majority
    }
}

impl Core {
    /// A sealed engine over entries that are kept already.
    pub(super) fn replica(
        clock: Box<dyn Clock>,
        rng: Box<dyn Rng>,
        entries: BTreeMap<String, Vec<u8>>,
    ) -> Self {
        let mut core = Self::assemble(clock, rng, State::Sealed(Sealed::new(entries)));
        core.role = Role::Standby;
        core
    }

    /// Opens a sealed engine with the root key. False if its keyring is missing, or another root key's: it stays sealed then.
    pub(super) fn open_with(&mut self, root_key: &[u8]) -> bool {
        let State::Sealed(vault) = &self.state else { return true };
        let Some(stored) = vault.entries.get(crate::keyring::KEYRING) else { return false };
        let Some(keyring) = crate::keyring::open(stored, root_key) else { return false };
        self.open(keyring);
        true
    }

    /// Applies a batch that was staged elsewhere.
    pub(super) fn apply(&mut self, batch: WriteBatch) {
        match &mut self.state {
            State::Unsealed(vault) => vault.apply(batch, 0),
            State::Sealed(vault) => {
                let entries = &mut vault.entries;
                for (key, value) in batch.writes {
                    match value {
                        Some(sealed) => drop(entries.insert(key, sealed)),
                        None => drop(entries.remove(&key)),
                    }
                }
            }
        }
    }

    /// Takes other entries in the place of its own, and opens them.
    pub(super) fn replace(&mut self, entries: BTreeMap<String, Vec<u8>>, root_key: &[u8]) -> bool {
        let before = self.worn();
        self.state = State::Sealed(Sealed::new(entries));
        let opened = self.open_with(root_key);
        // What this node has sealed so far still wears the key.
        if let State::Unsealed(vault) = &mut self.state
            && let Some(key) = vault.barrier.keyring.active_mut()
            && key.term == before.term
        {
            key.encryptions = before.encryptions;
        }
        opened
    }

    /// What it does by itself from now on.
    pub(super) fn set_role(&mut self, role: Role) {
        self.role = role;
    }

    /// Remembers what a forwarded login was about: wrong passwords count where they were given.
    pub(super) fn remember(&mut self, outcome: Outcome) {
        if let State::Unsealed(vault) = &mut self.state {
            vault.remember(outcome.logins);
        }
    }

    /// How often this engine has sealed under the key that seals now.
    pub(super) fn worn(&self) -> Worn {
        let key = self.keyring().and_then(|keyring| keyring.active());
        key.map(|key| Worn { term: key.term, encryptions: key.encryptions }).unwrap_or_default()
    }

    /// How often others have sealed under the same key, which wears it as much.
    pub(super) fn set_worn_elsewhere(&mut self, encryptions: u64) {
        if let State::Unsealed(vault) = &mut self.state {
            vault.index.elsewhere = encryptions;
        }
    }

    /// Whether something is due at its clock's time.
    pub(super) fn is_due(&mut self) -> bool {
        let now = self.now();
        self.next_event().is_some_and(|due| due <= now)
    }

    /// Where mounts that are each cluster's own keep their entries, such as the cubbyholes.
    pub(super) fn local_folders(&self) -> Vec<String> {
        let State::Unsealed(vault) = &self.state else { return Vec::new() };
        vault.index.mounts.0.iter().filter(|mount| mount.local).map(Mount::storage).collect()
    }

    /// All sealed entries, copied.
    pub(super) fn all_entries(&self) -> BTreeMap<String, Vec<u8>> {
        self.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect()
    }
}
