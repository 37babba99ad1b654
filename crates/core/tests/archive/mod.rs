//! Snapshots taken apart and put together by hand, so that tests can break exactly one thing.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// A file of the archive: name and content.
pub type File = (String, Vec<u8>);

/// The files of a snapshot, in order.
pub fn unpack(snapshot: &[u8]) -> Vec<File> {
    let mut tar = Vec::new();
    GzDecoder::new(snapshot).read_to_end(&mut tar).unwrap();
    let mut files = Vec::new();
    let mut rest = tar.as_slice();
    while rest[0] != 0 {
        let name = String::from_utf8(rest[..100].to_vec()).unwrap().trim_end_matches('\0').to_owned();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[124..135]).unwrap(), 8).unwrap();
        files.push((name, rest[512..512 + size].to_vec()));
        rest = &rest[512 + size.div_ceil(512) * 512..];
    }
    files
}

/// A tar file of `files`, without the gzip around it.
pub fn tar(files: &[File]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in files {
        let mut header = [0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
        tar.extend_from_slice(&header);
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// A gzip file of `bytes`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Puts files together; sums are made right for what the files are now.
pub fn pack(files: &[File]) -> Vec<u8> {
    let mut files = files.to_vec();
    let sums: String = files[..2]
        .iter()
        .map(|(name, content)| {
            let sum = Sha256::digest(content);
            format!("{}  {name}\n", sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        })
        .collect();
    files[2].1 = sums.into_bytes();
    gzip(&tar(&files))
}
