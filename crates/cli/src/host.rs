//! What a terminal is plugged into.

use vaultlet_core::{Request, Response, UnixTime};

/// Nothing answered at the address; the text is the reason, as the real CLI words it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// What a terminal is plugged into: an engine in this process, or a real server far away.
///
/// The futures need not be `Send`: a page has one thread.
#[allow(
    async_fn_in_trait,
    reason = "the futures are awaited where they are made; nobody needs them to be Send"
)]
pub trait Host {
    /// Answers one request to Vault's API at `address` (`http://127.0.0.1:8200`), which an engine ignores.
    async fn answer(&mut self, address: &str, request: Request) -> Result<Response, Unreachable>;

    /// The time by which this terminal lives (the engine's in a tab), for `date`.
    fn now(&self) -> UnixTime;

    /// Lets time pass. In a tab it moves the engine's clock, not the reader's.
    async fn sleep(&mut self, nanos: i64);

    /// Told of each `export NAME=value`. A line to print, if there is something to say: a tab's engine answers
    /// whatever `VAULT_ADDR` says.
    fn exported(&mut self, name: &str, value: &str) -> Option<String> {
        let _ = (name, value);
        None
    }

    /// Runs `jq ARGS` on `input`, with the shell's files at hand for `-f`.
    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput;
}

/// What a run of jq printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JqOutput {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit code.
    pub code: u8,
}
