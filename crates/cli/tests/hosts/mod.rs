//! Hosts for tests: one that answers nothing.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use vaultlet_cli::{Host, JqOutput, Unreachable};
use vaultlet_core::{Request, Response, UnixTime};

/// Answers nothing, and keeps time.
#[derive(Debug, Default)]
pub struct Silent {
    slept: i64,
}

impl Host for Silent {
    async fn answer(&mut self, _address: &str, _request: Request) -> Result<Response, Unreachable> {
        Err(Unreachable("dial tcp 127.0.0.1:8200: connect: connection refused".to_owned()))
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_secs(1_795_460_913).plus_nanos(self.slept)
    }

    async fn sleep(&mut self, nanos: i64) {
        self.slept += nanos;
    }

    async fn jq(&mut self, _args: &[String], _input: &[u8]) -> JqOutput {
        JqOutput::default()
    }
}

/// The value of a future that never has to wait.
#[allow(clippy::panic, reason = "this is test code, which the lint does not see outside of a #[test]")]
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a host in a test never waits"),
    }
}
