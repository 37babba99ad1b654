//! Scripts for the shell, and arguments for the command line, over an engine. It knows no terminal.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use vaultlet_cli::{Host, JqOutput, Product, Shell, Unreachable};
use vaultlet_core::host::{Clock, SetClock};
use vaultlet_core::{Core, Request, Response, UnixTime};

use crate::requests::engine;

/// Splits arguments, as a program gets them.
pub(crate) const BETWEEN: char = '\n';

struct Engine {
    core: Core,
    clock: SetClock,
}

impl Host for Engine {
    async fn answer(&mut self, _address: &str, request: Request) -> Result<Response, Unreachable> {
        let outcome = self.core.handle(&request);
        Ok(self.core.commit(outcome))
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    async fn sleep(&mut self, nanos: i64) {
        self.clock.advance(nanos.max(0));
    }

    async fn jq(&mut self, _args: &[String], input: &[u8]) -> JqOutput {
        JqOutput { stdout: input.to_vec(), ..JqOutput::default() }
    }
}

/// Any script runs to an end.
pub(crate) fn script(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (mut shell, mut host) = ready();
    let _ = shell.wants_more(&text);
    let ran = now(shell.run(&mut host, &text));
    // What ended with a code ends so when it is asked for.
    let asked = now(shell.run(&mut host, "echo $?"));
    assert!(asked.output.len() <= 1 || ran.code != 0 || asked.code == 0);
}

/// Any arguments are run or refused with a text and a code.
pub(crate) fn arguments(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (words, stdin) = text.split_once('\0').unwrap_or((&text, ""));
    let words: Vec<String> = words.split(BETWEEN).map(str::to_owned).collect();
    let (mut shell, mut host) = ready();
    for product in [Product::OpenBao, Product::Vault] {
        let ran = now(shell.command(&mut host, product, &words, stdin.as_bytes()));
        assert!(ran.code == 0 || !ran.output.is_empty(), "it failed without a word: {words:?}");
    }
}

fn ready() -> (Shell, Engine) {
    let mut shell = Shell::new();
    shell.export("BAO_TOKEN", "root");
    shell.write_file("base.hcl", b"path \"secret/data/*\" { capabilities = [\"read\"] }\n");
    let (core, clock) = engine();
    (shell, Engine { core, clock })
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this host never waits"),
    }
}
