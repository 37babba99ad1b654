//! Tokens and snapshots without a server: `inspect`, `open`, `seal`, `readSnapshot`. They know no engine and keep nothing.

use std::collections::BTreeMap;

use js_sys::Error;
use serde::{Deserialize, Serialize};
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::{Flavour, anatomy};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{convert, platform};
use vaultlet_core::Snapshot;
use vaultlet_core::host::Rng;

/// Takes any token text apart without any key.
///
/// # Errors
/// Never for a text.
#[wasm_bindgen]
pub fn inspect(token: &str) -> Result<JsValue, Error> {
    convert::give(&anatomy::inspect(token))
}

/// Opens a batch token with a keyring.
///
/// # Errors
/// A sentence that says what is wrong with the token or the keyring.
#[wasm_bindgen]
pub fn open(token: &str, keyring: &JsValue) -> Result<JsValue, Error> {
    let keyring = convert::keyring(keyring)?;
    let entry = keyring.open_token(token).map_err(|error| Error::new(&format!("token: {error}")))?;
    convert::give(&Entry::from(entry))
}

/// Seals an entry into `count` batch tokens under the keyring's newest key, each with a nonce of its own drawn from the platform. They come
/// as one text, a token a line: many texts cost more to hand over than to seal.
///
/// # Errors
/// A sentence that names the field that is wrong.
#[wasm_bindgen]
pub fn seal(entry: JsValue, keyring: &JsValue, flavour: Option<String>, count: u32) -> Result<String, Error> {
    let entry = TokenEntry::from(convert::read::<Entry>("entry", entry)?);
    let keyring = convert::keyring(keyring)?;
    let flavour = self::flavour(flavour.as_deref())?;
    let mut nonces = vec![[0u8; 12]; count as usize];
    platform::PlatformRng::new()
        .fill(nonces.as_flattened_mut())
        .map_err(|error| Error::new(&error.to_string()))?;
    let mut tokens = String::new();
    for nonce in nonces {
        let token = keyring.seal_token(flavour, nonce, &entry);
        let token = token.map_err(|error| Error::new(&error.to_string()))?;
        tokens.push_str(&token);
        tokens.push('\n');
    }
    tokens.pop();
    Ok(tokens)
}

/// Opens a real server's raft snapshot with its unseal shares: `{ keyring, threshold, shares, keys }`.
///
/// # Errors
/// A sentence that says what is wrong with the snapshot or the shares.
#[wasm_bindgen(js_name = readSnapshot)]
pub fn read_snapshot(bytes: &[u8], shares: JsValue) -> Result<JsValue, Error> {
    let shares: Vec<String> = convert::read("shares", shares)?;
    let wrong = |error: vaultlet_core::SnapshotError| Error::new(&format!("snapshot: {error}"));
    let snapshot = Snapshot::read(bytes).map_err(wrong)?;
    let keyring = snapshot.keyring(&shares).map_err(wrong)?;
    let keyring =
        serde_json::from_slice(&keyring.to_json()).map_err(|error| Error::new(&error.to_string()))?;
    let (threshold, shares) = snapshot.threshold().unwrap_or_default();
    let keys = snapshot.entries().map(|(key, _)| key).collect();
    convert::give(&Opened { keyring, threshold, shares, keys })
}

/// An opened snapshot, given to JavaScript.
#[derive(Serialize)]
struct Opened<'a> {
    keyring: serde_json::Value,
    threshold: usize,
    shares: usize,
    keys: Vec<&'a str>,
}

/// A flavour by its name; none is `OpenBao`'s.
pub(crate) fn flavour(name: Option<&str>) -> Result<Flavour, Error> {
    match name {
        None | Some("openbao") => Ok(Flavour::OpenBao),
        Some("vault") => Ok(Flavour::Vault),
        Some(other) => {
            Err(Error::new(&format!("flavour: {other:?} is unknown; give \"openbao\" or \"vault\"")))
        }
    }
}

/// An entry with the lookup's names; the ttl in seconds, with fractions.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Entry {
    parent: String,
    policies: Vec<String>,
    path: String,
    meta: BTreeMap<String, String>,
    display_name: String,
    creation_time: i64,
    ttl: f64,
    role: String,
    entity_id: String,
    bound_cidrs: Vec<String>,
    namespace_id: String,
    r#type: String,
    internal_meta: BTreeMap<String, String>,
    inline_policy: String,
    no_identity_policies: bool,
}

impl From<TokenEntry> for Entry {
    fn from(entry: TokenEntry) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "seconds to a microsecond, for centuries")]
        let ttl = entry.ttl as f64 / 1e9;
        Self {
            parent: entry.parent,
            policies: entry.policies,
            path: entry.path,
            meta: entry.meta,
            display_name: entry.display_name,
            creation_time: entry.creation_time,
            ttl,
            role: entry.role,
            entity_id: entry.entity_id,
            bound_cidrs: entry.bound_cidrs,
            namespace_id: entry.namespace_id,
            r#type: entry.token_type.word().to_owned(),
            internal_meta: entry.internal_meta,
            inline_policy: entry.inline_policy,
            no_identity_policies: entry.no_identity_policies,
        }
    }
}

impl From<Entry> for TokenEntry {
    fn from(entry: Entry) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "a float beyond the range becomes its end")]
        let ttl = (entry.ttl * 1e9) as i64;
        let token_type = if entry.r#type == "service" { TokenType::Service } else { TokenType::Batch };
        let root = || "root".to_owned();
        Self {
            parent: entry.parent,
            policies: entry.policies,
            path: entry.path,
            meta: entry.meta,
            display_name: entry.display_name,
            creation_time: entry.creation_time,
            ttl,
            role: entry.role,
            entity_id: entry.entity_id,
            bound_cidrs: entry.bound_cidrs,
            namespace_id: if entry.namespace_id.is_empty() { root() } else { entry.namespace_id },
            token_type,
            internal_meta: entry.internal_meta,
            inline_policy: entry.inline_policy,
            no_identity_policies: entry.no_identity_policies,
            ..Self::default()
        }
    }
}
