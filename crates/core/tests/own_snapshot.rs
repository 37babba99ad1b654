//! A vault saved and opened again answers as before, and a file of an earlier release still opens.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail by panicking"
)]

mod archive;
mod busy;

use serde_json::{Value, json};
use vaultlet_core::host::{Seeded, SetClock};
use vaultlet_core::{Core, Method, Origin, Request, Snapshot, SnapshotError, UnixTime};

const NOW: UnixTime = UnixTime::from_secs(1_795_460_913);

fn vault() -> (Core, SetClock) {
    let clock = SetClock::at(NOW);
    let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(1)), "root").unwrap();
    (core, clock)
}

fn share(core: &Core) -> String {
    core.unseal_key().unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn reopened(file: &[u8], clock: &SetClock, seed: u64, share: &str) -> Result<Core, SnapshotError> {
    let snapshot = Snapshot::read(file)?;
    Core::from_snapshot(Box::new(clock.clone()), Box::new(Seeded::new(seed)), snapshot, &[share])
}

#[test]
fn every_read_answers_as_before_byte_for_byte() {
    let (mut core, clock) = vault();
    let reads = busy::fill(&mut core, &clock);
    let file = core.snapshot().unwrap();
    let mut again = reopened(&file, &clock, 2, &share(&core)).unwrap();
    let (before, after) = (busy::answers(&mut core, &reads), busy::answers(&mut again, &reads));
    for ((read, before), after) in reads.iter().zip(&before).zip(&after) {
        assert_eq!(before, after, "{} {} {}", read.method, read.path, read.body);
    }
    assert!(before.iter().filter(|(status, _)| *status == 200).count() > 50);
}

#[test]
fn saving_changes_nothing_and_the_file_is_the_sealed_entries() {
    let (mut core, clock) = vault();
    busy::fill(&mut core, &clock);
    let entries =
        |core: &Core| core.entries().map(|(key, value)| (key.to_owned(), value.to_vec())).collect::<Vec<_>>();
    let before = entries(&core);
    let file = core.snapshot().unwrap();
    assert_eq!(before, entries(&core));
    let snapshot = Snapshot::read(&file).unwrap();
    assert_eq!(snapshot.origin(), Origin::Vaultlet(UnixTime::from_nanos(NOW.nanos() + 3_000_000_000)));
    assert_eq!(snapshot.threshold(), Some((1, 1)));
    // The keyring is sealed anew, with the count of encryptions that was in memory.
    let saved = snapshot.entries().filter(|(key, _)| *key != "core/keyring");
    let stored = before.iter().map(|(key, value)| (key.as_str(), value.as_slice()));
    assert!(saved.eq(stored.filter(|(key, _)| *key != "core/keyring")));
}

#[test]
fn an_ordinary_reader_of_archives_unpacks_it() {
    let (mut core, _) = vault();
    let files = archive::unpack(&core.snapshot().unwrap());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["meta.json", "state.bin", "SHA256SUMS", "SHA256SUMS.sealed"]);
    let meta: Value = serde_json::from_slice(&files[0].1).unwrap();
    assert_eq!((&meta["ID"], &meta["Size"]), (&json!("vaultlet-1"), &json!(files[1].1.len())));
    // A gzip file of more than one block.
    let policy = format!("# {}", "x".repeat(100_000));
    busy::ask(&mut core, "POST", "sys/policies/acl/long", "root", &json!({ "policy": policy }));
    let file = core.snapshot().unwrap();
    assert!(archive::unpack(&file)[1].1.len() > 100_000);
}

#[test]
fn the_engine_goes_on_and_draws_afresh() {
    let (mut core, clock) = vault();
    let file = core.snapshot().unwrap();
    let made = |core: &mut Core| {
        busy::ask(core, "POST", "auth/token/create", "root", &json!({"type": "batch", "policies": ["x"]}))
    };
    let token = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap();
        body["auth"]["client_token"].as_str().unwrap().to_owned()
    };
    let mut engines = [core.snapshot().unwrap(), file].map(|file| {
        let mut again = reopened(&file, &clock, 7 + file.len() as u64, &share(&core)).unwrap();
        assert!(!again.is_read_only());
        assert_eq!(busy::ask(&mut again, "POST", "auth/token/create", "root", &json!({})).0, 200);
        again
    });
    let batch = token(&made(&mut engines[0]).1);
    for core in engines.iter_mut().chain([&mut core]) {
        let (status, _) = busy::ask(core, "GET", "auth/token/lookup-self", &batch, &Value::Null);
        assert_eq!(status, 200, "one keyring opens what the other sealed");
    }
}

#[test]
fn time_does_not_go_back_behind_the_moment_of_the_snapshot() {
    let (mut core, clock) = vault();
    clock.advance(3_600_000_000_000);
    let file = core.snapshot().unwrap();
    let early = SetClock::at(NOW);
    let again = reopened(&file, &early, 2, &share(&core)).unwrap();
    assert_eq!(again.clock_behind(), Some(3_600_000_000_000));
    early.set(clock_now(&clock));
    assert_eq!(again.clock_behind(), None);
}

fn clock_now(clock: &SetClock) -> UnixTime {
    vaultlet_core::host::Clock::now(clock)
}

#[test]
fn without_its_share_it_does_not_open() {
    let (mut core, clock) = vault();
    let file = core.snapshot().unwrap();
    assert_eq!(reopened(&file, &clock, 2, &"ab".repeat(32)).err(), Some(SnapshotError::WrongShares));
    let mut files = archive::unpack(&file);
    files[0].1 =
        String::from_utf8(files[0].1.clone()).unwrap().replace("vaultlet-1", "vaultlet-9").into_bytes();
    let later = SnapshotError::Version("vaultlet-9".to_owned());
    assert_eq!(reopened(&archive::pack(&files), &clock, 2, &share(&core)).err(), Some(later));
    let share = share(&core);
    core.seal();
    assert!(core.snapshot().is_err(), "a sealed vault has no key to seal the sums with");
    core.unseal(&[share]).unwrap();
    assert!(core.snapshot().is_ok());
}

#[test]
fn the_file_of_the_first_form_opens_and_answers_as_it_did() {
    let golden: Value = serde_json::from_str(include_str!("data/vaultlet-1.json")).unwrap();
    let now = UnixTime::parse(golden["now"].as_str().unwrap()).unwrap();
    let file = include_bytes!("data/vaultlet-1.snap");
    let mut core = reopened(file, &SetClock::at(now), 3, golden["share"].as_str().unwrap()).unwrap();
    let answers = golden["answers"].as_array().unwrap();
    assert!(answers.len() > 50);
    for answer in answers {
        let text = |name: &str| answer[name].as_str().unwrap();
        let mut request = Request::new(Method::parse(text("method")), text("path")).token(text("token"));
        if !answer["body"].is_null() {
            request = request.json(&answer["body"]);
        }
        let response = core.handle(&request).response;
        let mut given = response.json().unwrap_or_default();
        given.as_object_mut().map(|members| members.remove("request_id"));
        assert_eq!(
            (json!(response.status), &given),
            (answer["status"].clone(), &answer["answer"]),
            "{}",
            text("path")
        );
    }
}
