//! Response wrapping: an answer kept in the cubbyhole of a new token of one use, which is answered in its place. It knows no endpoint
//! but its own, `sys/wrapping/`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vaultlet_token::entry::{TokenEntry, TokenType};

use crate::UnixTime;
use crate::context::{Caller, Context};
use crate::door::{Call, Operation};
use crate::duration::GoDuration;
use crate::fields::{Fields, Shape};
use crate::mounts::object;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::token_store::store::{self, Grant};
use crate::token_store::{Live, create, end, find};

/// What a wrapping token may do, and by which it is known.
const POLICY: &str = "response-wrapping";

/// What an answer says in the place of what it wraps, in the server's order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WrapInfo {
    token: String,
    accessor: String,
    /// Seconds.
    ttl: i64,
    creation_time: String,
    creation_path: String,
    /// Of a token that is wrapped.
    #[serde(skip_serializing_if = "String::is_empty")]
    wrapped_accessor: String,
}

/// What stands at `wrapinfo` in a wrapping token's cubbyhole.
#[derive(Serialize, Deserialize)]
struct Kept {
    creation_path: String,
    creation_time: String,
    /// Nanoseconds.
    creation_ttl: i64,
}

/// What stands at `response` in a wrapping token's cubbyhole.
#[derive(Serialize, Deserialize)]
struct Wrapped {
    response: String,
}

/// The span in the header, if it asks for wrapping.
pub(crate) fn asked(header: &str) -> Result<Option<GoDuration>, Refusal> {
    let wrong = |reason: String| Refusal::invalid(format!("error parsing X-Vault-Wrap-TTL header: {reason}"));
    let span = GoDuration::parse_lenient(header).map_err(|error| wrong(error.to_string()))?;
    if span.0 < 0 {
        return Err(wrong("requested wrap ttl cannot be negative".to_owned()));
    }
    Ok(Some(span).filter(|span| span.0 > 0))
}

/// Wraps an answer if the call asks for it and the answer says anything.
pub(crate) fn apply(cx: &mut Context<'_>, call: &Call, reply: Reply, id: [u8; 16]) -> Result<Reply, Refusal> {
    let ttl = call.wrap_ttl.filter(|_| reply.is_wrappable());
    let Some(ttl) = ttl else { return Ok(reply) };
    let accessor = reply.auth.as_ref().map(|auth| auth.accessor.clone()).unwrap_or_default();
    let response = reply::wrapped(&reply, id);
    wrap(cx, &call.path, ttl.0, response, accessor)
}

/// An empty list that was to be wrapped is refused in other words.
pub(crate) fn refusal(call: &Call, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotFound if call.operation == Operation::List && call.wrap_ttl.is_some() => {
            Refusal::UnsupportedPath.unwrapped()
        }
        refusal => refusal,
    }
}

/// Makes the token of one use, and keeps the response in its cubbyhole.
fn wrap(
    cx: &mut Context<'_>,
    path: &str,
    ttl: i64,
    response: String,
    wrapped_accessor: String,
) -> Result<Reply, Refusal> {
    let mut entry = TokenEntry {
        policies: vec![POLICY.to_owned()],
        path: path.to_owned(),
        display_name: "token".to_owned(),
        creation_time: i64::try_from(cx.now.secs()).unwrap_or(i64::MAX),
        ttl,
        explicit_max_ttl: ttl,
        num_uses: 1,
        namespace_id: "root".to_owned(),
        token_type: TokenType::Service,
        ..TokenEntry::default()
    };
    store::write_wrapping(cx, &mut entry, &Grant { ttl, explicit_max: ttl, ..Grant::default() })?;
    let creation_time = cx.now.to_string();
    let kept =
        Kept { creation_path: path.to_owned(), creation_time: creation_time.clone(), creation_ttl: ttl };
    let folder = folder(cx, &entry)?;
    cx.journal.put_json(&format!("{folder}response"), &Wrapped { response })?;
    cx.journal.put_json(&format!("{folder}wrapinfo"), &kept)?;
    let info = WrapInfo {
        token: create::shown_id(cx, &entry),
        accessor: entry.accessor,
        ttl: ttl / 1_000_000_000,
        creation_time,
        creation_path: path.to_owned(),
        wrapped_accessor,
    };
    Ok(Reply { wrap_info: Some(info), ..Reply::nothing() })
}

fn folder(cx: &Context<'_>, entry: &TokenEntry) -> Result<String, Refusal> {
    let mount = cx.index.mounts.cubbyhole().ok_or(Refusal::UnsupportedPath)?;
    Ok(format!("logical/{}/{}/", mount.uuid, entry.cubbyhole_id))
}

/// Whether anybody may ask: the wrapping token in the call is leave enough to be told where it comes from.
pub(crate) fn is_lookup(call: &Call) -> bool {
    call.path == "sys/wrapping/lookup"
}

/// Refuses a wrapping token that is none, before anybody is asked for his own.
pub(crate) fn check(cx: &Context<'_>, call: &Call) -> Result<(), Refusal> {
    if !matches!(call.path.as_str(), "sys/wrapping/unwrap" | "sys/wrapping/lookup" | "sys/wrapping/rewrap") {
        return Ok(());
    }
    let wrong = |what: &str| Err(Refusal::Forbidden(format!("error validating wrapping token: {what}")));
    match call.data.get("token") {
        None if call.token.is_empty() => wrong("token is empty"),
        Some(Value::String(text)) if text.is_empty() => wrong("empty token in request body"),
        None | Some(Value::Null | Value::String(_)) => given(cx, call).map(drop),
        Some(_) => wrong("could not decode token in request body"),
    }
}

/// The wrapping token in the parameters, else the caller's own.
fn given(cx: &Context<'_>, call: &Call) -> Result<Live, Refusal> {
    let text = call.data.get("token").and_then(|token| token.as_str()).filter(|text| !text.is_empty());
    let token = find(cx, text.unwrap_or(&call.token)).ok();
    let token = token.filter(|token| token.entry.policies == [POLICY]);
    token.ok_or_else(|| Refusal::invalid("wrapping token is not valid or does not exist"))
}

/// Answers a path below `sys/wrapping/`.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    rest: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    match (rest, call.operation) {
        ("wrap", Operation::Update) if call.wrap_ttl.is_none() => {
            Err(Refusal::invalid("endpoint requires response wrapping to be used"))
        }
        ("wrap", Operation::Update) => Ok(Reply::data(call.data.clone())),
        ("unwrap", Operation::Update) => unwrap(cx, call, caller),
        ("rewrap", Operation::Update) => rewrap(cx, call, caller),
        ("wrap" | "unwrap" | "rewrap" | "lookup", _) => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}

/// `sys/wrapping/lookup`: where a wrapped answer comes from. It takes no use.
pub(crate) fn lookup(cx: &Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    if !matches!(call.operation, Operation::Read | Operation::Update) {
        return Err(Refusal::UnsupportedOperation.unwrapped());
    }
    let token = given(cx, call)?;
    let folder = folder(cx, &token.entry)?;
    let kept: Kept = cx.journal.read_json(&format!("{folder}wrapinfo"))?.ok_or(Refusal::NotFound)?;
    let created = UnixTime::parse(&kept.creation_time).unwrap_or_default();
    Ok(Reply::data(object(json!({
        "creation_path": kept.creation_path,
        "creation_time": created.to_string(),
        "creation_ttl": kept.creation_ttl / 1_000_000_000,
    }))))
}

/// Gives what is wrapped, as it was answered. Another's wrapping token ends here; the caller's own has taken its last use.
fn unwrap(cx: &mut Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    Fields(&call.data).check(&[("token", Shape::Text)])?;
    let (token, own) = whose(cx, call, caller)?;
    let folder = folder(cx, &token.entry)?;
    let wrapped: Wrapped = cx.journal.read_json(&format!("{folder}response"))?.ok_or(Refusal::NotFound)?;
    if !own {
        end::with_descendants(cx, &token)?;
    }
    Ok(reply::unwrapped(wrapped.response))
}

/// Wraps again what is wrapped: another token, the same span from now on.
fn rewrap(cx: &mut Context<'_>, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let (token, own) = whose(cx, call, caller)?;
    let folder = folder(cx, &token.entry)?;
    let kept: Kept = cx.journal.read_json(&format!("{folder}wrapinfo"))?.ok_or(Refusal::NotFound)?;
    let wrapped: Wrapped = cx.journal.read_json(&format!("{folder}response"))?.ok_or(Refusal::NotFound)?;
    if !own {
        end::with_descendants(cx, &token)?;
    }
    wrap(cx, &kept.creation_path, kept.creation_ttl, wrapped.response, String::new())
}

/// The wrapping token, and whether it is the caller's own, which is spent already and no longer found.
fn whose(cx: &Context<'_>, call: &Call, caller: &Caller) -> Result<(Live, bool), Refusal> {
    let text = call.data.get("token").and_then(|token| token.as_str()).unwrap_or_default();
    if text.is_empty() || text == caller.token.shown {
        return Ok((caller.token.clone(), true));
    }
    Ok((given(cx, call)?, false))
}
