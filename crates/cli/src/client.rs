//! Requests to Vault's API as the real client makes them, and what can go wrong. It knows no command.

use vaultlet_core::{Method, Request, Response};

use crate::Host;
use crate::json::Json;
use crate::product::Product;
use crate::secret::{Secret, texts};

mod sudo;

/// Who asks, and where.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) product: Product,
    /// `http://127.0.0.1:8200`
    pub(crate) address: String,
    /// Empty is none.
    pub(crate) token: String,
    /// With a slash at its end; empty is the root namespace.
    pub(crate) namespace: String,
    /// What goes into the wrapping header; empty is none.
    pub(crate) wrap_ttl: String,
    /// Further headers.
    pub(crate) headers: Vec<(String, String)>,
    /// What `curl` needs to be told of certificates, each option behind a blank.
    pub(crate) curl_options: String,
    pub(crate) instead: Instead,
}

/// What is done in place of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Nothing: the request is sent.
    Send,
    /// `-output-curl-string`
    ShowCurl,
    /// `-output-policy`
    ShowPolicy,
}

/// One request in the making.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// Below `/v1/`, not yet escaped.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

/// Why there is no answer to work with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Not a failure: a line for `curl`, to print in place of the request.
    #[error("output a string, please")]
    Curl(String),
    /// The same: a policy.
    #[error("output a policy, please")]
    Policy(String),
    /// Nothing answered.
    #[error("{method} {url:?}: {reason}")]
    Unreachable { method: String, url: String, reason: String },
    /// The server refused.
    #[error("{}", block(.0))]
    Api(Box<Refused>),
}

/// A refusal by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) namespace: String,
    pub(crate) status: u16,
    /// The errors of the body; none if it is not the API's form.
    pub(crate) errors: Option<Vec<String>>,
    pub(crate) warnings: Vec<String>,
    /// Whose words tell of it.
    pub(crate) product: Product,
    pub(crate) raw: String,
}

impl Ask {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), query: Vec::new(), body: None }
    }

    /// With a JSON body.
    #[must_use]
    pub(crate) fn body(mut self, json: &Json) -> Self {
        self.body = Some(json.to_string());
        self
    }

    /// With a query parameter.
    #[must_use]
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Client {
    /// Asks; an answer of 400 or more is a failure.
    pub(crate) async fn ask<H: Host>(&self, host: &mut H, ask: Ask) -> Result<Response, Failure> {
        let (target, url) = self.target(&ask);
        match self.instead {
            Instead::ShowCurl => return Err(Failure::Curl(self.curl(&ask, &url))),
            Instead::ShowPolicy => return Err(Failure::Policy(policy(&ask))),
            Instead::Send => {}
        }
        let mut request = Request::new(ask.method.clone(), "");
        request.target = target;
        request.headers = self.headers(&ask);
        request.body = ask.body.unwrap_or_default().into_bytes();
        let method = ask.method.as_str().to_owned();
        let answered = host.answer(&self.address, request).await;
        let response = answered.map_err(|unreachable| Failure::Unreachable {
            method: capital(&method),
            url: url.clone(),
            reason: unreachable.0,
        })?;
        if response.status < 400 {
            return Ok(response);
        }
        Err(Failure::Api(Box::new(self.refused(method, url, &response))))
    }

    fn refused(&self, method: String, url: String, response: &Response) -> Refused {
        let json = Json::read(&response.body).unwrap_or(Json::Null);
        Refused {
            method,
            url,
            namespace: self.namespace.clone(),
            status: response.status,
            // An object without errors is the API's form too.
            errors: json.as_object().map(|_| texts(&json, "errors").unwrap_or_default()),
            warnings: texts(&json, "warnings").unwrap_or_default(),
            product: self.product,
            raw: String::from_utf8_lossy(&response.body).into_owned(),
        }
    }

    /// Asks for an envelope; none if the body is empty.
    pub(crate) async fn secret<H: Host>(&self, host: &mut H, ask: Ask) -> Result<Option<Secret>, Failure> {
        Ok(Secret::read(&self.ask(host, ask).await?.body))
    }

    /// The same for reading, where "not found" is no failure.
    pub(crate) async fn found<H: Host>(&self, host: &mut H, ask: Ask) -> Result<Option<Secret>, Failure> {
        match self.secret(host, ask).await {
            Err(Failure::Api(refused)) if refused.status == 404 => {
                Ok(Secret::read(refused.raw.as_bytes()).filter(Secret::says_something))
            }
            other => other,
        }
    }

    /// The request's target and its whole URL.
    fn target(&self, ask: &Ask) -> (String, String) {
        let (origin, prefix) = self.origin();
        let path = cleaned(&format!("{prefix}/v1/{}", ask.path));
        let mut target = escaped(&path, "/:@$&+,;=~-_.!*'()");
        let mut query: Vec<&(String, String)> = ask.query.iter().collect();
        query.sort_by(|one, other| one.0.cmp(&other.0));
        for (index, (name, value)) in query.into_iter().enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            target.push_str(&format!("{mark}{}={}", query_escaped(name), query_escaped(value)));
        }
        let url = format!("{origin}{target}");
        (target, url)
    }

    /// Scheme and authority, and the path after them.
    fn origin(&self) -> (&str, &str) {
        let after = self.address.find("://").map_or(0, |at| at + 3);
        let rest = self.address.get(after..).unwrap_or_default();
        let slash = rest.find('/').map_or(self.address.len(), |at| after + at);
        let (origin, prefix) = self.address.split_at(slash);
        (origin, prefix.trim_end_matches('/'))
    }

    fn headers(&self, ask: &Ask) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        if ask.method == Method::Patch {
            headers.push(("Content-Type".to_owned(), "application/merge-patch+json".to_owned()));
        }
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                headers.push((name.to_owned(), value.to_owned()));
            }
        };
        add("X-Vault-Token", &self.token);
        add("X-Vault-Request", "true");
        add("X-Vault-Namespace", &self.namespace);
        add("X-Vault-Wrap-Ttl", &self.wrap_ttl);
        headers
    }

    /// The same request as a line for `curl`. The real one's headers come in a random order.
    fn curl(&self, ask: &Ask, url: &str) -> String {
        let mut line = format!("curl{}", self.curl_options);
        if ask.method != Method::Get {
            line.push_str(&format!(" -X {}", ask.method.as_str()));
        }
        let mut headers = self.headers(ask);
        headers.sort();
        for (name, value) in headers {
            let own = format!("$({} print token)", self.product.command());
            let value = if name == "X-Vault-Token" { own } else { value };
            line.push_str(&format!(" -H \"{name}: {}\"", value.replace('"', "\\\"")));
        }
        if let Some(body) = &ask.body {
            line.push_str(&format!(" -d '{}'", body.replace('\'', "'\"'\"'")));
        }
        line + &format!(" \"{url}\"")
    }
}

/// The policy that a request needs.
fn policy(ask: &Ask) -> String {
    let listed = ask.query.iter().any(|(name, value)| name == "list" && value == "true");
    let mut capabilities = match ask.method {
        Method::List => "\"list\"",
        Method::Get if listed => "\"list\"",
        Method::Get | Method::Head => "\"read\"",
        Method::Delete => "\"delete\"",
        Method::Patch => "\"patch\"",
        Method::Scan => "\"scan\"",
        _ => "\"create\", \"update\"",
    }
    .to_owned();
    let path = cleaned(&ask.path);
    let path = path.trim_start_matches('/');
    if sudo::is_needed(path) {
        capabilities.push_str(", \"sudo\"");
    }
    format!("path \"{path}\" {{\n  capabilities = [{capabilities}]\n}}")
}

/// The block that tells of a refusal.
fn block(refused: &Refused) -> String {
    let mut text = String::from("Error making API request.\n\n");
    if !refused.namespace.is_empty() {
        text.push_str(&format!("Namespace: {}\n", refused.namespace));
    }
    text.push_str(&format!("URL: {} {}\nCode: {}. ", refused.method, refused.url, refused.status));
    match &refused.errors {
        Some(errors) => {
            text.push_str("Errors:\n\n");
            let lines: Vec<String> = errors.iter().map(|error| format!("* {error}")).collect();
            text.push_str(&lines.join("\n"));
        }
        None => text.push_str(&format!("Raw Message:\n\n{}", refused.raw)),
    }
    if !refused.warnings.is_empty() {
        let title = refused.product.title();
        text.push_str(&format!("\nWARNING! The following warnings were returned from {title}:\n\n"));
        text.extend(refused.warnings.iter().map(|warning| format!("  * {warning}\n")));
    }
    text
}

/// `GET` as Go's client names it in its errors: `Get`.
fn capital(method: &str) -> String {
    let lower = method.to_ascii_lowercase();
    lower.get(..1).unwrap_or_default().to_ascii_uppercase() + lower.get(1..).unwrap_or_default()
}

/// Without empty and dotted segments, as Go's `path.Join` leaves a path.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Percent-encoded but for letters, digits and `kept`.
fn escaped(text: &str, kept: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || kept.contains(c) {
            escaped.push(c);
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

fn query_escaped(text: &str) -> String {
    escaped(text, "-_.~ ").replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        Client {
            product: Product::OpenBao,
            address: address.to_owned(),
            token: "root".to_owned(),
            namespace: String::new(),
            wrap_ttl: String::new(),
            headers: Vec::new(),
            curl_options: String::new(),
            instead: Instead::Send,
        }
    }

    #[test]
    fn paths_are_cleaned_and_escaped() {
        let url = |path: &str| client("http://x:1/foo/").target(&Ask::new(Method::Get, path)).1;
        assert_eq!(url("cubbyhole/a b%20/"), "http://x:1/foo/v1/cubbyhole/a%20b%2520");
        assert_eq!(url("a/../b//c"), "http://x:1/foo/v1/b/c");
        let listed = Ask::new(Method::Get, "a/").query("z", "1 &").query("list", "true");
        assert_eq!(client("http://x").target(&listed).0, "/v1/a?list=true&z=1+%26");
    }

    #[test]
    fn a_body_that_is_no_api_error_is_shown_raw() {
        let response = Response { status: 502, body: b"Bad Gateway".to_vec() };
        let client = Client { namespace: "ns1/".to_owned(), ..client("http://x") };
        let refused = client.refused("GET".to_owned(), "http://x/v1/a".to_owned(), &response);
        let text = "Error making API request.\n\nNamespace: ns1/\nURL: GET http://x/v1/a\nCode: 502. Raw Message:\n\nBad Gateway";
        assert_eq!(block(&refused), text);
    }
}
