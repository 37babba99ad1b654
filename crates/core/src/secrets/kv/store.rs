//! Where a mount with versions stores what. Values stand where the real server has them. Keys do not: it hides their names under a
//! key of the mount's own, and here they stand in the clear, sealed like everything else.
//!
//! A mount of a real server's snapshot is read all the same, for what is known of a key says its name, too. New names are not hidden
//! here, so no key is added to it.

use std::collections::BTreeSet;

use prost::Message;
use sha2::{Digest, Sha256};

use super::proto::{Config, Key, Version};
use crate::context::Context;
use crate::ids;
use crate::mounts::Mount;
use crate::refusal::Refusal;

/// A mount's folder.
pub(super) struct Store {
    folder: String,
}

/// Where a mount of a real server has the keys whose names are hidden.
const HIDDEN: &str = "metadata/";
/// What tells such a mount: the key that hides the names.
const HIDING: &str = "policy/metadata";

impl Store {
    /// The folder of a mount.
    pub fn of(mount: &Mount) -> Self {
        Self { folder: format!("{}{}/", mount.storage(), mount.backend_aware_uuid) }
    }

    /// The mount's settings.
    pub fn config(&self, cx: &Context<'_>) -> Result<Config, Refusal> {
        Ok(read(cx, &format!("{}config", self.folder))?.unwrap_or_default())
    }

    /// Stores the mount's settings.
    pub fn put_config(&self, cx: &mut Context<'_>, config: &Config) -> Result<(), Refusal> {
        cx.journal.put(&format!("{}config", self.folder), &config.encode_to_vec())
    }

    /// What is known of a key.
    pub fn key(&self, cx: &Context<'_>, path: &str) -> Result<Option<Key>, Refusal> {
        match self.hidden_at(cx, path)? {
            None => read(cx, &self.key_at(path)),
            Some(hidden) => Ok(hidden.map(|(_, key)| key)),
        }
    }

    /// Stores what is known of a key.
    pub fn put_key(&self, cx: &mut Context<'_>, path: &str, key: &Key) -> Result<(), Refusal> {
        let at = match self.hidden_at(cx, path)? {
            None => self.key_at(path),
            Some(Some((at, _))) => at,
            Some(None) => {
                return Err(Refusal::Internal(format!(
                    "{path:?} cannot be added: this mount is a real server's, which hides the names of its keys, and new names are not hidden here"
                )));
            }
        };
        cx.journal.put(&at, &key.encode_to_vec())
    }

    /// Forgets a key.
    pub fn delete_key(&self, cx: &mut Context<'_>, path: &str) -> Result<(), Refusal> {
        match self.hidden_at(cx, path)? {
            None => cx.journal.delete(&self.key_at(path)),
            Some(hidden) => hidden.into_iter().for_each(|(at, _)| cx.journal.delete(&at)),
        }
        Ok(())
    }

    /// The keys and folders directly below a folder.
    pub fn list(&self, cx: &Context<'_>, path: &str) -> Result<Vec<String>, Refusal> {
        if !self.hides(cx) {
            return Ok(cx.journal.list(&self.key_at(path)));
        }
        let mut names = BTreeSet::new();
        for (_, key) in self.hidden(cx)? {
            let rest = key.key.strip_prefix(path).filter(|rest| !rest.is_empty());
            names.extend(rest.and_then(|rest| rest.split_inclusive('/').next()).map(str::to_owned));
        }
        Ok(names.into_iter().collect())
    }

    /// The keys below a folder, however deep.
    pub fn scan(&self, cx: &Context<'_>, path: &str) -> Result<Vec<String>, Refusal> {
        let folder = self.key_at(path);
        let below = |key: &str, folder: &str| {
            key.strip_prefix(folder).filter(|rest| !rest.is_empty()).map(str::to_owned)
        };
        if !self.hides(cx) {
            return Ok(cx.journal.all_below(&folder).iter().filter_map(|key| below(key, &folder)).collect());
        }
        let keys = self.hidden(cx)?;
        let names: BTreeSet<String> = keys.iter().filter_map(|(_, key)| below(&key.key, path)).collect();
        Ok(names.into_iter().collect())
    }

    /// Whether a real server has hidden the names of this mount's keys.
    fn hides(&self, cx: &Context<'_>) -> bool {
        !cx.journal.all_below(&format!("{}{HIDING}", self.folder)).is_empty()
    }

    /// Where a key with a hidden name stands, and what is known of it; none at all for a mount that hides no names.
    fn hidden_at(&self, cx: &Context<'_>, path: &str) -> Result<Option<Option<(String, Key)>>, Refusal> {
        if !self.hides(cx) {
            return Ok(None);
        }
        Ok(Some(self.hidden(cx)?.into_iter().find(|(_, key)| key.key == path)))
    }

    /// Every key with a hidden name, by where it stands.
    fn hidden(&self, cx: &Context<'_>) -> Result<Vec<(String, Key)>, Refusal> {
        let mut keys = Vec::new();
        for at in cx.journal.all_below(&format!("{}{HIDDEN}", self.folder)) {
            if let Some(key) = read(cx, &at)? {
                keys.push((at, key));
            }
        }
        Ok(keys)
    }

    /// A version's value.
    pub fn version(&self, cx: &mut Context<'_>, path: &str, number: u64) -> Result<Option<Version>, Refusal> {
        let at = self.version_at(cx, path, number)?;
        read(cx, &at)
    }

    /// Stores a version's value.
    pub fn put_version(
        &self,
        cx: &mut Context<'_>,
        path: &str,
        number: u64,
        version: &Version,
    ) -> Result<(), Refusal> {
        let at = self.version_at(cx, path, number)?;
        cx.journal.put(&at, &version.encode_to_vec())
    }

    /// Deletes a version's value.
    pub fn delete_version(&self, cx: &mut Context<'_>, path: &str, number: u64) -> Result<(), Refusal> {
        let at = self.version_at(cx, path, number)?;
        cx.journal.delete(&at);
        Ok(())
    }

    fn key_at(&self, path: &str) -> String {
        format!("{}names/{path}", self.folder)
    }

    /// SHA-256 of the mount's salt, the path and the number; the first three letters are a folder.
    fn version_at(&self, cx: &mut Context<'_>, path: &str, number: u64) -> Result<String, Refusal> {
        let salt = self.salt(cx)?;
        let hash = Sha256::new().chain_update(salt).chain_update(format!("{path}|{number}")).finalize();
        let hash = ids::hex(&hash);
        let (folder, name) = hash.split_at_checked(3).unwrap_or_default();
        Ok(format!("{}versions/{folder}/{name}", self.folder))
    }

    fn salt(&self, cx: &mut Context<'_>) -> Result<String, Refusal> {
        let key = format!("{}salt", self.folder);
        if let Some(bytes) = cx.journal.read(&key)? {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        let salt = cx.journal.uuid()?;
        cx.journal.put(&key, salt.as_bytes())?;
        Ok(salt)
    }
}

fn read<T: Message + Default>(cx: &Context<'_>, key: &str) -> Result<Option<T>, Refusal> {
    let Some(bytes) = cx.journal.read(key)? else { return Ok(None) };
    let read = T::decode(bytes.as_slice());
    read.map(Some).map_err(|error| Refusal::Internal(format!("stored entry {key:?} cannot be read: {error}")))
}
