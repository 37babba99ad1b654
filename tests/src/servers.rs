//! Two real servers side by side: an active node and a standby of one raft cluster, or a server and another one restored from its snapshot.
//! It knows no scenario and no row.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use vaultlet_core::{Method, Request, Response, UnixTime};

use crate::driver::Driver;
use crate::openbao::OpenBao;
use crate::raft::Raft;
use crate::scenario::At;

/// A server like a development one, root token `root` and `secret/` mounted, with another beside it.
pub struct Servers {
    /// The active node, or the first of two servers.
    pub first: Raft,
    /// The standby, or the restored server.
    pub beside: OpenBao,
    one_cluster: bool,
}

impl Servers {
    /// Two nodes of one cluster.
    pub fn standby() -> Self {
        let first = like_dev();
        Self { beside: first.stand_by(), first, one_cluster: true }
    }

    /// Two servers under the same keys.
    pub fn secondary() -> Self {
        let first = like_dev();
        Self { beside: first.second(), first, one_cluster: false }
    }

    /// A counter of the first, all its labels together; 0 before it counts.
    pub fn count(&self, name: &str) -> u64 {
        count(&self.first.server, name)
    }

    /// A counter of the one beside it.
    pub fn count_beside(&self, name: &str) -> u64 {
        count(&self.beside, name)
    }

    /// Waits until the standby has what the active node has; a second cluster waits for nothing.
    pub fn settle(&self) {
        if !self.one_cluster {
            return;
        }
        let applied = |server: &OpenBao| {
            let leader = server.http("GET", "sys/leader", "", &[], b"").json().unwrap_or_default();
            leader["raft_applied_index"].as_u64().unwrap_or_default()
        };
        let (wanted, begun) = (applied(&self.first.server), Instant::now());
        while applied(&self.beside) < wanted {
            assert!(begun.elapsed() < Duration::from_secs(30), "the standby does not catch up");
            thread::sleep(Duration::from_millis(10));
        }
        // The caches are told of it a moment after.
        thread::sleep(Duration::from_millis(30));
    }

    /// How many requests the active node has handled, logins too.
    fn handled(&self) -> u64 {
        self.count("vault_core_handle_request_count") + self.count("vault_core_handle_login_request_count")
    }
}

/// A raft server with what a development server has.
fn like_dev() -> Raft {
    let raft = Raft::start(1, 1);
    raft.ask(Method::Post, "auth/token/create", &json!({ "id": "root", "policies": ["root"] }));
    raft.ask(Method::Post, "sys/mounts/secret", &json!({ "type": "kv", "options": { "version": "2" } }));
    let begun = Instant::now();
    while raft.server.http("GET", "secret/config", "root", &[], b"").status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "secret/ does not answer");
        thread::sleep(Duration::from_millis(20));
    }
    raft
}

/// Sums up the lines `name N` and `name{..} N`.
fn count(server: &OpenBao, name: &str) -> u64 {
    // Asked without a token, metrics are no request that the server handles and counts.
    let answer = server.http("GET", "sys/metrics?format=prometheus", "", &[], b"");
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let value = |line: &str| {
        let rest = line.strip_prefix(name)?;
        let (labels, number) = rest.rsplit_once(' ')?;
        (labels.is_empty() || labels.starts_with('{')).then(|| number.parse::<f64>().ok())?
    };
    let values: Vec<f64> = text.lines().filter_map(value).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a counter is a whole number")]
    let sum = values.iter().sum::<f64>() as u64;
    sum
}

impl Driver for Servers {
    fn ask(&mut self, request: &Request) -> Response {
        self.first.server.ask(request)
    }

    fn ask_standby(&mut self, request: &Request) -> (Response, At) {
        self.settle();
        let before = self.handled();
        let response = self.beside.ask(request);
        (response, if self.handled() > before { At::Active } else { At::Standby })
    }

    fn ask_secondary(&mut self, request: &Request) -> Response {
        self.beside.ask(request)
    }

    fn advance(&mut self, span: Duration) {
        self.first.server.advance(span);
    }

    fn now(&self) -> UnixTime {
        Driver::now(&self.first.server)
    }
}
