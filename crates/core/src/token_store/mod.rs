//! Tokens: found, made, looked up, renewed, revoked. It knows no policies' rules and no HTTP.

pub(crate) mod accessors;
pub(crate) mod cidrs;
pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod given;
pub(crate) mod lifetime;
pub(crate) mod lookup;
pub(crate) mod policies;
pub(crate) mod record;
pub(crate) mod renew;
pub(crate) mod revoke;
pub(crate) mod role;
pub(crate) mod roles;
pub(crate) mod store;
pub(crate) mod tidy;
pub(crate) mod uses;

use std::rc::Rc;

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::signed::SignedToken;
use vaultlet_token::{Kind, Token, TokenError};

use crate::context::Context;
use crate::leases::Lease;
use crate::opened::Wiped;
use crate::refusal::Refusal;
use crate::{UnixTime, identity, ids};
use record::Record;

/// A token that is alive.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    /// The id as it was given, which lookup answers.
    pub shown: String,
    /// What it means. A service token's `id` is the one that storage knows.
    pub entry: TokenEntry,
    /// A service token's lease; the init root token has none.
    pub lease: Option<Rc<Wiped<Lease>>>,
    /// The policies that its entity has, sorted.
    pub identity_policies: Vec<String>,
}

impl Live {
    /// Whether it is a batch token.
    pub fn is_batch(&self) -> bool {
        self.entry.token_type == TokenType::Batch
    }

    /// Whether it has no uses left.
    pub fn is_spent(&self) -> bool {
        !self.is_batch() && self.entry.num_uses < 0
    }

    /// When it ends, if ever.
    pub fn expires(&self) -> Option<UnixTime> {
        if self.is_batch() {
            Some(batch_end(&self.entry))
        } else {
            self.lease.as_ref().and_then(|lease| lease.expires())
        }
    }
}

/// Why a token is not found alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dead {
    /// Its payload is not base64url, or what it seals is not protobuf: the text says which.
    Undecodable(TokenError),
    /// It does not open, or is unknown.
    Unknown,
    /// Its time is over.
    Expired,
    /// Its parent is not alive.
    ParentGone,
    /// A stored entry could not be read.
    Broken(Refusal),
}

impl From<Refusal> for Dead {
    fn from(refusal: Refusal) -> Self {
        Self::Broken(refusal)
    }
}

/// How many parents up a batch token is followed: the server makes one level only, forged ones must end.
const MOST_PARENTS: u8 = 32;

/// Finds a token that is alive now.
pub(crate) fn find(cx: &Context<'_>, text: &str) -> Result<Live, Dead> {
    alive(find_below(cx, text, MOST_PARENTS)?)
}

/// As [`find`], and also a token that is just having its last use: lookup and revocation find it still.
pub(crate) fn find_even_spent(cx: &Context<'_>, text: &str) -> Result<Live, Dead> {
    find_below(cx, text, MOST_PARENTS)
}

fn alive(token: Live) -> Result<Live, Dead> {
    if token.is_spent() { Err(Dead::Unknown) } else { Ok(token) }
}

fn find_below(cx: &Context<'_>, text: &str, parents: u8) -> Result<Live, Dead> {
    if Token::parse(text).kind == Kind::Batch {
        return find_batch(cx, text, parents);
    }
    if !SignedToken::looks_signed(text) {
        return find_service(cx, text, text);
    }
    let signed = SignedToken::parse(text).map_err(|_| Dead::Unknown)?;
    if !signed.verify(cx.index.signing_key.as_bytes()) {
        return Err(Dead::Unknown);
    }
    find_service(cx, &signed.inner, text)
}

fn find_batch(cx: &Context<'_>, text: &str, parents: u8) -> Result<Live, Dead> {
    let entry = cx.journal.keyring().open_token(text).map_err(|error| match error {
        TokenError::IllegalBase64 { .. } | TokenError::NotProtobuf => Dead::Undecodable(error),
        _ => Dead::Unknown,
    })?;
    if entry.namespace_id.is_empty() {
        return Err(Dead::Broken(Refusal::WrappedInternal("internal error".to_owned())));
    }
    if cx.now > batch_end(&entry) {
        return Err(Dead::Expired);
    }
    if !entry.parent.is_empty() {
        let parents = parents.checked_sub(1).ok_or(Dead::ParentGone)?;
        find_below(cx, &entry.parent, parents).and_then(alive).map_err(|_| Dead::ParentGone)?;
    }
    let identity_policies = identity::policies_of(cx.index, &entry);
    Ok(Live { shown: text.to_owned(), entry, lease: None, identity_policies })
}

/// A batch token lives to the end of the second in which its ttl is over.
fn batch_end(entry: &TokenEntry) -> UnixTime {
    UnixTime::from_secs(u64::try_from(entry.creation_time).unwrap_or(0)).plus_nanos(entry.ttl)
}

fn find_service(cx: &Context<'_>, id: &str, shown: &str) -> Result<Live, Dead> {
    let salted = salted(&cx.index.salt, id);
    let record = cx.journal.read_kept::<Record>(&format!("sys/token/id/{salted}"))?.ok_or(Dead::Unknown)?;
    let entry = TokenEntry::from(&**record);
    if entry.id != id {
        return Err(Dead::Unknown);
    }
    let lease = cx.journal.read_kept::<Lease>(&Lease::key(&format!("{}/{salted}", entry.path)))?;
    match lease.as_ref().map(|lease| lease.expires()) {
        Some(Some(end)) if end <= cx.now => return Err(Dead::Expired),
        // Only a root token that never ends may be without a lease.
        None if entry.ttl != 0 => return Err(Dead::Unknown),
        _ => {}
    }
    let identity_policies = identity::policies_of(cx.index, &entry);
    Ok(Live { shown: shown.to_owned(), entry, lease, identity_policies })
}

/// The vault's salt, with what it makes of the two hashes before anything is hashed.
#[derive(Clone)]
pub(crate) struct Salt {
    sha1: Sha1,
    hmac: Hmac<Sha256>,
}

impl Salt {
    /// From its text.
    pub fn new(text: &str) -> Self {
        // HMAC takes keys of any length: there is no other case.
        let hmac = Hmac::new_from_slice(text.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
        Self { sha1: Sha1::new().chain_update(text), hmac }
    }
}

impl Default for Salt {
    fn default() -> Self {
        Self::new("")
    }
}

/// The storage id of a token, accessor or lease: `h` and HMAC-SHA256 for an id with a dot, else SHA-1, both salted.
pub(crate) fn salted(salt: &Salt, id: &str) -> String {
    if !id.contains('.') {
        return ids::hex(&salt.sha1.clone().chain_update(id).finalize());
    }
    format!("h{}", ids::hex(&salt.hmac.clone().chain_update(id).finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_ids_are_those_of_a_real_server() {
        let salt = Salt::new("fd3c3e1d-8e0c-4a5e-a7b0-50decb549b65");
        assert_eq!(
            salted(&salt, "s.JlNTS5wVPPnb1P72poUjUR4o"),
            "h17e132b44678e79f69988bc477075945ebaf20e1666c23c3408c591c7db5cedd"
        );
        assert_eq!(salted(&salt, "62HUUA39gPvn9suvWOTRoDPM"), "d155b844049fae813d7c684c1bd5c7e7b1529463");
    }
}
