//! What is asked: one HTTP request of Vault's API, already taken apart. It knows no socket.

use std::net::{IpAddr, Ipv4Addr};

/// An HTTP method of Vault's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// `GET`; with `?list=true` it is a [`Method::List`].
    Get,
    /// `LIST`, Vault's own verb.
    List,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`, the same as `POST`.
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `SCAN`, OpenBao's own verb.
    Scan,
    /// Anything else, as it was sent.
    Other(String),
}

impl Method {
    /// Reads a method as it stands in a request line; methods are case sensitive.
    pub fn parse(text: &str) -> Self {
        match text {
            "GET" => Self::Get,
            "LIST" => Self::List,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            "SCAN" => Self::Scan,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The method as it stands in a request line.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::List => "LIST",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Scan => "SCAN",
            Self::Other(text) => text,
        }
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The URL's path and query as sent, percent-encoding and leading `/` included: `/v1/sys/auth?list=true`.
    pub target: String,
    /// The headers as sent, names in any case: `X-Vault-Token`, `Authorization`, `X-Vault-Wrap-TTL`,
    /// `X-Vault-Namespace`, `Content-Type` are read.
    pub headers: Vec<(String, String)>,
    /// The body's bytes, empty if there is none.
    pub body: Vec<u8>,
    /// Where the request comes from, for tokens with bound CIDRs.
    pub remote: IpAddr,
}

impl Request {
    /// A request without headers or body, from this machine. `path` is below `/v1/`, without a leading slash.
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            target: format!("/v1/{path}"),
            headers: Vec::new(),
            body: Vec::new(),
            remote: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the token header.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("X-Vault-Token", token)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("Content-Type", "application/json")
    }

    /// Where a listener sends a request whose path has empty, `.` or `..` parts, or is that of `sys` alone: with 307, whatever the
    /// method. What is percent-encoded is left alone.
    pub fn moved(&self) -> Option<String> {
        let (path, query) = self
            .target
            .split_once('?')
            .map_or((self.target.as_str(), None), |(path, query)| (path, Some(query)));
        let mut clean = clean(path);
        if matches!(clean.as_str(), "/v1" | "/v1/sys") {
            clean.push('/');
        }
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        (clean != path).then(|| format!("{clean}{query}"))
    }

    /// The first header of that name, whatever its case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A path without empty, `.` and `..` parts. One slash at its end stays.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let slash = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{slash}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_not_clean_are_sent_elsewhere() {
        let moved = |path: &str| Request::new(Method::Get, path).moved();
        for (path, to) in [
            ("sys//mounts", "/v1/sys/mounts"),
            ("sys/../nope", "/v1/nope"),
            ("sys/mounts/.", "/v1/sys/mounts"),
            ("sys/mounts/..", "/v1/sys/"),
            ("sys/auth//", "/v1/sys/auth/"),
            ("sys?list=true", "/v1/sys/?list=true"),
            ("/", "/v1/"),
        ] {
            assert_eq!(moved(path).as_deref(), Some(to), "{path}");
        }
        for path in ["", "sys/", "sys/mounts", "sys/%2e%2e/x", "sys/mounts?x=//y"] {
            assert_eq!(moved(path), None, "{path}");
        }
    }
}
