//! Snapshots that somebody broke, by accident or on purpose, get an error that says what is wrong; nothing panics.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

mod archive;

use archive::{File, gzip, pack, tar, unpack};
use proptest::prelude::*;
use vaultlet_core::{Snapshot, SnapshotError};

const SNAPSHOT: &[u8] = include_bytes!("data/raft.snap");
const SHARES: [&str; 3] = [
    "CsgWHKjSnjCHSZZAO1GQyp3vDI9cms3rcLZLaTTFKoud",
    "rMixq398QaNMmBqWH9Yb9/bggRjOt7CIvIzMli/+fUSP",
    "C8QhEatjoo/bmOEs+43lWlVoUs/TXJJ5ZSGInx4UpTwK",
];

fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    Snapshot::read(bytes)
}

/// The real snapshot with its files changed and its sums made right again.
fn changed(change: impl FnOnce(&mut Vec<File>)) -> Result<Snapshot, SnapshotError> {
    let mut files = unpack(SNAPSHOT);
    change(&mut files);
    read(&pack(&files))
}

#[test]
fn the_same_files_packed_again_are_the_same_snapshot() {
    let snapshot = changed(|_| {}).unwrap();
    assert!(snapshot.entries().eq(read(SNAPSHOT).unwrap().entries()));
    assert!(snapshot.keyring(&SHARES).is_ok());
}

#[test]
fn every_truncation_is_refused() {
    for len in 0..SNAPSHOT.len() {
        assert!(read(&SNAPSHOT[..len]).is_err(), "the first {len} bytes");
    }
    assert_eq!(read(&SNAPSHOT[..9000]).unwrap_err(), SnapshotError::Gzip("it is cut off"));
}

#[test]
fn what_is_no_gzip_file_or_has_something_behind_its_end_is_refused() {
    assert_eq!(read(b"").unwrap_err(), SnapshotError::Gzip("it is not a gzip file"));
    assert_eq!(read(b"PK\x03\x04").unwrap_err(), SnapshotError::Gzip("it is not a gzip file"));
    let more = [SNAPSHOT, b"more"].concat();
    assert_eq!(read(&more).unwrap_err(), SnapshotError::Gzip("there is something behind its end"));
}

#[test]
fn a_bomb_is_dropped_before_it_unpacks() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(read(&bomb), Err(SnapshotError::TooLarge { limit }) if limit < 33 << 20));
}

#[test]
fn a_wrong_sum_names_its_file() {
    for (at, name) in [(0, "meta.json"), (1, "state.bin")] {
        let mut files = unpack(SNAPSHOT);
        let last = files[at].1.len() - 1;
        files[at].1[last] ^= 1;
        assert_eq!(read(&gzip(&tar(&files))).unwrap_err(), SnapshotError::Sum(name));
    }
}

#[test]
fn a_missing_an_unknown_and_a_repeated_file_are_named() {
    let files = unpack(SNAPSHOT);
    let without = |at: usize| {
        let mut files = files.clone();
        files.remove(at);
        read(&gzip(&tar(&files))).unwrap_err()
    };
    assert_eq!(without(1), SnapshotError::MissingFile("state.bin"));
    assert_eq!(without(2), SnapshotError::MissingFile("SHA256SUMS"));
    assert_eq!(without(3), SnapshotError::MissingFile("SHA256SUMS.sealed"));
    for name in ["../evil", "state.bin"] {
        let error = changed(|files| files.push((name.to_owned(), Vec::new()))).unwrap_err();
        assert_eq!(error, SnapshotError::UnknownFile(name.to_owned()));
    }
}

#[test]
fn a_broken_tar_header_is_named_where_it_stands() {
    let whole = tar(&unpack(SNAPSHOT));
    let mut wrong = whole.clone();
    wrong[124] = b'7';
    assert_eq!(
        read(&gzip(&wrong)).unwrap_err(),
        SnapshotError::Tar { at: 0, what: "a header has a wrong sum" }
    );
    let cut = read(&gzip(&whole[..1024 + 100])).unwrap_err();
    assert_eq!(cut, SnapshotError::Tar { at: 1024, what: "a header is cut off" });
}

#[test]
fn sums_that_the_server_did_not_seal_do_not_open() {
    let snapshot = changed(|files| files[0].1.push(b' ')).unwrap();
    assert_eq!(snapshot.keyring(&SHARES).unwrap_err(), SnapshotError::SealedSums);
    let snapshot = changed(|files| files[3].1.truncate(40)).unwrap();
    assert_eq!(snapshot.keyring(&SHARES).unwrap_err(), SnapshotError::SealedSums);
}

#[test]
fn the_order_of_the_sums_does_not_matter() {
    // The real server writes them twice, in the file and in what it seals, each time in a random order.
    let mut files = unpack(SNAPSHOT);
    let lines: Vec<&[u8]> = files[2].1.split_inclusive(|&byte| byte == b'\n').rev().collect();
    files[2].1 = lines.concat();
    assert!(read(&gzip(&tar(&files))).unwrap().keyring(&SHARES).is_ok());
}

#[test]
fn an_entry_that_opening_needs_is_named_when_it_is_gone() {
    for (key, named) in [
        ("core/seal-config", "core/seal-config is missing"),
        ("core/hsm/barrier-unseal-keys", "core/hsm/barrier-unseal-keys is missing"),
    ] {
        let snapshot = changed(|files| rename(&mut files[1].1, key)).unwrap();
        assert!(snapshot.keyring(&SHARES).unwrap_err().to_string().ends_with(named));
    }
}

/// Changes the last letter of a stored key.
fn rename(state: &mut [u8], key: &str) {
    let at = state.windows(key.len()).position(|window| window == key.as_bytes()).unwrap();
    state[at + key.len() - 1] = b'X';
}

proptest! {
    #[test]
    fn a_changed_bit_of_the_archive_is_refused_or_changes_nothing(at in 0..SNAPSHOT.len(), bit in 0..8u8) {
        let mut bytes = SNAPSHOT.to_vec();
        bytes[at] ^= 1 << bit;
        // No sum covers the time in gzip's header, nor the unused bits behind the last block.
        if let Ok(changed) = read(&bytes) {
            prop_assert!(changed.entries().eq(read(SNAPSHOT).unwrap().entries()));
        }
    }

    #[test]
    fn changed_entries_with_right_sums_never_open(at in 0..20_000usize, byte: u8) {
        let mut files = unpack(SNAPSHOT);
        prop_assume!(files[1].1[at] != byte);
        files[1].1[at] = byte;
        if let Ok(snapshot) = read(&pack(&files)) {
            prop_assert!(snapshot.keyring(&SHARES).is_err());
        }
    }

    #[test]
    fn arbitrary_tar_files_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(read(&gzip(&bytes)).is_err());
    }

    #[test]
    fn arbitrary_state_never_panics(state in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(snapshot) = changed(|files| files[1].1 = state) {
            prop_assert!(snapshot.keyring(&SHARES).is_err());
        }
    }
}
