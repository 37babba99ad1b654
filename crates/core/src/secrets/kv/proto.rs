//! Keys and versions as the real server stores them: protobuf, field numbers of its key/value engine. They know no storage.

use std::collections::BTreeMap;

use prost::Message;

pub(super) use crate::identity::proto::Timestamp;

/// A mount's settings.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Config {
    #[prost(uint32, tag = "1")]
    pub max_versions: u32,
    #[prost(bool, tag = "2")]
    pub cas_required: bool,
    #[prost(message, optional, tag = "3")]
    pub delete_version_after: Option<Duration>,
}

/// What is known of a key beside its values.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Key {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(btree_map = "uint64, message", tag = "2")]
    pub versions: BTreeMap<u64, VersionMetadata>,
    #[prost(uint64, tag = "3")]
    pub current_version: u64,
    #[prost(uint64, tag = "4")]
    pub oldest_version: u64,
    #[prost(message, optional, tag = "5")]
    pub created_time: Option<Timestamp>,
    #[prost(message, optional, tag = "6")]
    pub updated_time: Option<Timestamp>,
    #[prost(uint32, tag = "7")]
    pub max_versions: u32,
    #[prost(bool, tag = "8")]
    pub cas_required: bool,
    #[prost(message, optional, tag = "9")]
    pub delete_version_after: Option<Duration>,
    #[prost(btree_map = "string, string", tag = "10")]
    pub custom_metadata: BTreeMap<String, String>,
    /// Counts the changes of what is here.
    #[prost(uint64, tag = "401")]
    pub current_metadata_version: u64,
}

/// What is known of a version beside its value.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(super) struct VersionMetadata {
    #[prost(message, optional, tag = "1")]
    pub created_time: Option<Timestamp>,
    #[prost(message, optional, tag = "2")]
    pub deletion_time: Option<Timestamp>,
    #[prost(bool, tag = "3")]
    pub destroyed: bool,
}

/// A version's value.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Version {
    /// JSON.
    #[prost(bytes = "vec", tag = "1")]
    pub data: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub created_time: Option<Timestamp>,
    #[prost(message, optional, tag = "3")]
    pub deletion_time: Option<Timestamp>,
}

/// `google.protobuf.Duration`
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(super) struct Duration {
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Duration {
    /// From nanoseconds; none for 0.
    pub fn of(nanos: i64) -> Option<Self> {
        let part = i32::try_from(nanos % 1_000_000_000).unwrap_or(0);
        Some(Self { seconds: nanos / 1_000_000_000, nanos: part }).filter(|_| nanos != 0)
    }

    /// In nanoseconds.
    pub fn nanos_of(duration: Option<Self>) -> i64 {
        let duration = duration.unwrap_or_default();
        duration.seconds.saturating_mul(1_000_000_000).saturating_add(i64::from(duration.nanos))
    }
}
