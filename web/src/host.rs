//! What the shell is plugged into here: an engine in this tab. It knows no page.

use std::cell::RefCell;
use std::rc::Rc;

use vaultlet_cli::{Host, JqOutput, Unreachable};
use vaultlet_core::host::Clock;
use vaultlet_core::{Core, Refusal, Request, Response, UnixTime};

use crate::jq::Jq;
use crate::platform::{PlatformRng, TabClock};

/// The root token's id, as the lesson signs in.
pub(crate) const ROOT: &str = "root";

/// The policy file that is in the shell from the start.
pub(crate) const BASE_HCL: &str = include_str!("../base.hcl");

/// An engine, its clock, and what was heard from it.
pub(crate) struct TabHost {
    /// The engine, shared with the page that looks at it.
    pub(crate) core: Rc<RefCell<Core>>,
    /// Its clock.
    pub(crate) clock: TabClock,
    /// The status of the last answer.
    pub(crate) status: Option<u16>,
    /// Tokens that were made.
    pub(crate) made: Vec<String>,
    jq: Rc<Jq>,
}

impl TabHost {
    /// With a new engine, unsealed, as `vault server -dev` starts one.
    ///
    /// # Errors
    /// The platform gave no randomness.
    pub(crate) fn new(clock: TabClock, jq: Rc<Jq>) -> Result<Self, Refusal> {
        let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(PlatformRng), ROOT)?;
        Ok(Self { core: Rc::new(RefCell::new(core)), clock, status: None, made: Vec::new(), jq })
    }

    /// How many entries were put since the engine was made.
    pub(crate) fn puts(&self) -> u64 {
        self.core.borrow().counters().puts
    }

    /// Answers at once: an engine in this tab lets nobody wait.
    pub(crate) fn ask(&mut self, request: &Request) -> Response {
        let mut core = self.core.borrow_mut();
        let outcome = core.handle(request);
        let response = core.commit(outcome);
        self.status = Some(response.status);
        self.made.extend(made(&response));
        response
    }
}

/// The token that an answer gives, wrapped or not.
fn made(response: &Response) -> Option<String> {
    let body = response.json()?;
    let token = body.pointer("/auth/client_token").or_else(|| body.pointer("/wrap_info/token"))?;
    token.as_str().filter(|token| !token.is_empty()).map(str::to_owned)
}

impl Host for TabHost {
    async fn answer(&mut self, _address: &str, request: Request) -> Result<Response, Unreachable> {
        Ok(self.ask(&request))
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    async fn sleep(&mut self, nanos: i64) {
        self.clock.advance(nanos);
    }

    fn exported(&mut self, name: &str, value: &str) -> Option<String> {
        (name == "VAULT_ADDR" || name == "BAO_ADDR")
            .then(|| format!("Noted, but {value} is not asked: the engine in this tab answers."))
    }

    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput {
        self.jq.run(args, input).await
    }
}
