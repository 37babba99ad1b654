//! `auth/token/revoke`, `revoke-self`, `revoke-accessor`, `revoke-orphan`. It knows no storage: see `end`.

use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::{Dead, Live, end, find, find_even_spent, given};

/// `revoke`: the token in the body, and all below it. What is dead already is no error.
pub(crate) fn revoke(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let text = given_text(Fields(&call.data))?;
    match find_even_spent(cx, &text) {
        Ok(token) => end_tree(cx, &token),
        Err(Dead::Undecodable(error)) => Err(Refusal::WrappedInternal(error.to_string())),
        Err(Dead::Broken(refusal)) => Err(refusal),
        Err(Dead::Unknown | Dead::Expired | Dead::ParentGone) => Ok(Reply::nothing()),
    }
}

/// `revoke-self`
pub(crate) fn revoke_self(cx: &mut Context<'_>, caller: &Caller) -> Result<Reply, Refusal> {
    end_tree(cx, &caller.token)
}

/// `revoke-accessor`: an unknown one is a warning.
pub(crate) fn revoke_accessor(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("accessor", Shape::Text)])?;
    match given::by_accessor(cx, fields)? {
        Some(token) if token.is_spent() => Err(Refusal::invalid("token not found")),
        Some(token) => end_tree(cx, &token),
        None => Ok(Reply::nothing().warn(Some("No token found with this accessor".to_owned())).warn(unknown)),
    }
}

/// `revoke-orphan`: the token alone; its service children live on.
pub(crate) fn revoke_orphan(cx: &mut Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let text = given_text(Fields(&call.data))?;
    if !caller.access.sudo {
        return Err(Refusal::invalid("root or sudo privileges required to revoke and orphan"));
    }
    let token = find(cx, &text).map_err(|dead| match dead {
        Dead::Undecodable(error) => {
            Refusal::WrappedInternal(format!("error when looking up token to revoke: {error}"))
        }
        Dead::Broken(refusal) => refusal,
        Dead::Unknown | Dead::Expired | Dead::ParentGone => Refusal::invalid("token to revoke not found"),
    })?;
    check_service(&token)?;
    end::alone(cx, &token)?;
    Ok(Reply::nothing())
}

fn given_text(fields: Fields<'_>) -> Result<String, Refusal> {
    fields.check(&[("token", Shape::Text)])?;
    let text = fields.text("token")?;
    if text.is_empty() { Err(Refusal::invalid("missing token ID")) } else { Ok(text) }
}

fn end_tree(cx: &mut Context<'_>, token: &Live) -> Result<Reply, Refusal> {
    check_service(token)?;
    end::with_descendants(cx, token)?;
    Ok(Reply::nothing())
}

fn check_service(token: &Live) -> Result<(), Refusal> {
    if token.is_batch() { Err(Refusal::invalid("batch tokens cannot be revoked")) } else { Ok(()) }
}
