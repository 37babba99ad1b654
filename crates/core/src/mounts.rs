//! What is mounted where: the mount entries as the server stores them. It knows no backend.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::refusal::Refusal;

/// 768 hours in nanoseconds, the server's own default and maximum.
pub(crate) const SYSTEM_TTL: i64 = 768 * 3600 * 1_000_000_000;

const SECOND: i64 = 1_000_000_000;

/// One mount, as stored at `core/mounts/<uuid>`, `core/auth/<uuid>`, or in the same folders for local ones.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Mount {
    /// `mounts` or `auth`.
    pub table: String,
    /// With its slash, below `auth/` for the auth table.
    pub path: String,
    /// What answers there: `token`, `kv`, `cubbyhole`, …
    #[serde(rename = "type")]
    pub kind: String,
    pub description: String,
    pub uuid: String,
    pub backend_aware_uuid: String,
    pub accessor: String,
    pub config: MountConfig,
    pub options: Option<Map<String, Value>>,
    pub local: bool,
    pub seal_wrap: bool,
    pub namespace_id: String,
}

/// A mount's settings; spans are nanoseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct MountConfig {
    #[serde(skip_serializing_if = "is_zero")]
    pub default_lease_ttl: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub max_lease_ttl: i64,
    #[serde(skip_serializing_if = "is_false")]
    pub force_no_cache: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_non_hmac_request_keys: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_non_hmac_response_keys: Option<Vec<String>>,
    /// `unauth` shows the mount to everybody; `hidden` and empty do not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub listing_visibility: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passthrough_request_headers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_response_headers: Option<Vec<String>>,
    /// 0 default-service, 1 service, 2 batch, 3 default-service as set, 4 default-batch.
    #[serde(skip_serializing_if = "is_zero_u32")]
    pub token_type: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_lockout_config: Option<Lockout>,
}

/// When wrong passwords lock a user out; spans are nanoseconds, 0 is the server's own value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Lockout {
    #[serde(skip_serializing_if = "is_zero_u64")]
    pub lockout_threshold: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub lockout_duration: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub lockout_counter_reset: i64,
    #[serde(skip_serializing_if = "is_false")]
    pub disable_lockout: bool,
}

/// What is needed to make a mount.
pub(crate) struct NewMount<'a> {
    /// `mounts` or `auth`.
    pub table: &'a str,
    /// With its slash.
    pub path: &'a str,
    pub kind: &'a str,
    pub description: &'a str,
}

impl Mount {
    /// A new mount with ids of its own, without settings.
    pub fn new(cx: &mut Context<'_>, new: &NewMount<'_>) -> Result<Self, Refusal> {
        let accessor = cx.journal.uuid()?;
        let accessor = accessor.get(..8).unwrap_or_default();
        let prefix = if new.table == "auth" { "auth_" } else { "" };
        Ok(Self {
            table: new.table.to_owned(),
            path: new.path.to_owned(),
            kind: new.kind.to_owned(),
            description: new.description.to_owned(),
            uuid: cx.journal.uuid()?,
            backend_aware_uuid: cx.journal.uuid()?,
            accessor: format!("{prefix}{}_{accessor}", new.kind),
            config: MountConfig::default(),
            options: None,
            local: false,
            seal_wrap: false,
            namespace_id: "root".to_owned(),
        })
    }

    /// The path below `/v1/`, with its slash.
    pub fn full_path(&self) -> String {
        if self.is_auth() { format!("auth/{}", self.path) } else { self.path.clone() }
    }

    /// Whether it is an auth method.
    pub fn is_auth(&self) -> bool {
        self.table == "auth"
    }

    /// Whether an engine here answers for it.
    pub fn is_known(&self) -> bool {
        match self.is_auth() {
            true => matches!(self.kind.as_str(), "approle" | "token" | "userpass"),
            false => matches!(self.kind.as_str(), "cubbyhole" | "identity" | "kv" | "ssh" | "system"),
        }
    }

    /// Where its entry is stored.
    pub fn key(&self) -> String {
        let folder = match (self.is_auth(), self.local) {
            (true, false) => "core/auth",
            (true, true) => "core/local-auth",
            (false, false) => "core/mounts",
            (false, true) => "core/local-mounts",
        };
        format!("{folder}/{}", self.uuid)
    }

    /// The folder of what its backend stores.
    pub fn storage(&self) -> String {
        let folder = if self.is_auth() { "auth" } else { "logical" };
        format!("{folder}/{}/", self.uuid)
    }

    /// Whether it is the key/value engine with versions.
    pub fn is_kv2(&self) -> bool {
        let version = self.options.as_ref().and_then(|options| options.get("version"));
        self.kind == "kv" && version.and_then(Value::as_str) == Some("2")
    }

    /// Nanoseconds.
    pub fn default_ttl(&self) -> i64 {
        if self.config.default_lease_ttl == 0 { SYSTEM_TTL } else { self.config.default_lease_ttl }
    }

    /// Nanoseconds.
    pub fn max_ttl(&self) -> i64 {
        if self.config.max_lease_ttl == 0 { SYSTEM_TTL } else { self.config.max_lease_ttl }
    }

    /// What `sys/mounts` and `sys/auth` show of it.
    pub fn shown(&self) -> Map<String, Value> {
        let mut data = object(json!({
            "accessor": self.accessor,
            "config": self.config.shown(self.is_auth()),
            "description": self.description,
            "external_entropy_access": false,
            "local": self.local,
            "options": self.options,
            "plugin_version": "",
            "running_plugin_version": concat!("v2.7.2", "+builtin.bao"),
            "running_sha256": "",
            "seal_wrap": self.seal_wrap,
            "type": self.kind,
            "uuid": self.uuid,
        }));
        if !matches!(self.kind.as_str(), "cubbyhole" | "identity" | "system" | "token") {
            data.insert("deprecation_status".to_owned(), json!("supported"));
        }
        data
    }

    /// What `tune` answers of it: the spans in force, in seconds.
    pub fn tuning(&self) -> Map<String, Value> {
        let mut data = self.config.lists();
        data.extend(object(json!({
            "default_lease_ttl": self.default_ttl() / SECOND,
            "description": self.description,
            "force_no_cache": self.config.force_no_cache,
            "max_lease_ttl": self.max_ttl() / SECOND,
        })));
        if self.is_auth() {
            data.insert("token_type".to_owned(), json!(self.config.token_type_word()));
        }
        if let Some(lockout) = &self.config.user_lockout_config {
            data.extend(lockout.shown());
        }
        if let Some(options) = self.options.as_ref().filter(|options| !options.is_empty()) {
            data.insert("options".to_owned(), json!(options));
        }
        data
    }
}

impl MountConfig {
    /// The names of token types by their numbers.
    pub const TOKEN_TYPES: [&'static str; 5] =
        ["default-service", "service", "batch", "default-service", "default-batch"];

    /// The name of its token type.
    pub fn token_type_word(&self) -> &'static str {
        let word = usize::try_from(self.token_type).ok().and_then(|at| Self::TOKEN_TYPES.get(at));
        word.copied().unwrap_or("default-service")
    }

    /// The spans as set, in seconds; 0 is the server's own.
    fn shown(&self, auth: bool) -> Map<String, Value> {
        let mut data = self.lists();
        data.extend(object(json!({
            "default_lease_ttl": self.default_lease_ttl / SECOND,
            "force_no_cache": self.force_no_cache,
            "max_lease_ttl": self.max_lease_ttl / SECOND,
        })));
        if auth {
            data.insert("token_type".to_owned(), json!(self.token_type_word()));
        }
        if let Some(lockout) = &self.user_lockout_config {
            data.insert("user_lockout_config".to_owned(), Value::Object(lockout.shown()));
        }
        data
    }

    /// What is shown only where it was set.
    fn lists(&self) -> Map<String, Value> {
        let lists = [
            ("allowed_response_headers", &self.allowed_response_headers),
            ("audit_non_hmac_request_keys", &self.audit_non_hmac_request_keys),
            ("audit_non_hmac_response_keys", &self.audit_non_hmac_response_keys),
            ("passthrough_request_headers", &self.passthrough_request_headers),
        ];
        let set = lists.into_iter().filter_map(|(name, list)| Some((name.to_owned(), json!(list.as_ref()?))));
        let mut data: Map<String, Value> = set.collect();
        if !self.listing_visibility.is_empty() {
            data.insert("listing_visibility".to_owned(), json!(self.listing_visibility));
        }
        data
    }
}

impl Lockout {
    fn shown(&self) -> Map<String, Value> {
        object(json!({
            "user_lockout_counter_reset_duration": self.lockout_counter_reset / SECOND,
            "user_lockout_disable": self.disable_lockout,
            "user_lockout_duration": self.lockout_duration / SECOND,
            "user_lockout_threshold": self.lockout_threshold,
        }))
    }
}

/// All mounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mounts(pub Vec<Mount>);

impl Mounts {
    /// The mount that a path (below `/v1/`) belongs to, and the rest of the path.
    pub fn route<'p>(&self, path: &'p str) -> Option<(&Mount, &'p str)> {
        let rest = |mount: &Mount| {
            let path = if mount.is_auth() { path.strip_prefix("auth/")? } else { path };
            match path.strip_prefix(mount.path.trim_end_matches('/'))? {
                "" => Some(""),
                rest => rest.strip_prefix('/'),
            }
        };
        let matches = self.0.iter().filter_map(|mount| Some((mount, rest(mount)?)));
        matches.min_by_key(|(_, rest)| rest.len())
    }

    /// The mount at exactly that path of a table; both end with a slash.
    pub fn at(&self, table: &str, path: &str) -> Option<&Mount> {
        self.0.iter().find(|mount| mount.table == table && mount.path == path)
    }

    /// The mounts of a table.
    pub fn of<'m>(&'m self, table: &'m str) -> impl Iterator<Item = &'m Mount> {
        self.0.iter().filter(move |mount| mount.table == table)
    }

    /// The token store's mount.
    pub fn token(&self) -> Option<&Mount> {
        self.0.iter().find(|mount| mount.table == "auth" && mount.kind == "token")
    }

    /// The cubbyhole's mount.
    pub fn cubbyhole(&self) -> Option<&Mount> {
        self.0.iter().find(|mount| mount.kind == "cubbyhole")
    }

    /// The folders of storage that hold mount entries.
    pub const FOLDERS: [&'static str; 4] =
        ["core/mounts/", "core/local-mounts/", "core/auth/", "core/local-auth/"];
}

/// The members of a value that was written as an object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(span: &i64) -> bool {
    *span == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero_u32(number: &u32) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero_u64(number: &u64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
