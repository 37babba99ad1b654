//! From a path to what answers it: a `match` on the mount and the rest of the path. It knows no checks of its own.

use crate::context::{Caller, Context, Index};
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::secrets::{cubbyhole, kv, ssh};
use crate::token_store::create::Path;
use crate::token_store::{Live, accessors, create, lookup, renew, revoke, roles, tidy};
use crate::{auth, door, identity, sys, wrapping};

/// Whether anybody may ask.
pub(crate) fn needs_no_token(index: &Index, call: &Call) -> bool {
    (door::is_before_routing(&call.path) && !is_seal(call))
        || door::is_switched_off(&call.path)
        || ui_mounts(call).is_some()
        || auth::login_of(index, call).is_some()
        || wrapping::is_lookup(call)
        || ssh::verify_of(index, call).is_some()
}

/// Sealing is the one thing asked before routing that needs a token.
fn is_seal(call: &Call) -> bool {
    call.path == "sys/seal" && call.operation == Operation::Update
}

/// What follows `sys/internal/ui/mounts`, which anybody may ask and a token gets more of.
fn ui_mounts(call: &Call) -> Option<&str> {
    let rest = call.path.strip_prefix("sys/internal/ui/mounts")?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Whether the path is root-protected.
pub(crate) fn needs_sudo(call: &Call) -> bool {
    call.path.strip_prefix("sys/leases/").is_some_and(sys::leases::needs_sudo)
        || call.path == "sys/leases"
        || call.path.starts_with("auth/token/accessors")
        || call.path == "sys/rotate"
        || call.path == "sys/rotate/root"
        || call.path == "sys/remount"
        || call.path == "sys/seal"
        || call.path == "sys/rotate/keyring"
        || call.path.starts_with("sys/auth/")
        || call.path == "auth/token/revoke-orphan/"
}

/// Whether what would be written exists already: creation and update are different capabilities where that is known.
pub(crate) fn exists(cx: &Context<'_>, call: &Call, token: &Live) -> Result<Option<bool>, Refusal> {
    let Some((mount, rest)) =
        cx.index.mounts.route(&call.path).filter(|_| call.operation == Operation::Update)
    else {
        return Ok(None);
    };
    match mount.kind.as_str() {
        "cubbyhole" => cubbyhole::exists(cx, call, rest, token).map(Some),
        "kv" => kv::exists(cx, mount, rest),
        "approle" => auth::approle::exists(cx, mount, rest),
        "userpass" => auth::userpass::exists(cx, mount, rest),
        _ => Ok(None),
    }
}

/// Answers what anybody may ask.
pub(crate) fn open(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    if let Some((mount, rest)) = auth::login_of(cx.index, call) {
        return auth::log_in(cx, call, mount, rest);
    }
    if let Some(mount) = ssh::verify_of(cx.index, call) {
        return ssh::verify(cx, call, mount);
    }
    if wrapping::is_lookup(call) {
        return wrapping::lookup(cx, call);
    }
    if let Some(path) = ui_mounts(call) {
        return Ok(sys::mounts::visible(cx, call, path)?.warn(Fields(&call.data).unknown(&["path"])));
    }
    match (call.path.as_str(), call.operation) {
        ("sys/health", Operation::Read) => sys::status::health(cx, call),
        ("sys/leader", Operation::Read) => Ok(sys::status::leader()),
        ("sys/seal-status", Operation::Read) => sys::status::seal_status(cx),
        // A vault alone has nobody to hand over to.
        ("sys/step-down", Operation::Update) => Ok(Reply::nothing()),
        (path, Operation::Read | Operation::Update | Operation::Delete) if door::is_switched_off(path) => {
            Err(Refusal::UnsupportedOperation.unwrapped())
        }
        _ => Err(Refusal::Method),
    }
}

/// Answers what the policies allow.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let Some((mount, rest)) = cx.index.mounts.route(&call.path) else {
        return Err(Refusal::NoRoute(call.path.clone()));
    };
    answer(cx, call, mount, rest, caller).map(|reply| warned(call, mount, reply))
}

/// What a path that is read does not take is warned of, where its own handler does not.
fn warned(call: &Call, mount: &Mount, reply: Reply) -> Reply {
    let known: &[&str] = match mount.kind.as_str() {
        "system" => &["after", "limit", "mount_accessor", "name", "path", "prefix", "type"],
        "kv" => &["after", "depth", "limit", "path", "version"],
        "ssh" => &["role"],
        _ => return reply,
    };
    let warned = reply.warnings.iter().any(|warning| warning.starts_with("Endpoint ignored"));
    let plain = reply.data.is_some() && reply.status.is_none() && reply.raw.is_none() && !warned;
    if call.operation == Operation::Read && plain {
        return reply.warn(Fields(&call.data).unknown(known));
    }
    reply
}

fn answer(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    match mount.kind.as_str() {
        "token" => token(cx, call, rest, caller),
        "cubbyhole" => cubbyhole::dispatch(cx, call, rest, caller),
        "kv" => kv::dispatch(cx, call, mount, rest),
        "ssh" => ssh::dispatch(cx, call, mount, rest, caller),
        "approle" => auth::approle::dispatch(cx, call, mount, rest),
        "userpass" => auth::userpass::dispatch(cx, call, mount, rest),
        "identity" => identity::dispatch(cx, call, rest),
        "system" => sys::dispatch(cx, call, rest, caller),
        kind => Err(Refusal::Internal(format!(
            "{} is a mount of type {kind:?}, which this engine does not know: what it stores is kept as it is",
            mount.full_path()
        ))),
    }
}

/// What there is below `auth/token/`, whatever the operation.
const TOKEN_PATHS: [&str; 17] = [
    "accessors",
    "accessors/",
    "create",
    "create-orphan",
    "lookup",
    "lookup-accessor",
    "lookup-self",
    "renew",
    "renew-accessor",
    "renew-self",
    "revoke",
    "revoke-accessor",
    "revoke-orphan",
    "revoke-self",
    "roles",
    "roles/",
    "tidy",
];

/// A folder and one name in it.
fn named(rest: &str) -> Option<(&str, &str)> {
    rest.split_once('/').filter(|(_, name)| !name.is_empty() && !name.contains('/'))
}

fn token(cx: &mut Context<'_>, call: &Call, rest: &str, caller: &Caller) -> Result<Reply, Refusal> {
    match (rest, call.operation) {
        ("create", Operation::Update) => create::create(cx, call, caller, Path::Child),
        ("create-orphan", Operation::Update) => create::create(cx, call, caller, Path::Orphan),
        ("lookup", Operation::Read | Operation::Update) => lookup::lookup(cx, call, caller),
        ("lookup-self", Operation::Read | Operation::Update) => lookup::lookup_self(cx, call, caller),
        ("lookup-accessor", Operation::Update) => accessors::lookup(cx, call),
        ("renew", Operation::Update) => renew::renew(cx, call),
        ("renew-self", Operation::Update) => renew::renew_self(cx, call, caller),
        ("renew-accessor", Operation::Update) => renew::renew_accessor(cx, call),
        ("revoke", Operation::Update) => revoke::revoke(cx, call),
        ("revoke-self", Operation::Update) => revoke::revoke_self(cx, caller),
        ("revoke-accessor", Operation::Update) => revoke::revoke_accessor(cx, call),
        ("revoke-orphan", Operation::Update) => revoke::revoke_orphan(cx, call, caller),
        ("tidy", Operation::Update) => tidy::tidy(cx, call),
        ("roles/", Operation::List) => roles::list(cx),
        ("accessors/", Operation::List) => accessors::list(cx),
        (rest, _) if TOKEN_PATHS.contains(&rest) => Err(Refusal::UnsupportedOperation),
        (rest, operation) => match named(rest) {
            Some(("create", role)) if operation == Operation::Update => {
                create::create(cx, call, caller, Path::Role(role))
            }
            Some(("roles", name)) if operation == Operation::Read => {
                Ok(roles::read(cx, name)?.warn(roles::unknown(call)))
            }
            Some(("roles", name)) if operation == Operation::Update => roles::write(cx, name, call),
            Some(("roles", name)) if operation == Operation::Delete => Ok(roles::delete(cx, name)),
            Some(("create" | "roles", _)) => Err(Refusal::UnsupportedOperation),
            _ => Err(Refusal::UnsupportedPath),
        },
    }
}
