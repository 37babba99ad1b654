//! `approle`: a role's id and a secret id, for a token.

pub(crate) mod login;
mod part;
mod role;
mod secret_id;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::is_name;
use super::token_fields::TokenFields;
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::ids;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;
use role::Role;

/// Answers what needs a token, below the mount's path.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
) -> Result<Reply, Refusal> {
    match (rest, call.operation) {
        ("role/", Operation::List) => {
            return Reply::keys(cx.journal.list(&format!("{}role/", mount.storage())));
        }
        ("tidy/secret-id", Operation::Update) => return secret_id::tidy(cx, mount),
        ("role" | "role/" | "tidy/secret-id", _) => return Err(Refusal::UnsupportedOperation),
        _ => {}
    }
    let (name, part) = split(rest).ok_or(Refusal::UnsupportedPath)?;
    let name = name.to_lowercase();
    match (part, call.operation) {
        (None, Operation::Read) => role::read(cx, call, mount, &name),
        (None, Operation::Update) => role::write(cx, call, mount, &name),
        (None, Operation::Delete) => role::delete(cx, mount, &name),
        (None, _) => Err(Refusal::UnsupportedOperation),
        (Some(part), _) => part::dispatch(cx, call, mount, &name, part),
    }
}

/// The role's name, and what follows it.
fn split(rest: &str) -> Option<(&str, Option<&str>)> {
    let rest = rest.strip_prefix("role/")?;
    let (name, part) = rest.split_once('/').map_or((rest, None), |(name, part)| (name, Some(part)));
    is_name(name).then_some((name, part))
}

/// Whether the role that would be written is there.
pub(crate) fn exists(cx: &Context<'_>, mount: &Mount, rest: &str) -> Result<Option<bool>, Refusal> {
    match split(rest) {
        Some((name, None)) => Ok(Some(Role::find(cx, mount, &name.to_lowercase())?.is_some())),
        _ => Ok(None),
    }
}

/// What a role's tokens are now, if the role is there.
pub(crate) fn token_fields(
    cx: &Context<'_>,
    mount: &Mount,
    name: &str,
) -> Result<Option<TokenFields>, Refusal> {
    Ok(Role::find(cx, mount, name)?.map(|role| role.token))
}

/// The mount's own salt, made when it is first needed.
fn salt(cx: &mut Context<'_>, mount: &Mount) -> Result<String, Refusal> {
    let key = format!("{}salt", mount.storage());
    if let Some(bytes) = cx.journal.read(&key)? {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let salt = cx.journal.uuid()?;
    cx.journal.put(&key, salt.as_bytes())?;
    Ok(salt)
}

/// SHA-256 of salt and id, in hex.
fn salted(salt: &str, id: &str) -> String {
    ids::hex(&Sha256::new().chain_update(salt).chain_update(id).finalize())
}

/// HMAC-SHA256 of a text under a role's key, in hex.
fn hmac(key: &str, text: &str) -> String {
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    mac.map(|mac| ids::hex(&mac.chain_update(text).finalize().into_bytes())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_role_and_what_follows() {
        assert_eq!(split("role/a"), Some(("a", None)));
        assert_eq!(split("role/a/secret-id/lookup"), Some(("a", Some("secret-id/lookup"))));
        assert_eq!(split("role/a b"), None);
        assert_eq!(split("nope"), None);
    }
}
