//! What every new vault begins with: keys, seal, salts, mounts, policies. It knows no request and no token.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use vaultlet_token::Flavour;
use vaultlet_token::keyring::{Key, KeyBytes, Keyring};
use zeroize::Zeroizing;

use crate::UnixTime;
use crate::barrier::{Barrier, Journal};
use crate::context::{Context, Index};
use crate::core::{Unsealed, WriteBatch};
use crate::host::Rng;
use crate::mounts::{Mount, NewMount};
use crate::policy::{DEFAULT_POLICY, RESPONSE_WRAPPING_POLICY};
use crate::refusal::Refusal;
use crate::seal::chain;
use crate::seal::config::{SEAL_CONFIG, SealConfig};
use crate::sys::{policies, status, versions};

/// A backend of every new vault: table, path, type, description.
const MOUNTS: [(&str, &str, &str, &str); 4] = [
    ("mounts", "cubbyhole/", "cubbyhole", "per-token private secret storage"),
    ("mounts", "identity/", "identity", "identity store"),
    ("mounts", "sys/", "system", "system endpoints used for control, policy and debugging"),
    ("auth", "token/", "token", "token based credentials"),
];

/// A vault in the making, open.
pub(crate) struct Ground {
    pub vault: Unsealed,
    /// Everything written so far.
    pub batch: WriteBatch,
    pub encryptions: u64,
    /// What the shares will be made of.
    pub unseal_key: KeyBytes,
}

impl Ground {
    /// Draws the keys and writes what every vault has.
    pub fn lay(rng: &mut dyn Rng, now: UnixTime, config: &SealConfig) -> Result<Self, Refusal> {
        let root_key = Zeroizing::new(random_key(rng)?.to_vec());
        let keyring = Keyring::new(root_key, Key::new(1, random_key(rng)?, now.to_string()));
        let unseal_key = random_key(rng)?;
        let vault = Unsealed { barrier: Barrier::new(BTreeMap::new(), keyring), index: Index::new() };
        let mut ground = Self { vault, batch: WriteBatch::default(), encryptions: 0, unseal_key };
        let unseal_key = ground.unseal_key.clone();
        let flavour = Flavour::default();
        ground.stage(rng, now, flavour, |cx| write_keys(cx, config, &unseal_key))?;
        ground.stage(rng, now, flavour, |cx| {
            MOUNTS.iter().try_for_each(|&(table, path, kind, description)| {
                write_mount(cx, &NewMount { table, path, kind, description })
            })
        })?;
        ground.stage(rng, now, flavour, write_policies)?;
        Ok(ground)
    }

    /// Writes something more, on what is there.
    pub fn stage(
        &mut self,
        rng: &mut dyn Rng,
        now: UnixTime,
        flavour: Flavour,
        step: impl FnOnce(&mut Context<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let journal = Journal::new(&self.vault.barrier, rng);
        let mut cx = Context { journal, index: &self.vault.index, now, flavour };
        step(&mut cx)?;
        let (batch, encryptions) = cx.journal.finish();
        self.batch.writes.extend(batch.writes.iter().cloned());
        self.encryptions += encryptions;
        self.vault.apply(batch, encryptions);
        Ok(())
    }
}

/// 32 random bytes.
pub(crate) fn random_key(rng: &mut dyn Rng) -> Result<KeyBytes, Refusal> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    rng.fill(bytes.as_mut())?;
    Ok(bytes)
}

/// The chain of keys, the salts, and the cluster's name.
fn write_keys(cx: &mut Context<'_>, config: &SealConfig, unseal_key: &KeyBytes) -> Result<(), Refusal> {
    cx.journal.put_sealed(SEAL_CONFIG, config.to_json());
    let keyring = cx.journal.keyring().clone();
    chain::put_root_key(&mut cx.journal, &keyring, unseal_key)?;
    chain::put_keyring(&mut cx.journal, &keyring)?;
    cx.journal.put(chain::UNSEAL_KEY, unseal_key.as_slice())?;
    for key in ["sys/token/salt", "core/index-header-hmac-key"] {
        let uuid = cx.journal.uuid()?;
        cx.journal.put(key, uuid.as_bytes())?;
    }
    let id = cx.journal.uuid()?;
    let name = cx.journal.uuid()?;
    let name = format!("vault-cluster-{}", name.get(..8).unwrap_or_default());
    cx.journal.put_compact(status::CLUSTER, &status::Cluster { name, id })?;
    versions::store(cx)
}

/// Mounts a backend as a new server has it: some are special from the start.
pub(crate) fn write_mount(cx: &mut Context<'_>, new: &NewMount<'_>) -> Result<(), Refusal> {
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
    cx.journal.put_json(&mount.key(), &mount)
}

fn write_policies(cx: &mut Context<'_>) -> Result<(), Refusal> {
    policies::store(cx, "default", DEFAULT_POLICY)?;
    policies::store(cx, "response-wrapping", RESPONSE_WRAPPING_POLICY)
}
