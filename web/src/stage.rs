//! Where a row is proved: an engine, or two of them that the shell tells apart by their address. It knows no row and no page.

use std::rc::Rc;

use vaultlet_cli::{Host, JqOutput, Unreachable};
use vaultlet_core::cluster::{Local, NodeId, Pair, Platform};
use vaultlet_core::host::Clock;
use vaultlet_core::{Core, Refusal, Request, Response, UnixTime};

use crate::host::ROOT;
use crate::jq::Jq;
use crate::platform::{PlatformRng, TabClock};
use crate::rows::Server;

/// Where the engine beside the first one is.
pub(crate) const BESIDE: &str = "http://127.0.0.1:8210";

const ACTIVE: NodeId = NodeId(1);
const STANDBY: NodeId = NodeId(2);

enum Engines {
    Alone(Box<Core>),
    Cluster(Box<Local>),
    Clusters(Box<Pair>),
}

/// Engines, their clock, and the status of the last answer.
pub(crate) struct Stage {
    engines: Engines,
    clock: TabClock,
    jq: Rc<Jq>,
    pub(crate) status: Option<u16>,
}

impl Stage {
    /// New engines, each with its own randomness.
    ///
    /// # Errors
    /// The platform gave no randomness.
    pub(crate) fn new(server: Server, clock: TabClock, jq: Rc<Jq>) -> Result<Self, Refusal> {
        let engines = match server {
            Server::Alone => {
                let (core, _) = Core::dev(Box::new(clock.clone()), Box::new(PlatformRng), ROOT)?;
                Engines::Alone(Box::new(core))
            }
            Server::Standby => Engines::Cluster(Box::new(Local::dev(2, ROOT, platform(&clock))?)),
            Server::Secondary => Engines::Clusters(Box::new(Pair::dev(ROOT, platform(&clock))?)),
        };
        Ok(Self { engines, clock, jq, status: None })
    }

    /// How many entries the first engine has put.
    pub(crate) fn puts(&self) -> u64 {
        match &self.engines {
            Engines::Alone(core) => core.counters().puts,
            Engines::Cluster(local) => local.counts(ACTIVE).map_or(0, |counts| counts.puts),
            Engines::Clusters(pair) => pair.primary().counters().puts,
        }
    }

    /// How often the active node and the standby have sealed, if there are two.
    pub(crate) fn encryptions(&self) -> Option<(u64, u64)> {
        match &self.engines {
            Engines::Cluster(local) => {
                let sealed = |id| local.counts(id).map(|counts| counts.encryptions);
                sealed(ACTIVE).zip(sealed(STANDBY))
            }
            Engines::Alone(_) | Engines::Clusters(_) => None,
        }
    }

    fn ask(&mut self, beside: bool, request: &Request) -> Response {
        match &mut self.engines {
            Engines::Alone(core) => {
                let outcome = core.handle(request);
                core.commit(outcome)
            }
            Engines::Cluster(local) => local.ask(if beside { STANDBY } else { ACTIVE }, request),
            Engines::Clusters(pair) if beside => pair.ask_secondary(request),
            Engines::Clusters(pair) => pair.ask_primary(request),
        }
    }
}

fn platform(clock: &TabClock) -> Platform {
    let clock = clock.clone();
    Box::new(move || (Box::new(clock.clone()), Box::new(PlatformRng)))
}

impl Host for Stage {
    async fn answer(&mut self, address: &str, request: Request) -> Result<Response, Unreachable> {
        let response = self.ask(address == BESIDE, &request);
        self.status = Some(response.status);
        Ok(response)
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    async fn sleep(&mut self, nanos: i64) {
        self.clock.advance(nanos);
    }

    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput {
        self.jq.run(args, input).await
    }
}
