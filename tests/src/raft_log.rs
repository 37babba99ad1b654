//! What a real server wrote, in its order: the log of its integrated storage, read out of the file it is kept in. It knows no entry's
//! meaning, and opens none.
//!
//! The file is a Bolt database: pages of 4096 bytes, of which leaves hold keys and values. The log's keys are indexes (8 bytes,
//! big-endian), its values MessagePack with the operations in `Data`, as protobuf.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const PAGE: usize = 4096;
const LEAF: u16 = 2;
const DELETE: u64 = 1;
const PUT: u64 = 2;

/// One write: `put` or `del`, and the key.
pub type Write = (&'static str, String);

/// The writes of a server whose data are below `folder`, by index.
///
/// # Panics
/// When the log cannot be read.
pub fn read(folder: &Path) -> BTreeMap<u64, Vec<Write>> {
    let bytes = fs::read(folder.join("raft/raft.db")).expect("the raft log is readable");
    (0..bytes.len() / PAGE).flat_map(|page| leaf(&bytes, page * PAGE)).collect()
}

/// The entries of the log on a page; older pages that are free by now hold the same.
fn leaf(bytes: &[u8], start: usize) -> Vec<(u64, Vec<Write>)> {
    let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let long =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
    if short(start + 8) != LEAF {
        return Vec::new();
    }
    let element = |number: usize| {
        let at = start + 16 + number * 16;
        let (position, key, value) = (long(at + 4), long(at + 8), long(at + 12));
        let key = bytes.get(at + position..at + position + key)?;
        let value = bytes.get(at + position + key.len()..at + position + key.len() + value)?;
        let index = u64::from_be_bytes(key.try_into().ok()?);
        Some((index, operations(data(value)?)))
    };
    let count = usize::from(short(start + 10)).min((PAGE - 16) / 16);
    (0..count).filter_map(element).collect()
}

/// The bytes under `Data` in a MessagePack map.
fn data(log: &[u8]) -> Option<&[u8]> {
    let at = log.windows(5).position(|window| window == b"\xa4Data")? + 5;
    let rest = log.get(at + 1..)?;
    let (length, skip) = match *log.get(at)? {
        short @ 0xa0..=0xbf => (usize::from(short & 0x1f), 0),
        0xc4 | 0xd9 => (usize::from(*rest.first()?), 1),
        0xc5 | 0xda => (usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?)), 2),
        0xc6 | 0xdb => (u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize, 4),
        _ => return None,
    };
    rest.get(skip..skip + length)
}

/// The writes among the operations, each a message in field 1: its kind in 1, its key in 3.
fn operations(data: &[u8]) -> Vec<Write> {
    let one = |(number, _, message): (u64, u64, &[u8])| {
        let fields = if number == 1 { fields(message) } else { Vec::new() };
        let kind = fields.iter().find(|field| field.0 == 1)?.1;
        let key = fields.iter().find(|field| field.0 == 3)?.2;
        let word = match kind {
            PUT => "put",
            DELETE => "del",
            _ => return None,
        };
        Some((word, String::from_utf8(key.to_vec()).ok()?))
    };
    fields(data).into_iter().filter_map(one).collect()
}

/// The fields of a protobuf message: number, value if it is one, bytes if it has them.
fn fields(mut rest: &[u8]) -> Vec<(u64, u64, &[u8])> {
    let mut all = Vec::new();
    while let Some((tag, after)) = varint(rest) {
        let Some((value, after)) = varint(after) else { break };
        let length = usize::try_from(value).unwrap_or(usize::MAX);
        let (bytes, after) = match tag & 7 {
            0 => (&rest[..0], after),
            2 if length <= after.len() => after.split_at(length),
            _ => break,
        };
        all.push((tag >> 3, value, bytes));
        rest = after;
    }
    all
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)?;
    let value = bytes[..=end].iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_out_of_an_entry() {
        let message = b"\x0a\x09\x08\x02\x1a\x03a/b\x22\x00\x0a\x07\x08\x01\x1a\x03c/d";
        let mut log = b"\x86\xa5Index\x05\xa4Data\xda\x00".to_vec();
        log.push(u8::try_from(message.len()).unwrap());
        log.extend_from_slice(message);
        let writes = operations(data(&log).unwrap());
        assert_eq!(writes, [("put", "a/b".to_owned()), ("del", "c/d".to_owned())]);
    }
}
