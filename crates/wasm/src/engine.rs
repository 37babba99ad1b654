//! The engine behind `createVault`. It knows no `Response` and no promise: the JavaScript beside it does.

use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use js_sys::{Error, Function};
use serde::{Deserialize, Serialize};
use vaultlet_core::duration::GoDuration;
use vaultlet_core::host::{Clock, Rng, Seeded};
use vaultlet_core::{
    Core, Ended, Method, Origin, Request, Response, Snapshot, SnapshotError, UnixTime, What, WriteBatch,
};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::convert;
use crate::offline::flavour;
use crate::platform::{JsClock, PlatformRng, Source};

/// A vault in this process, unsealed, as `bao server -dev` starts one.
#[wasm_bindgen]
pub struct Engine {
    core: Core,
    clock: JsClock,
    /// Told of each batch of writes, before it is applied.
    on_writes: Option<Function>,
}

/// What `createVault` takes, less `now`, which may be a function.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    root_token: Option<String>,
    flavour: Option<String>,
    seed: Option<u32>,
    initialized: Option<bool>,
}

/// What `createVault` takes beside a snapshot. A seed is not among it: the keys have sealed before.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct OpenOptions {
    shares: Vec<String>,
    read_only: Option<bool>,
    flavour: Option<String>,
}

/// What ended while time went by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gone {
    /// Milliseconds since 1970.
    at: u64,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accessor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    why: &'static str,
}

/// One HTTP request, read from JavaScript.
#[derive(Deserialize)]
struct HttpRequest {
    method: String,
    target: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
}

/// One HTTP response, given to JavaScript.
#[derive(Serialize)]
struct HttpResponse {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

/// What has been stored so far.
#[derive(Serialize)]
struct Writes {
    puts: u64,
    deletes: u64,
    encryptions: u64,
}

/// A mount that no engine here knows.
#[derive(Serialize)]
struct Unknown {
    path: String,
    r#type: String,
}

#[wasm_bindgen]
impl Engine {
    /// A new vault. `now` is undefined (the platform's clock), milliseconds (frozen) or a function that gives them.
    ///
    /// # Errors
    /// A sentence that names the option that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, now: &JsValue) -> Result<Engine, Error> {
        let options: Options =
            if options.is_undefined() { Options::default() } else { convert::read("options", options)? };
        let clock = JsClock::new(source(now)?);
        let rng: Box<dyn Rng> = match options.seed {
            Some(seed) => Box::new(Seeded::new(u64::from(seed))),
            None => Box::new(PlatformRng::new()),
        };
        let mut core = match (options.initialized, options.root_token) {
            (Some(false), Some(_)) => {
                return Err(Error::new("options.rootToken: sys/init gives the root token of this vault"));
            }
            (Some(false), None) => Core::uninitialised(Box::new(clock.clone()), rng),
            (_, root_token) => {
                let root_token = root_token.as_deref().unwrap_or("root");
                let made = Core::dev(Box::new(clock.clone()), rng, root_token);
                made.map_err(|error| Error::new(&error.to_string()))?.0
            }
        };
        core.set_flavour(flavour(options.flavour.as_deref())?);
        Ok(Self { core, clock, on_writes: None })
    }

    /// The vault of a snapshot: a real server's, read-only unless `readOnly` is false, or one of [`Engine::snapshot`].
    ///
    /// # Errors
    /// A sentence that names the option that is wrong, or says what is wrong with the snapshot.
    pub fn open(bytes: &[u8], options: JsValue, now: &JsValue) -> Result<Engine, Error> {
        let options: OpenOptions = convert::read("options", options)?;
        let clock = JsClock::new(source(now)?);
        let wrong = |error: SnapshotError| Error::new(&format!("snapshot: {error}"));
        let snapshot = Snapshot::read(bytes).map_err(wrong)?;
        if let Origin::Vaultlet(taken) = snapshot.origin() {
            clock.advance(taken.nanos_since(clock.now()).max(0));
        }
        let (rng, shares) = (Box::new(PlatformRng::new()), &options.shares);
        let mut core = Core::from_snapshot(Box::new(clock.clone()), rng, snapshot, shares).map_err(wrong)?;
        if let Some(read_only) = options.read_only {
            core.set_read_only(read_only);
        }
        core.set_flavour(flavour(options.flavour.as_deref())?);
        Ok(Self { core, clock, on_writes: None })
    }

    /// The whole sealed state as a file; see `docs/snapshot.md`.
    ///
    /// # Errors
    /// The vault is sealed.
    pub fn snapshot(&mut self) -> Result<Vec<u8>, Error> {
        self.core.snapshot().map_err(|error| Error::new(&format!("snapshot: {error}")))
    }

    /// The one share that opens the vault's snapshots, in base64; none if others hold its shares, or while it is sealed.
    ///
    /// # Errors
    /// Never.
    pub fn shares(&self) -> Result<JsValue, Error> {
        let alone = self.core.threshold().is_some_and(|(threshold, _)| threshold == 1);
        let key = self.core.unseal_key().filter(|_| alone);
        convert::give(&key.iter().map(|key| STANDARD.encode(key.as_slice())).collect::<Vec<_>>())
    }

    /// Answers one HTTP request `{ method, target, headers: [[name, value]], body }` with `{ status, headers, body }`.
    ///
    /// # Errors
    /// A sentence that names the field that is wrong; a request that the vault refuses is no error.
    pub fn answer(&mut self, request: JsValue) -> Result<JsValue, Error> {
        let asked = Request::from(convert::read::<HttpRequest>("request", request)?);
        let response = self.ask(&asked);
        let body = String::from_utf8_lossy(&response.body).into_owned();
        convert::give(&HttpResponse { status: response.status, headers: response.headers(), body })
    }

    /// Answers the same request `count` times and gives the tokens that came of it.
    ///
    /// # Errors
    /// A sentence that names the field that is wrong, or the vault's own words where it made no token.
    pub fn create_many(&mut self, count: u32, request: JsValue) -> Result<Vec<String>, Error> {
        let asked = Request::from(convert::read::<HttpRequest>("request", request)?);
        let mut tokens = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let response = self.ask(&asked);
            tokens.push(made(&response).map_err(|error| Error::new(&format!("createMany: {error}")))?);
        }
        Ok(tokens)
    }

    /// Has a function called with each batch of writes before it is applied; undefined stops that.
    pub fn on_writes(&mut self, callback: Option<Function>) {
        self.on_writes = callback;
    }

    /// Moves the clock on: `"1h"`, `"90s"`, or a number of seconds as text. What ends on the way ends in its order, each in its own time;
    /// given is what ended.
    ///
    /// # Errors
    /// The text is no span of time, or a negative one.
    pub fn advance(&mut self, span: &str) -> Result<JsValue, Error> {
        let span =
            GoDuration::parse_lenient(span).map_err(|error| Error::new(&format!("advance: {error}")))?;
        if span.0 < 0 {
            return Err(Error::new(
                "advance: time never moves back here; give a positive span such as \"1h\"",
            ));
        }
        let till = self.clock.now().plus_nanos(span.0);
        let mut ended = Vec::new();
        while let Some(due) = self.core.next_event().filter(|&due| due <= till) {
            self.clock.move_to(due);
            let mut outcome = self.core.expire(due);
            if outcome.batch.writes.is_empty() {
                break;
            }
            self.tell(&outcome.batch);
            ended.extend(mem::take(&mut outcome.ended).into_iter().map(|end| Gone::new(end, due)));
            self.core.commit(outcome);
        }
        self.clock.move_to(till);
        convert::give(&ended)
    }

    /// The mounts that no engine here knows, as `{ path, type }`: a real server's snapshot may have them.
    ///
    /// # Errors
    /// Never.
    #[wasm_bindgen(js_name = unknownMounts)]
    pub fn unknown_mounts(&self) -> Result<JsValue, Error> {
        let mounts = self.core.unknown_mounts().into_iter();
        convert::give(&mounts.map(|(path, r#type)| Unknown { path, r#type }).collect::<Vec<_>>())
    }

    /// How many entries were put and deleted, and how often was sealed, since the vault was made.
    ///
    /// # Errors
    /// Never.
    pub fn writes(&self) -> Result<JsValue, Error> {
        let counters = self.core.counters();
        convert::give(&Writes {
            puts: counters.puts,
            deletes: counters.deletes,
            encryptions: counters.encryptions,
        })
    }
}

impl Engine {
    /// Answers a request and lets it happen.
    pub(crate) fn ask(&mut self, request: &Request) -> Response {
        let outcome = self.core.handle(request);
        self.tell(&outcome.batch);
        self.core.commit(outcome)
    }

    /// What the callback throws is its own affair: the batch is applied all the same.
    fn tell(&self, batch: &WriteBatch) {
        let Some(callback) = self.on_writes.as_ref().filter(|_| !batch.writes.is_empty()) else { return };
        let _ = callback.call1(&JsValue::NULL, &convert::batch(batch));
    }

    /// The vault's time as HTTP writes it.
    pub(crate) fn http_date(&self) -> String {
        self.clock.http_date()
    }
}

impl Gone {
    fn new(ended: Ended, at: UnixTime) -> Self {
        let (at, why) = (at.nanos() / 1_000_000, ended.why.as_str());
        let none =
            Self { at, kind: "lease", lease_id: None, accessor: None, display_name: None, path: None, why };
        match ended.what {
            What::Lease { id } => Self { lease_id: Some(id), ..none },
            What::Token { accessor, display_name, path } => Self {
                kind: "token",
                accessor: Some(accessor),
                display_name: Some(display_name),
                path: Some(path),
                ..none
            },
        }
    }
}

impl From<HttpRequest> for Request {
    fn from(given: HttpRequest) -> Self {
        let mut request = Request::new(Method::parse(&given.method), "");
        request.target = given.target;
        request.headers = given.headers;
        request.body = given.body.into_bytes();
        request
    }
}

/// The token that an answer gives, or the vault's words where it gives none.
fn made(response: &Response) -> Result<String, String> {
    let body = response.json().unwrap_or_default();
    match body.pointer("/auth/client_token").and_then(|token| token.as_str()) {
        Some(token) => Ok(token.to_owned()),
        None => Err(format!(
            "the vault answered {} {}",
            response.status,
            String::from_utf8_lossy(&response.body).trim()
        )),
    }
}

fn source(now: &JsValue) -> Result<Source, Error> {
    if now.is_undefined() {
        return Ok(Source::Date);
    }
    if let Some(millis) = now.as_f64() {
        return Ok(Source::Frozen(millis));
    }
    let function = now.dyn_ref::<Function>().cloned();
    function.map(Source::Function).ok_or_else(|| {
        Error::new("options.now: a number of milliseconds or a function that gives them is needed")
    })
}
