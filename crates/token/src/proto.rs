//! The protobuf form of a token's entry. It knows no meaning: that is `entry`.
//!
//! Field numbers are those of OpenBao's `sdk/plugin/pb/backend.proto`, message `TokenEntry`, seen on the wire of
//! real tokens. Fields are written in number order and maps in key order; the server's map order is random.

use std::collections::BTreeMap;

use prost::Message;
use zeroize::Zeroizing;

use crate::TokenError;
use crate::entry::{TokenEntry, TokenType};

impl TokenEntry {
    /// The protobuf form; empty and zero fields are left out.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(Wire::from(self.clone()).encode_to_vec())
    }

    /// Reads the protobuf form, fields in any order; unknown fields are passed over.
    ///
    /// # Errors
    /// [`TokenError::NotProtobuf`]
    pub fn decode(bytes: &[u8]) -> Result<Self, TokenError> {
        Wire::decode(bytes).map(Self::from).map_err(|_| TokenError::NotProtobuf)
    }
}

#[derive(Clone, PartialEq, Message)]
struct Wire {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    accessor: String,
    #[prost(string, tag = "3")]
    parent: String,
    #[prost(string, repeated, tag = "4")]
    policies: Vec<String>,
    #[prost(string, tag = "5")]
    path: String,
    #[prost(btree_map = "string, string", tag = "6")]
    meta: BTreeMap<String, String>,
    #[prost(string, tag = "7")]
    display_name: String,
    #[prost(int64, tag = "8")]
    num_uses: i64,
    #[prost(int64, tag = "9")]
    creation_time: i64,
    #[prost(int64, tag = "10")]
    ttl: i64,
    #[prost(int64, tag = "11")]
    explicit_max_ttl: i64,
    #[prost(string, tag = "12")]
    role: String,
    #[prost(int64, tag = "13")]
    period: i64,
    #[prost(string, tag = "14")]
    entity_id: String,
    #[prost(string, repeated, tag = "15")]
    bound_cidrs: Vec<String>,
    #[prost(string, tag = "16")]
    namespace_id: String,
    #[prost(string, tag = "17")]
    cubbyhole_id: String,
    #[prost(uint32, tag = "18")]
    token_type: u32,
    #[prost(btree_map = "string, string", tag = "19")]
    internal_meta: BTreeMap<String, String>,
    #[prost(string, tag = "20")]
    inline_policy: String,
    #[prost(bool, tag = "21")]
    no_identity_policies: bool,
    #[prost(string, tag = "22")]
    external_id: String,
}

impl From<TokenEntry> for Wire {
    fn from(entry: TokenEntry) -> Self {
        Self {
            id: entry.id,
            accessor: entry.accessor,
            parent: entry.parent,
            policies: entry.policies,
            path: entry.path,
            meta: entry.meta,
            display_name: entry.display_name,
            num_uses: entry.num_uses,
            creation_time: entry.creation_time,
            ttl: entry.ttl,
            explicit_max_ttl: entry.explicit_max_ttl,
            role: entry.role,
            period: entry.period,
            entity_id: entry.entity_id,
            bound_cidrs: entry.bound_cidrs,
            namespace_id: entry.namespace_id,
            cubbyhole_id: entry.cubbyhole_id,
            token_type: entry.token_type.number(),
            internal_meta: entry.internal_meta,
            inline_policy: entry.inline_policy,
            no_identity_policies: entry.no_identity_policies,
            external_id: entry.external_id,
        }
    }
}

impl From<Wire> for TokenEntry {
    fn from(wire: Wire) -> Self {
        Self {
            parent: wire.parent,
            policies: wire.policies,
            path: wire.path,
            meta: wire.meta,
            display_name: wire.display_name,
            creation_time: wire.creation_time,
            ttl: wire.ttl,
            role: wire.role,
            entity_id: wire.entity_id,
            bound_cidrs: wire.bound_cidrs,
            namespace_id: wire.namespace_id,
            token_type: TokenType::from_number(wire.token_type),
            internal_meta: wire.internal_meta,
            inline_policy: wire.inline_policy,
            no_identity_policies: wire.no_identity_policies,
            id: wire.id,
            accessor: wire.accessor,
            num_uses: wire.num_uses,
            explicit_max_ttl: wire.explicit_max_ttl,
            period: wire.period,
            cubbyhole_id: wire.cubbyhole_id,
            external_id: wire.external_id,
        }
    }
}
