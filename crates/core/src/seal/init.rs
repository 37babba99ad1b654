//! `sys/init`: a new vault in the place of none, its shares, and its root token. It stays sealed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use vaultlet_token::Flavour;
use vaultlet_token::entry::{TokenEntry, TokenType};
use zeroize::Zeroizing;

use super::Entries;
use super::config::{SEAL_CONFIG, SealConfig};
use crate::context::Context;
use crate::core::WriteBatch;
use crate::ground::Ground;
use crate::host::Rng;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::store;
use crate::{UnixTime, ids, shamir};

/// What a new vault is made of, and the answer that gives its shares out, this once.
pub(crate) struct Made {
    pub reply: Reply,
    pub batch: WriteBatch,
    pub encryptions: u64,
}

/// Makes a vault where there is none.
pub(crate) fn init(
    entries: &Entries,
    rng: &mut dyn Rng,
    now: UnixTime,
    flavour: Flavour,
    config: &SealConfig,
) -> Result<Made, Refusal> {
    if entries.contains_key(SEAL_CONFIG) {
        return Err(Refusal::invalid("Vault is already initialized"));
    }
    let mut ground = Ground::lay(rng, now, config)?;
    let mut root_token = Zeroizing::default();
    ground.stage(rng, now, flavour, |cx| {
        root_token = write_root_token(cx)?;
        Ok(())
    })?;
    let shares = shamir::split(rng, &*ground.unseal_key, config.secret_shares, config.secret_threshold)?;
    let hex: Vec<String> = shares.iter().map(|share| ids::hex(share)).collect();
    let base64: Vec<String> = shares.iter().map(|share| STANDARD.encode(share)).collect();
    let (hex, base64) = (Zeroizing::new(hex), Zeroizing::new(base64));
    let answer = json!({ "keys": *hex, "keys_base64": *base64, "root_token": root_token.as_str() });
    let reply = Reply { bare: Some(answer), ..Reply::default() };
    Ok(Made { reply, batch: ground.batch, encryptions: ground.encryptions })
}

/// The first root token: without a lease, for it never ends and nothing made it.
fn write_root_token(cx: &mut Context<'_>) -> Result<Zeroizing<String>, Refusal> {
    let mut entry = TokenEntry {
        policies: vec!["root".to_owned()],
        path: "auth/token/root".to_owned(),
        display_name: "root".to_owned(),
        creation_time: i64::try_from(cx.now.secs()).unwrap_or(i64::MAX),
        namespace_id: "root".to_owned(),
        token_type: TokenType::Service,
        ..TokenEntry::default()
    };
    store::draw_ids(cx, &mut entry)?;
    store::write_entries(cx, &entry)?;
    Ok(Zeroizing::new(entry.id.clone()))
}
