//! A snapshot of an open vault, as the archive that a real server writes: `Snapshot::read` reads both. It opens nothing.
//!
//! Sealed values do not compress, so the gzip file's blocks are stored as they are.

use std::collections::BTreeMap;

use flate2::Crc;
use prost::Message;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::archive::{META, SEALED_SUMS, STATE, SUMS};
use super::entries::Record;
use super::meta::ID;
use crate::core::{Core, State};
use crate::refusal::Refusal;
use crate::seal::blob;
use crate::{ids, keyring};

impl Core {
    /// The whole sealed state as a file, without any generator's state: what `operator raft snapshot save` writes of a real server.
    /// [`Snapshot::read`](crate::Snapshot::read) and [`Core::from_snapshot`] open it with the vault's shares; a development vault's
    /// one share is [`Core::unseal_key`].
    ///
    /// # Errors
    /// [`Refusal::Sealed`] of a sealed vault, which cannot seal the sums; [`Refusal::Internal`] if the generator fails, or the vault
    /// was never sealed by shares.
    pub fn snapshot(&mut self) -> Result<Vec<u8>, Refusal> {
        let now = self.now();
        let State::Unsealed(vault) = &self.state else { return Err(Refusal::Sealed) };
        let missing = || {
            Refusal::Internal(
                "the vault was not sealed by shares, so nothing would open its snapshot".to_owned(),
            )
        };
        let unseal_key = self.unseal_key().ok_or_else(missing)?;
        let mut nonces = [[0u8; 12]; 2];
        for nonce in &mut nonces {
            self.rng.fill(nonce)?;
        }
        let [for_keyring, for_sums] = nonces;
        // How often the active key has sealed is in memory alone until now.
        let keyring = keyring::seal(&vault.barrier.keyring, for_keyring);
        let keyring = keyring.ok_or_else(|| Refusal::Internal("the keyring cannot be sealed".to_owned()))?;
        let state = state(&vault.barrier.entries, &keyring);
        let meta = json!({
            "Version": 1, "ID": ID, "Index": 1, "Term": 1, "Peers": null, "Configuration": {"Servers": []},
            "ConfigurationIndex": 1, "Size": state.len(), "Time": now.to_string(),
        });
        let meta = format!("{meta}\n").into_bytes();
        let sums = [(META, &meta), (STATE, &state)]
            .map(|(name, content)| format!("{}  {name}\n", ids::hex(&Sha256::digest(content))));
        let sums = sums.concat().into_bytes();
        let sealed_sums = blob::seal(&unseal_key, for_sums, &sums);
        let sealed_sums = sealed_sums.map_err(|error| Refusal::Internal(error.to_string()))?;
        let files = [(META, meta), (STATE, state), (SUMS, sums), (SEALED_SUMS, sealed_sums)];
        Ok(gzip(&tar(&files)))
    }
}

/// Every entry behind its length, by key, with this keyring in the place of the stored one.
fn state(entries: &BTreeMap<String, Vec<u8>>, keyring: &[u8]) -> Vec<u8> {
    let mut state = Vec::new();
    for (key, value) in entries {
        let value = if key == keyring::KEYRING { keyring } else { value.as_slice() };
        let record = Record { key: key.clone(), value: value.to_vec() };
        state.extend_from_slice(&record.encode_length_delimited_to_vec());
    }
    state
}

fn tar(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in files {
        tar.extend_from_slice(&header(name, content.len()));
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    // Two empty blocks are the archive's end.
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// A plain file's header in the form that every reader knows, ustar.
fn header(name: &str, size: usize) -> Vec<u8> {
    let text = |text: &str, width: usize| {
        let mut field = text.as_bytes().to_vec();
        field.resize(width, 0);
        field
    };
    let before = [text(name, 100), text("0000600", 8), text("0000000", 8), text("0000000", 8)].concat();
    let before = [before, text(&format!("{size:011o}"), 12), text("00000000000", 12)].concat();
    let after = [text("0", 101), b"ustar\x0000".to_vec(), text("", 247)].concat();
    // The header's own sum counts its eight digits as spaces.
    let sum: u32 =
        before.iter().chain(&after).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * u32::from(b' ');
    [before, format!("{sum:06o}\0 ").into_bytes(), after].concat()
}

/// A gzip file of blocks stored as they are, at most 65,535 bytes each.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        // A chunk is never longer.
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        file.push(u8::from(blocks.peek().is_none()));
        file.extend_from_slice(&length.to_le_bytes());
        file.extend_from_slice(&(!length).to_le_bytes());
        file.extend_from_slice(block);
    }
    let mut crc = Crc::new();
    crc.update(bytes);
    file.extend_from_slice(&crc.sum().to_le_bytes());
    file.extend_from_slice(&crc.amount().to_le_bytes());
    file
}
