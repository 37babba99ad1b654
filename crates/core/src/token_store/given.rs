//! The token or accessor that a call names in its parameters. It knows no headers: the caller's own token is read elsewhere.

use serde_json::Value;
use vaultlet_token::signed::SignedToken;

use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::token_store::record::AccessorRecord;
use crate::token_store::{Live, find_even_spent, salted};

/// The paths that take a token.
const PATHS: [&str; 4] =
    ["auth/token/lookup", "auth/token/renew", "auth/token/revoke", "auth/token/revoke-orphan"];

/// Refuses a token that is no text or is wrongly signed, before anybody is asked for his own.
pub(crate) fn check(cx: &Context<'_>, call: &Call) -> Result<(), Refusal> {
    if !PATHS.contains(&call.path.as_str()) {
        return Ok(());
    }
    match call.data.get("token") {
        None => Ok(()),
        Some(Value::String(text)) if is_wrongly_signed(cx, text) => {
            Err(Refusal::Forbidden("bad token".to_owned()))
        }
        Some(Value::String(_)) => Ok(()),
        Some(_) => Err(Refusal::Forbidden("invalid token".to_owned())),
    }
}

fn is_wrongly_signed(cx: &Context<'_>, text: &str) -> bool {
    let verifies = |signed: SignedToken| signed.verify(cx.index.signing_key.as_bytes());
    SignedToken::looks_signed(text) && !SignedToken::parse(text).is_ok_and(verifies)
}

/// The token of the accessor that a call names; none if nothing alive has it.
pub(crate) fn by_accessor(cx: &Context<'_>, fields: Fields<'_>) -> Result<Option<Live>, Refusal> {
    let accessor = fields.text("accessor")?;
    if accessor.is_empty() {
        return Err(Refusal::WrappedInvalid("missing accessor".to_owned()));
    }
    let key = format!("sys/token/accessor/{}", salted(&cx.index.salt, &accessor));
    let Some(record) = cx.journal.read_json::<AccessorRecord>(&key)? else { return Ok(None) };
    Ok(find_even_spent(cx, &record.token_id).ok())
}

/// As [`by_accessor`], where nothing is an error.
pub(crate) fn required_by_accessor(cx: &Context<'_>, fields: Fields<'_>) -> Result<Live, Refusal> {
    by_accessor(cx, fields)?.ok_or_else(|| Refusal::WrappedInvalid("invalid accessor".to_owned()))
}
