//! What `curl` asks: the request that its options describe, and where. It sends nothing.

use vaultlet_core::{Method, Request};

use super::Fault;
use super::options::Options;
use crate::shell::Files;

/// The part of a request that is the same for every URL.
#[derive(Debug, Default)]
pub(super) struct Asked {
    method: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Data that goes into the query, for `-G`.
    query: String,
    /// Files of data that could not be read: their data is empty, as curl has it.
    pub(super) missing: Vec<String>,
}

impl Asked {
    /// Reads the options, and the files and standard input that they name.
    pub(super) fn read(options: &Options, files: &Files, stdin: &mut Vec<u8>) -> Result<Self, String> {
        let mut asked = Self::default();
        let mut given = Given { files, stdin, missing: Vec::new() };
        let mut data: Option<Vec<u8>> = None;
        for (name, value) in options.all() {
            if name == "header" {
                asked.header(value);
            } else if let Some(piece) = given.data(name, value) {
                // JSON goes on where it stopped, the rest is parted as a form is.
                let glue: &[u8] = if data.is_some() && name != "json" { b"&" } else { b"" };
                data.get_or_insert_default().extend([glue, &piece].concat());
            }
        }
        asked.missing = given.missing;
        let has_data = data.is_some();
        let data = data.unwrap_or_default();
        if options.is("get") {
            asked.query = String::from_utf8_lossy(&data).into_owned();
        } else {
            asked.body = data;
        }
        let method = match (options.is("head"), has_data && !options.is("get")) {
            (true, true) => return Err("You can only select one HTTP request method!".to_owned()),
            (true, false) => "HEAD",
            (false, true) => "POST",
            (false, false) => "GET",
        };
        options.value("request").unwrap_or(method).clone_into(&mut asked.method);
        asked.defaults(options, has_data && !options.is("get"));
        Ok(asked)
    }

    /// `Name: value` sets a header, `Name;` an empty one, `Name:` takes one away.
    fn header(&mut self, text: &str) {
        let (name, value) = match (text.split_once(':'), text.strip_suffix(';')) {
            (Some((name, value)), _) => (name, value.trim()),
            (None, Some(name)) => (name, ""),
            (None, None) => return,
        };
        self.headers.push((name.trim().to_owned(), value.to_owned()));
    }

    /// The headers that curl sends of itself, unless they were given.
    fn defaults(&mut self, options: &Options, has_body: bool) {
        let json = options.is("json");
        let form = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        let accept = if json { "application/json" } else { "*/*" };
        let own = [
            ("Accept", Some(accept)),
            ("Content-Type", has_body.then_some(form)),
            ("User-Agent", options.value("user-agent")),
        ];
        for (name, value) in own {
            let given = self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
            if let Some(value) = value.filter(|_| !given) {
                self.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        self.headers.retain(|(name, value)| {
            !(value.is_empty()
                && ["accept", "content-type", "user-agent"].contains(&&*name.to_ascii_lowercase()))
        });
    }

    /// The request to one URL.
    pub(super) fn request(&self, url: &Url) -> Request {
        let mut request = Request::new(Method::parse(&self.method), "");
        request.target.clone_from(&url.target);
        if !self.query.is_empty() {
            let mark = if url.target.contains('?') { '&' } else { '?' };
            request.target.push_str(&format!("{mark}{}", self.query));
        }
        request.headers.clone_from(&self.headers);
        request.body.clone_from(&self.body);
        request
    }
}

/// Where data comes from.
struct Given<'a> {
    files: &'a Files,
    stdin: &'a mut Vec<u8>,
    missing: Vec<String>,
}

impl Given<'_> {
    /// The bytes that an option of data gives; none if it is no such option.
    fn data(&mut self, name: &str, value: &str) -> Option<Vec<u8>> {
        let from_file = value.strip_prefix('@');
        Some(match (name, from_file) {
            ("data" | "data-ascii", Some(file)) => {
                let mut bytes = self.file(file);
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                bytes
            }
            ("data-binary" | "json", Some(file)) => self.file(file),
            ("data" | "data-ascii" | "data-binary" | "data-raw" | "json", _) => value.as_bytes().to_vec(),
            ("data-urlencode", _) => self.encoded(value),
            _ => return None,
        })
    }

    /// A file's bytes, or standard input for `-`.
    fn file(&mut self, name: &str) -> Vec<u8> {
        if name == "-" {
            return std::mem::take(self.stdin);
        }
        self.files.read(name).unwrap_or_else(|_| {
            self.missing.push(name.to_owned());
            Vec::new()
        })
    }

    /// `text`, `=text`, `name=text`, `@file` or `name@file`.
    fn encoded(&mut self, value: &str) -> Vec<u8> {
        let at = value.find(['=', '@']);
        let (name, bytes) = match at.map(|at| (value.split_at(at), value.get(at + 1..).unwrap_or_default())) {
            Some(((name, mark), file)) if mark.starts_with('@') => (name, self.file(file)),
            Some(((name, _), text)) => (name, text.as_bytes().to_vec()),
            None => ("", value.as_bytes().to_vec()),
        };
        let mut text = if name.is_empty() { String::new() } else { format!("{name}=") };
        for byte in bytes {
            let c = char::from(byte);
            if c.is_ascii_alphanumeric() || "-_.~".contains(c) {
                text.push(c);
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        text.into_bytes()
    }
}

/// An address, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url {
    scheme: String,
    authority: String,
    /// Path and query.
    pub(super) target: String,
}

impl Url {
    /// Reads an address; one without a scheme is HTTP.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let bad = || (3, "URL using bad/illegal format or missing URL".to_owned());
        let text = text.split('#').next().unwrap_or_default();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if text.contains(|c: char| c.is_control() || c == ' ') {
            return Err(bad());
        }
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err((1, format!("Protocol \"{scheme}\" not supported or disabled in libcurl")));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        if authority.is_empty() || authority.starts_with(':') {
            return Err(bad());
        }
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { scheme, authority: authority.to_owned(), target: undotted(&target) })
    }

    /// Scheme and authority.
    pub(super) fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// What curl says when nothing answers, given the reason in Go's words.
    pub(super) fn fault(&self, reason: &str) -> Fault {
        let default = if self.scheme == "https" { "443" } else { "80" };
        let (host, port) = match self.authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (self.authority.as_str(), default),
        };
        if reason.contains("no such host") {
            return (6, format!("Could not resolve host: {host}"));
        }
        if reason.contains("connection refused") {
            return (
                7,
                format!("Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server"),
            );
        }
        (56, reason.to_owned())
    }
}

/// A path without `.` and `..`, as curl sends it; the query stands.
fn undotted(target: &str) -> String {
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut parts: Vec<&str> = Vec::new();
    let mut pieces = path.split('/').skip(1).peekable();
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        match piece {
            "." => {}
            ".." => {
                parts.pop();
            }
            piece => {
                parts.push(piece);
                continue;
            }
        }
        if last {
            parts.push("");
        }
    }
    format!("/{}{query}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let url = Url::read("127.0.0.1:8200/v1/sys/../a?b=/../c#d").unwrap();
        assert_eq!((url.origin().as_str(), url.target.as_str()), ("http://127.0.0.1:8200", "/v1/a?b=/../c"));
        assert_eq!(Url::read("HTTPS://x?a").unwrap().target, "/?a");
        assert_eq!(Url::read("http://").unwrap_err().0, 3);
        assert_eq!(Url::read("http://a b/").unwrap_err().0, 3);
        assert_eq!(Url::read("gopher://a").unwrap_err().0, 1);
    }

    #[test]
    fn dots_do_not_leave_the_root() {
        assert_eq!(undotted("/../../a/./b/.."), "/a/");
        assert_eq!(undotted("/a//b/"), "/a//b/");
    }
}
