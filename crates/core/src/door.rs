//! From an HTTP request to a call: method, path, parameters, token. It knows no handler.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::duration::GoDuration;
use crate::refusal::Refusal;
use crate::{Method, Request, json, wrapping};

/// What is to be done with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `GET`
    Read,
    /// `LIST`, `GET ?list=true`
    List,
    /// `SCAN`, `GET ?scan=true`
    Scan,
    /// `POST`, `PUT`
    Update,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `HEAD`: known to no path, and granted to nobody but root.
    Head,
}

/// A request, read.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub operation: Operation,
    /// Below `/v1/`, decoded; a listed path ends with `/`.
    pub path: String,
    /// The parameters, from the body or the query.
    pub data: Map<String, Value>,
    /// The caller's token, empty without one.
    pub token: String,
    /// How long a wrapped answer is kept, if one is asked for.
    pub wrap_ttl: Option<GoDuration>,
    /// Where the request comes from.
    pub remote: IpAddr,
    /// What is wrong with it and is looked at only once the vault is open.
    held: Option<Refusal>,
}

impl Call {
    /// Reads a request.
    pub fn read(request: &Request) -> Result<Self, Refusal> {
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let path = path(request);
        let path = path.strip_prefix("/v1/").ok_or(Refusal::NotFound)?;
        let query = form(query);
        let (operation, wrong) = operation(&request.method, &query, path)?;
        let mut path = path.to_owned();
        let mut data = match operation {
            Operation::Read | Operation::List | Operation::Scan | Operation::Delete | Operation::Head => {
                query
            }
            Operation::Update | Operation::Patch => body(request, operation)?,
        };
        if path.split('/').any(|part| part == "..") {
            return Err(Refusal::invalid("relative paths not supported"));
        }
        let slash = (operation == Operation::Update && path.ends_with('/'))
            .then(|| Refusal::invalid("cannot write to a path ending in '/'"));
        let held = check_namespace(request, &path).err().or(wrong).or(slash);
        if matches!(operation, Operation::List | Operation::Scan) {
            data.remove("list");
            data.remove("scan");
            if !path.ends_with('/') {
                path.push('/');
            }
        }
        let wrap_ttl = wrapping::asked(request.header_value("X-Vault-Wrap-TTL").unwrap_or_default())?;
        Ok(Self { operation, path, data, token: token(request), wrap_ttl, remote: request.remote, held })
    }

    /// What a sealed vault does not look at: the namespace, whether the path can be written, methods of no operation.
    pub fn check(&self) -> Result<(), Refusal> {
        self.held.clone().map_or(Ok(()), Err)
    }
}

/// A request's path, decoded.
pub(crate) fn path(request: &Request) -> String {
    percent_decode(request.target.split_once('?').map_or(request.target.as_str(), |(path, _)| path))
}

/// What is to be done; and what is wrong with it, if that can wait.
fn operation(
    method: &Method,
    query: &Map<String, Value>,
    path: &str,
) -> Result<(Operation, Option<Refusal>), Refusal> {
    let asks = |name: &str| {
        query.get(name).and_then(Value::as_str).is_some_and(|value| value == "true" || value == "1")
    };
    let internal = || Refusal::invalid("cannot handle internal-only request operation");
    let (operation, wrong) = match method {
        Method::Get if is_before_routing(path) => (Operation::Read, None),
        Method::List | Method::Scan if is_before_routing(path) => return Err(Refusal::Method),
        Method::Post | Method::Put | Method::Patch | Method::Delete if is_for_reading(path) => {
            return Err(Refusal::Method);
        }
        Method::Get if asks("list") => (Operation::List, None),
        Method::Get if asks("scan") => (Operation::Scan, None),
        Method::Get => (Operation::Read, None),
        Method::Head if path == "sys/health" => (Operation::Read, None),
        Method::Head if is_before_routing(path) => return Err(Refusal::Method),
        Method::Head => (Operation::Head, None),
        Method::List => (Operation::List, None),
        Method::Scan => (Operation::Scan, None),
        Method::Post | Method::Put => (Operation::Update, None),
        Method::Patch => (Operation::Patch, None),
        Method::Delete => (Operation::Delete, None),
        Method::Options if is_before_routing(path) => return Err(Refusal::Method),
        Method::Options => (Operation::Read, Some(internal())),
        Method::Other(_) => return Err(Refusal::Method),
    };
    Ok((operation, wrong))
}

/// What the real server answers before it looks for a mount, whatever follows in the query.
pub(crate) fn is_before_routing(path: &str) -> bool {
    matches!(
        path,
        "sys/health"
            | "sys/init"
            | "sys/leader"
            | "sys/seal"
            | "sys/seal-status"
            | "sys/step-down"
            | "sys/unseal"
    )
}

/// What is answered before routing to `GET` alone, so that no body is looked at.
fn is_for_reading(path: &str) -> bool {
    matches!(path, "sys/health" | "sys/leader" | "sys/seal-status")
}

/// What 2.7.2 has switched off unless its configuration asks for it: root tokens and new shares without a token.
pub(crate) fn is_switched_off(path: &str) -> bool {
    matches!(
        path,
        "sys/generate-root/attempt"
            | "sys/generate-root/update"
            | "sys/rekey/init"
            | "sys/rekey/update"
            | "sys/rekey/verify"
    )
}

/// Only the root namespace exists.
fn check_namespace(request: &Request, path: &str) -> Result<(), Refusal> {
    match path {
        _ if is_root_namespace(request) => Ok(()),
        "sys/leader" | "sys/seal-status" => Ok(()),
        _ if is_before_routing(path) || is_switched_off(path) => Err(not_in_namespaces()),
        _ => Err(Refusal::NoNamespace),
    }
}

/// Whether a request is for the root namespace.
pub(crate) fn is_root_namespace(request: &Request) -> bool {
    let namespace = request.header_value("X-Vault-Namespace").unwrap_or_default().trim();
    matches!(namespace.trim_matches('/'), "" | "root")
}

/// What is told who asks for the whole server in a namespace.
pub(crate) fn not_in_namespaces() -> Refusal {
    Refusal::invalid("operation unavailable in namespaces")
}

fn token(request: &Request) -> String {
    let bearer = || request.header_value("Authorization").and_then(|value| value.strip_prefix("Bearer "));
    let token = request.header_value("X-Vault-Token").filter(|token| !token.is_empty()).or_else(bearer);
    // What HTTP itself takes away around a header's value, and no other space.
    token.unwrap_or_default().trim_matches([' ', '\t']).to_owned()
}

fn body(request: &Request, operation: Operation) -> Result<Map<String, Value>, Refusal> {
    let media = request.header_value("Content-Type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if operation == Operation::Patch && media.is_empty() {
        return Err(Refusal::invalid("mime: no media type"));
    }
    if operation == Operation::Patch && media != "application/merge-patch+json" {
        return Err(Refusal::MediaType(format!(
            "PATCH requires Content-Type of application/merge-patch+json, provided {media}"
        )));
    }
    let text = String::from_utf8_lossy(&request.body);
    let json = text.trim_start().starts_with(['{', '[']);
    if media == "application/x-www-form-urlencoded" && !json {
        return form_body(&text);
    }
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match json::parse(&text).map_err(|reason| undecodable(&reason))? {
        Value::Object(data) => Ok(data),
        Value::Null => Ok(Map::new()),
        other => Err(undecodable(&format!(
            "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            go_kind(&other)
        ))),
    }
}

/// A body that the decoder does not take.
pub(crate) fn undecodable(reason: &str) -> Refusal {
    Refusal::invalid(format!("failed to decode JSON input: {reason}"))
}

/// What the decoder calls a value.
pub(crate) fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// A form in a body: a name given twice has its values joined with commas.
fn form_body(text: &str) -> Result<Map<String, Value>, Refusal> {
    if text.contains(';') || !is_percent_encoded(text) {
        return Err(Refusal::invalid("error parsing form data"));
    }
    let joined = |value: Value| match value {
        Value::Array(list) => {
            Value::from(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))
        }
        other => other,
    };
    Ok(form(text).into_iter().map(|(name, value)| (name, joined(value))).collect())
}

/// Whether every `%` begins two digits of hex.
fn is_percent_encoded(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.get(..2).is_some_and(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit())))
}

/// `a=b&c=d`, percent-encoded; a name given twice becomes a list.
fn form(text: &str) -> Map<String, Value> {
    let mut data = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (form_decode(name), Value::from(form_decode(value)));
        let joined = match data.remove(&name) {
            None => value,
            Some(Value::Array(mut list)) => {
                list.push(value);
                Value::Array(list)
            }
            Some(first) => Value::Array(vec![first, value]),
        };
        data.insert(name, joined);
    }
    data
}

fn form_decode(text: &str) -> String {
    percent_decode(&text.replace('+', " "))
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = hex.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
