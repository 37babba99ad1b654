//! Whatever can be asked a scenario. It knows no scenario.

use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vaultlet_core::{Request, Response, UnixTime};

use crate::http;
use crate::openbao::OpenBao;
use crate::scenario::At;

/// The longest wait that a scenario may ask of the real server, which cannot be told that time has passed.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Something that answers Vault's API and lives through time.
pub trait Driver {
    /// Answers one request.
    fn ask(&mut self, request: &Request) -> Response;

    /// Answers one request, or drops the connection, as the real server does where its handler breaks.
    fn ask_or_drop(&mut self, request: &Request) -> Option<Response> {
        Some(self.ask(request))
    }

    /// Asks the standby beside it, and says who has made the answer.
    ///
    /// # Panics
    /// When it has none.
    fn ask_standby(&mut self, request: &Request) -> (Response, At) {
        panic!("{}: no standby stands beside this", request.target)
    }

    /// Asks the second cluster beside it.
    ///
    /// # Panics
    /// When it has none.
    fn ask_secondary(&mut self, request: &Request) -> Response {
        panic!("{}: no second cluster stands beside this", request.target)
    }

    /// Lets time pass; what expires meanwhile is gone afterwards.
    fn advance(&mut self, span: Duration);

    /// The time by which it answers.
    fn now(&self) -> UnixTime;
}

impl Driver for OpenBao {
    fn ask(&mut self, request: &Request) -> Response {
        Self::ask(self, request)
    }

    fn ask_or_drop(&mut self, request: &Request) -> Option<Response> {
        http::send(self.authority(), request).ok().map(Response::from)
    }

    fn advance(&mut self, span: Duration) {
        assert!(span <= LONGEST_WAIT, "a live scenario waits {LONGEST_WAIT:?} at most: use shorter TTLs");
        // No span at all waits for the beginning of a second: what follows at once is within one.
        let whole = Duration::from_nanos(1_000_000_000 - self.now().nanos() % 1_000_000_000);
        thread::sleep(if span.is_zero() { whole } else { span });
    }

    fn now(&self) -> UnixTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
        UnixTime::from_nanos(u64::try_from(since.as_nanos()).expect("the clock is before 2554"))
    }
}
