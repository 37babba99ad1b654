//! What a handler answers, and the JSON around it. It knows no HTTP but the status.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::refusal::Refusal;
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
    wrap_info: Option<()>,
    warnings: Option<&'a [String]>,
    auth: &'a Option<Auth>,
}

/// The response for a handler's answer. `id` is 16 random bytes for the request's id.
pub(crate) fn respond(reply: &Reply, id: [u8; 16]) -> Response {
    if let Some(bare) = &reply.bare {
        return body(reply.status.unwrap_or(200), bare);
    }
    if reply.is_empty() {
        return Response { status: reply.status.unwrap_or(204), body: Vec::new() };
    }
    let envelope = Envelope {
        repeated: reply.data.as_ref().filter(|_| reply.repeated),
        request_id: ids::uuid(id),
        lease_id: &reply.lease.id,
        renewable: reply.lease.renewable,
        lease_duration: reply.lease.duration,
        data: &reply.data,
        wrap_info: None,
        warnings: Some(reply.warnings.as_slice()).filter(|warnings| !warnings.is_empty()),
        auth: &reply.auth,
    };
    let mut response = body(reply.status.unwrap_or(200), &envelope);
    if reply.status.is_some() {
        // An answer with a status of its own is written elsewhere in the server, without the line end.
        response.body.pop();
    }
    response
}

/// The response for a refusal: `{"errors":[..]}`.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    body(refusal.status(), &serde_json::json!({ "errors": refusal.errors() }))
}

fn body(status: u16, content: &impl Serialize) -> Response {
    // Strings, numbers and maps with string keys: nothing here can fail to be JSON.
    let mut body = escaped(serde_json::to_string(content).unwrap_or_default()).into_bytes();
    body.push(b'\n');
    Response { status, body }
}

/// Go's encoder escapes what could end a script in a page. These letters stand in JSON's strings alone.
fn escaped(json: String) -> String {
    if !json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return json;
    }
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
