//! What a token means. It knows no bytes: its protobuf form is in `proto`.

use std::collections::BTreeMap;

/// Whether a token is a record in storage or the record itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TokenType {
    /// Zero on the wire: never written by the server for a token, taken as a service token.
    #[default]
    Default,
    /// A name for a record in storage.
    Service,
    /// The record, sealed.
    Batch,
    /// A number that nobody has given a meaning.
    Other(u32),
}

impl TokenType {
    /// From its number on the wire.
    pub fn from_number(number: u32) -> Self {
        match number {
            0 => Self::Default,
            1 => Self::Service,
            2 => Self::Batch,
            other => Self::Other(other),
        }
    }

    /// Its number on the wire.
    pub fn number(self) -> u32 {
        match self {
            Self::Default => 0,
            Self::Service => 1,
            Self::Batch => 2,
            Self::Other(number) => number,
        }
    }

    /// The word that lookup answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Default | Self::Service | Self::Other(_) => "service",
        }
    }
}

/// A token's entry: what a batch token seals inside itself.
///
/// The server copies only some fields into a batch token; the others ([`id`](Self::id) to
/// [`external_id`](Self::external_id)) are read if somebody else sealed them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenEntry {
    /// The raw parent token, empty for an orphan.
    pub parent: String,
    /// Policies, sorted.
    pub policies: Vec<String>,
    /// The API path that made it, such as `auth/token/create`.
    pub path: String,
    /// Metadata.
    pub meta: BTreeMap<String, String>,
    /// The display name.
    pub display_name: String,
    /// Seconds since the epoch.
    pub creation_time: i64,
    /// Nanoseconds.
    pub ttl: i64,
    /// The token role that made it.
    pub role: String,
    /// The entity behind it.
    pub entity_id: String,
    /// Networks that may use it. A single address is written without a mask.
    pub bound_cidrs: Vec<String>,
    /// The namespace, `root` for the root namespace.
    pub namespace_id: String,
    /// Service or batch.
    pub token_type: TokenType,
    /// Metadata that lookup does not show.
    pub internal_meta: BTreeMap<String, String>,
    /// A policy's text, enforced beside the named ones.
    pub inline_policy: String,
    /// Whether the entity's policies do not count.
    pub no_identity_policies: bool,
    /// The id; never sealed by the server.
    pub id: String,
    /// The accessor; never sealed by the server.
    pub accessor: String,
    /// Uses left; never sealed by the server.
    pub num_uses: i64,
    /// Nanoseconds; never sealed by the server.
    pub explicit_max_ttl: i64,
    /// Nanoseconds; never sealed by the server.
    pub period: i64,
    /// The cubbyhole's id; never sealed by the server.
    pub cubbyhole_id: String,
    /// The id that the outside knows; never sealed by the server.
    pub external_id: String,
}
