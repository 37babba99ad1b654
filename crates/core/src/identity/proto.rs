//! Entities and their aliases as the real server stores them: protobuf, field numbers of its `identity` package. It knows
//! no storage.

use std::collections::BTreeMap;

use prost::Message;

use crate::UnixTime;

/// Who somebody is, whatever the method of logging in.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Entity {
    #[prost(message, repeated, tag = "1")]
    pub aliases: Vec<Alias>,
    #[prost(string, tag = "2")]
    pub id: String,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(btree_map = "string, string", tag = "4")]
    pub metadata: BTreeMap<String, String>,
    #[prost(message, optional, tag = "5")]
    pub creation_time: Option<Timestamp>,
    #[prost(message, optional, tag = "6")]
    pub last_update_time: Option<Timestamp>,
    #[prost(string, repeated, tag = "7")]
    pub merged_entity_ids: Vec<String>,
    #[prost(string, repeated, tag = "8")]
    pub policies: Vec<String>,
    /// Where it is stored.
    #[prost(string, tag = "9")]
    pub bucket_key: String,
    #[prost(bool, tag = "11")]
    pub disabled: bool,
    #[prost(string, tag = "12")]
    pub namespace_id: String,
}

/// A name at one auth mount, and the entity that it stands for.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Alias {
    #[prost(string, tag = "1")]
    pub id: String,
    /// The entity's id.
    #[prost(string, tag = "2")]
    pub canonical_id: String,
    #[prost(string, tag = "3")]
    pub mount_type: String,
    #[prost(string, tag = "4")]
    pub mount_accessor: String,
    #[prost(string, tag = "5")]
    pub mount_path: String,
    #[prost(btree_map = "string, string", tag = "6")]
    pub metadata: BTreeMap<String, String>,
    #[prost(string, tag = "7")]
    pub name: String,
    #[prost(message, optional, tag = "8")]
    pub creation_time: Option<Timestamp>,
    #[prost(message, optional, tag = "9")]
    pub last_update_time: Option<Timestamp>,
    #[prost(string, repeated, tag = "10")]
    pub merged_from_canonical_ids: Vec<String>,
    #[prost(string, tag = "11")]
    pub namespace_id: String,
    #[prost(btree_map = "string, string", tag = "12")]
    pub custom_metadata: BTreeMap<String, String>,
    #[prost(bool, tag = "13")]
    pub local: bool,
    #[prost(string, tag = "14")]
    pub local_bucket_key: String,
}

/// `google.protobuf.Timestamp`
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Timestamp {
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

/// One of the 256 entries that hold all entities.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Bucket {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(message, repeated, tag = "2")]
    pub items: Vec<Item>,
}

/// One entity in a bucket.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Item {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, tag = "2")]
    pub message: Option<Any>,
}

/// `google.protobuf.Any`
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Any {
    #[prost(string, tag = "1")]
    pub type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

impl From<UnixTime> for Timestamp {
    fn from(time: UnixTime) -> Self {
        let seconds = i64::try_from(time.secs()).unwrap_or(i64::MAX);
        Self { seconds, nanos: i32::try_from(time.nanos() % 1_000_000_000).unwrap_or(0) }
    }
}

impl From<Timestamp> for UnixTime {
    fn from(time: Timestamp) -> Self {
        let seconds = Self::from_secs(u64::try_from(time.seconds).unwrap_or(0));
        seconds.plus_nanos(i64::from(time.nanos))
    }
}
