//! Secret ids: made, listed, looked up, destroyed. A secret id itself is never stored, only its HMAC.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::role::Role;
use super::{hmac, salt, salted};
use crate::UnixTime;
use crate::auth::cidr;
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

const SECOND: i64 = 1_000_000_000;

/// A secret id as stored at `secret_id/<HMAC of the role's name>/<HMAC of the secret id>`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SecretId {
    pub secret_id_accessor: String,
    /// Uses left; 0 is without limit.
    pub secret_id_num_uses: i64,
    /// Nanoseconds.
    secret_id_ttl: i64,
    creation_time: String,
    expiration_time: String,
    pub last_updated_time: String,
    pub metadata: BTreeMap<String, String>,
    pub cidr_list: Vec<String>,
    pub token_cidr_list: Vec<String>,
    /// A name of old versions, written empty.
    #[serde(rename = "SecretIDNumUses")]
    old_num_uses: i64,
}

/// What stands at `accessor/<salted accessor>`.
#[derive(Serialize, Deserialize)]
struct AccessorEntry {
    secret_id_hmac: String,
}

/// The folder of a role's secret ids.
pub(super) fn folder(mount: &Mount, role: &Role, name: &str) -> String {
    format!("{}{}{}/", mount.storage(), role.secret_id_prefix, hmac(&role.hmac_key, name))
}

/// Where a secret id is stored.
pub(super) fn key(mount: &Mount, role: &Role, name: &str, secret_id: &str) -> String {
    format!("{}{}", folder(mount, role, name), hmac(&role.hmac_key, secret_id))
}

fn accessor_key(cx: &mut Context<'_>, mount: &Mount, role: &Role, accessor: &str) -> Result<String, Refusal> {
    let prefix = if role.is_local() { "accessor_local" } else { "accessor" };
    Ok(format!("{}{prefix}/{}", mount.storage(), salted(&salt(cx, mount)?, accessor)))
}

impl SecretId {
    /// What stands at a key, unless its time is over.
    pub fn find(cx: &Context<'_>, key: &str) -> Result<Option<Self>, Refusal> {
        let found: Option<Self> = cx.journal.read_json(key)?;
        Ok(found.filter(|entry| UnixTime::parse(&entry.expiration_time).is_none_or(|end| cx.now < end)))
    }

    fn shown(&self) -> Value {
        json!({
            "cidr_list": self.cidr_list,
            "creation_time": self.creation_time,
            "expiration_time": self.expiration_time,
            "last_updated_time": self.last_updated_time,
            "metadata": self.metadata,
            "secret_id_accessor": self.secret_id_accessor,
            "secret_id_num_uses": self.secret_id_num_uses,
            "secret_id_ttl": self.secret_id_ttl / SECOND,
            "token_bound_cidrs": self.token_cidr_list,
        })
    }

    /// Takes it away with its accessor.
    pub fn remove(&self, cx: &mut Context<'_>, mount: &Mount, role: &Role, key: &str) -> Result<(), Refusal> {
        let accessor = accessor_key(cx, mount, role, &self.secret_id_accessor)?;
        cx.journal.delete(&accessor);
        cx.journal.delete(key);
        Ok(())
    }
}

/// `LIST secret-id`: accessors, in the order of storage.
pub(super) fn list(cx: &Context<'_>, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let absent = || Refusal::invalid(format!("role \"{name}\" does not exist"));
    let role = Role::find(cx, mount, name)?.ok_or_else(absent)?;
    let mut accessors = Vec::new();
    for key in cx.journal.all_below(&folder(mount, &role, name)) {
        let entry: Option<SecretId> = cx.journal.read_json(&key)?;
        accessors.extend(entry.map(|entry| entry.secret_id_accessor));
    }
    Reply::keys(accessors)
}

/// `secret-id` and `custom-secret-id`.
pub(super) fn make(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
    custom: bool,
) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    check_types(fields)?;
    if !custom {
        // These belong to the list, and are read all the same.
        fields.text("after")?;
        fields.int("limit")?;
    }
    let secret_id = if custom { fields.text("secret_id")? } else { cx.journal.uuid()? };
    if secret_id.is_empty() {
        return Err(Refusal::invalid("missing secret_id"));
    }
    let Some(role) = Role::find(cx, mount, name)? else { return Err(no_role(name)) };
    if !role.bind_secret_id {
        return Err(Refusal::invalid("bind_secret_id is not set on the role"));
    }
    let mut entry = draft(cx, fields, &role)?;
    entry.secret_id_accessor = cx.journal.uuid()?;
    let key = key(mount, &role, name, &secret_id);
    if cx.journal.read(&key)?.is_some() {
        let text = "failed to store secret_id: SecretID is already registered";
        return Err(Refusal::WrappedInternal(text.to_owned()));
    }
    let accessor = accessor_key(cx, mount, &role, &entry.secret_id_accessor)?;
    let secret_id_hmac = hmac(&role.hmac_key, &secret_id);
    cx.journal.put_json(&accessor, &AccessorEntry { secret_id_hmac })?;
    cx.journal.put_json(&key, &entry)?;
    let data = object(json!({
        "secret_id": secret_id,
        "secret_id_accessor": entry.secret_id_accessor,
        "secret_id_num_uses": entry.secret_id_num_uses,
        "secret_id_ttl": entry.secret_id_ttl / SECOND,
    }));
    let known = ["cidr_list", "metadata", "num_uses", "role_name", "token_bound_cidrs", "ttl"];
    let more: &[&str] = if custom { &["secret_id"] } else { &["after", "limit"] };
    let known: Vec<&str> = known.into_iter().chain(more.iter().copied()).collect();
    Ok(Reply { warnings: fields.unknown(&known).into_iter().collect(), ..Reply::data(data) })
}

fn check_types(fields: Fields<'_>) -> Result<(), Refusal> {
    fields.text("metadata")?;
    fields.duration("ttl")?;
    fields.int("num_uses")?;
    fields.comma_list("cidr_list")?;
    fields.comma_list("token_bound_cidrs").map(drop)
}

/// The one refusal of a missing role with a status of its own.
fn no_role(name: &str) -> Refusal {
    Refusal::Absent(format!("role \"{name}\" does not exist"))
}

fn draft(cx: &Context<'_>, fields: Fields<'_>, role: &Role) -> Result<SecretId, Refusal> {
    let (cidr_list, token_cidr_list) =
        (fields.comma_list("cidr_list")?, fields.comma_list("token_bound_cidrs")?);
    cidr::check_blocks(&cidr_list, "")?;
    let bound = role.secret_id_bound_cidrs.clone().unwrap_or_default();
    check_within(&cidr_list, &bound, "CIDR blocks")?;
    cidr::check_blocks(&token_cidr_list, "token ")?;
    let num_uses = if fields.has("num_uses") { fields.int("num_uses")? } else { role.secret_id_num_uses };
    if num_uses < 0 {
        return Err(Refusal::invalid("num_uses cannot be negative"));
    }
    if role.secret_id_num_uses != 0 && (num_uses == 0 || num_uses > role.secret_id_num_uses) {
        return Err(Refusal::invalid("num_uses cannot be higher than the role's secret_id_num_uses"));
    }
    let ttl = fields.duration("ttl")?.map_or(role.secret_id_ttl, |span| span.0);
    if role.secret_id_ttl != 0 && (ttl == 0 || ttl > role.secret_id_ttl) {
        return Err(Refusal::invalid("ttl cannot be longer than the role's secret_id_ttl"));
    }
    let end = Some(cx.now.plus_nanos(ttl)).filter(|_| ttl > 0);
    Ok(SecretId {
        secret_id_num_uses: num_uses,
        secret_id_ttl: ttl,
        creation_time: cx.now.to_string(),
        expiration_time: end.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |end| end.to_string()),
        last_updated_time: cx.now.to_string(),
        metadata: metadata(&fields.text("metadata")?)?,
        cidr_list,
        token_cidr_list,
        ..SecretId::default()
    })
}

fn check_within(inner: &[String], outer: &[String], what: &str) -> Result<(), Refusal> {
    if outer.is_empty() || cidr::all_within(inner, outer) {
        return Ok(());
    }
    // The real server prints an error here that is none.
    Err(Refusal::WrappedInternal(format!(
        "failed to verify subset relationship between {what} on the role {outer:?} and {what} on the secret ID {inner:?}: \
         %!w(<nil>)"
    )))
}

/// A JSON object of texts, in a text; or `k=v` pairs with commas.
fn metadata(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let wrong = || {
        Refusal::invalid("failed to parse metadata: failed to parse the input: invalid <key,value> format")
    };
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    if let Ok(map) = serde_json::from_str(text) {
        return Ok(map);
    }
    let pair = |pair: &str| {
        pair.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
    };
    text.split(',').map(|text| pair(text).ok_or_else(wrong)).collect()
}

fn role_or_error(cx: &Context<'_>, mount: &Mount, name: &str) -> Result<Role, Refusal> {
    let absent = || Refusal::WrappedInternal(format!("role \"{name}\" does not exist"));
    Role::find(cx, mount, name)?.ok_or_else(absent)
}

fn needed(call: &Call, field: &str) -> Result<String, Refusal> {
    match Fields(&call.data).text(field)? {
        text if text.is_empty() => Err(Refusal::invalid(format!("missing {field}"))),
        text => Ok(text),
    }
}

/// `secret-id/lookup`; what is not there is 204.
pub(super) fn lookup(cx: &Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let secret_id = needed(call, "secret_id")?;
    let role = role_or_error(cx, mount, name)?;
    let entry = SecretId::find(cx, &key(mount, &role, name, &secret_id))?;
    Ok(entry.map_or_else(Reply::nothing, |entry| Reply::data(object(entry.shown()))))
}

/// `secret-id/destroy`
pub(super) fn destroy(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
) -> Result<Reply, Refusal> {
    let secret_id = needed(call, "secret_id")?;
    let role = role_or_error(cx, mount, name)?;
    let key = key(mount, &role, name, &secret_id);
    let entry: Option<SecretId> = cx.journal.read_json(&key)?;
    if let Some(entry) = entry {
        entry.remove(cx, mount, &role, &key)?;
    }
    Ok(Reply::nothing())
}

/// Where the secret id of an accessor is stored, if anywhere.
fn key_of_accessor(
    cx: &mut Context<'_>,
    mount: &Mount,
    role: &Role,
    name: &str,
    accessor: &str,
) -> Result<Option<String>, Refusal> {
    let accessor = accessor_key(cx, mount, role, accessor)?;
    let entry: Option<AccessorEntry> = cx.journal.read_json(&accessor)?;
    Ok(entry.map(|entry| format!("{}{}", folder(mount, role, name), entry.secret_id_hmac)))
}

/// `secret-id-accessor/lookup`
pub(super) fn lookup_accessor(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
) -> Result<Reply, Refusal> {
    let accessor = needed(call, "secret_id_accessor")?;
    let role = role_or_error(cx, mount, name)?;
    let Some(key) = key_of_accessor(cx, mount, &role, name, &accessor)? else {
        let error = format!("failed to find accessor entry for secret_id_accessor: \"{accessor}\"");
        return Ok(Reply { status: Some(404), ..Reply::data(object(json!({ "error": error }))) });
    };
    let entry = SecretId::find(cx, &key)?;
    Ok(entry.map_or_else(Reply::nothing, |entry| Reply::data(object(entry.shown()))))
}

/// `secret-id-accessor/destroy`
pub(super) fn destroy_accessor(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
) -> Result<Reply, Refusal> {
    let accessor = needed(call, "secret_id_accessor")?;
    let role = role_or_error(cx, mount, name)?;
    let Some(key) = key_of_accessor(cx, mount, &role, name, &accessor)? else {
        let error = format!("failed to find accessor entry for secret_id_accessor: \"{accessor}\"");
        return Err(Refusal::WrappedInternal(error));
    };
    let entry: Option<SecretId> = cx.journal.read_json(&key)?;
    if let Some(entry) = entry {
        entry.remove(cx, mount, &role, &key)?;
    }
    Ok(Reply::nothing())
}

/// `tidy/secret-id`: takes away what is over, and accessors of what is gone.
pub(super) fn tidy(cx: &mut Context<'_>, mount: &Mount) -> Result<Reply, Refusal> {
    for (secrets, accessors) in [("secret_id/", "accessor/"), ("secret_id_local/", "accessor_local/")] {
        let mut alive = Vec::new();
        for key in cx.journal.all_below(&format!("{}{secrets}", mount.storage())) {
            if SecretId::find(cx, &key)?.is_some() {
                alive.extend(key.rsplit('/').next().map(str::to_owned));
            } else {
                cx.journal.delete(&key);
            }
        }
        for key in cx.journal.all_below(&format!("{}{accessors}", mount.storage())) {
            let entry: Option<AccessorEntry> = cx.journal.read_json(&key)?;
            if entry.is_none_or(|entry| !alive.contains(&entry.secret_id_hmac)) {
                cx.journal.delete(&key);
            }
        }
    }
    let text = "Tidy operation successfully started. Any information from the operation will be printed to OpenBao's \
                server logs.";
    Ok(Reply { status: Some(202), warnings: vec![text.to_owned()], ..Reply::nothing() })
}
