//! A lease as the server stores it: JSON at `sys/expire/id/<lease id>`. It knows no clock.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroize;

use crate::UnixTime;
use crate::context::Context;
use crate::opened::Keep;
use crate::refusal::Refusal;

/// Go's zero time.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A token's or a secret's lease.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lease {
    pub lease_id: String,
    /// Who it belongs to.
    pub client_token: String,
    /// Of a secret's token, 1 for service and 2 for batch; 0 for a token's own lease.
    pub token_type: u32,
    pub path: String,
    pub data: Option<Value>,
    pub secret: Option<LeaseSecret>,
    pub auth: Option<LeaseAuth>,
    issue_time: String,
    expire_time: String,
    last_renewal_time: String,
    pub login_role: String,
    version: u32,
    #[serde(rename = "revokeErr", default)]
    revoke_error: String,
}

/// What a secret's lease remembers for its engine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LeaseSecret {
    /// Nanoseconds granted; asked for, 0 for the mount's default, before it is registered.
    pub lease: i64,
    /// Nanoseconds.
    pub max_ttl: i64,
    pub renewable: bool,
    /// What the engine needs to take the secret back.
    pub internal_data: Option<Value>,
    #[serde(rename = "LeaseID")]
    pub lease_id: String,
}

/// What a token's lease remembers of the token.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LeaseAuth {
    /// Nanoseconds last granted.
    pub lease: i64,
    pub max_ttl: i64,
    pub renewable: bool,
    pub internal_data: Option<Value>,
    pub display_name: String,
    pub policies: Option<Vec<String>>,
    pub token_policies: Option<Vec<String>>,
    pub identity_policies: Option<Vec<String>>,
    pub external_namespace_policies: Option<Value>,
    pub no_default_policy: bool,
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
    pub client_token: String,
    pub accessor: String,
    /// Nanoseconds.
    pub period: i64,
    /// Nanoseconds.
    pub explicit_max_ttl: i64,
    pub num_uses: i64,
    pub entity_id: String,
    pub alias: Option<Value>,
    pub group_aliases: Option<Value>,
    pub bound_cidrs: Option<Vec<String>>,
    pub creation_path: String,
    pub token_type: u32,
    pub orphan: bool,
    pub policy_results: Option<Value>,
    pub mfa_requirement: Option<Value>,
    pub entity_created: bool,
    pub list_scan_response_keys_filter_path: String,
}

impl Lease {
    /// A new lease, issued `now`; `expires` is none for one that never ends.
    pub fn new(lease_id: String, path: &str, now: UnixTime, expires: Option<UnixTime>) -> Self {
        Self {
            lease_id,
            client_token: String::new(),
            token_type: 0,
            path: path.to_owned(),
            data: None,
            secret: None,
            auth: None,
            issue_time: now.to_string(),
            expire_time: text(expires),
            last_renewal_time: NEVER.to_owned(),
            login_role: String::new(),
            version: 1,
            revoke_error: String::new(),
        }
    }

    /// When it was issued.
    pub fn issued(&self) -> UnixTime {
        UnixTime::parse(&self.issue_time).unwrap_or_default()
    }

    /// When it ends, if ever.
    pub fn expires(&self) -> Option<UnixTime> {
        UnixTime::parse(&self.expire_time)
    }

    /// When it was last renewed, if ever.
    pub fn renewed(&self) -> Option<UnixTime> {
        UnixTime::parse(&self.last_renewal_time)
    }

    /// Renews it.
    pub fn renew(&mut self, now: UnixTime, expires: UnixTime) {
        self.last_renewal_time = now.to_string();
        self.expire_time = expires.to_string();
    }

    /// Ends it now: what is left of it is only to be revoked.
    pub fn expire(&mut self, now: UnixTime) {
        self.expire_time = now.to_string();
    }

    /// Stages it.
    pub fn store(&self, cx: &mut Context<'_>) -> Result<(), Refusal> {
        cx.journal.put_compact(&Self::key(&self.lease_id), self)?;
        cx.journal.ends(self.expires());
        Ok(())
    }

    /// Where it is stored.
    pub fn key(lease_id: &str) -> String {
        format!("sys/expire/id/{lease_id}")
    }
}

impl Keep for Lease {
    fn wipe(&mut self) {
        self.client_token.zeroize();
        if let Some(auth) = &mut self.auth {
            auth.client_token.zeroize();
            auth.accessor.zeroize();
        }
    }
}

fn text(time: Option<UnixTime>) -> String {
    time.map_or_else(|| NEVER.to_owned(), |time| time.to_string())
}
