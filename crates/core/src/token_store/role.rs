//! A token role as the server stores it: JSON at `sys/token/roles/<name>`. It knows no request.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::refusal::Refusal;

/// What tokens made through it are like. Spans are nanoseconds, 0 is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Role {
    pub token_bound_cidrs: Option<Vec<String>>,
    pub token_explicit_max_ttl: i64,
    token_max_ttl: i64,
    pub token_no_default_policy: bool,
    pub token_num_uses: i64,
    pub token_period: i64,
    token_policies: Option<Vec<String>>,
    token_type: u32,
    token_ttl: i64,
    token_strictly_bind_ip: bool,
    pub name: String,
    pub allowed_policies: Vec<String>,
    pub disallowed_policies: Vec<String>,
    pub allowed_policies_glob: Vec<String>,
    pub disallowed_policies_glob: Vec<String>,
    pub orphan: bool,
    /// As given under its old name, which is shown again.
    pub period: i64,
    pub path_suffix: String,
    pub renewable: bool,
    /// As given under its old name.
    pub explicit_max_ttl: i64,
    /// As given under its old name.
    pub bound_cidrs: Option<Vec<String>>,
    pub allowed_entity_aliases: Option<Vec<String>>,
}

/// How a role decides the type of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleType {
    /// Always a service token.
    Service,
    /// Always a batch token.
    Batch,
    /// A service token unless the call says batch.
    DefaultService,
    /// A batch token unless the call says service.
    DefaultBatch,
}

impl RoleType {
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "service" => Some(Self::Service),
            "batch" => Some(Self::Batch),
            "default-service" => Some(Self::DefaultService),
            "default-batch" => Some(Self::DefaultBatch),
            _ => None,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Batch => "batch",
            Self::DefaultService => "default-service",
            Self::DefaultBatch => "default-batch",
        }
    }
}

impl Role {
    /// A new role, as nothing said makes it.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// How it decides the type.
    pub fn kind(&self) -> RoleType {
        match self.token_type {
            1 => RoleType::Service,
            2 => RoleType::Batch,
            4 => RoleType::DefaultBatch,
            _ => RoleType::DefaultService,
        }
    }

    /// Sets how it decides the type.
    pub fn set_kind(&mut self, kind: RoleType) {
        self.token_type = match kind {
            RoleType::Service => 1,
            RoleType::Batch => 2,
            RoleType::DefaultService => 3,
            RoleType::DefaultBatch => 4,
        };
    }

    /// Whether it says anything about policies.
    pub fn has_policy_lists(&self) -> bool {
        let lists = [
            &self.allowed_policies,
            &self.disallowed_policies,
            &self.allowed_policies_glob,
            &self.disallowed_policies_glob,
        ];
        lists.into_iter().any(|list| !list.is_empty())
    }

    /// Where it is stored.
    pub fn key(name: &str) -> String {
        format!("sys/token/roles/{name}")
    }

    /// Reads a role, if there is one of that name.
    pub fn find(cx: &Context<'_>, name: &str) -> Result<Option<Self>, Refusal> {
        cx.journal.read_json(&Self::key(name))
    }
}

impl Default for Role {
    fn default() -> Self {
        Self {
            token_bound_cidrs: None,
            token_explicit_max_ttl: 0,
            token_max_ttl: 0,
            token_no_default_policy: false,
            token_num_uses: 0,
            token_period: 0,
            token_policies: None,
            token_type: 3,
            token_ttl: 0,
            token_strictly_bind_ip: false,
            name: String::new(),
            allowed_policies: Vec::new(),
            disallowed_policies: Vec::new(),
            allowed_policies_glob: Vec::new(),
            disallowed_policies_glob: Vec::new(),
            orphan: false,
            period: 0,
            path_suffix: String::new(),
            renewable: true,
            explicit_max_ttl: 0,
            bound_cidrs: None,
            allowed_entity_aliases: None,
        }
    }
}
