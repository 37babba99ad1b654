//! A new vault, as `bao server -dev` makes one. It knows no request.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use vaultlet_token::Flavour;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::keyring::{Key, KeyBytes, Keyring};
use zeroize::Zeroizing;

use crate::barrier::{Barrier, Journal};
use crate::context::{Context, Index};
use crate::core::{Core, State, Unsealed, WriteBatch};
use crate::host::{Clock, Rng};
use crate::mounts::{Mount, NewMount};
use crate::policy::{DEFAULT_POLICY, RESPONSE_WRAPPING_POLICY};
use crate::refusal::Refusal;
use crate::sys::{policies, status};
use crate::token_store::store::{self, Grant};
use crate::{UnixTime, keyring};

/// A backend of a new vault: table, path, type, description.
const MOUNTS: [(&str, &str, &str, &str); 5] = [
    ("mounts", "cubbyhole/", "cubbyhole", "per-token private secret storage"),
    ("mounts", "identity/", "identity", "identity store"),
    ("mounts", "secret/", "kv", "key/value secret storage"),
    ("mounts", "sys/", "system", "system endpoints used for control, policy and debugging"),
    ("auth", "token/", "token", "token based credentials"),
];

impl Core {
    /// A new vault, as `bao server -dev -dev-root-token-id=ROOT` makes one: unsealed, with a root token of that id, `secret/`
    /// as kv version 2, `cubbyhole/`, `identity/`, `sys/` and `auth/token/`. Also the batch that a host must keep.
    ///
    /// # Errors
    /// A [`Refusal`] if the generator fails.
    pub fn dev(
        clock: Box<dyn Clock>,
        mut rng: Box<dyn Rng>,
        root_token: &str,
    ) -> Result<(Self, WriteBatch), Refusal> {
        let now = clock.now();
        let keyring = new_keyring(rng.as_mut(), now)?;
        let barrier = Barrier { entries: BTreeMap::new(), keyring };
        let mut vault = Unsealed { barrier, index: Index::new() };
        let mut all = WriteBatch::default();
        for step in [write_ground, write_policies] {
            let batch = stage(&vault, rng.as_mut(), now, step)?;
            all.writes.extend(batch.writes.iter().cloned());
            vault.apply(batch, 0);
        }
        let batch = stage(&vault, rng.as_mut(), now, |cx| write_root_token(cx, root_token))?;
        all.writes.extend(batch.writes.iter().cloned());
        vault.apply(batch, 0);
        Ok((Self::assemble(clock, rng, State::Unsealed(Box::new(vault))), all))
    }
}

fn stage(
    vault: &Unsealed,
    rng: &mut dyn Rng,
    now: UnixTime,
    step: impl FnOnce(&mut Context<'_>) -> Result<(), Refusal>,
) -> Result<WriteBatch, Refusal> {
    let journal = Journal::new(&vault.barrier, rng);
    let mut cx = Context { journal, index: &vault.index, now, flavour: Flavour::default() };
    step(&mut cx)?;
    Ok(cx.journal.finish().0)
}

fn random_key(rng: &mut dyn Rng) -> Result<KeyBytes, Refusal> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    rng.fill(bytes.as_mut())?;
    Ok(bytes)
}

fn new_keyring(rng: &mut dyn Rng, now: UnixTime) -> Result<Keyring, Refusal> {
    let root_key = Zeroizing::new(random_key(rng)?.to_vec());
    Ok(Keyring::new(root_key, Key::new(1, random_key(rng)?, now.to_string())))
}

/// The keyring, the salts and the mounts.
fn write_ground(cx: &mut Context<'_>) -> Result<(), Refusal> {
    let nonce = cx.journal.nonce()?;
    let sealed = keyring::seal(cx.journal.keyring(), nonce)
        .ok_or_else(|| Refusal::Internal("the keyring cannot be sealed".to_owned()))?;
    cx.journal.put_sealed(keyring::KEYRING, sealed);
    let root_key = STANDARD.encode(cx.journal.keyring().root_key.as_slice());
    let root_key = json!({"Term": 1, "Version": 1, "Value": root_key, "InstallTime": "0001-01-01T00:00:00Z"});
    cx.journal.put_compact("core/root-key", &root_key)?;
    for key in ["sys/token/salt", "core/index-header-hmac-key"] {
        let uuid = cx.journal.uuid()?;
        cx.journal.put(key, uuid.as_bytes())?;
    }
    let id = cx.journal.uuid()?;
    let name = cx.journal.uuid()?;
    let name = format!("vault-cluster-{}", name.get(..8).unwrap_or_default());
    cx.journal.put_json(status::CLUSTER, &status::Cluster { name, id })?;
    for (table, path, kind, description) in MOUNTS {
        let mount = first_mount(cx, &NewMount { table, path, kind, description })?;
        cx.journal.put_json(&mount.key(), &mount)?;
    }
    Ok(())
}

/// As a new server makes it: some mounts are special from the start.
fn first_mount(cx: &mut Context<'_>, new: &NewMount<'_>) -> Result<Mount, Refusal> {
    let mut mount = Mount::new(cx, new)?;
    let header = |name: &str| Some(vec![name.to_owned()]);
    match new.kind {
        "kv" => mount.options = Some(Map::from_iter([("version".to_owned(), Value::from("2"))])),
        "cubbyhole" => mount.local = true,
        "identity" => mount.config.passthrough_request_headers = header("Authorization"),
        "system" => {
            mount.seal_wrap = true;
            mount.config.passthrough_request_headers = header("Accept");
        }
        _ => {}
    }
    Ok(mount)
}

fn write_policies(cx: &mut Context<'_>) -> Result<(), Refusal> {
    policies::store(cx, "default", DEFAULT_POLICY)?;
    policies::store(cx, "response-wrapping", RESPONSE_WRAPPING_POLICY)
}

/// The dev server makes its root token through `auth/token/create`, so it is a root token with a custom id.
fn write_root_token(cx: &mut Context<'_>, id: &str) -> Result<(), Refusal> {
    let mut entry = TokenEntry {
        id: id.to_owned(),
        policies: vec!["root".to_owned()],
        path: "auth/token/create".to_owned(),
        display_name: "token".to_owned(),
        creation_time: i64::try_from(cx.now.secs()).unwrap_or(i64::MAX),
        namespace_id: "root".to_owned(),
        token_type: TokenType::Service,
        ..TokenEntry::default()
    };
    store::write(cx, &mut entry, &Grant::default())
}
