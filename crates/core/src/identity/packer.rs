//! Entities in their 256 storage entries: `packer/buckets/<first byte of MD5(id)>`, protobuf in Snappy frames behind the
//! letter `S`. It knows no request.

use std::io::{Read, Write};

use md5::{Digest, Md5};
use prost::Message;

use super::proto::{Any, Bucket, Entity, Item};
use crate::context::Context;
use crate::refusal::Refusal;

/// The letter before what is compressed with Snappy.
const SNAPPY: u8 = b'S';
/// What an item's message is.
const ENTITY: &str = "type.googleapis.com/identity.Entity";
/// No honest bucket is larger; a dishonest one must not eat all memory.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Whether a storage key is that of a bucket of entities.
pub(crate) fn is_bucket(key: &str) -> bool {
    let rest = key.strip_prefix("logical/").and_then(|rest| rest.split_once('/'));
    rest.is_some_and(|(_, rest)| rest.starts_with("packer/buckets/"))
}

/// Where an entity is stored, below the identity mount's folder.
pub(crate) fn bucket_of(id: &str) -> String {
    let first = Md5::digest(id.as_bytes()).first().copied().unwrap_or_default();
    format!("packer/buckets/{first}")
}

/// The entities of a stored bucket; what cannot be read is left out.
pub(crate) fn entities(stored: &[u8]) -> Vec<Entity> {
    let items = unpack(stored).map(|bucket| bucket.items).unwrap_or_default();
    items.iter().filter_map(|item| Entity::decode(item.message.as_ref()?.value.as_slice()).ok()).collect()
}

/// Stores an entity in its bucket, or takes it out.
pub(crate) fn store(
    cx: &mut Context<'_>,
    folder: &str,
    id: &str,
    entity: Option<&Entity>,
) -> Result<(), Refusal> {
    let bucket_key = bucket_of(id);
    let key = format!("{folder}{bucket_key}");
    let stored = cx.journal.read(&key)?;
    let mut bucket = match &stored {
        Some(stored) => {
            unpack(stored).ok_or_else(|| Refusal::Internal(format!("stored entry {key:?} cannot be read")))?
        }
        None => Bucket { key: bucket_key, items: Vec::new() },
    };
    bucket.items.retain(|item| item.id != id);
    if let Some(entity) = entity {
        let message = Any { type_url: ENTITY.to_owned(), value: entity.encode_to_vec() };
        bucket.items.push(Item { id: id.to_owned(), message: Some(message) });
    }
    cx.journal.put(&key, &pack(&bucket)?)
}

fn unpack(stored: &[u8]) -> Option<Bucket> {
    let Some((&SNAPPY, frames)) = stored.split_first() else { return Bucket::decode(stored).ok() };
    let mut bytes = Vec::new();
    snap::read::FrameDecoder::new(frames).take(LONGEST).read_to_end(&mut bytes).ok()?;
    Bucket::decode(bytes.as_slice()).ok()
}

fn pack(bucket: &Bucket) -> Result<Vec<u8>, Refusal> {
    let mut frames = snap::write::FrameEncoder::new(vec![SNAPPY]);
    frames.write_all(&bucket.encode_to_vec()).map_err(|error| Refusal::Internal(error.to_string()))?;
    frames.into_inner().map_err(|error| Refusal::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_as_by_the_real_server() {
        for (id, bucket) in [
            ("14c99dca-a1ff-dbff-9884-51a14fb056a2", "packer/buckets/102"),
            ("3110001a-1208-6017-9f41-573b883d1d6c", "packer/buckets/103"),
            ("97eb5cc1-9c2c-a795-f91d-982bea5a13bb", "packer/buckets/68"),
        ] {
            assert_eq!(bucket_of(id), bucket);
        }
        assert!(
            is_bucket("logical/0ea40f03/packer/buckets/68") && !is_bucket("logical/0ea40f03/casesensitivity")
        );
    }

    /// Stored by a real server.
    const STORED: &[u8] = b"S\xff\x06\x00\x00sNaPpY\x00\x97\x00\x00DY\x92.\xc6\x01\xf0i\n\x12packer/buckets/151\x12\xaf\x01\n$eb66187a-98be-8356-d43f-b23f1b8058af\x12\x86\x01\n#type.googleapis.com/identity.Entity\x12_\x12$e\x8aP\x00D\x1a\x01c*\x0c\x08\xed\xd9\x94\xd8\x06\x10\xd7\xf7\x97\x85\x0122\x0e\x00\x00JJ\xac\x00\x14b\x04root";

    #[test]
    fn what_a_real_server_stored_is_read() {
        let entities = entities(STORED);
        assert_eq!(entities.len(), 1);
        assert_eq!((entities[0].name.as_str(), entities[0].bucket_key.as_str()), ("c", "packer/buckets/151"));
        let packed = pack(&unpack(STORED).unwrap()).unwrap();
        assert_eq!(unpack(&packed), unpack(STORED));
    }

    #[test]
    fn what_is_no_bucket_holds_nobody() {
        for bytes in [&b""[..], b"S", b"S\xff\x06\x00\x00sNaPpY\x00\xff\xff\xff", b"\xff\xff"] {
            assert!(entities(bytes).is_empty());
        }
    }
}
