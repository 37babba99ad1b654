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

use vaultlet_cli::{Host, JqOutput, Shell, Stream, Unreachable};
use vaultlet_core::{Request, Response, UnixTime};

use crate::driver::Driver;
use crate::engine::Engine;
use crate::openbao::{self, OpenBao};
use crate::real_cli::Ran;
use crate::transcript::Server;

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

    /// How many storage entries have been put so far.
    fn puts(&mut self) -> u64;

    /// Puts a file into the working directory.
    fn write_file(&mut self, name: &str, text: &str);
}

impl Host for Engine {
    async fn answer(&mut self, _address: &str, request: Request) -> Result<Response, Unreachable> {
        Ok(self.ask(&request))
    }

    fn now(&self) -> UnixTime {
        Driver::now(self)
    }

    async fn sleep(&mut self, nanos: i64) {
        self.advance(Duration::from_nanos(u64::try_from(nanos).unwrap_or_default()));
    }

    #[allow(clippy::cast_precision_loss, reason = "jq counts time in seconds with a fraction")]
    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput {
        let ran = vaultlet_jq::run(args, input, Driver::now(self).nanos() as f64 / 1e9);
        JqOutput { stdout: ran.stdout, stderr: ran.stderr, code: ran.code }
    }
}

/// Our shell over a new development engine.
pub struct Ours {
    shell: Shell,
    engine: Engine,
}

impl Ours {
    /// A terminal as the page has one.
    pub fn new() -> Self {
        Self::start(Server::Dev)
    }

    /// The same over what a transcript begins with.
    pub fn start(server: Server) -> Self {
        let engine = match server {
            Server::Dev => Engine::dev(1),
            Server::Uninitialised => Engine::uninitialised(1),
        };
        let mut shell = Shell::new();
        shell.write_file("base.hcl", BASE.as_bytes());
        shell.export("BAO_ADDR", "http://127.0.0.1:8200");
        shell.export("VAULT_ADDR", "http://127.0.0.1:8200");
        Self { shell, engine }
    }
}

impl Default for Ours {
    fn default() -> Self {
        Self::new()
    }
}

impl Terminal for Ours {
    fn run(&mut self, line: &str) -> Ran {
        let ran = ready(self.shell.run(&mut self.engine, line));
        Ran { stdout: ran.text(Stream::Out), stderr: ran.text(Stream::Err), code: i32::from(ran.code) }
    }

    fn now(&self) -> UnixTime {
        Driver::now(&self.engine)
    }

    fn address(&self) -> String {
        "http://127.0.0.1:8200".to_owned()
    }

    fn puts(&mut self) -> u64 {
        self.engine.core.counters().puts
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
    server: OpenBao,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    directory: PathBuf,
    count: usize,
}

impl Real {
    /// Starts the server and the shell.
    ///
    /// # Panics
    /// When either does not start, or `jq` is missing.
    pub fn start() -> Self {
        Self::start_as(Server::Dev)
    }

    /// The same with what a transcript begins with.
    ///
    /// # Panics
    /// As [`Real::start`].
    pub fn start_as(server: Server) -> Self {
        let server = match server {
            Server::Dev => OpenBao::dev(),
            Server::Uninitialised => OpenBao::uninitialised(),
        };
        let home = server.home().to_owned();
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
        command.env_clear().env("PATH", path).env("HOME", &home).env("BAO_ADDR", server.address());
        command.env("TZ", "UTC").current_dir(&directory).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("sh starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut real = Self { server, child, stdin, stdout, directory, count: 0 };
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
        Driver::now(&self.server)
    }

    fn address(&self) -> String {
        self.server.address()
    }

    fn puts(&mut self) -> u64 {
        let metrics = self.server.http("GET", "sys/metrics?format=prometheus", "root", &[], b"");
        let text = String::from_utf8_lossy(&metrics.body).into_owned();
        let count = text.lines().find_map(|line| line.strip_prefix("vault_barrier_put_count "));
        count.and_then(|digits| digits.parse().ok()).expect("the server counts its puts")
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
