//! `sys/mounts/:path/tune`, `sys/auth/:path/tune`: a mount's settings, read and changed. It knows no backend.

use serde_json::Value;

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::duration::GoDuration;
use crate::fields::Fields;
use crate::mounts::{Lockout, Mount, MountConfig};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::sys::mounts::given_list;

/// Mounts that cannot be tuned.
const FIXED: [&str; 3] = ["cubbyhole/", "identity/", "sys/"];

/// The path below `/v1/` of what is tuned: `sys/mounts/auth/x/tune` is `sys/auth/x/tune`.
pub(crate) fn full_path(table: &str, path: &str) -> String {
    if table == "auth" { format!("auth/{path}") } else { path.to_owned() }
}

/// Reads or changes the settings of the mount at `path`, which ends with a slash.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, path: &str) -> Result<Reply, Refusal> {
    let mount = cx.index.mounts.0.iter().find(|mount| mount.full_path() == path).cloned();
    match call.operation {
        Operation::Read => {
            let none = || Refusal::invalid(format!("cannot fetch sysview for path \"{path}\""));
            Ok(Reply::repeated(mount.ok_or_else(none)?.tuning()))
        }
        Operation::Update => {
            check_types(Fields(&call.data))?;
            let none = || Refusal::invalid(format!("tune of path \"{path}\" failed: no mount entry found"));
            tune(cx, Fields(&call.data), mount.ok_or_else(none)?, path)
        }
        _ => Err(Refusal::UnsupportedOperation),
    }
}

fn check_types(fields: Fields<'_>) -> Result<(), Refusal> {
    for name in [
        "default_lease_ttl",
        "max_lease_ttl",
        "description",
        "listing_visibility",
        "plugin_version",
        "token_type",
    ] {
        fields.text(name)?;
    }
    fields.object("user_lockout_config")?;
    fields.pairs("options").map(drop)
}

/// A mount's plugin can be of another version; there are none but those that are built in.
fn check_plugin_version(fields: Fields<'_>, mount: &Mount) -> Result<(), Refusal> {
    let version = fields.text("plugin_version")?;
    if !fields.given("plugin_version") {
        return Ok(());
    }
    let mut numbers: Vec<&str> = version.strip_prefix('v').unwrap_or(&version).split('.').collect();
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if numbers.len() > 3 || !numbers.iter().all(is_number) {
        return Err(Refusal::invalid(format!(
            "version \"{version}\" is not a valid semantic version: malformed version: {version}"
        )));
    }
    numbers.resize(3, "0");
    let (kind, version) = (&mount.kind, numbers.join("."));
    Err(Refusal::invalid(format!("plugin not found in the catalog: {kind}, version=v{version}")))
}

fn tune(cx: &mut Context<'_>, fields: Fields<'_>, mut mount: Mount, path: &str) -> Result<Reply, Refusal> {
    let kv2 = mount.is_kv2();
    let mut warnings = Vec::new();
    check_plugin_version(fields, &mount)?;
    tune_spans(fields, &mut mount, path)?;
    if fields.has("user_lockout_config") {
        tune_lockout(fields, &mut mount)?;
    }
    if fields.has("description") {
        mount.description = fields.text("description")?;
    }
    if let Some(list) = given_list(fields, "audit_non_hmac_request_keys")? {
        mount.config.audit_non_hmac_request_keys = Some(list);
    }
    if let Some(list) = given_list(fields, "audit_non_hmac_response_keys")? {
        mount.config.audit_non_hmac_response_keys = Some(list);
    }
    if fields.has("listing_visibility") {
        mount.config.listing_visibility = fields.text("listing_visibility")?;
        check_visibility(&mount.config.listing_visibility)?;
    }
    if fields.has("token_type") {
        tune_token_type(fields, &mut mount)?;
    }
    if let Some(list) = given_list(fields, "passthrough_request_headers")? {
        mount.config.passthrough_request_headers = Some(list);
    }
    if let Some(list) = given_list(fields, "allowed_response_headers")? {
        mount.config.allowed_response_headers = Some(list);
    }
    for (key, value) in fields.pairs("options")? {
        let options = mount.options.get_or_insert_default();
        if value.is_empty() {
            drop(options.remove(&key))
        } else {
            drop(options.insert(key, Value::from(value)))
        }
    }
    if mount.kind == "kv" {
        if kv2 && !mount.is_kv2() {
            return Err(Refusal::invalid("cannot downgrade mount from version 2"));
        }
        if !kv2 && mount.is_kv2() {
            warnings.push(UPGRADING.to_owned());
            crate::secrets::kv::upgrade(cx, &mount)?;
        }
    }
    cx.journal.put_json(&mount.key(), &mount)?;
    Ok(Reply { warnings, ..Reply::nothing() })
}

/// The real server names no version here, whatever the versions are.
const UPGRADING: &str = "Upgrading mount from version 0 to version 0. This mount will be unavailable for a brief period \
    and will resume service shortly.";

fn tune_spans(fields: Fields<'_>, mount: &mut Mount, path: &str) -> Result<(), Refusal> {
    for (name, span) in [
        ("default_lease_ttl", &mut mount.config.default_lease_ttl),
        ("max_lease_ttl", &mut mount.config.max_lease_ttl),
    ] {
        let text = fields.text(name)?;
        if text.is_empty() {
            continue;
        }
        if FIXED.contains(&path) {
            return Err(Refusal::invalid(format!("cannot tune parameter {name} of {path}")));
        }
        let parsed = if text == "system" { Ok(GoDuration(0)) } else { GoDuration::parse_lenient(&text) };
        *span = parsed.map_err(|error| Refusal::invalid(error.to_string()))?.0;
    }
    let MountConfig { default_lease_ttl: default, max_lease_ttl: max, .. } = mount.config;
    if default > 0 && max > 0 && max < default {
        return Err(Refusal::invalid(format!(
            "backend max lease TTL of {} would be less than backend default lease TTL of {}",
            max / 1_000_000_000,
            default / 1_000_000_000
        )));
    }
    Ok(())
}

fn tune_lockout(fields: Fields<'_>, mount: &mut Mount) -> Result<(), Refusal> {
    let config = fields.object("user_lockout_config")?;
    let fields = Fields(&config);
    if config.is_empty() {
        return Ok(());
    }
    if !matches!(mount.kind.as_str(), "approle" | "userpass" | "ldap") {
        return Err(Refusal::invalid(format!(
            "tuning of user lockout configuration for auth type \"{}\" not allowed",
            mount.kind
        )));
    }
    let mut lockout = mount.config.user_lockout_config.take().unwrap_or_default();
    tune_lockout_fields(fields, &mut lockout)?;
    mount.config.user_lockout_config = Some(lockout);
    Ok(())
}

fn tune_lockout_fields(fields: Fields<'_>, lockout: &mut Lockout) -> Result<(), Refusal> {
    let threshold = fields.text("lockout_threshold")?;
    if !threshold.is_empty() {
        lockout.lockout_threshold = threshold.parse().map_err(|_| {
            Refusal::invalid(format!(
                "unable to parse user lockout threshold: strconv.ParseUint: parsing \"{threshold}\": invalid syntax"
            ))
        })?;
    }
    if let Some(span) = fields.text_duration("lockout_duration")? {
        lockout.lockout_duration = span.0;
    }
    if let Some(span) = fields.text_duration("lockout_counter_reset_duration")? {
        lockout.lockout_counter_reset = span.0;
    }
    lockout.disable_lockout = fields.flag("lockout_disable", lockout.disable_lockout)?;
    Ok(())
}

fn tune_token_type(fields: Fields<'_>, mount: &mut Mount) -> Result<(), Refusal> {
    if !mount.is_auth() {
        return Err(Refusal::invalid("'token_type' can only be modified on auth mounts"));
    }
    if mount.kind == "token" {
        return Err(Refusal::invalid("'token_type' cannot be set for 'token' or 'ns_token' auth mounts"));
    }
    mount.config.token_type = token_type(&fields.text("token_type")?)?;
    Ok(())
}

/// The number of a token type's name.
pub(crate) fn token_type(word: &str) -> Result<u32, Refusal> {
    match word {
        "" | "default-service" => Ok(3),
        "service" => Ok(1),
        "batch" => Ok(2),
        "default-batch" => Ok(4),
        _ => Err(Refusal::invalid("invalid value for 'token_type'")),
    }
}

/// Whether a mount may be shown to everybody.
pub(crate) fn check_visibility(word: &str) -> Result<(), Refusal> {
    match word {
        "" | "hidden" | "unauth" => Ok(()),
        _ => Err(Refusal::invalid(format!("invalid listing_visibility {word}"))),
    }
}
