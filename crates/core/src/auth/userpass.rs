//! `userpass`: a user name and a password, for a token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::login::{self, Admitted};
use super::token_fields::{self, TokenFields, upgrade};
use super::{bare, cidr, is_name, lockout, password};
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;

const SECOND: i64 = 1_000_000_000;

/// A user as stored at `user/<name>`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct User {
    #[serde(flatten)]
    token: TokenFields,
    /// Base64 of the bcrypt text.
    #[serde(rename = "PasswordHash")]
    password_hash: String,
    /// Four parameters of old versions, kept while only their old names are used.
    #[serde(rename = "Policies")]
    policies: Option<Vec<String>>,
    #[serde(rename = "TTL")]
    ttl: i64,
    #[serde(rename = "MaxTTL")]
    max_ttl: i64,
    #[serde(rename = "BoundCIDRs")]
    bound_cidrs: Option<Vec<String>>,
}

/// A user's parameters, less those of its tokens.
const FIELDS: [&str; 8] =
    ["bound_cidrs", "max_ttl", "name", "password", "password_hash", "policies", "ttl", "username"];

/// Answers what needs a token, below the mount's path.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
) -> Result<Reply, Refusal> {
    match (rest, call.operation) {
        ("users/", Operation::List) => {
            return Reply::keys(cx.journal.list(&format!("{}user/", mount.storage())));
        }
        ("users" | "users/", _) => return Err(Refusal::UnsupportedOperation),
        _ => {}
    }
    let (name, part) = rest.strip_prefix("users/").map(split).ok_or(Refusal::UnsupportedPath)?;
    if !is_name(name) {
        return Err(Refusal::UnsupportedPath);
    }
    let key = key(mount, name);
    match (part, call.operation) {
        (None, Operation::Read) => {
            let known: Vec<&str> = FIELDS.into_iter().chain(token_fields::NAMES).collect();
            Ok(read(cx, &key)?.warn(Fields(&call.data).unknown(&known)))
        }
        (None, Operation::Update) => write(cx, call, &key),
        (None, Operation::Delete) => {
            cx.journal.delete(&key);
            Ok(Reply::nothing())
        }
        (Some("password"), Operation::Update) => set_password(cx, call, &key),
        (Some("policies"), Operation::Update) => set_policies(cx, call, &key),
        (None | Some("password" | "policies"), _) => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}

fn split(rest: &str) -> (&str, Option<&str>) {
    rest.split_once('/').map_or((rest, None), |(name, part)| (name, Some(part)))
}

fn key(mount: &Mount, name: &str) -> String {
    format!("{}user/{}", mount.storage(), name.to_lowercase())
}

/// Whether the user that would be written is there.
pub(crate) fn exists(cx: &Context<'_>, mount: &Mount, rest: &str) -> Result<Option<bool>, Refusal> {
    match rest.strip_prefix("users/").map(split) {
        Some((name, None)) if is_name(name) => Ok(Some(cx.journal.read(&key(mount, name))?.is_some())),
        _ => Ok(None),
    }
}

/// What a user's tokens are now, if the user is there.
pub(crate) fn token_fields(
    cx: &Context<'_>,
    mount: &Mount,
    name: &str,
) -> Result<Option<TokenFields>, Refusal> {
    let user: Option<User> = cx.journal.read_json(&key(mount, name))?;
    Ok(user.map(|user| user.token))
}

fn read(cx: &Context<'_>, key: &str) -> Result<Reply, Refusal> {
    let user: User = cx.journal.read_json(key)?.ok_or(Refusal::NotFound)?;
    let mut data = user.token.shown();
    for (name, list) in [("policies", &user.policies), ("bound_cidrs", &user.bound_cidrs)] {
        if let Some(list) = list {
            data.insert(name.to_owned(), json!(list));
        }
    }
    for (name, span) in [("ttl", user.ttl), ("max_ttl", user.max_ttl)] {
        if span != 0 {
            data.insert(name.to_owned(), Value::from(span / SECOND));
        }
    }
    Ok(Reply::data(data))
}

fn write(cx: &mut Context<'_>, call: &Call, key: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let known: Option<User> = cx.journal.read_json(key)?;
    let is_new = known.is_none();
    let mut user = known.unwrap_or_default();
    update(fields, &mut user).map_err(bare)?;
    let given = |name: &str| fields.text(name).map(|text| !text.is_empty()).map_err(bare);
    if given("password")? || given("password_hash")? || is_new {
        user.password_hash = password_hash(cx, fields)?;
    }
    cx.journal.put_json(key, &user)?;
    Ok(Reply::nothing())
}

fn update(fields: Fields<'_>, user: &mut User) -> Result<(), Refusal> {
    fields.text("password")?;
    user.token.update(fields)?;
    let given = Some(fields.comma_list("policies")?).filter(|list| !list.is_empty());
    upgrade(
        fields,
        ("policies", "token_policies"),
        given,
        &mut user.policies,
        &mut user.token.token_policies,
    );
    let ttl = fields.duration("ttl")?.unwrap_or_default().0;
    upgrade(fields, ("ttl", "token_ttl"), ttl, &mut user.ttl, &mut user.token.token_ttl);
    let max_ttl = fields.duration("max_ttl")?.unwrap_or_default().0;
    upgrade(fields, ("max_ttl", "token_max_ttl"), max_ttl, &mut user.max_ttl, &mut user.token.token_max_ttl);
    let blocks = fields.comma_list("bound_cidrs")?;
    let blocks: Vec<String> = blocks.iter().map(|block| cidr::bound(block)).collect::<Result<_, _>>()?;
    let given = Some(blocks).filter(|blocks| !blocks.is_empty());
    let names = ("bound_cidrs", "token_bound_cidrs");
    upgrade(fields, names, given, &mut user.bound_cidrs, &mut user.token.token_bound_cidrs);
    Ok(())
}

fn password_hash(cx: &mut Context<'_>, fields: Fields<'_>) -> Result<String, Refusal> {
    let (password, hash) = (fields.text("password")?, fields.text("password_hash")?);
    match (password.is_empty(), hash.is_empty()) {
        (true, true) => Err(Refusal::invalid("must provide either password or password_hash")),
        (false, false) => Err(Refusal::invalid("only one of password or password_hash may be provided")),
        (true, false) if password::is_hash(&hash) => Ok(STANDARD.encode(hash)),
        (true, false) => Err(Refusal::invalid("password_hash is not a valid bcrypt hash")),
        (false, true) => hashed(cx, &password),
    }
}

fn hashed(cx: &mut Context<'_>, password: &str) -> Result<String, Refusal> {
    if password.len() > password::LONGEST {
        return Err(Refusal::WrappedInternal("bcrypt: password length exceeds 72 bytes".to_owned()));
    }
    let salt = crate::ids::bytes16(cx.journal.rng())?;
    Ok(STANDARD.encode(password::hash(password, salt)))
}

fn set_password(cx: &mut Context<'_>, call: &Call, key: &str) -> Result<Reply, Refusal> {
    let mut user = known(cx, key)?;
    user.password_hash = password_hash(cx, Fields(&call.data))?;
    cx.journal.put_json(key, &user)?;
    Ok(Reply::nothing())
}

fn set_policies(cx: &mut Context<'_>, call: &Call, key: &str) -> Result<Reply, Refusal> {
    let mut user = known(cx, key)?;
    let fields = Fields(&call.data);
    let list = |name: &str| fields.comma_list(name).map(|list| Some(list).filter(|list| !list.is_empty()));
    if fields.has("token_policies") {
        user.token.token_policies = list("token_policies")?;
    }
    let given = list("policies")?;
    upgrade(
        fields,
        ("policies", "token_policies"),
        given,
        &mut user.policies,
        &mut user.token.token_policies,
    );
    cx.journal.put_json(key, &user)?;
    Ok(Reply::nothing())
}

fn known(cx: &Context<'_>, key: &str) -> Result<User, Refusal> {
    let user = cx.journal.read_json(key)?;
    user.ok_or_else(|| Refusal::WrappedInternal("username does not exist".to_owned()))
}

/// `login/:name`
pub(crate) fn log_in(cx: &mut Context<'_>, call: &Call, mount: &Mount, rest: &str) -> Result<Reply, Refusal> {
    let name = rest.strip_prefix("login/").filter(|name| is_name(name)).ok_or(Refusal::UnsupportedPath)?;
    let name = name.to_lowercase();
    let fields = Fields(&call.data);
    let password = fields.text("password").map_err(super::inside)?;
    lockout::check(cx, mount, &name)?;
    if call.operation != Operation::Update {
        return Err(Refusal::UnsupportedOperation);
    }
    if password.is_empty() {
        return Err(Refusal::Internal("missing password".to_owned()));
    }
    let wrong = || Refusal::invalid("invalid username or password");
    let user: User = cx.journal.read_json(&key(mount, &name))?.ok_or_else(wrong)?;
    if !verifies(&password, &user.password_hash) {
        lockout::failed(cx, mount, &name)?;
        return Err(wrong());
    }
    let blocks = user.token.token_bound_cidrs.as_deref().unwrap_or_default();
    if !blocks.is_empty() && !cidr::any_holds(blocks, call.remote) {
        return Err(Refusal::NoToken);
    }
    lockout::succeeded(cx, mount, &name);
    let who = Admitted {
        alias: name.clone(),
        internal_data: None,
        role: String::new(),
        alias_metadata: std::collections::BTreeMap::new(),
        display_name: name.clone(),
        metadata: [("username".to_owned(), name)].into(),
        token: &user.token,
        warnings: fields.unknown(&["password", "username"]).into_iter().collect(),
    };
    login::admit(cx, call, mount, who)
}

fn verifies(password: &str, hash: &str) -> bool {
    let text = STANDARD.decode(hash).ok().and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    password::verify(password, &text)
}
