//! A service token's entry as the server stores it: JSON at `sys/token/id/<salted id>`. It knows no storage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vaultlet_token::entry::{TokenEntry, TokenType};
use zeroize::Zeroize;

use crate::opened::Keep;

/// The stored form, members in the server's order. Spans are nanoseconds, the creation time is in seconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    #[serde(rename = "type")]
    token_type: u32,
    id: String,
    accessor: String,
    parent: String,
    policies: Option<Vec<String>>,
    inline_policy: String,
    path: String,
    meta: Option<BTreeMap<String, String>>,
    internal_meta: Option<BTreeMap<String, String>>,
    display_name: String,
    num_uses: i64,
    creation_time: i64,
    ttl: i64,
    explicit_max_ttl: i64,
    role: String,
    period: i64,
    /// Four names of old versions, written empty.
    #[serde(rename = "DisplayName")]
    old_display_name: String,
    #[serde(rename = "NumUses")]
    old_num_uses: i64,
    #[serde(rename = "CreationTime")]
    old_creation_time: i64,
    #[serde(rename = "ExplicitMaxTTL")]
    old_explicit_max_ttl: i64,
    entity_id: String,
    no_identity_policies: bool,
    bound_cidrs: Option<Vec<String>>,
    namespace_id: String,
    cubbyhole_id: String,
}

impl From<&TokenEntry> for Record {
    fn from(entry: &TokenEntry) -> Self {
        Self {
            token_type: entry.token_type.number(),
            id: entry.id.clone(),
            accessor: entry.accessor.clone(),
            parent: entry.parent.clone(),
            policies: Some(entry.policies.clone()),
            inline_policy: entry.inline_policy.clone(),
            path: entry.path.clone(),
            meta: Some(entry.meta.clone()).filter(|meta| !meta.is_empty()),
            internal_meta: Some(entry.internal_meta.clone()).filter(|meta| !meta.is_empty()),
            display_name: entry.display_name.clone(),
            num_uses: entry.num_uses,
            creation_time: entry.creation_time,
            ttl: entry.ttl,
            explicit_max_ttl: entry.explicit_max_ttl,
            role: entry.role.clone(),
            period: entry.period,
            entity_id: entry.entity_id.clone(),
            no_identity_policies: entry.no_identity_policies,
            bound_cidrs: Some(entry.bound_cidrs.clone()).filter(|cidrs| !cidrs.is_empty()),
            namespace_id: entry.namespace_id.clone(),
            cubbyhole_id: entry.cubbyhole_id.clone(),
            ..Self::default()
        }
    }
}

impl From<&Record> for TokenEntry {
    fn from(record: &Record) -> Self {
        Self {
            parent: record.parent.clone(),
            policies: record.policies.clone().unwrap_or_default(),
            path: record.path.clone(),
            meta: record.meta.clone().unwrap_or_default(),
            display_name: record.display_name.clone(),
            creation_time: record.creation_time,
            ttl: record.ttl,
            role: record.role.clone(),
            entity_id: record.entity_id.clone(),
            bound_cidrs: record.bound_cidrs.clone().unwrap_or_default(),
            namespace_id: record.namespace_id.clone(),
            token_type: TokenType::from_number(record.token_type),
            internal_meta: record.internal_meta.clone().unwrap_or_default(),
            inline_policy: record.inline_policy.clone(),
            no_identity_policies: record.no_identity_policies,
            id: record.id.clone(),
            accessor: record.accessor.clone(),
            num_uses: record.num_uses,
            explicit_max_ttl: record.explicit_max_ttl,
            period: record.period,
            cubbyhole_id: record.cubbyhole_id.clone(),
            external_id: String::new(),
        }
    }
}

impl Keep for Record {
    fn wipe(&mut self) {
        for secret in [&mut self.id, &mut self.accessor, &mut self.parent, &mut self.cubbyhole_id] {
            secret.zeroize();
        }
    }
}

/// What stands at `sys/token/accessor/<salted accessor>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessorRecord {
    /// The token.
    pub token_id: String,
    /// The accessor.
    pub accessor_id: String,
    /// The namespace of both.
    pub namespace_id: String,
}
