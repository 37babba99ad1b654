//! What a command is plugged into here: a server over HTTP, or an engine in this process.

use std::thread;
use std::time::Duration;

use vaultlet_cli::{Connection, Host, JqOutput, Unreachable};
use vaultlet_core::host::Clock;
use vaultlet_core::{Core, Request, Response, UnixTime};

use crate::http::Http;
use crate::platform::{PlatformClock, PlatformRng};

/// This program's host.
pub(crate) struct Native {
    clock: PlatformClock,
    answerer: Answerer,
}

enum Answerer {
    Server(Box<Http>),
    Engine(Box<Core>),
}

impl Native {
    /// A server, wherever a request's address says.
    pub(crate) fn server() -> Result<Self, String> {
        let http = Http::new(&Connection::default())?;
        Ok(Self { clock: PlatformClock::default(), answerer: Answerer::Server(Box::new(http)) })
    }

    /// A new development engine whose root token is `root`, gone when the program ends.
    pub(crate) fn engine() -> Result<Self, String> {
        let clock = PlatformClock::default();
        let made = Core::dev(Box::new(clock.clone()), Box::new(PlatformRng), "root");
        let (core, _) = made.map_err(|refusal| refusal.to_string())?;
        Ok(Self { clock, answerer: Answerer::Engine(Box::new(core)) })
    }
}

impl Host for Native {
    fn connect_by(&mut self, connection: &Connection) -> Result<(), String> {
        if let Answerer::Server(http) = &mut self.answerer {
            **http = Http::new(connection)?;
        }
        Ok(())
    }

    async fn answer(&mut self, address: &str, request: Request) -> Result<Response, Unreachable> {
        match &mut self.answerer {
            Answerer::Server(http) => http.send(address, &request).map_err(Unreachable),
            Answerer::Engine(core) => {
                let outcome = core.handle(&request);
                Ok(core.commit(outcome))
            }
        }
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    async fn sleep(&mut self, nanos: i64) {
        match self.answerer {
            Answerer::Server(_) => {
                thread::sleep(Duration::from_nanos(u64::try_from(nanos).unwrap_or_default()))
            }
            Answerer::Engine(_) => self.clock.advance(nanos),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "jq counts time in seconds with a fraction")]
    async fn jq(&mut self, args: &[String], input: &[u8]) -> JqOutput {
        let ran = vaultlet_jq::run(args, input, self.clock.now().nanos() as f64 / 1e9);
        JqOutput { stdout: ran.stdout, stderr: ran.stderr, code: ran.code }
    }
}
