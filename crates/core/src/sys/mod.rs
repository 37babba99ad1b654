//! `sys/`: the vault about itself.

pub(crate) mod policies;
pub(crate) mod status;

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::refusal::Refusal;
use crate::reply::Reply;

/// Answers a path below `sys/`.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    if let Some(name) = rest.strip_prefix("policies/acl/") {
        return match call.operation {
            Operation::List if name.is_empty() => Ok(policies::list(cx)),
            Operation::Read => policies::read(cx, name),
            Operation::Update => policies::write(cx, name, call),
            Operation::Delete => policies::delete(cx, name),
            _ => Err(Refusal::UnsupportedOperation),
        };
    }
    match (rest, call.operation) {
        ("policies/acl", Operation::Read) => Ok(policies::list(cx)),
        ("policies/acl", _) => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}
