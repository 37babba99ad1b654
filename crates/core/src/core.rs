//! A request's whole life on one screen: read, seal check, token, policies, dispatch, and the batch that it would write.

use vaultlet_token::Flavour;
use vaultlet_token::keyring::Keyring;

use crate::barrier::{Barrier, Ends, Journal};
use crate::context::{Caller, Context, Index, Noted};
use crate::door::Call;
use crate::ended::Ended;
use crate::host::{Clock, Rng};
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::seal::direct::{self, Direct};
use crate::seal::{Entries, Sealed, Turn};
use crate::sys::{self, rotate};
use crate::token_store::{self, Dead, Live, cidrs, given, uses};
use crate::{
    Method, Request, Response, UnixTime, acl, captured, identity, ids, leases, route, sealed, wrapping,
};

/// The writes of one request, sealed, to be kept all or none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteBatch {
    /// Storage key and sealed value; `None` deletes. In the order in which they were made.
    pub writes: Vec<(String, Option<Vec<u8>>)>,
    /// When the leases in it end, as far as they were made here: who applies it need not open them to know.
    pub(crate) ends: Ends,
}

impl WriteBatch {
    /// Of these writes, which may come from elsewhere.
    pub fn of(writes: Vec<(String, Option<Vec<u8>>)>) -> Self {
        Self { writes, ends: Ends::new() }
    }

    /// How many entries are put.
    pub fn puts(&self) -> usize {
        self.writes.iter().filter(|(_, value)| value.is_some()).count()
    }

    /// How many entries are deleted.
    pub fn deletes(&self) -> usize {
        self.writes.len() - self.puts()
    }
}

/// An answer that has not happened yet: commit it, or drop it and nothing has changed.
#[derive(Debug)]
pub struct Outcome {
    /// What will be answered.
    pub response: Response,
    /// What the host must keep before it commits.
    pub batch: WriteBatch,
    /// What comes to its end with it.
    pub ended: Vec<Ended>,
    pub(crate) encryptions: u64,
    pub(crate) logins: Vec<Noted>,
    pub(crate) turn: Turn,
    /// Whether somebody asked, or time alone did it.
    pub(crate) asked: bool,
    /// Who in a cluster may give this answer if it writes nothing.
    pub(crate) reach: Reach,
}

/// Who in a cluster may give an answer that writes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Any node.
    #[default]
    Any,
    /// The active node: a login, or a token that is not known here and may be known there.
    Active,
    /// The active node, when a majority has confirmed that it is: what was asked for is said to be done because there is nothing to do, and
    /// that must not be because a node is behind. A revocation would be lost.
    Majority,
}

/// What an engine has done since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests committed.
    pub requests: u64,
    /// Entries put.
    pub puts: u64,
    /// Entries deleted.
    pub deletes: u64,
    /// Values and tokens sealed.
    pub encryptions: u64,
}

/// The engine.
pub struct Core {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) rng: Box<dyn Rng>,
    pub(crate) last: UnixTime,
    pub(crate) flavour: Flavour,
    pub(crate) counters: Counters,
    pub(crate) role: Role,
    pub(crate) state: State,
}

/// What an engine does by itself, and what it may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It ends what is due, rotates the keys, and writes.
    Active,
    /// It ends nothing and rotates nothing. What it stages with writes, its node forwards.
    Standby,
    /// It ends the leases of its own tokens; the keys are another cluster's to rotate.
    Secondary,
    /// It ends nothing, and refuses what would write.
    ReadOnly,
}

/// A vault without its keys knows nothing but its sealed entries.
pub(crate) enum State {
    Sealed(Sealed),
    Unsealed(Box<Unsealed>),
}

/// A vault with its keys.
pub(crate) struct Unsealed {
    pub barrier: Barrier,
    pub index: Index,
}

impl Core {
    /// An engine without a vault: every request but `sys/init` and what anybody may know is answered that it is sealed.
    /// `PUT sys/init` makes the vault and gives its shares, `PUT sys/unseal` takes them.
    pub fn uninitialised(clock: Box<dyn Clock>, rng: Box<dyn Rng>) -> Self {
        Self::assemble(clock, rng, State::Sealed(Sealed::new(Entries::new())))
    }

    /// An engine that has done nothing yet.
    pub(crate) fn assemble(clock: Box<dyn Clock>, rng: Box<dyn Rng>, state: State) -> Self {
        let last = clock.now();
        let (flavour, counters) = (Flavour::default(), Counters::default());
        Self { clock, rng, last, flavour, counters, role: Role::Active, state }
    }

    /// Answers a request without doing it: every input has an answer, and nothing changes until [`Core::commit`].
    pub fn handle(&mut self, request: &Request) -> Outcome {
        let now = self.now();
        if let Some(to) = request.moved() {
            return moved(&request.method, &to);
        }
        let vault = match &self.state {
            State::Unsealed(vault) => vault,
            State::Sealed(vault) => {
                return without_body_if_head(
                    request,
                    sealed::answer(vault, self.rng.as_mut(), request, now, self.flavour),
                );
            }
        };
        let id = ids::bytes16(self.rng.as_mut());
        let journal = Journal::new(&vault.barrier, self.rng.as_mut());
        let mut cx = Context { journal, index: &vault.index, now, flavour: self.flavour };
        if let Err(refusal) = do_what_is_due(&mut cx, self.role) {
            return refused(&refusal);
        }
        cx.journal.keep();
        let answer = id.map_err(Refusal::from).and_then(|id| Ok((serve(&mut cx, request, id)?, id)));
        if answer.is_err() {
            // A refused request writes nothing but what it kept, such as the use that it took.
            cx.journal.undo_to_kept();
        }
        let logins = cx.journal.take_logins();
        let mut reach = cx.journal.take_reach();
        let ended = cx.journal.endings.take();
        let (mut batch, encryptions) = cx.journal.finish();
        let seals = matches!(&answer, Ok((reply, _)) if reply.seals);
        if self.is_read_only() && seals {
            // What sealing writes is only a count, and it is not to be refused for it.
            batch.writes.clear();
        }
        if self.is_read_only() && !batch.writes.is_empty() {
            return refused(&Refusal::ReadOnly);
        }
        let response = match answer {
            Ok((reply, id)) => reply::respond(&reply, id),
            Err(refusal) => reply::refuse(&refusal),
        };
        if response.status == 204 && batch.writes.is_empty() {
            reach = Reach::Majority;
        }
        let turn = if seals { Turn::Closes } else { Turn::Stays };
        without_body_if_head(
            request,
            Outcome { response, batch, ended, encryptions, logins, turn, asked: true, reach },
        )
    }

    /// When something ends next, or a new key is due: a host that answers no request until then may ask [`Core::expire`] at that time.
    /// While the engine is sealed or read-only nothing does.
    pub fn next_event(&self) -> Option<UnixTime> {
        match &self.state {
            State::Sealed(_) => None,
            State::Unsealed(_) if self.is_read_only() => None,
            State::Unsealed(vault) => {
                let keyring = &vault.barrier.keyring;
                let upgrades = vault.barrier.keys_below(rotate::UPGRADES);
                let upgrades = upgrades.filter_map(|key| rotate::upgrade_ends(keyring, key));
                let others = [leases::next_end(&vault.index), rotate::next_rotation(keyring)];
                upgrades.chain(others.into_iter().flatten()).min()
            }
        }
    }

    /// Runs what is due by `now` without a request: leases and tokens end, tokens take their children along, a new key is made. The engine's time
    /// moves to `now`, never back. A host that does not ask this loses nothing: the next request does what is due first.
    pub fn expire(&mut self, now: UnixTime) -> Outcome {
        self.last = self.last.max(now);
        let State::Unsealed(vault) = &self.state else { return refused(&Refusal::Sealed) };
        let journal = Journal::new(&vault.barrier, self.rng.as_mut());
        let mut cx = Context { journal, index: &vault.index, now: self.last, flavour: self.flavour };
        // A read-only engine stages it too, to say that it cannot.
        let role = if self.role == Role::ReadOnly { Role::Active } else { self.role };
        match do_what_is_due(&mut cx, role) {
            Err(refusal) => refused(&refusal),
            Ok(()) if self.role == Role::ReadOnly && cx.journal.has_writes() => refused(&Refusal::ReadOnly),
            Ok(()) => {
                let ended = cx.journal.endings.take();
                let (batch, encryptions) = cx.journal.finish();
                let response = Response { status: 204, body: Vec::new() };
                let (logins, turn, reach) = (Vec::new(), Turn::Stays, Reach::Any);
                Outcome { response, batch, ended, encryptions, logins, turn, asked: false, reach }
            }
        }
    }

    /// How many nanoseconds the host's clock stands behind the time that the engine has reached, if it does: a clock that was set
    /// back. The engine's time stands until the clock has caught up.
    pub fn clock_behind(&self) -> Option<u64> {
        let behind = self.last.nanos().saturating_sub(self.clock.now().nanos());
        Some(behind).filter(|&behind| behind > 0)
    }

    /// Lets an answer happen: applies its writes and gives its response.
    pub fn commit(&mut self, outcome: Outcome) -> Response {
        let Outcome { response, batch, encryptions, logins, turn, asked, .. } = outcome;
        self.counters.requests += u64::from(asked);
        self.counters.puts += batch.puts() as u64;
        self.counters.deletes += batch.deletes() as u64;
        self.counters.encryptions += encryptions;
        match &mut self.state {
            State::Unsealed(vault) => {
                vault.apply(batch, encryptions);
                vault.remember(logins);
            }
            State::Sealed(vault) => batch.writes.into_iter().for_each(|(key, value)| match value {
                Some(value) => drop(vault.entries.insert(key, value)),
                None => drop(vault.entries.remove(&key)),
            }),
        }
        match (turn, &mut self.state) {
            (Turn::Given(given), State::Sealed(vault)) => vault.given = given,
            (Turn::Opens(keyring), State::Sealed(_)) => self.open(*keyring),
            (Turn::Closes, _) => self.seal(),
            _ => {}
        }
        response
    }

    /// Lets an engine that was opened read-only write from now on.
    pub fn allow_writes(&mut self) {
        self.set_read_only(false);
    }

    /// Whether what would write is refused from now on.
    pub fn set_read_only(&mut self, read_only: bool) {
        self.role = if read_only { Role::ReadOnly } else { Role::Active };
    }

    /// Whether what would write is refused. What writes nothing, such as making a batch token, is not.
    pub fn is_read_only(&self) -> bool {
        self.role == Role::ReadOnly
    }

    /// The spelling of the tokens made from now on; all forms are accepted always.
    pub fn set_flavour(&mut self, flavour: Flavour) {
        self.flavour = flavour;
    }

    /// The spelling of new tokens.
    pub fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// The keys, unless sealed.
    pub fn keyring(&self) -> Option<&Keyring> {
        match &self.state {
            State::Sealed(_) => None,
            State::Unsealed(vault) => Some(&vault.barrier.keyring),
        }
    }

    /// The sealed state, by key: a snapshot. No generator's position is in it.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let entries = match &self.state {
            State::Sealed(vault) => &vault.entries,
            State::Unsealed(vault) => &vault.barrier.entries,
        };
        entries.iter().map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// The mounts, by path and type, whose type no engine here knows: a real server's snapshot may have them. What they store is kept as
    /// it is, and whoever asks one of them is told so.
    pub fn unknown_mounts(&self) -> Vec<(String, String)> {
        let State::Unsealed(vault) = &self.state else { return Vec::new() };
        let unknown = vault.index.mounts.0.iter().filter(|mount| !mount.is_known());
        unknown.map(|mount| (mount.full_path(), mount.kind.clone())).collect()
    }

    /// What has been done since this engine was made.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// The clock, which never moves back here.
    pub(crate) fn now(&mut self) -> UnixTime {
        self.last = self.last.max(self.clock.now());
        self.last
    }
}

fn do_what_is_due(cx: &mut Context<'_>, role: Role) -> Result<(), Refusal> {
    if matches!(role, Role::Standby | Role::ReadOnly) {
        return Ok(());
    }
    leases::end_due(cx)?;
    if role == Role::Secondary {
        return Ok(());
    }
    rotate::clear_upgrades(cx);
    rotate::rotate_if_due(cx)
}

/// Reads, answers, and wraps the answer if that is asked for.
fn serve(cx: &mut Context<'_>, request: &Request, id: [u8; 16]) -> Result<Reply, Refusal> {
    if let Some(direct) = direct::read(request) {
        return open_already(cx, direct?);
    }
    let call = Call::read(request)?;
    call.check()?;
    let reply = answer(cx, &call).map_err(|refusal| wrapping::refusal(&call, refusal))?;
    let reply = captured::warn(cx.index, &call, reply);
    wrapping::apply(cx, &call, reply, id)
}

/// What `sys/init` and `sys/unseal` are told when there is nothing to initialise and nothing to open.
fn open_already(cx: &Context<'_>, direct: Direct) -> Result<Reply, Refusal> {
    match direct {
        Direct::Status => Ok(direct::status(true)),
        Direct::Init(_) => Err(Refusal::invalid("Vault is already initialized")),
        Direct::Reset => Err(Refusal::invalid("vault is unsealed")),
        Direct::Share(_) => sys::status::seal_status(cx),
    }
}

/// The order of the real server: find the token, ask its policies, dispatch.
fn answer(cx: &mut Context<'_>, call: &Call) -> Result<Reply, Refusal> {
    wrapping::check(cx, call)?;
    if route::needs_no_token(cx.index, call) {
        return route::open(cx, call);
    }
    given::check(cx, call)?;
    let mut token = caller(cx, call).inspect_err(|_| cx.journal.leave_to_active())?;
    uses::spend(cx, &mut token)?;
    let answer = admit(cx, call, token.clone());
    uses::settle(cx, token, answer)
}

/// The caller's token, alive and from where it may be used.
fn caller(cx: &Context<'_>, call: &Call) -> Result<Live, Refusal> {
    match token_store::find(cx, &call.token) {
        _ if call.token.is_empty() => Err(Refusal::NoToken),
        Ok(token) if cidrs::admit(&token.entry.bound_cidrs, call.remote) => {
            identity::check(cx.index, &token.entry)?;
            Ok(token)
        }
        Ok(_) | Err(Dead::Unknown | Dead::Expired | Dead::ParentGone) => Err(Refusal::NoToken),
        Err(Dead::Undecodable(error)) => {
            Err(Refusal::Internal(format!("error performing token check: {error}")))
        }
        Err(Dead::Broken(refusal)) => Err(refusal),
    }
}

/// Asks the policies, then the path.
fn admit(cx: &mut Context<'_>, call: &Call, token: Live) -> Result<Reply, Refusal> {
    let exists = route::exists(cx, call, &token)?;
    let rules = acl::rules(cx, &token.entry).map_err(|_| Refusal::invalid("Forbidden"))?;
    let access = acl::check(&rules, call, exists);
    if !access.allowed || (route::needs_sudo(call) && !access.sudo) {
        return Err(Refusal::Policy);
    }
    route::dispatch(cx, call, &Caller { token, access })
}

/// The path is another, as Go's listener says it: with a link, to `GET` alone.
fn moved(method: &Method, to: &str) -> Outcome {
    let to = to
        .replace('&', "&amp;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let link = format!("<a href=\"{to}\">Temporary Redirect</a>.\n\n");
    let body = if *method == Method::Get { link.into_bytes() } else { Vec::new() };
    Outcome { response: Response { status: 307, body }, ..refused(&Refusal::NotFound) }
}

fn refused(refusal: &Refusal) -> Outcome {
    Outcome {
        response: reply::refuse(refusal),
        batch: WriteBatch::default(),
        ended: Vec::new(),
        encryptions: 0,
        logins: Vec::new(),
        turn: Turn::Stays,
        asked: true,
        reach: Reach::Any,
    }
}

fn without_body_if_head(request: &Request, mut outcome: Outcome) -> Outcome {
    if request.method == Method::Head {
        outcome.response.body.clear();
    }
    outcome
}
