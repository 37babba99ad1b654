//! Snapshots of real servers, changed where a change is not found at once. It knows no file system.

#[allow(dead_code, unreachable_pub, reason = "the engine's tests use more of it")]
#[path = "../../../crates/core/tests/archive/mod.rs"]
mod archive;

use std::sync::OnceLock;

use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Snapshot, UnixTime};

const REAL: &[u8] = include_bytes!("../../../crates/core/tests/data/raft.snap");
const SHARES: [&str; 3] = [
    "CsgWHKjSnjCHSZZAO1GQyp3vDI9cms3rcLZLaTTFKoud",
    "rMixq398QaNMmBqWH9Yb9/bggRjOt7CIvIzMli/+fUSP",
    "C8QhEatjoo/bmOEs+43lWlVoUs/TXJJ5ZSGInx4UpTwK",
];

/// The first byte says how deep the change is: a file as it is, what its gzip holds, or its entries with sums that fit.
pub(crate) fn snapshot(data: &[u8]) {
    let Some((depth, bytes)) = data.split_first() else { return };
    let file = match depth % 3 {
        0 => bytes.to_vec(),
        1 => archive::gzip(bytes),
        _ => {
            let mut files = files().clone();
            files[1].1 = bytes.to_vec();
            archive::pack(&files)
        }
    };
    let Ok(snapshot) = Snapshot::read(&file) else { return };
    let _ = snapshot.threshold();
    assert!(
        snapshot.entries().is_sorted_by(|one, other| one.0 < other.0),
        "keys are sorted and none comes twice"
    );
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let (clock, rng) = (Box::new(clock), Box::new(Seeded::new(1)));
    if let Ok(mut core) = Core::from_snapshot(clock, rng, snapshot, &SHARES) {
        let outcome = core.handle(&Request::new(Method::Get, "sys/seal-status"));
        assert_eq!(outcome.response.status, 200);
    }
}

#[cfg(not(fuzzing))]
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let state = &files()[1].1;
    let whole = [&[0], REAL].concat();
    let tar = [&[1], archive::tar(files()).as_slice()].concat();
    let parts = [64, 512, state.len()].map(|len| [&[2], &state[..len.min(state.len())]].concat());
    [vec![whole, tar], parts.to_vec()].concat()
}

fn files() -> &'static Vec<archive::File> {
    static FILES: OnceLock<Vec<archive::File>> = OnceLock::new();
    FILES.get_or_init(|| archive::unpack(REAL))
}
