//! Makes the snapshot of a busy vault and what it answers, for `tests/data`: `cargo run -p vaultlet-core --example golden_snapshot NAME`.
//!
//! A file once made there stays: each is of one form, and later releases open it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a tool for tests may fail by panicking"
)]

#[path = "../tests/busy/mod.rs"]
mod busy;

use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};
use vaultlet_core::host::{Clock, Seeded, SetClock};
use vaultlet_core::{Core, UnixTime};

fn main() {
    let name = env::args().nth(1).expect("a name such as vaultlet-1");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let (mut core, _) = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(9)), "root").unwrap();
    let reads = busy::fill(&mut core, &clock);
    fs::write(data.join(format!("{name}.snap")), core.snapshot().unwrap()).unwrap();
    let share: String = core.unseal_key().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    let answers = busy::answers(&mut core, &reads);
    let answers: Vec<Value> =
        reads.iter().zip(answers).map(|(read, answer)| recorded(read, &answer)).collect();
    let golden = json!({ "share": share, "now": clock.now().to_string(), "answers": answers });
    fs::write(data.join(format!("{name}.json")), format!("{golden:#}\n")).unwrap();
}

fn recorded(read: &busy::Read, (status, body): &(u16, String)) -> Value {
    let mut answer: Value = serde_json::from_str(body).unwrap_or_default();
    answer.as_object_mut().map(|members| members.remove("request_id"));
    json!({
        "token": read.token, "method": read.method, "path": read.path, "body": read.body, "status": status, "answer": answer,
    })
}
