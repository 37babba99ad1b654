//! `state.bin`: storage keys and values, one record after the other. It knows nothing of what they mean.

use std::collections::BTreeMap;

use prost::Message;

use super::SnapshotError;
use super::archive::{LEAST_ROOM, MOST_GROWTH};

/// What an entry costs in memory beside its bytes, roughly: a real one has so many itself.
const COST: usize = 128;

/// One record, behind its length.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Record {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

/// Reads all records; `packed` is the size of the archive that they come from, which bounds what they may take.
pub(super) fn read(state: &[u8], packed: usize) -> Result<BTreeMap<String, Vec<u8>>, SnapshotError> {
    let mut room = packed.saturating_mul(2 * MOST_GROWTH).saturating_add(LEAST_ROOM);
    let mut entries = BTreeMap::new();
    let mut rest = state;
    while !rest.is_empty() {
        let at = state.len() - rest.len();
        let wrong = |what| SnapshotError::Entry { at, what };
        let record = Record::decode_length_delimited(&mut rest).map_err(|_| wrong("no entry"))?;
        let cost = record.key.len() + record.value.len() + COST;
        room = room.checked_sub(cost).ok_or_else(|| wrong("more entries than any real snapshot has"))?;
        if record.key.is_empty() {
            return Err(wrong("an entry without a key"));
        }
        if entries.insert(record.key, record.value).is_some() {
            return Err(wrong("a second entry of one key"));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &str, value: &[u8]) -> Vec<u8> {
        Record { key: key.to_owned(), value: value.to_vec() }.encode_length_delimited_to_vec()
    }

    #[test]
    fn records_are_read_by_key() {
        let state = [record("b", b"2"), record("a", b"")].concat();
        let entries = read(&state, 100).unwrap();
        assert_eq!(entries, BTreeMap::from([("a".into(), vec![]), ("b".into(), b"2".to_vec())]));
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let first = record("a", b"1");
        let at = first.len();
        for (second, what) in [
            (record("a", b"2"), "a second entry of one key"),
            (record("", b"2"), "an entry without a key"),
            (vec![200, 1, 10], "no entry"),
            (vec![3, 0x0a, 9, b'x'], "no entry"),
        ] {
            let state = [first.clone(), second].concat();
            assert_eq!(read(&state, 100), Err(SnapshotError::Entry { at, what }));
        }
    }

    #[test]
    fn a_flood_of_tiny_entries_ends() {
        let state: Vec<u8> = (0..100_000u32).flat_map(|number| record(&number.to_string(), b"")).collect();
        assert!(matches!(read(&state, 1000), Err(SnapshotError::Entry { .. })));
    }
}
