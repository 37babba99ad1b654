//! A host that looks and leaves no trace: what it is asked, the engine stages and drops. It knows no page.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use vaultlet_cli::{Host, JqOutput, Known, Shell, Unreachable};
use vaultlet_core::{Core, Request, Response, UnixTime};

/// Looks into an engine.
pub(crate) struct Peek {
    core: Rc<RefCell<Core>>,
}

impl Peek {
    /// Into this engine.
    pub(crate) fn into_core(core: &Rc<RefCell<Core>>) -> Self {
        Self { core: core.clone() }
    }

    /// What the shell's token may see, for Tab. It costs no use of a token and no write.
    pub(crate) fn known(mut self, shell: &Shell) -> Known {
        let asked = pin!(Known::ask(shell, &mut self));
        match asked.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(known) => known,
            Poll::Pending => Known::default(),
        }
    }
}

impl Host for Peek {
    async fn answer(&mut self, _address: &str, request: Request) -> Result<Response, Unreachable> {
        Ok(self.core.borrow_mut().handle(&request).response)
    }

    fn now(&self) -> UnixTime {
        UnixTime::default()
    }

    async fn sleep(&mut self, _nanos: i64) {}

    async fn jq(&mut self, _args: &[String], _input: &[u8]) -> JqOutput {
        JqOutput::default()
    }
}
