//! The gzipped tar around a snapshot: its four files, with their sums checked. It knows nothing of what is in them.
//!
//! Sealed values do not compress, so a real snapshot unpacks to a few times its size. More than [`MOST_GROWTH`] times is
//! a bomb and is dropped before it fills the memory.

use std::io::Read;

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};

use super::SnapshotError;
use crate::ids;

/// How many times its size a snapshot may unpack to.
pub(super) const MOST_GROWTH: usize = 32;
/// What even the smallest may unpack to: tar rounds up.
pub(super) const LEAST_ROOM: usize = 64 * 1024;

const BLOCK: usize = 512;
pub(super) const META: &str = "meta.json";
pub(super) const STATE: &str = "state.bin";
pub(super) const SUMS: &str = "SHA256SUMS";
pub(super) const SEALED_SUMS: &str = "SHA256SUMS.sealed";

/// The files that count, their sums checked.
#[derive(Debug)]
pub(super) struct Files {
    /// Which server it is of.
    pub meta: Vec<u8>,
    /// The entries.
    pub state: Vec<u8>,
    /// The sums of `meta.json` and `state.bin`.
    pub sums: Vec<u8>,
    /// The sums, sealed under the unseal key.
    pub sealed_sums: Vec<u8>,
}

/// Unpacks a snapshot.
pub(super) fn read(bytes: &[u8]) -> Result<Files, SnapshotError> {
    let tar = gunzip(bytes)?;
    let mut found: [(&'static str, Option<&[u8]>); 4] =
        [(META, None), (STATE, None), (SUMS, None), (SEALED_SUMS, None)];
    let mut reader = Tar { bytes: &tar, at: 0 };
    while let Some((name, content)) = reader.next_file()? {
        let slot = found.iter_mut().find(|(known, file)| *known == name && file.is_none());
        slot.ok_or(SnapshotError::UnknownFile(name))?.1 = Some(content);
    }
    let file = |name: &'static str| {
        let content = found.iter().find(|(known, _)| *known == name).and_then(|(_, content)| *content);
        content.ok_or(SnapshotError::MissingFile(name))
    };
    let sums = file(SUMS)?;
    for name in [META, STATE] {
        check_sum(sums, name, file(name)?)?;
    }
    let sealed_sums = file(SEALED_SUMS)?.to_vec();
    Ok(Files { meta: file(META)?.to_vec(), state: file(STATE)?.to_vec(), sums: sums.to_vec(), sealed_sums })
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(SnapshotError::Gzip("it is not a gzip file"));
    }
    let limit = bytes.len().saturating_mul(MOST_GROWTH).saturating_add(LEAST_ROOM);
    let mut decoder = GzDecoder::new(bytes);
    let mut tar = Vec::new();
    let read = decoder.by_ref().take((limit as u64).saturating_add(1)).read_to_end(&mut tar);
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => SnapshotError::Gzip("it is cut off"),
        _ => SnapshotError::Gzip("it is a damaged gzip file"),
    })?;
    if tar.len() > limit {
        return Err(SnapshotError::TooLarge { limit });
    }
    if !decoder.into_inner().is_empty() {
        return Err(SnapshotError::Gzip("there is something behind its end"));
    }
    Ok(tar)
}

/// `SHA256SUMS` has a line `<hex>  <name>` for each file.
fn check_sum(sums: &[u8], name: &'static str, content: &[u8]) -> Result<(), SnapshotError> {
    let line = format!("{}  {name}", ids::hex(&Sha256::digest(content)));
    let text = std::str::from_utf8(sums).unwrap_or_default();
    let named = text.lines().filter(|line| line.ends_with(&format!(" {name}"))).collect::<Vec<_>>();
    if named == [line.as_str()] { Ok(()) } else { Err(SnapshotError::Sum(name)) }
}

/// Plain files, one after the other.
struct Tar<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tar<'a> {
    /// The next file's name and content; none at the archive's end.
    fn next_file(&mut self) -> Result<Option<(String, &'a [u8])>, SnapshotError> {
        let header = self.block()?;
        if header.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        let wrong = |what| SnapshotError::Tar { at: self.at, what };
        check_header(header).map_err(wrong)?;
        let name = header.get(..100).unwrap_or_default().split(|&byte| byte == 0).next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).into_owned();
        let size = header.get(124..136).and_then(octal).ok_or_else(|| wrong("a file's size is no number"))?;
        let start = self.at + BLOCK;
        let content = self.bytes.get(start..).and_then(|rest| rest.get(..size));
        let content = content.ok_or_else(|| wrong("the content of a file is cut off"))?;
        self.at = start.saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
        Ok(Some((name, content)))
    }

    fn block(&self) -> Result<&'a [u8; BLOCK], SnapshotError> {
        let block = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        block.ok_or(SnapshotError::Tar { at: self.at, what: "a header is cut off" })
    }
}

/// The header's own sum counts its eight digits as spaces.
fn check_header(header: &[u8; BLOCK]) -> Result<(), &'static str> {
    let (front, rest) = header.split_at(148);
    let (digits, back) = rest.split_at(8);
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| usize::from(byte)).sum::<usize>();
    if octal(digits) != Some(sum(front) + 8 * usize::from(b' ') + sum(back)) {
        return Err("a header has a wrong sum");
    }
    match header.get(156) {
        Some(b'0' | 0) => Ok(()),
        _ => Err("there is something else than a file"),
    }
}

/// Digits, with spaces before and spaces or zeros behind.
fn octal(field: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(field).ok()?;
    usize::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}
