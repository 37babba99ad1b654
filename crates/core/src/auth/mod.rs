//! Auth methods: from a secret of one's own to a token. The token store itself is `token_store`.

pub(crate) mod approle;
pub(crate) mod cidr;
pub(crate) mod lockout;
pub(crate) mod login;
pub(crate) mod password;
pub(crate) mod renewal;
pub(crate) mod token_fields;
pub(crate) mod userpass;

use crate::context::{Context, Index};
use crate::door::Call;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// The auth mount and the rest of the path, if this is a login, which needs no token.
pub(crate) fn login_of<'i, 'c>(index: &'i Index, call: &'c Call) -> Option<(&'i Mount, &'c str)> {
    let (mount, rest) = index.mounts.route(&call.path)?;
    let logs_in = match mount.kind.as_str() {
        "approle" => rest == "login",
        "userpass" => rest.starts_with("login/"),
        _ => false,
    };
    logs_in.then_some((mount, rest))
}

/// Logs in. What went wrong inside comes out unwrapped here, as there is no policy check before it.
pub(crate) fn log_in(cx: &mut Context<'_>, call: &Call, mount: &Mount, rest: &str) -> Result<Reply, Refusal> {
    let answer = match mount.kind.as_str() {
        "approle" => approle::login::log_in(cx, call, mount, rest),
        _ => userpass::log_in(cx, call, mount, rest),
    };
    if answer.is_ok() {
        // The real server's standbys forward every login that succeeds, also one that would write nothing.
        cx.journal.leave_to_active();
    }
    answer.map_err(Refusal::unwrapped)
}

/// Refusals of parameters in paths that know whether their object exists: they are read before the handler, and say less.
pub(crate) fn bare(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(text) => {
            Refusal::Invalid(text.strip_prefix("Field validation failed: ").unwrap_or(&text).to_owned())
        }
        other => other,
    }
}

/// Refusals of a login's parameters, which are read to learn who logs in: the server takes them for trouble of its own.
pub(crate) fn inside(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(text) => Refusal::Internal(text),
        other => other,
    }
}

/// A name as auth methods take it in a path: letters, digits, `_`, `-` and `.`.
pub(crate) fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let edge = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.chars().all(inner) && text.starts_with(edge) && text.ends_with(edge)
}
