//! What is mounted where: the mount entries as the server stores them. It knows no backend.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// 768 hours in nanoseconds, the server's own default and maximum.
pub(crate) const SYSTEM_TTL: i64 = 768 * 3600 * 1_000_000_000;

/// One mount, as stored at `core/mounts/<uuid>`, `core/local-mounts/<uuid>` or `core/auth/<uuid>`.
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
    /// 0 default-service, 1 service, 2 batch, 3 default-service as set, 4 default-batch.
    #[serde(skip_serializing_if = "is_zero_u32")]
    pub token_type: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passthrough_request_headers: Option<Vec<String>>,
}

impl Mount {
    /// The path below `/v1/`, with its slash.
    pub fn full_path(&self) -> String {
        if self.table == "auth" { format!("auth/{}", self.path) } else { self.path.clone() }
    }

    /// Where its entry is stored.
    pub fn key(&self) -> String {
        let folder = match (self.table.as_str(), self.local) {
            ("auth", false) => "core/auth",
            ("auth", true) => "core/local-auth",
            (_, false) => "core/mounts",
            (_, true) => "core/local-mounts",
        };
        format!("{folder}/{}", self.uuid)
    }

    /// Nanoseconds.
    pub fn default_ttl(&self) -> i64 {
        if self.config.default_lease_ttl > 0 { self.config.default_lease_ttl } else { SYSTEM_TTL }
    }

    /// Nanoseconds.
    pub fn max_ttl(&self) -> i64 {
        if self.config.max_lease_ttl > 0 { self.config.max_lease_ttl } else { SYSTEM_TTL }
    }
}

/// All mounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mounts(pub Vec<Mount>);

impl Mounts {
    /// The mount that a path (below `/v1/`) belongs to, and the rest of the path.
    pub fn route<'p>(&self, path: &'p str) -> Option<(&Mount, &'p str)> {
        let matches =
            self.0.iter().filter_map(|mount| Some((mount, path.strip_prefix(mount.full_path().as_str())?)));
        matches.min_by_key(|(_, rest)| rest.len())
    }

    /// The token store's mount.
    pub fn token(&self) -> Option<&Mount> {
        self.0.iter().find(|mount| mount.table == "auth" && mount.kind == "token")
    }

    /// The folders of storage that hold mount entries.
    pub const FOLDERS: [&'static str; 4] =
        ["core/mounts/", "core/local-mounts/", "core/auth/", "core/local-auth/"];
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(span: &i64) -> bool {
    *span == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero_u32(number: &u32) -> bool {
    *number == 0
}
