//! This tab's vault and the shell in front of it. It draws nothing: what happens goes out as actions.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use vaultlet_cli::{Completion, Shell, Stream};
use vaultlet_core::host::Clock;
use vaultlet_core::{Refusal, Standing, UnixTime};
use vaultlet_token::Flavour;
use wasm_bindgen_futures::spawn_local;

use crate::host::{BASE_HCL, TabHost};
use crate::interrupt::Interrupt;
use crate::jq::Jq;
use crate::peek::Peek;
use crate::platform::{PlatformRng, TabClock};
use crate::proof;
use crate::rows::ROWS;
use crate::samples::{self, Sample};
use crate::state::{Action, Entry};

/// Where actions go.
pub(crate) type Dispatch = Rc<dyn Fn(Action)>;

/// This tab's vault.
pub(crate) struct Session {
    host: RefCell<Option<TabHost>>,
    core: Rc<RefCell<vaultlet_core::Core>>,
    clock: TabClock,
    jq: Rc<Jq>,
    shell: RefCell<Shell>,
    lines: RefCell<VecDeque<String>>,
    interrupt: Interrupt,
    stop_proofs: Cell<bool>,
}

/// What the strip shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Look {
    /// The engine's time.
    pub(crate) now: UnixTime,
    /// Entries put since the page was loaded.
    pub(crate) puts: u64,
    /// The term of the key that seals; none if the vault is sealed.
    pub(crate) term: Option<u32>,
    /// How new tokens are spelled.
    pub(crate) flavour: Flavour,
    /// Whether the clock was moved on.
    pub(crate) ahead: bool,
}

impl Session {
    /// A new vault, unsealed, with `base.hcl` in the shell.
    ///
    /// # Errors
    /// The platform gave no randomness.
    pub(crate) fn new() -> Result<Rc<Self>, Refusal> {
        let (clock, jq) = (TabClock::default(), Rc::new(Jq::default()));
        let host = TabHost::new(clock.clone(), jq.clone())?;
        let mut shell = Shell::new();
        shell.write_file("base.hcl", BASE_HCL.as_bytes());
        Ok(Rc::new(Self {
            core: host.core.clone(),
            host: RefCell::new(Some(host)),
            clock,
            jq,
            shell: RefCell::new(shell),
            lines: RefCell::default(),
            interrupt: Interrupt::default(),
            stop_proofs: Cell::new(false),
        }))
    }

    /// What the strip shows.
    pub(crate) fn look(&self) -> Look {
        let core = self.core.borrow();
        Look {
            now: self.clock.now(),
            puts: core.counters().puts,
            term: core.keyring().and_then(|keyring| keyring.active()).map(|key| key.term),
            flavour: core.flavour(),
            ahead: self.clock.ahead() != 0,
        }
    }

    /// How a token stands now.
    pub(crate) fn standing(&self, text: &str) -> Standing {
        self.core.borrow_mut().standing(text.trim())
    }

    /// A sample's token.
    pub(crate) fn sample(&self, sample: Sample) -> Option<String> {
        samples::make(sample, &self.core.borrow(), self.clock.now(), &mut PlatformRng)
    }

    /// The spelling of the tokens made from now on.
    pub(crate) fn set_flavour(&self, flavour: Flavour) {
        self.core.borrow_mut().set_flavour(flavour);
    }

    /// Moves the engine's clock on, and says which of these tokens ended by it.
    pub(crate) fn advance(&self, nanos: i64, watched: &[String]) -> Vec<String> {
        let alive = |text: &&String| matches!(self.standing(text), Standing::Valid { .. });
        let before: Vec<&String> = watched.iter().filter(alive).collect();
        self.clock.advance(nanos);
        before.into_iter().filter(|text| !alive(text)).cloned().collect()
    }

    /// Runs lines, one after the other, behind those that are waiting.
    pub(crate) fn run(self: &Rc<Self>, lines: impl IntoIterator<Item = String>, dispatch: &Dispatch) {
        self.lines.borrow_mut().extend(lines);
        let host = self.host.borrow_mut().take();
        // Without a host a pump is at work already: it will come to the new lines.
        let Some(host) = host else { return };
        let (session, dispatch) = (self.clone(), dispatch.clone());
        spawn_local(async move {
            let host = session.pump(host, &dispatch).await;
            session.host.replace(Some(host));
        });
    }

    async fn pump(&self, mut host: TabHost, dispatch: &Dispatch) -> TabHost {
        loop {
            let line = self.lines.borrow_mut().pop_front();
            let Some(line) = line else { return host };
            dispatch(Action::LineStarted(line.clone()));
            let entry = self.run_line(&mut host, line).await;
            let made = std::mem::take(&mut host.made);
            dispatch(Action::LineEnded(Rc::new(entry), made));
        }
    }

    async fn run_line(&self, host: &mut TabHost, line: String) -> Entry {
        self.interrupt.reset();
        host.status = None;
        let before = host.puts();
        let mut shell = self.shell.borrow().clone();
        let ran = self.interrupt.or_end(shell.run(host, &line)).await;
        let mut entry = Entry { line, puts: host.puts() - before, status: host.status, ..Entry::default() };
        if let Some(ran) = ran {
            // A line that was given up leaves the variables and files as they were.
            self.shell.replace(shell);
            entry.code = ran.code;
            entry.clear = ran.clear;
            entry.output = ran
                .output
                .iter()
                .map(|(to, bytes)| (*to, String::from_utf8_lossy(bytes).into_owned()))
                .collect();
        } else {
            self.lines.borrow_mut().clear();
            entry.code = 130;
            entry.output = vec![(Stream::Err, "^C\n".to_owned())];
        }
        entry
    }

    /// Whether more lines could make this script whole.
    pub(crate) fn wants_more(&self, script: &str) -> bool {
        self.shell.borrow().wants_more(script)
    }

    /// What could stand in a line at a place in bytes.
    pub(crate) fn complete(&self, line: &str, cursor: usize) -> Completion {
        let shell = self.shell.borrow();
        let known = Peek::into_core(&self.core).known(&shell);
        shell.complete(line, cursor, &known)
    }

    /// Ctrl+C: gives up the line that is running, and those behind it.
    pub(crate) fn interrupt(&self) {
        self.interrupt.ask();
    }

    /// Proves rows, one after the other.
    pub(crate) fn prove(self: &Rc<Self>, rows: Vec<usize>, dispatch: &Dispatch) {
        self.stop_proofs.set(false);
        let (session, dispatch) = (self.clone(), dispatch.clone());
        spawn_local(async move {
            for at in rows {
                let Some(row) = ROWS.get(at) else { continue };
                dispatch(Action::ProofStarted(at));
                // Lets the page draw, and hear a click on Stop.
                TimeoutFuture::new(0).await;
                if session.stop_proofs.get() {
                    return dispatch(Action::ProofStopped(at));
                }
                let proof = proof::prove(row, &session.clock, &session.jq).await;
                dispatch(Action::ProofEnded(at, Rc::new(proof)));
            }
        });
    }

    /// Stops proving before the next row.
    pub(crate) fn stop_proofs(&self) {
        self.stop_proofs.set(true);
    }
}
