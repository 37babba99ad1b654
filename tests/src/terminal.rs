//! Two terminals side by side: our shell over the engine, and the real one over the real server. They know no transcript.

use std::fs;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use serde::Deserialize;
use vaultlet_cli::{Host, JqOutput, Shell, Stream, Unreachable};
use vaultlet_core::{Request, Response, UnixTime};

use crate::driver::Driver;
use crate::engine::Engine;
use crate::engines::Engines;
use crate::openbao::{self, OpenBao};
use crate::real_cli::Ran;
use crate::scenario::Server;
use crate::servers::Servers;

/// The policy that every terminal starts with as `base.hcl`.
pub const BASE: &str =
    "path \"secret/data/base/*\" {\n  capabilities = [\"create\", \"read\", \"update\"]\n}\n";

/// Something that runs lines and remembers variables and files from one to the next.
pub trait Terminal {
    /// Runs one line, or several that belong together.
    fn run(&mut self, line: &str) -> Ran;

    /// The time by which what answers lives.
    fn now(&self) -> UnixTime;

    /// The server's address, as errors name it.
    fn address(&self) -> String;

    /// How many storage entries have been put so far; of two servers by the first.
    fn puts(&mut self) -> u64;

    /// How often the first of two servers and the one beside it have sealed so far.
    ///
    /// # Panics
    /// When there is one server alone.
    fn encryptions(&mut self) -> Encryptions;

    /// Puts a file into the working directory.
    fn write_file(&mut self, name: &str, text: &str);
}

/// How often each of two servers has sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encryptions {
    /// The active node, or the first cluster.
    pub active: u64,
    /// The standby, or the second cluster.
    pub beside: u64,
}

/// Where our engines are, as far as a shell can tell.
const ADDRESS: &str = "http://127.0.0.1:8200";
/// Where the one beside is.
const BESIDE: &str = "http://127.0.0.1:8210";

/// Our engines: one, or two that are told apart by their address.
pub enum Machine {
    /// A development engine.
    One(Engine),
    /// Two, and what the second is.
    Two(Box<Engines>, Server),
}

impl Machine {
    /// New engines.
    pub fn start(server: Server) -> Self {
        match server {
            Server::Standby => Self::Two(Box::new(Engines::standby()), server),
            Server::Secondary => Self::Two(Box::new(Engines::secondary()), server),
            Server::Dev => Self::One(Engine::dev(1)),
            Server::Uninitialised => Self::One(Engine::uninitialised(1)),
        }
    }

    fn driver(&mut self) -> &mut dyn Driver {
        match self {
            Self::One(engine) => engine,
            Self::Two(engines, _) => engines.as_mut(),
        }
    }

    fn now(&self) -> UnixTime {
        match self {
            Self::One(engine) => Driver::now(engine),
            Self::Two(engines, _) => engines.now(),
        }
    }
}

/// How a line names the server beside: the standby, or the second cluster.
fn name_of_beside(server: Server) -> Option<&'static str> {
    match server {
        Server::Standby => Some("STANDBY"),
        Server::Secondary => Some("SECONDARY"),
        Server::Dev | Server::Uninitialised => None,
    }
}

impl Host for Machine {
    async fn answer(&mut self, address: &str, request: Request) -> Result<Response, Unreachable> {
        Ok(match self {
            Self::Two(engines, Server::Standby) if address == BESIDE => engines.ask_standby(&request).0,
            Self::Two(engines, _) if address == BESIDE => engines.ask_secondary(&request),
            machine => machine.driver().ask(&request),
        })
    }

    fn now(&self) -> UnixTime {
        self.now()
    }

    async fn sleep(&mut self, nanos: i64) {
        self.driver().advance(Duration::from_nanos(u64::try_from(nanos).unwrap_or_default()));
    }

    #[allow(clippy::cast_precision_loss, reason = "jq counts time in seconds with a fraction")]
    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput {
        let ran = vaultlet_jq::run(args, input, self.now().nanos() as f64 / 1e9);
        JqOutput { stdout: ran.stdout, stderr: ran.stderr, code: ran.code }
    }
}

/// Our shell over a new development engine, or two.
pub struct Ours {
    shell: Shell,
    machine: Machine,
}

impl Ours {
    /// A terminal as the page has one.
    pub fn new() -> Self {
        Self::start(Server::Dev)
    }

    /// With another engine beside it, whose address is in `$STANDBY` or `$SECONDARY`.
    pub fn start(server: Server) -> Self {
        let mut shell = Shell::new();
        shell.write_file("base.hcl", BASE.as_bytes());
        shell.export("BAO_ADDR", ADDRESS);
        shell.export("VAULT_ADDR", ADDRESS);
        if let Some(name) = name_of_beside(server) {
            shell.export(name, BESIDE);
        }
        Self { shell, machine: Machine::start(server) }
    }
}

impl Default for Ours {
    fn default() -> Self {
        Self::new()
    }
}

impl Terminal for Ours {
    fn run(&mut self, line: &str) -> Ran {
        let ran = ready(self.shell.run(&mut self.machine, line));
        Ran { stdout: ran.text(Stream::Out), stderr: ran.text(Stream::Err), code: i32::from(ran.code) }
    }

    fn now(&self) -> UnixTime {
        self.machine.now()
    }

    fn address(&self) -> String {
        ADDRESS.to_owned()
    }

    fn puts(&mut self) -> u64 {
        match &self.machine {
            Machine::One(engine) => engine.core.counters().puts,
            Machine::Two(engines, _) => engines.puts(),
        }
    }

    fn encryptions(&mut self) -> Encryptions {
        let Machine::Two(engines, _) = &self.machine else { panic!("nothing stands beside this engine") };
        let (active, beside) = engines.encryptions();
        Encryptions { active, beside }
    }

    fn write_file(&mut self, name: &str, text: &str) {
        self.shell.write_file(name, text.as_bytes());
    }
}

/// The value of a future that never waits: the engine answers at once.
///
/// # Panics
/// When it waits all the same.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the engine answers at once"),
    }
}

/// `sh` with the real command line over a new development server. `vault` is the same command there.
pub struct Real {
    servers: RealServers,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    directory: PathBuf,
    count: usize,
}

/// One real server, or two.
enum RealServers {
    One(OpenBao),
    Two(Box<Servers>),
}

impl RealServers {
    fn start(server: Server) -> Self {
        match server {
            Server::Standby => Self::Two(Box::new(Servers::standby())),
            Server::Secondary => Self::Two(Box::new(Servers::secondary())),
            Server::Dev => Self::One(OpenBao::dev()),
            Server::Uninitialised => Self::One(OpenBao::uninitialised()),
        }
    }

    fn first(&self) -> &OpenBao {
        match self {
            Self::One(server) => server,
            Self::Two(servers) => &servers.first.server,
        }
    }
}

impl Real {
    /// Starts the server and the shell.
    ///
    /// # Panics
    /// When either does not start, or `jq` is missing.
    pub fn start() -> Self {
        Self::start_as(Server::Dev)
    }

    /// With another server beside it, whose address is in `$STANDBY` or `$SECONDARY`.
    ///
    /// # Panics
    /// As [`Real::start`].
    pub fn start_as(server: Server) -> Self {
        let servers = RealServers::start(server);
        let first = servers.first();
        let home = first.home().to_owned();
        let (tools, directory) = (home.join("tools"), home.join("work"));
        for folder in [&tools, &directory] {
            fs::create_dir_all(folder).expect("the home takes directories");
        }
        for name in ["bao", "vault"] {
            symlink(openbao::binary(), tools.join(name)).expect("a link can be made");
        }
        fs::write(directory.join("base.hcl"), BASE).expect("the directory takes files");
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("sh");
        command.env_clear().env("PATH", path).env("HOME", &home).env("BAO_ADDR", first.address());
        if let (RealServers::Two(two), Some(name)) = (&servers, name_of_beside(server)) {
            command.env(name, two.beside.address());
        }
        command.env("TZ", "UTC").current_dir(&directory).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("sh starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut real = Self { servers, child, stdin, stdout, directory, count: 0 };
        assert_eq!(real.run("command -v jq >/dev/null").code, 0, "jq is missing: apt-get install jq");
        real
    }

    fn output(&self, stream: &str) -> String {
        let path = self.at(stream);
        String::from_utf8_lossy(&fs::read(path).expect("the shell wrote its output")).into_owned()
    }

    fn at(&self, stream: &str) -> PathBuf {
        // Beside the working directory, so that `ls` does not show it.
        self.directory.with_file_name(format!("{stream}-{}", self.count))
    }
}

impl Terminal for Real {
    fn run(&mut self, line: &str) -> Ran {
        self.count += 1;
        if let RealServers::Two(two) = &self.servers {
            // What the last line has written is at the standby before the next one asks.
            two.settle();
        }
        let quoted = |path: &Path| format!("'{}'", path.display());
        let (out, err) = (self.at("out"), self.at("err"));
        let script = format!("{{ {line}\n}} >{} 2>{} </dev/null; echo $?\n", quoted(&out), quoted(&err));
        self.stdin.write_all(script.as_bytes()).expect("the shell reads");
        let mut code = String::new();
        self.stdout.read_line(&mut code).expect("the shell answers");
        let code = code.trim().parse().unwrap_or_else(|_| panic!("the shell ended at {line:?}"));
        Ran { stdout: self.output("out"), stderr: self.output("err"), code }
    }

    fn now(&self) -> UnixTime {
        Driver::now(self.servers.first())
    }

    fn address(&self) -> String {
        self.servers.first().address()
    }

    fn puts(&mut self) -> u64 {
        let metrics = self.servers.first().http("GET", "sys/metrics?format=prometheus", "root", &[], b"");
        let text = String::from_utf8_lossy(&metrics.body).into_owned();
        let count = text.lines().find_map(|line| line.strip_prefix("vault_barrier_put_count "));
        count.and_then(|digits| digits.parse().ok()).expect("the server counts its puts")
    }

    fn encryptions(&mut self) -> Encryptions {
        let RealServers::Two(two) = &self.servers else { panic!("nothing stands beside this server") };
        let counter = "vault_barrier_estimated_encryptions";
        Encryptions { active: two.count(counter), beside: two.count_beside(counter) }
    }

    fn write_file(&mut self, name: &str, text: &str) {
        fs::write(self.directory.join(name), text).expect("the directory takes files");
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        // The shell ends by itself when its input closes; this makes sure that it has.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
