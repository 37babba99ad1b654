//! Whole requests, one after the other, against an engine. It knows no command line.
//!
//! ```text
//! POST /v1/auth/token/create        method and target
//! X-Vault-Token: root               headers; without a token, root's
//!                                   an empty line
//! {"type":"batch"}                  the body, up to a byte 0x1e, behind which the next request stands
//! ```
//!
//! `SLEEP 90` lets seconds pass.

use serde_json::Value;
use vaultlet_core::host::{Clock, Seeded, SetClock};
use vaultlet_core::{Core, Method, Request, Snapshot, UnixTime};

/// Ends a request where another follows.
pub(crate) const NEXT: u8 = 0x1e;

const MOST_REQUESTS: usize = 8;

/// A new engine, whose root token is `root`; the clock moves it.
pub(crate) fn engine() -> (Core, SetClock) {
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let made = Core::dev(Box::new(clock.clone()), Box::new(Seeded::new(1)), "root");
    (made.expect("the seeded generator does not fail").0, clock)
}

/// Every request is answered, an error changes nothing, and what is stored opens again.
pub(crate) fn requests(data: &[u8]) {
    let (mut core, clock) = engine();
    let mut written = false;
    let mut passwords = 0;
    for bytes in data.split(|&byte| byte == NEXT).take(MOST_REQUESTS) {
        let request = read(bytes);
        if let Method::Other(word) = &request.method
            && word == "SLEEP"
        {
            let seconds: i64 = request.target.parse().unwrap_or(1).clamp(0, 1 << 33);
            clock.advance(seconds * 1_000_000_000);
            let outcome = core.expire(clock.now());
            core.commit(outcome);
            continue;
        }
        // bcrypt takes its time on purpose; one password says what many would.
        passwords += usize::from(request.body.windows(8).any(|word| word == b"password"));
        if passwords <= 1 {
            written |= ask(&mut core, &request);
        }
    }
    if written {
        opens_again(&mut core);
    }
}

/// A body is refused as no JSON only if no JSON reader would take it.
pub(crate) fn json(data: &[u8]) {
    let (mut core, _) = engine();
    let mut request = Request::new(Method::Post, "auth/token/create").token("root");
    request.body = data.to_vec();
    let request = request.header("Content-Type", "application/json");
    let outcome = core.handle(&request);
    let answer = core.commit(outcome);
    let body = String::from_utf8(answer.body.clone()).expect("answers are text");
    let refused = answer.status == 400 && body.contains("failed to decode JSON input");
    if let Ok(Value::Object(_)) = serde_json::from_slice(data) {
        assert!(!refused, "{body}");
    }
    if refused && body.contains("unexpected EOF") {
        assert!(serde_json::from_slice::<Value>(data).is_err(), "{body}");
    }
}

fn ask(core: &mut Core, request: &Request) -> bool {
    let outcome = core.handle(request);
    let status = outcome.response.status;
    assert!((200..600).contains(&status), "status {status}");
    let written = outcome.batch.puts() + outcome.batch.deletes() > 0;
    if status >= 400 {
        let root = request.header_value("X-Vault-Token") == Some("root");
        let may_stay = |(key, _): &(String, _)| stays_after_an_error(key, root);
        assert!(outcome.batch.writes.iter().all(may_stay), "an error wrote {:?}", outcome.batch.writes);
    }
    let response = core.commit(outcome);
    if !response.body.is_empty() && request.method != Method::Head {
        assert!(std::str::from_utf8(&response.body).is_ok(), "answers are text");
        let unwrapped = request.target.contains("wrapping/unwrap");
        // Who is sent to a clean path is told so in HTML.
        assert!(unwrapped || status == 307 || response.json().is_some(), "answers are JSON");
    }
    written
}

/// A login that fails is counted. Of a token with a number of uses one is taken, whatever comes of it; with the last it ends, and its
/// cubbyhole with it.
fn stays_after_an_error(key: &str, root: bool) -> bool {
    let token = ["sys/token/", "sys/expire/", "logical/"].iter().any(|folder| key.starts_with(folder));
    key.starts_with("core/login/lockedUsers/") || (token && !root)
}

/// A snapshot of what was committed opens, and root is answered the same there.
fn opens_again(core: &mut Core) {
    let lookup = Request::new(Method::Get, "sys/policies/acl").token("root");
    let listed = |core: &mut Core| {
        let outcome =
            core.handle(&Request { target: format!("{}?list=true", lookup.target), ..lookup.clone() });
        let data = outcome.response.json().and_then(|mut body| Some(body.get_mut("data")?.take()));
        core.commit(outcome);
        data
    };
    let Some(before) = listed(core) else { return };
    let bytes = core.snapshot().expect("an open vault is saved");
    let key = core.unseal_key().expect("an open vault has its key");
    let share: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let snapshot = Snapshot::read(&bytes).expect("what was saved is read");
    let clock = SetClock::at(UnixTime::from_secs(1_795_460_913));
    let opened = Core::from_snapshot(Box::new(clock), Box::new(Seeded::new(2)), snapshot, &[share]);
    assert_eq!(listed(&mut opened.expect("what was saved opens")), Some(before));
}

fn read(bytes: &[u8]) -> Request {
    let (head, body) = split(bytes, b"\n\n");
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap_or_default().split_once(' ').unwrap_or_default();
    let mut request = Request::new(Method::parse(method), "");
    target.clone_into(&mut request.target);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    if request.header_value("X-Vault-Token").is_none() {
        request = request.token("root");
    }
    request.body = body.to_vec();
    request
}

fn split<'a>(bytes: &'a [u8], between: &[u8]) -> (&'a [u8], &'a [u8]) {
    let at = bytes.windows(between.len()).position(|window| window == between);
    at.map_or((bytes, &[]), |at| (&bytes[..at], &bytes[at + between.len()..]))
}
