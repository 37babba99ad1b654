//! The ways to ask a path. It knows no path.

use serde_json::{Map, Value, json};
use vaultlet_core::{Method, Request};

use super::Path;

/// One way to ask.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    /// What a person reads.
    pub name: String,
    pub method: &'static str,
    /// What follows the path.
    pub suffix: &'static str,
    /// Whose token: `root`, `plain`, `default`, or empty for none.
    pub token: &'static str,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: String,
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const MERGE: (&str, &str) = ("Content-Type", "application/merge-patch+json");
const WRAP: (&str, &str) = ("X-Vault-Wrap-TTL", "60s");

/// Values of every kind for a parameter.
fn values() -> [Value; 12] {
    [
        json!(null),
        json!(""),
        json!("x"),
        json!(-1),
        json!(5),
        json!(2.5),
        json!(true),
        json!([]),
        json!(["x"]),
        json!([[]]),
        json!({}),
        json!({ "x": "y" }),
    ]
}

impl Probe {
    fn new(method: &'static str, body: &str) -> Self {
        let name = format!("{method} {body}").trim_end().to_owned();
        Self { name, method, suffix: "", token: "root", headers: Vec::new(), body: body.to_owned() }
    }

    fn with(mut self, header: (&'static str, &'static str)) -> Self {
        self.name.push_str(&format!(" ({}: {})", header.0, header.1));
        self.headers.push(header);
        self
    }

    fn of(mut self, token: &'static str) -> Self {
        self.name.push_str(if token.is_empty() { " (no token)" } else { " (" });
        if !token.is_empty() {
            self.name.push_str(&format!("{token} token)"));
        }
        self.token = token;
        self
    }

    fn at(mut self, suffix: &'static str) -> Self {
        self.name = format!("{} {suffix} {}", self.method, self.body).trim_end().to_owned();
        self.suffix = suffix;
        self
    }

    /// The request, for a path and a token that are filled in.
    pub(super) fn request(&self, path: &str, token: &str) -> Request {
        let mut request = Request::new(Method::parse(self.method), &format!("{path}{}", self.suffix));
        if !token.is_empty() {
            request = request.token(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body = self.body.clone().into_bytes();
        request
    }
}

/// Every probe of a path, what deletes last.
pub(super) fn probes(path: &Path) -> Vec<Probe> {
    let mut probes = reads();
    probes.extend(writes());
    probes.extend(patches());
    let base: Map<String, Value> = serde_json::from_str(path.base).expect("a base is an object");
    for field in path.fields {
        for value in values() {
            let mut body = base.clone();
            body.insert((*field).to_owned(), value);
            probes.push(Probe::new("POST", &Value::Object(body).to_string()));
        }
    }
    probes.extend(ends());
    probes
}

fn reads() -> Vec<Probe> {
    let mut probes: Vec<_> =
        ["GET", "LIST", "SCAN", "HEAD", "OPTIONS", "BREW"].map(|method| Probe::new(method, "")).into();
    probes.extend(
        ["?list=true", "?list=1", "?scan=true", "?bogus=1", "/", "/?list=true"]
            .map(|suffix| Probe::new("GET", "").at(suffix)),
    );
    probes.push(Probe::new("HEAD", "").at("?list=true"));
    probes.push(Probe::new("HEAD", "").of("plain"));
    probes.push(Probe::new("HEAD", "").of(""));
    probes.push(Probe::new("LIST", "").at("/"));
    probes.push(Probe::new("GET", "").with(WRAP));
    probes.push(Probe::new("LIST", "").with(WRAP));
    probes.push(Probe::new("GET", "").with(("X-Vault-Namespace", "ns1")));
    for token in ["", "plain", "default"] {
        probes.extend(["GET", "LIST"].map(|method| Probe::new(method, "").of(token)));
    }
    probes
}

fn writes() -> Vec<Probe> {
    let bodies =
        ["", "{}", "null", "[]", "5", "\"x\"", "not json", "{\"bogus\":1}", "{\"Bogus\":{},\"a\":2}"];
    let mut probes: Vec<_> = bodies.map(|body| Probe::new("POST", body)).into();
    probes.extend(
        ["bogus=1&bogus=2&a=b", "not json", "{}", "[]"].map(|body| Probe::new("POST", body).with(FORM)),
    );
    probes.push(Probe::new("POST", "{}").with(WRAP));
    probes.push(Probe::new("POST", "{}").at("/"));
    probes.push(Probe::new("POST", "{}").at("?bogus=1"));
    probes.push(Probe::new("PUT", "{}"));
    probes.push(Probe::new("GET", "{\"bogus\":1}"));
    probes.extend(["", "plain", "default"].map(|token| Probe::new("POST", "{}").of(token)));
    probes
}

fn patches() -> Vec<Probe> {
    let mut probes: Vec<_> = ["", "{}"].map(|body| Probe::new("PATCH", body)).into();
    probes.push(Probe::new("PATCH", "{}").with(FORM));
    probes.extend(
        ["", "{}", "null", "[]", "not json", "{\"bogus\":1}"]
            .map(|body| Probe::new("PATCH", body).with(MERGE)),
    );
    probes.extend(["", "plain"].map(|token| Probe::new("PATCH", "{}").with(MERGE).of(token)));
    probes
}

fn ends() -> Vec<Probe> {
    vec![
        Probe::new("DELETE", "").of(""),
        Probe::new("DELETE", "").of("default"),
        Probe::new("DELETE", "").at("/"),
        Probe::new("DELETE", "").of("plain"),
        Probe::new("DELETE", "").at("?bogus=1"),
        Probe::new("DELETE", ""),
        Probe::new("DELETE", "{\"bogus\":1}"),
        Probe { name: "GET, deleted".to_owned(), ..Probe::new("GET", "") },
        Probe { name: "LIST, deleted".to_owned(), ..Probe::new("LIST", "") },
    ]
}
