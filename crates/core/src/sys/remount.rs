//! `sys/remount`: a mount gets another path, with all that it stores. The real server moves it a moment after its answer; here it has
//! moved with the answer. What is asked of a move is remembered in memory alone, as there.

use serde_json::json;

use crate::context::{Context, Noted};
use crate::door::{Call, Operation};
use crate::fields::{Fields, Shape};
use crate::leases;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::sys::mounts::overlapping;

/// Where nothing but what every vault has can be.
const PROTECTED: [&str; 5] = ["auth/", "audit/", "cubbyhole/", "identity/", "sys/"];
const AUTH: &str = "auth/";

/// What became of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    source: String,
    target: String,
    /// Nothing is mounted at the source itself, only above it.
    failed: bool,
}

/// Answers `remount` and what follows it.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    match (rest.strip_prefix("/status/").filter(|id| !id.is_empty()), call.operation) {
        (Some(id), Operation::Read) => status(cx, id),
        (Some(_), _) => Err(Refusal::UnsupportedOperation),
        (None, Operation::Update) if rest.is_empty() => remount(cx, call),
        (None, Operation::List) => Err(Refusal::UnsupportedPath),
        (None, _) if rest.is_empty() => Err(Refusal::UnsupportedOperation),
        (None, _) => Err(Refusal::UnsupportedPath),
    }
}

fn status(cx: &Context<'_>, id: &str) -> Result<Reply, Refusal> {
    let moved = cx.index.moves.get(id).ok_or(Refusal::NotFound)?;
    let status = if moved.failed { "failure" } else { "success" };
    let info = json!({ "source_mount": moved.source, "target_mount": moved.target, "status": status });
    Ok(Reply::data(object(json!({ "migration_id": id, "migration_info": info }))))
}

fn remount(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("from", Shape::Text), ("to", Shape::Text)])?;
    let (from, to) = (fields.text("from")?, fields.text("to")?);
    if from.is_empty() || to.is_empty() {
        return Err(Refusal::invalid("both 'from' and 'to' path must be specified as a string"));
    }
    for (name, path) in [("from", &from), ("to", &to)] {
        if path.starts_with(' ') || path.ends_with(' ') {
            return Err(Refusal::invalid(format!("'{name}' path cannot contain trailing whitespace")));
        }
    }
    let (source, target) = (slashed(&from), slashed(&to));
    check(cx, &source, &target)?;
    let id = cx.journal.uuid()?;
    let mount = cx.index.mounts.0.iter().find(|mount| mount.full_path() == source).cloned();
    let failed = mount.is_none();
    if let Some(mount) = mount {
        move_mount(cx, mount, &target)?;
    }
    cx.journal.note(Noted::Moved(id.clone(), Moved { source, target, failed }));
    let queued = "Mount move has been queued. Progress will be reported in OpenBao's server log, tagged with the returned migration_id";
    let reply = Reply::repeated(object(json!({ "migration_id": id })));
    Ok(reply.warn(Some(queued.to_owned())).warn(unknown))
}

/// What is given out under the old path ends, tokens of an auth method too.
fn move_mount(cx: &mut Context<'_>, mut mount: Mount, target: &str) -> Result<(), Refusal> {
    leases::end_below(cx, &mount.full_path(), true)?;
    mount.path =
        if mount.is_auth() { target.strip_prefix(AUTH).unwrap_or(target) } else { target }.to_owned();
    cx.journal.put_json(&mount.key(), &mount)
}

/// The real server's checks, in its order.
fn check(cx: &Context<'_>, source: &str, target: &str) -> Result<(), Refusal> {
    is_path(target)?;
    let auth = source.starts_with(AUTH);
    if auth && !target.starts_with(AUTH) {
        return Err(Refusal::invalid(format!("cannot remount auth mount to non-auth mount \"{target}\"")));
    }
    let protects = |path: &str| match auth {
        true => path.starts_with("auth/token/"),
        false => PROTECTED.iter().any(|prefix| path.starts_with(prefix)),
    };
    if protects(source) {
        return Err(Refusal::invalid(format!("cannot remount \"{source}\"")));
    }
    if protects(target) {
        let target = if auth { format!("\"{target}\"") } else { target.to_owned() };
        return Err(Refusal::invalid(format!("cannot remount to destination {target}")));
    }
    if !cx.index.mounts.0.iter().any(|mount| source.starts_with(&mount.full_path())) {
        return Err(Refusal::invalid(format!("no matching mount at \"{source}\"")));
    }
    let (table, path) = if auth { ("auth", target.strip_prefix(AUTH)) } else { ("mounts", Some(target)) };
    match overlapping(cx.index, table, path.unwrap_or_default()) {
        Some(mount) => Err(Refusal::invalid(format!("path already in use at \"{}\"", mount.full_path()))),
        None => Ok(()),
    }
}

fn is_path(target: &str) -> Result<(), Refusal> {
    let cleaned = target.split('/').filter(|part| !part.is_empty()).map(|part| format!("{part}/"));
    let cleaned = cleaned.collect::<String>();
    if target == "/" {
        return Err(Refusal::invalid("invalid destination mount path \"/\""));
    }
    if target.chars().any(char::is_control) {
        return Err(Refusal::invalid(
            "invalid destination mount: path cannot contain non-printable characters",
        ));
    }
    if cleaned != target {
        return Err(Refusal::invalid(format!(
            "invalid destination mount: path '{target}' does not match cleaned path '{cleaned}'"
        )));
    }
    Ok(())
}

/// Without slashes before, with one behind.
fn slashed(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}
