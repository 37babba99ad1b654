//! What a handler answers, and the JSON around it. It knows no HTTP but the status.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::wrapping::WrapInfo;
use crate::{Response, ids};

/// What a handler answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    /// The answer's `data`.
    pub data: Option<Map<String, Value>>,
    /// A token made or renewed.
    pub auth: Option<Auth>,
    /// A secret's lease.
    pub lease: Lease,
    /// Sentences that the caller should read.
    pub warnings: Vec<String>,
    /// Whether the members of `data` stand at the top level too, as most of `sys/` has them.
    pub repeated: bool,
    /// Another status than 200 or 204.
    pub status: Option<u16>,
    /// Whether there is an envelope although it has nothing in it.
    pub spoken: bool,
    /// What is answered in the place of what is wrapped.
    pub wrap_info: Option<WrapInfo>,
    /// A body as it stands, such as what was wrapped.
    pub raw: Option<String>,
    /// Whether the vault is sealed when this is answered.
    pub seals: bool,
    /// A body that is no envelope, such as that of `sys/health`.
    pub bare: Option<Value>,
}

/// A secret's lease, as the envelope shows it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lease {
    /// Empty without one.
    pub id: String,
    /// Seconds.
    pub duration: i64,
    /// Whether it can be renewed.
    pub renewable: bool,
}

/// The `auth` member of an answer, in the server's order.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Auth {
    pub client_token: String,
    pub accessor: String,
    pub policies: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_policies: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identity_policies: Vec<String>,
    pub metadata: Option<std::collections::BTreeMap<String, String>>,
    /// Seconds.
    pub lease_duration: i64,
    pub renewable: bool,
    pub entity_id: String,
    pub token_type: &'static str,
    pub orphan: bool,
    pub mfa_requirement: Option<()>,
    pub num_uses: i64,
}

impl Reply {
    /// Nothing to say: 204.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// An answer with data.
    pub fn data(data: Map<String, Value>) -> Self {
        Self { data: Some(data), ..Self::default() }
    }

    /// An answer with data that is repeated at the top level.
    pub fn repeated(data: Map<String, Value>) -> Self {
        Self { data: Some(data), repeated: true, ..Self::default() }
    }

    /// A list of keys; none is 404.
    pub fn keys(keys: Vec<String>) -> Result<Self, Refusal> {
        if keys.is_empty() {
            return Err(Refusal::NotFound);
        }
        Ok(Self::data(Map::from_iter([("keys".to_owned(), Value::from(keys))])))
    }

    /// An answer of a token alone.
    pub fn auth(auth: Auth) -> Self {
        Self { auth: Some(auth), ..Self::default() }
    }

    /// Adds a warning, if there is one.
    #[must_use]
    pub fn warn(mut self, warning: Option<String>) -> Self {
        self.warnings.extend(warning);
        self
    }

    fn is_empty(&self) -> bool {
        !self.spoken
            && self.data.is_none()
            && self.auth.is_none()
            && self.warnings.is_empty()
            && self.lease.id.is_empty()
            && self.wrap_info.is_none()
            && self.raw.is_none()
    }

    /// Whether there is an answer that could be wrapped.
    pub fn is_wrappable(&self) -> bool {
        !self.is_empty() && self.bare.is_none() && self.wrap_info.is_none()
    }
}

/// The members of what is no envelope, in the server's order; others stand behind them.
const ORDER: [&str; 18] = [
    "type",
    "initialized",
    "sealed",
    "standby",
    "replication_performance_mode",
    "replication_dr_mode",
    "server_time_utc",
    "t",
    "n",
    "progress",
    "nonce",
    "recovery_seal",
    "version",
    "commit_date",
    "migration",
    "cluster_name",
    "cluster_id",
    "storage_type",
];

/// A body that is no envelope, with its members in [`ORDER`].
struct InOrder<'a>(&'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(members) = self.0 else { return self.0.serialize(serializer) };
        let known = ORDER.iter().filter_map(|&name| members.get_key_value(name));
        let others = members.iter().filter(|(name, _)| !ORDER.contains(&name.as_str()));
        serializer.collect_map(known.chain(others))
    }
}

/// The body's order, fixed.
#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(flatten)]
    repeated: Option<&'a Map<String, Value>>,
    request_id: String,
    lease_id: &'a str,
    renewable: bool,
    lease_duration: i64,
    data: &'a Option<Map<String, Value>>,
    wrap_info: &'a Option<WrapInfo>,
    warnings: Option<&'a [String]>,
    auth: &'a Option<Auth>,
}

/// The response for a handler's answer. `id` is 16 random bytes for the request's id.
pub(crate) fn respond(reply: &Reply, id: [u8; 16]) -> Response {
    if let Some(bare) = &reply.bare {
        return body(reply.status.unwrap_or(200), &InOrder(bare));
    }
    if reply.is_empty() {
        return Response { status: reply.status.unwrap_or(204), body: Vec::new() };
    }
    if let Some(raw) = &reply.raw {
        return Response { status: reply.status.unwrap_or(200), body: raw.clone().into_bytes() };
    }
    let repeated = reply.data.as_ref().filter(|_| reply.repeated);
    // What is answered in the place of an answer does not say which request it was.
    let request_id = if reply.wrap_info.is_some() { String::new() } else { ids::uuid(id) };
    let envelope = envelope(reply, repeated, request_id);
    let mut response = body(reply.status.unwrap_or(200), &envelope);
    if reply.status.is_some() {
        // An answer with a status of its own is written elsewhere in the server, without the line end.
        response.body.pop();
    }
    response
}

/// The body of an answer as it is wrapped. One with a status of its own, or that was wrapped before, keeps its body and status inside.
pub(crate) fn wrapped(reply: &Reply, id: [u8; 16]) -> String {
    if reply.raw.is_none() && reply.status.is_none() {
        return json(&envelope(reply, None, ids::uuid(id)));
    }
    let body = reply.raw.clone().unwrap_or_else(|| json(&envelope(reply, None, ids::uuid(id))));
    let whole = serde_json::json!({
        "http_content_type": "application/json",
        "http_raw_body": body,
        "http_status_code": reply.status.unwrap_or(200),
    });
    let data = whole.as_object().cloned();
    json(&envelope(&Reply { data, ..Reply::default() }, None, ids::uuid(id)))
}

/// What was wrapped, as it was answered.
pub(crate) fn unwrapped(response: String) -> Reply {
    let whole: Value = serde_json::from_str(&response).unwrap_or_default();
    let inside = |name: &str| whole.get("data").and_then(|data| data.get(name));
    let status =
        inside("http_status_code").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    match inside("http_raw_body").and_then(Value::as_str) {
        Some(body) if status.is_some() => Reply { raw: Some(body.to_owned()), status, ..Reply::default() },
        _ => Reply { raw: Some(response), ..Reply::default() },
    }
}

fn envelope<'a>(
    reply: &'a Reply,
    repeated: Option<&'a Map<String, Value>>,
    request_id: String,
) -> Envelope<'a> {
    Envelope {
        repeated,
        request_id,
        lease_id: &reply.lease.id,
        renewable: reply.lease.renewable,
        lease_duration: reply.lease.duration,
        data: &reply.data,
        wrap_info: &reply.wrap_info,
        warnings: Some(reply.warnings.as_slice()).filter(|warnings| !warnings.is_empty()),
        auth: &reply.auth,
    }
}

/// The response for a refusal: `{"errors":[..]}`.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    body(refusal.status(), &serde_json::json!({ "errors": refusal.errors() }))
}

fn body(status: u16, content: &impl Serialize) -> Response {
    let mut body = json(content).into_bytes();
    body.push(b'\n');
    Response { status, body }
}

fn json(content: &impl Serialize) -> String {
    // Strings, numbers and maps with string keys: nothing here can fail to be JSON.
    escaped(serde_json::to_string(content).unwrap_or_default())
}

/// Go's encoder escapes what could end a script in a page. These letters stand in JSON's strings alone.
fn escaped(json: String) -> String {
    // The two line ends of Unicode begin with this byte, and little else does.
    if !json.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xe2)) {
        return json;
    }
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
