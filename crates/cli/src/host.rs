//! What a terminal is plugged into.

use vaultlet_core::{Request, Response, UnixTime};

/// Nothing answered at the address; the text is the reason, as the real CLI words it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// How requests travel to a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// Whether any certificate is believed.
    pub skip_verify: bool,
    /// PEM texts whose certificates are believed alone; the platform's if there are none.
    pub authorities: Vec<Vec<u8>>,
    /// Who the client is, if it can show that.
    pub identity: Option<Identity>,
    /// The name that the server's certificate must have; empty for the address's.
    pub server_name: String,
    /// How long an answer may take, in nanoseconds; 0 is for ever.
    pub timeout: i64,
    /// How often a request that the server failed is sent again.
    pub retries: u32,
    /// Whether a redirection is not followed.
    pub stays: bool,
    /// The proxy's URL; empty for none.
    pub proxy: String,
}

/// What a client shows of itself, as PEM texts.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its certificate.
    pub certificate: Vec<u8>,
    /// The certificate's private key.
    pub key: Vec<u8>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

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

    /// How the next requests travel, as flags and the environment say. Nothing travels to an engine in this process.
    ///
    /// # Errors
    /// The sentence to fail with, where a certificate or a key cannot be used.
    fn connect_by(&mut self, connection: &Connection) -> Result<(), String> {
        let _ = connection;
        Ok(())
    }

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
