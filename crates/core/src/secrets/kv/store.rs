//! Where a mount with versions stores what. Values stand where the real server has them. Keys do not: it hides their names under a
//! key of the mount's own, and here they stand in the clear, sealed like everything else.

use prost::Message;
use sha2::{Digest, Sha256};

use super::proto::{Config, Key, Version};
use crate::context::Context;
use crate::ids;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// A mount's folder.
pub(super) struct Store {
    folder: String,
}

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
        read(cx, &self.key_at(path))
    }

    /// Stores what is known of a key.
    pub fn put_key(&self, cx: &mut Context<'_>, path: &str, key: &Key) -> Result<(), Refusal> {
        cx.journal.put(&self.key_at(path), &key.encode_to_vec())
    }

    /// Forgets a key.
    pub fn delete_key(&self, cx: &mut Context<'_>, path: &str) {
        cx.journal.delete(&self.key_at(path));
    }

    /// The keys and folders directly below a folder.
    pub fn list(&self, cx: &Context<'_>, path: &str) -> Result<Reply, Refusal> {
        Reply::keys(cx.journal.list(&self.key_at(path)))
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
