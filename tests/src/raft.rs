//! A real server with integrated storage, Shamir shares and snapshots. It opens none of them.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultlet_core::{Method, Request};

use crate::openbao::OpenBao;

/// An initialised, unsealed server with raft storage.
#[derive(Debug)]
pub struct Raft {
    /// The server.
    pub server: OpenBao,
    /// The unseal shares in base64, as `operator init` gives them.
    pub shares: Vec<String>,
    /// The root token.
    pub root_token: String,
}

impl Raft {
    /// Starts a server and initialises it with `shares` unseal shares, any `threshold` of which unseal it.
    pub fn start(shares: u8, threshold: u8) -> Self {
        let server = bare();
        let body = json!({ "secret_shares": shares, "secret_threshold": threshold });
        let answer = server.ask(&Request::new(Method::Put, "sys/init").json(&body));
        let init = answer.json().unwrap_or_default();
        assert_eq!(answer.status, 200, "sys/init: {init}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let raft = Self {
            shares: init["keys_base64"].as_array().expect("sys/init gives shares").iter().map(text).collect(),
            root_token: text(&init["root_token"]),
            server,
        };
        raft.unseal(usize::from(threshold));
        raft
    }

    /// Gives the first `threshold` shares and waits until the node leads.
    pub fn unseal(&self, threshold: usize) {
        for share in self.shares.iter().take(threshold) {
            let request = Request::new(Method::Put, "sys/unseal").json(&json!({ "key": share }));
            assert_eq!(self.server.ask(&request).status, 200, "sys/unseal");
        }
        let begun = Instant::now();
        while self.server.ask(&Request::new(Method::Get, "sys/health")).status != 200 {
            assert!(begun.elapsed() < Duration::from_secs(60), "no leader:\n{}", self.server.log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Starts another node, which joins this one's cluster and stands by.
    pub fn stand_by(&self) -> OpenBao {
        let node = bare();
        let ask = |method, path: &str, body: &Value| node.ask(&Request::new(method, path).json(body));
        let join = json!({ "leader_api_addr": self.server.address() });
        assert_eq!(ask(Method::Post, "sys/storage/raft/join", &join).status, 200, "join");
        let begun = Instant::now();
        // A standby answers 429. Until it has heard of the cluster's seal, it takes no share.
        while ask(Method::Get, "sys/health", &Value::Null).status != 429 {
            assert!(begun.elapsed() < Duration::from_secs(60), "no standby:\n{}", node.log());
            for share in &self.shares {
                ask(Method::Put, "sys/unseal", &json!({ "key": share }));
            }
            thread::sleep(Duration::from_millis(100));
        }
        node
    }

    /// Starts another server, not of this cluster, that goes on from this one's state of now: under the same keys.
    pub fn second(&self) -> OpenBao {
        let second = Self::start(1, 1);
        second.restore(&self.snapshot());
        let own = Request::new(Method::Get, "auth/token/lookup-self").token(&self.root_token);
        let begun = Instant::now();
        while second.server.ask(&own).status != 200 {
            assert!(begun.elapsed() < Duration::from_secs(60), "not restored:\n{}", second.server.log());
            for share in &self.shares {
                second.server.ask(&Request::new(Method::Put, "sys/unseal").json(&json!({ "key": share })));
            }
            thread::sleep(Duration::from_millis(100));
        }
        second.server
    }

    /// Asks with the root token and JSON.
    ///
    /// # Panics
    /// When the answer is not a success.
    pub fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let answer = self.server.ask(&Request::new(method, path).token(&self.root_token).json(body));
        let text = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{path}: {} {text}", answer.status);
        answer.json().unwrap_or_default()
    }

    /// Puts a snapshot of another vault in the place of this server's own, as `operator raft snapshot restore -force` does. The
    /// server seals itself then, a moment later.
    pub fn restore(&self, snapshot: &[u8]) {
        let mut request =
            Request::new(Method::Post, "sys/storage/raft/snapshot-force").token(&self.root_token);
        request.body = snapshot.to_vec();
        let answer = self.server.ask(&request);
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// A snapshot as `operator raft snapshot save` writes it: a gzipped tar.
    pub fn snapshot(&self) -> Vec<u8> {
        let request = Request::new(Method::Get, "sys/storage/raft/snapshot").token(&self.root_token);
        let answer = self.server.ask(&request);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.body
    }
}

/// A server with raft storage and nothing in it, on two ports in a row.
fn bare() -> OpenBao {
    OpenBao::configured(|port, home| {
        let cluster = port + 1;
        format!(
            "storage \"raft\" {{ path = \"{}\" node_id = \"n{port}\" }}\n\
             listener \"tcp\" {{ address = \"127.0.0.1:{port}\" cluster_address = \"127.0.0.1:{cluster}\" \
             tls_disable = true telemetry {{ unauthenticated_metrics_access = true }} }}\n\
             telemetry {{ prometheus_retention_time = \"1h\" disable_hostname = true }}\n\
             api_addr = \"http://127.0.0.1:{port}\"\ncluster_addr = \"https://127.0.0.1:{cluster}\"\n",
            home.display()
        )
    })
}
