//! `ssh`: passwords of one use for hosts that ask this vault whether they are right. Roles of the type `otp` alone.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::auth::cidr;
use crate::context::{Caller, Context, Index};
use crate::door::{Call, Operation};
use crate::fields::{Fields, Shape};
use crate::ids;
use crate::leases::{self, Lease, LeaseSecret};
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

/// A role as stored at `roles/<name>`: what passwords need of it, and the rest as it stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Role {
    key_type: String,
    default_user: String,
    default_user_template: bool,
    cidr_list: String,
    exclude_cidr_list: String,
    port: i64,
    allowed_users: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A password as stored at `otp/<salted password>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Otp {
    username: String,
    ip: String,
    role_name: String,
}

/// Roles that give a password for any address, as stored at `config/zeroaddress`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ZeroAddress {
    roles: Vec<String>,
}

/// What a host asks to see whether there is a vault.
const ECHO_REQUEST: &str = "verify-echo-request";
const ECHO_RESPONSE: &str = "verify-echo-response";

/// The mount, if this is a host's question, which needs no token.
pub(crate) fn verify_of<'i>(index: &'i Index, call: &Call) -> Option<&'i Mount> {
    let (mount, rest) = index.mounts.route(&call.path)?;
    (mount.kind == "ssh" && rest == "verify").then_some(mount)
}

/// Answers a path below the mount's.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    rest: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    use Operation::{Delete, List, Read, Update};
    match (rest, call.operation) {
        ("roles/", List) => return list(cx, mount),
        ("lookup", Update) => return lookup(cx, call, mount),
        ("config/zeroaddress", Read) => return read_zero(cx, mount),
        ("config/zeroaddress", Update) => return write_zero(cx, call, mount),
        ("config/zeroaddress", Delete) => {
            cx.journal.delete(&zero_key(mount));
            return Ok(Reply::nothing());
        }
        ("roles" | "roles/" | "lookup" | "config/zeroaddress", _) => {
            return Err(Refusal::UnsupportedOperation);
        }
        _ => {}
    }
    let (folder, name) =
        rest.split_once('/').filter(|(_, name)| is_name(name)).ok_or(Refusal::UnsupportedPath)?;
    match (folder, call.operation) {
        ("roles", Read) => read(cx, mount, name),
        ("roles", Update) => write(cx, call, mount, name),
        ("roles", Delete) => delete(cx, mount, name),
        ("creds", Update) => creds(cx, call, mount, name, caller),
        ("roles" | "creds", _) => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}

fn is_name(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let inner = |c: char| word(c) || matches!(c, '-' | '.');
    text.chars().all(inner) && text.starts_with(word) && text.ends_with(word)
}

fn role_key(mount: &Mount, name: &str) -> String {
    format!("{}roles/{name}", mount.storage())
}

fn zero_key(mount: &Mount) -> String {
    format!("{}config/zeroaddress", mount.storage())
}

fn find(cx: &Context<'_>, mount: &Mount, name: &str) -> Result<Option<Role>, Refusal> {
    cx.journal.read_json(&role_key(mount, name))
}

fn roles(cx: &Context<'_>, mount: &Mount) -> Result<BTreeMap<String, Role>, Refusal> {
    let mut roles = BTreeMap::new();
    for name in cx.journal.list(&role_key(mount, "")) {
        if let Some(role) = find(cx, mount, &name)? {
            roles.insert(name, role);
        }
    }
    Ok(roles)
}

fn list(cx: &Context<'_>, mount: &Mount) -> Result<Reply, Refusal> {
    let roles = roles(cx, mount)?;
    let mut reply = Reply::keys(roles.keys().cloned().collect())?;
    let lines = roles.iter().map(|(name, role)| (name.clone(), json!({ "key_type": role.key_type })));
    let lines: Map<String, Value> = lines.collect();
    reply.data.get_or_insert_default().insert("key_info".to_owned(), Value::Object(lines));
    Ok(reply)
}

fn read(cx: &Context<'_>, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let role = find(cx, mount, name)?.ok_or(Refusal::NotFound)?;
    Ok(Reply::data(object(json!({
        "allowed_users": role.allowed_users,
        "cidr_list": role.cidr_list,
        "default_user": role.default_user,
        "exclude_cidr_list": role.exclude_cidr_list,
        "key_type": role.key_type,
        "port": role.port,
    }))))
}

/// All parameters of a role, also those of other key types, which are read and not used.
const FIELDS: [(&str, Shape); 30] = [
    ("algorithm_signer", Shape::Text),
    ("allow_bare_domains", Shape::Flag),
    ("allow_commas_in_identity_templates", Shape::Flag),
    ("allow_empty_principals", Shape::Flag),
    ("allow_host_certificates", Shape::Flag),
    ("allow_subdomains", Shape::Flag),
    ("allow_user_certificates", Shape::Flag),
    ("allow_user_key_ids", Shape::Flag),
    ("allow_wildcards_in_identity_templates", Shape::Flag),
    ("allowed_critical_options", Shape::Text),
    ("allowed_domains", Shape::Text),
    ("allowed_domains_template", Shape::Flag),
    ("allowed_extensions", Shape::Text),
    ("allowed_user_key_lengths", Shape::Object),
    ("allowed_users", Shape::Text),
    ("allowed_users_template", Shape::Flag),
    ("cidr_list", Shape::Text),
    ("default_critical_options", Shape::Object),
    ("default_extensions", Shape::Object),
    ("default_extensions_template", Shape::Flag),
    ("default_user", Shape::Text),
    ("default_user_template", Shape::Flag),
    ("exclude_cidr_list", Shape::Text),
    ("issuer_ref", Shape::Text),
    ("key_id_format", Shape::Text),
    ("key_type", Shape::Text),
    ("max_ttl", Shape::Duration),
    ("not_before_duration", Shape::Duration),
    ("port", Shape::Int),
    ("ttl", Shape::Duration),
];

fn write(cx: &mut Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    fields.check(&FIELDS)?;
    let role = Role {
        key_type: fields.text("key_type")?.to_lowercase(),
        default_user: fields.text("default_user")?,
        default_user_template: false,
        cidr_list: fields.text("cidr_list")?,
        exclude_cidr_list: fields.text("exclude_cidr_list")?,
        port: match fields.int("port")? {
            0 => 22,
            port => port,
        },
        allowed_users: fields.text("allowed_users")?,
        rest: unused(),
    };
    match role.key_type.as_str() {
        "" => return Err(Refusal::invalid("missing key type")),
        "otp" if role.default_user.is_empty() => return Err(Refusal::invalid("missing default user")),
        "otp" => {}
        "dynamic" => return Err(Refusal::invalid("dynamic key type roles are no longer supported")),
        _ => return Err(Refusal::invalid("invalid key type")),
    }
    check_blocks(&role.cidr_list, "cidr_list")?;
    check_blocks(&role.exclude_cidr_list, "exclude_cidr_list entry")?;
    cx.journal.put_json(&role_key(mount, name), &role)?;
    Ok(Reply::nothing())
}

/// What an `otp` role's entry has beside, as the server writes it.
fn unused() -> Map<String, Value> {
    object(json!({
        "algorithm_signer": "",
        "allow_bare_domains": false,
        "allow_host_certificates": false,
        "allow_subdomains": false,
        "allow_user_certificates": false,
        "allowed_domains": "",
        "allowed_users_template": false,
        "default_critical_options": null,
        "default_extensions": null,
        "issuer_ref": "",
        "key_id_format": "",
        "max_ttl": "",
        "not_before_duration": 0,
        "role_version": 4,
        "ttl": "",
    }))
}

fn blocks(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|block| !block.is_empty()).map(str::to_owned).collect()
}

fn check_blocks(list: &str, field: &str) -> Result<(), Refusal> {
    match blocks(list).iter().find(|block| block.parse::<ipnet::IpNet>().is_err()) {
        Some(wrong) => Err(Refusal::WrappedInternal(format!(
            "failed to validate {field}: invalid CIDR address: {wrong}"
        ))),
        None => Ok(()),
    }
}

fn delete(cx: &mut Context<'_>, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    cx.journal.delete(&role_key(mount, name));
    Ok(Reply::nothing())
}

/// `creds/:role`: a password for one login of a user at an address, with a lease.
fn creds(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
    caller: &Caller,
) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&[("ip", Shape::Text), ("role", Shape::Text), ("username", Shape::Text)])?;
    let ip = fields.text("ip")?;
    if ip.is_empty() {
        return Err(Refusal::invalid("Missing ip"));
    }
    let role =
        find(cx, mount, name)?.ok_or_else(|| Refusal::invalid(format!("Role \"{name}\" not found")))?;
    let username = username(&role, fields.text("username")?)?;
    let address: IpAddr = ip.parse().map_err(|_| Refusal::invalid(format!("Invalid IP \"{ip}\"")))?;
    let zero: Option<ZeroAddress> = cx.journal.read_json(&zero_key(mount))?;
    let any = zero.is_some_and(|zero| zero.roles.iter().any(|role| role == name));
    if !any && !holds(&role, address) {
        return Err(Refusal::invalid("Error validating IP: IP does not belong to role"));
    }
    let otp = cx.journal.uuid()?;
    let key = otp_key(cx, mount, &otp)?;
    let entry = Otp { username: username.clone(), ip: address.to_string(), role_name: name.to_owned() };
    cx.journal.put_json(&key, &entry)?;
    let data = object(json!({
        "ip": entry.ip,
        "key": otp,
        "key_type": role.key_type,
        "port": role.port,
        "username": username,
    }));
    let internal_data = Some(json!({ "otp": otp, "secret_type": "secret_otp_type" }));
    let secret = LeaseSecret { internal_data, ..LeaseSecret::default() };
    let (lease, warnings) = leases::register(cx, &caller.token, mount, &call.path, secret, &data)?;
    Ok(Reply { lease, warnings, ..Reply::data(data) }.warn(unknown))
}

/// The user asked for, if the role allows it; else the role's own.
fn username(role: &Role, asked: String) -> Result<String, Refusal> {
    if asked.is_empty() || asked == role.default_user {
        return Ok(role.default_user.clone());
    }
    if role.allowed_users.is_empty() {
        let text = "Username has to be either in allowed users list or has to be a default username";
        return Err(Refusal::invalid(text));
    }
    if role.allowed_users.split(',').map(str::trim).any(|user| user == "*" || user == asked) {
        return Ok(asked);
    }
    Err(Refusal::invalid("Username is not present is allowed users list"))
}

fn holds(role: &Role, address: IpAddr) -> bool {
    cidr::any_holds(&blocks(&role.cidr_list), address)
        && !cidr::any_holds(&blocks(&role.exclude_cidr_list), address)
}

fn otp_key(cx: &mut Context<'_>, mount: &Mount, otp: &str) -> Result<String, Refusal> {
    let at = format!("{}salt", mount.storage());
    let salt = match cx.journal.read(&at)? {
        Some(salt) => String::from_utf8_lossy(&salt).into_owned(),
        None => {
            let salt = cx.journal.uuid()?;
            cx.journal.put(&at, salt.as_bytes())?;
            salt
        }
    };
    let hash = Sha256::new().chain_update(salt).chain_update(otp).finalize();
    Ok(format!("{}otp/{}", mount.storage(), ids::hex(&hash)))
}

/// `verify`: a host asks whose password this is; it is none afterwards.
pub(crate) fn verify(cx: &mut Context<'_>, call: &Call, mount: &Mount) -> Result<Reply, Refusal> {
    if call.operation != Operation::Update {
        return Err(Refusal::UnsupportedOperation.unwrapped());
    }
    let otp = Fields(&call.data).text("otp")?;
    if otp == ECHO_REQUEST {
        return Ok(Reply::data(object(json!({ "message": ECHO_RESPONSE }))));
    }
    let key = otp_key(cx, mount, &otp)?;
    let entry: Option<Otp> = cx.journal.read_json(&key)?;
    let entry = entry.ok_or_else(|| Refusal::invalid("OTP not found"))?;
    cx.journal.delete(&key);
    Ok(Reply::data(object(json!({
        "ip": entry.ip,
        "role_name": entry.role_name,
        "username": entry.username,
    }))))
}

/// Takes back the password of a lease that ends.
pub(super) fn revoke(cx: &mut Context<'_>, mount: &Mount, lease: &Lease) -> Result<(), Refusal> {
    let data = lease.secret.as_ref().and_then(|secret| secret.internal_data.as_ref());
    if let Some(otp) = data.and_then(|data| data.get("otp")).and_then(Value::as_str) {
        let key = otp_key(cx, mount, otp)?;
        cx.journal.delete(&key);
    }
    Ok(())
}

/// `lookup`: the roles that an address belongs to.
fn lookup(cx: &Context<'_>, call: &Call, mount: &Mount) -> Result<Reply, Refusal> {
    let ip = Fields(&call.data).text("ip")?;
    if ip.is_empty() {
        return Err(Refusal::invalid("Missing ip"));
    }
    let address: IpAddr = ip.parse().map_err(|_| Refusal::invalid("Invalid IP \"<nil>\""))?;
    let zero: ZeroAddress = cx.journal.read_json(&zero_key(mount))?.unwrap_or_default();
    let fitting = roles(cx, mount)?.into_iter();
    let fitting = fitting.filter(|(name, role)| holds(role, address) || zero.roles.contains(name));
    let names: Vec<String> = fitting.map(|(name, _)| name).collect();
    Ok(Reply::data(object(json!({ "roles": names }))))
}

fn read_zero(cx: &Context<'_>, mount: &Mount) -> Result<Reply, Refusal> {
    let zero: ZeroAddress = cx.journal.read_json(&zero_key(mount))?.ok_or(Refusal::NotFound)?;
    Ok(Reply::data(object(json!({ "roles": zero.roles }))))
}

fn write_zero(cx: &mut Context<'_>, call: &Call, mount: &Mount) -> Result<Reply, Refusal> {
    let roles = Fields(&call.data).comma_list("roles")?;
    if roles.is_empty() {
        return Err(Refusal::invalid("Missing roles"));
    }
    for name in &roles {
        if find(cx, mount, name)?.is_none() {
            return Err(Refusal::invalid(format!("Role \"{name}\" does not exist")));
        }
    }
    cx.journal.put_json(&zero_key(mount), &ZeroAddress { roles })?;
    Ok(Reply::nothing())
}
