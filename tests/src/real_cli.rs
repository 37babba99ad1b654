//! The real command line, run as a person would run it. It knows nothing of what it prints.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::openbao::{self, OpenBao};

/// What a run left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

/// A place to run commands in: an environment and a directory, with `bao` first on the path.
#[derive(Debug, Clone)]
pub struct RealCli {
    home: PathBuf,
    directory: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

impl OpenBao {
    /// The real command line, with `BAO_ADDR` set to this server and its home as home and directory.
    pub fn cli(&self) -> RealCli {
        RealCli::new(self.home()).env("BAO_ADDR", &self.address())
    }
}

impl RealCli {
    /// With nothing set but `HOME` and `PATH`.
    pub fn new(home: &Path) -> Self {
        Self { home: home.to_owned(), directory: home.to_owned(), environment: Vec::new() }
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Runs in `directory`, where `base.hcl` and the like are.
    #[must_use]
    pub fn directory(mut self, directory: &Path) -> Self {
        directory.clone_into(&mut self.directory);
        self
    }

    /// `bao ARGUMENTS`
    pub fn run<S: AsRef<str>>(&self, arguments: &[S], stdin: &[u8]) -> Ran {
        let mut command = Command::new(openbao::binary());
        command.args(arguments.iter().map(AsRef::as_ref));
        self.finish(command, stdin)
    }

    /// A line for `sh`, in which `bao` is the real one.
    pub fn shell(&self, line: &str) -> Ran {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.finish(command, b"")
    }

    fn finish(&self, mut command: Command, stdin: &[u8]) -> Ran {
        let binary = openbao::binary();
        let mut path = OsString::from(binary.parent().unwrap_or(Path::new("/")));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.env_clear().env("PATH", path).env("HOME", &self.home).current_dir(&self.directory);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        // A command that does not read its input closes the pipe, which is no fault.
        let _ = child.stdin.take().expect("stdin is piped").write_all(stdin);
        let output = child.wait_with_output().expect("the command ends");
        Ran {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }
}
