//! From an HTTP request to a call: method, path, parameters, token. It knows no handler.

use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::duration::GoDuration;
use crate::refusal::Refusal;
use crate::{Method, Request, wrapping};

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
    /// Whether only the status is asked for.
    pub head: bool,
}

impl Call {
    /// Reads a request.
    pub fn read(request: &Request) -> Result<Self, Refusal> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let path = percent_decode(path);
        let path = path.strip_prefix("/v1/").ok_or(Refusal::NotFound)?;
        let query = form(query);
        let operation = operation(&request.method, &query, path)?;
        check_namespace(request)?;
        let mut path = path.to_owned();
        let mut data = match operation {
            Operation::Read | Operation::List | Operation::Scan | Operation::Delete => query,
            Operation::Update if path.ends_with('/') => {
                return Err(Refusal::invalid("cannot write to a path ending in '/'"));
            }
            Operation::Update | Operation::Patch => body(request, operation)?,
        };
        if matches!(operation, Operation::List | Operation::Scan) {
            data.remove("list");
            data.remove("scan");
            if !path.ends_with('/') {
                path.push('/');
            }
        }
        let head = request.method == Method::Head;
        let wrap_ttl = wrapping::asked(request.header_value("X-Vault-Wrap-TTL").unwrap_or_default())?;
        Ok(Self { operation, path, data, token: token(request), wrap_ttl, remote: request.remote, head })
    }
}

fn operation(method: &Method, query: &Map<String, Value>, path: &str) -> Result<Operation, Refusal> {
    let asks = |name: &str| {
        query.get(name).and_then(Value::as_str).is_some_and(|value| value == "true" || value == "1")
    };
    match method {
        Method::Get | Method::Head if asks("list") => Ok(Operation::List),
        Method::Get | Method::Head if asks("scan") => Ok(Operation::Scan),
        Method::Get => Ok(Operation::Read),
        Method::Head if path.starts_with("sys/") => Ok(Operation::Read),
        Method::List => Ok(Operation::List),
        Method::Scan => Ok(Operation::Scan),
        Method::Post | Method::Put => Ok(Operation::Update),
        Method::Patch => Ok(Operation::Patch),
        Method::Delete => Ok(Operation::Delete),
        Method::Options => Err(Refusal::invalid("")),
        Method::Head | Method::Other(_) => Err(Refusal::Method),
    }
}

/// Only the root namespace exists.
fn check_namespace(request: &Request) -> Result<(), Refusal> {
    let namespace = request.header_value("X-Vault-Namespace").unwrap_or_default();
    match namespace.trim_matches('/') {
        "" | "root" => Ok(()),
        _ => Err(Refusal::NoNamespace),
    }
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
        return Ok(form(&text));
    }
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(data)) => Ok(data),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(other) => Err(undecodable(&format!(
            "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            go_kind(&other)
        ))),
        Err(error) if error.is_eof() => Err(undecodable("unexpected EOF")),
        Err(_) => Err(undecodable(&invalid_character(&text))),
    }
}

fn undecodable(reason: &str) -> Refusal {
    Refusal::invalid(format!("failed to decode JSON input: {reason}"))
}

fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// Go names the first letter that cannot begin a value; the exact place inside a broken object is not re-enacted.
fn invalid_character(text: &str) -> String {
    match text.trim_start().chars().next() {
        Some(first) if first != '{' => format!("invalid character '{first}' looking for beginning of value"),
        _ => "invalid character in object".to_owned(),
    }
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
