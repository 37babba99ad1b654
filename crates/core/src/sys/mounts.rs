//! `sys/mounts`, `sys/auth`, `sys/internal/ui/mounts`: what is mounted, listed, made and taken away. It knows no backend.

use serde_json::{Map, Value, json};

use crate::context::{Context, Index};
use crate::door::{Call, Operation};
use crate::duration::GoDuration;
use crate::fields::Fields;
use crate::leases;
use crate::mounts::{Mount, MountConfig, NewMount, SYSTEM_TTL};
use crate::policy::Acl;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::sys::tune;
use crate::token_store::{self, Live};
use crate::{acl, identity};

/// The auth methods that can be enabled.
const AUTH_METHODS: [&str; 2] = ["approle", "userpass"];
/// The secrets engines that can be enabled.
const ENGINES: [&str; 2] = ["kv", "ssh"];
/// What every vault has once.
const ONLY_ONCE: [&str; 6] = ["cubbyhole", "identity", "system", "token", "ns_token", "ns_cubbyhole"];
/// Paths under which nothing else can be mounted.
const PROTECTED: [&str; 4] = ["auth/", "cubbyhole/", "identity/", "sys/"];

/// Answers `sys/mounts..` and `sys/auth..`: `table` is `mounts` or `auth`, `rest` what follows it.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, table: &str, rest: &str) -> Result<Reply, Refusal> {
    if let Some(path) = rest.strip_suffix("/tune") {
        return tune::dispatch(cx, call, &slashed(&tune::full_path(table, path)));
    }
    match (rest.trim_end_matches('/'), call.operation) {
        ("", _) if call.path.ends_with('/') => Err(Refusal::UnsupportedPath),
        ("", Operation::Read) => Ok(list(cx.index, table)),
        ("", Operation::List | Operation::Scan) => Err(Refusal::UnsupportedPath),
        ("", _) => Err(Refusal::UnsupportedOperation),
        (path, Operation::Read) => read(cx.index, table, &slashed(path)),
        (path, Operation::Update) => enable(cx, call, table, &slashed(path)),
        (path, Operation::Delete) => disable(cx, table, &slashed(path)),
        _ => Err(Refusal::UnsupportedOperation),
    }
}

fn slashed(path: &str) -> String {
    format!("{}/", path.trim_matches('/'))
}

fn list(index: &Index, table: &str) -> Reply {
    let mounts = index.mounts.of(table);
    Reply::repeated(mounts.map(|mount| (mount.path.clone(), Value::Object(mount.shown()))).collect())
}

fn read(index: &Index, table: &str, path: &str) -> Result<Reply, Refusal> {
    let what = if table == "auth" { "auth engine" } else { "secret engine mount" };
    let mount = index.mounts.at(table, path);
    let mount = mount.ok_or_else(|| Refusal::invalid(format!("No {what} at {path}")))?;
    Ok(Reply::repeated(mount.shown()))
}

fn enable(cx: &mut Context<'_>, call: &Call, table: &str, path: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let mut asked = Asked::read(fields, table)?;
    let kind = asked.kind(fields, table)?;
    if table == "mounts" {
        let taken = PROTECTED.iter().any(|prefix| path.starts_with(prefix));
        if taken {
            return Err(Refusal::invalid(format!("cannot mount \"{path}\"")));
        }
    }
    if kind == "token" && table == "auth" {
        return Err(Refusal::invalid("token credential backend cannot be instantiated"));
    }
    let known: &[&str] = if table == "auth" { &AUTH_METHODS } else { &ENGINES };
    if ONLY_ONCE.contains(&kind.as_str()) && table == "mounts" {
        return Err(Refusal::invalid(format!("mount type of \"{kind}\" is not mountable")));
    }
    if let Some(mount) = overlapping(cx.index, table, path) {
        return Err(Refusal::invalid(format!("path is already in use at {}", mount.path)));
    }
    if !known.contains(&kind.as_str()) {
        return Err(Refusal::invalid(format!("plugin not found in the catalog: {kind}")));
    }
    let version = asked.options.get("version").map(String::as_str).unwrap_or_default();
    if kind == "kv" && !matches!(version, "" | "0" | "1" | "2") {
        return Err(Refusal::invalid("nil backend of type \"kv\" returned from factory"));
    }
    let mut mount = Mount::new(cx, &NewMount { table, path, kind: &kind, description: &asked.description })?;
    let options = asked.options.iter().map(|(key, value)| (key.clone(), json!(value)));
    mount.options = Some(options.collect());
    (mount.local, mount.seal_wrap, mount.config) = (asked.local, asked.seal_wrap, asked.config);
    cx.journal.put_json(&mount.key(), &mount)?;
    Ok(Reply::nothing())
}

/// A mount above, at or below a path.
pub(crate) fn overlapping<'i>(index: &'i Index, table: &'i str, path: &str) -> Option<&'i Mount> {
    index.mounts.of(table).find(|mount| mount.path.starts_with(path) || path.starts_with(&mount.path))
}

/// The parameters of a new mount.
struct Asked {
    description: String,
    local: bool,
    seal_wrap: bool,
    options: std::collections::BTreeMap<String, String>,
    config: MountConfig,
}

impl Asked {
    fn read(fields: Fields<'_>, table: &str) -> Result<Self, Refusal> {
        fields.text("type")?;
        fields.flag("external_entropy_access", false)?;
        fields.text("plugin_name")?;
        fields.text("plugin_version")?;
        let config = fields.object("config")?;
        let mut asked = Self {
            description: fields.text("description")?,
            local: fields.flag("local", false)?,
            seal_wrap: fields.flag("seal_wrap", false)?,
            options: fields.pairs("options")?,
            config: MountConfig::default(),
        };
        asked.config = new_config(Fields(&config), table)?;
        Ok(asked)
    }

    /// What is to be mounted; `kv-v1` and `kv-v2` are `kv` with a version.
    fn kind(&mut self, fields: Fields<'_>, table: &str) -> Result<String, Refusal> {
        let kind = fields.text("type")?.to_lowercase();
        match kind.as_str() {
            "" => Err(Refusal::invalid("backend type must be specified as a string")),
            "plugin" => match fields.text("plugin_name")?.as_str() {
                "" => Err(Refusal::invalid("plugin_name must be provided for plugin backend")),
                name => Ok(name.to_owned()),
            },
            "kv-v1" | "kv-v2" if table == "mounts" => {
                let version = kind.trim_start_matches("kv-v").to_owned();
                self.options.insert("version".to_owned(), version);
                Ok("kv".to_owned())
            }
            _ => Ok(kind),
        }
    }
}

/// The settings of a new mount.
fn new_config(fields: Fields<'_>, table: &str) -> Result<MountConfig, Refusal> {
    let what = if table == "auth" { "auth" } else { "mount" };
    let wrong = |_| Refusal::invalid(format!("unable to convert given {what} config information"));
    let mut config = MountConfig {
        force_no_cache: fields.flag("force_no_cache", false).map_err(wrong)? && table == "mounts",
        listing_visibility: fields.text("listing_visibility").map_err(wrong)?,
        ..MountConfig::default()
    };
    for (name, word, span) in [
        ("default_lease_ttl", "default", &mut config.default_lease_ttl),
        ("max_lease_ttl", "max", &mut config.max_lease_ttl),
    ] {
        let text = fields.text(name).map_err(wrong)?;
        let parsed = if text == "system" { Ok(GoDuration(0)) } else { GoDuration::parse_lenient(&text) };
        let unparsable = |error| Refusal::invalid(format!("unable to parse {word} TTL of {text}: {error}"));
        *span = parsed.map_err(unparsable)?.0;
    }
    if config.max_lease_ttl != 0 && config.default_lease_ttl > config.max_lease_ttl {
        return Err(Refusal::invalid("given default lease TTL greater than given max lease TTL"));
    }
    if config.default_lease_ttl > SYSTEM_TTL && config.max_lease_ttl == 0 {
        return Err(Refusal::invalid(format!(
            "given default lease TTL greater than system max lease TTL of {}",
            SYSTEM_TTL / 1_000_000_000
        )));
    }
    tune::check_visibility(&config.listing_visibility)?;
    config.audit_non_hmac_request_keys = given_list(fields, "audit_non_hmac_request_keys")?;
    config.audit_non_hmac_response_keys = given_list(fields, "audit_non_hmac_response_keys")?;
    config.passthrough_request_headers = given_list(fields, "passthrough_request_headers")?;
    config.allowed_response_headers = given_list(fields, "allowed_response_headers")?;
    if table == "auth" {
        config.token_type = tune::token_type(&fields.text("token_type").map_err(wrong)?)?;
    }
    Ok(config)
}

/// A list that was given, however long.
pub(crate) fn given_list(fields: Fields<'_>, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    if fields.has(name) { fields.comma_list(name).map(Some) } else { Ok(None) }
}

/// Takes a mount away, with all that it stores and all leases below its path.
fn disable(cx: &mut Context<'_>, table: &str, path: &str) -> Result<Reply, Refusal> {
    if table == "auth" && path == "token/" {
        return Err(Refusal::invalid("token credential backend cannot be disabled"));
    }
    if table == "mounts" && PROTECTED.iter().any(|prefix| path.starts_with(prefix)) {
        return Err(Refusal::invalid(format!("cannot unmount \"{path}\"")));
    }
    let Some(mount) = cx.index.mounts.at(table, path) else { return Ok(Reply::nothing()) };
    // Its service tokens end with their leases. Its batch tokens live on: nothing is stored of them.
    leases::end_below(cx, &mount.full_path(), true)?;
    for key in cx.journal.all_below(&mount.storage()) {
        cx.journal.delete(&key);
    }
    cx.journal.delete(&mount.key());
    Ok(Reply::nothing())
}

/// `sys/internal/ui/mounts`: what may be shown to whoever asks, with or without a token.
pub(crate) fn visible(cx: &Context<'_>, call: &Call, path: &str) -> Result<Reply, Refusal> {
    if path.is_empty() && call.path.ends_with('/') {
        return Err(Refusal::UnsupportedPath.unwrapped());
    }
    if call.operation != Operation::Read {
        return Err(Refusal::UnsupportedOperation.unwrapped());
    }
    let token = asking(cx, call)?;
    let acl = token.as_ref().map(|token| acl::rules(cx, &token.entry)).transpose();
    let acl = acl.map_err(|_| Refusal::invalid("Forbidden"))?;
    if path.is_empty() {
        Ok(visible_mounts(cx.index, acl.as_ref()))
    } else {
        visible_mount(cx.index, acl, path)
    }
}

fn asking(cx: &Context<'_>, call: &Call) -> Result<Option<Live>, Refusal> {
    if call.token.is_empty() {
        return Ok(None);
    }
    let token = token_store::find(cx, &call.token).map_err(|_| Refusal::NoToken)?;
    identity::check(cx.index, &token.entry)?;
    Ok(Some(token))
}

fn visible_mounts(index: &Index, acl: Option<&Acl>) -> Reply {
    let of = |table: &str| {
        let shown = index
            .mounts
            .of(table)
            .filter_map(|mount| Some((mount.path.clone(), Value::Object(visible_one(mount, acl)?))));
        Value::Object(shown.collect::<Map<String, Value>>())
    };
    let data = [("auth".to_owned(), of("auth")), ("secret".to_owned(), of("mounts"))];
    Reply::data(data.into_iter().collect())
}

/// All of it to who may do anything below; to others only what is set to be seen, and of that only what it is.
fn visible_one(mount: &Mount, acl: Option<&Acl>) -> Option<Map<String, Value>> {
    let unauth = mount.config.listing_visibility == "unauth";
    match acl {
        Some(acl) if unauth || acl.reaches(&mount.full_path()) => Some(mount.shown()),
        None if unauth => {
            let full = mount.shown().into_iter();
            Some(full.filter(|(key, _)| matches!(key.as_str(), "description" | "options" | "type")).collect())
        }
        _ => None,
    }
}

fn visible_mount(index: &Index, acl: Option<Acl>, path: &str) -> Result<Reply, Refusal> {
    let acl = acl.ok_or(Refusal::NoToken)?;
    let path = slashed(path);
    let refused = || {
        Refusal::Forbidden(format!(
            "preflight capability check returned 403, please ensure client's policies grant access to path \"{path}\""
        ))
    };
    let (mount, _) = index.mounts.route(&path).ok_or_else(refused)?;
    if !acl.reaches(&mount.full_path()) {
        return Err(refused());
    }
    let mut data = mount.shown();
    data.insert("path".to_owned(), json!(mount.path));
    Ok(Reply::data(data))
}
