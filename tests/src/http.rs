//! A small HTTP/1.1 client over the standard library's sockets, which sends any verb and any target as given.
//!
//! It knows no TLS, no redirects and no kept connections: one request, one connection.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use vaultlet_core::{Request, Response};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// One answer, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body's bytes, out of their chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        Self { status: answer.status, body: answer.body }
    }
}

/// Sends `request` to `authority` (`127.0.0.1:8200`) and waits for the whole answer.
///
/// # Errors
/// The socket's own, and `InvalidData` for an answer that is not HTTP/1.1.
pub fn send(authority: &str, request: &Request) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&encode(authority, request))?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    decode(&bytes).ok_or_else(|| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        io::Error::new(io::ErrorKind::InvalidData, format!("{authority} answered no HTTP: {text:?}"))
    })
}

fn encode(authority: &str, request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method.as_str(), request.target);
    head.push_str(&format!("Host: {authority}\r\nConnection: close\r\n"));
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !request.body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", request.body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}

fn decode(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: bytes[end + 4..].to_vec() };
    if answer.header("Transfer-Encoding").is_some_and(|coding| coding == "chunked") {
        answer.body = unchunk(&answer.body)?;
    } else if let Some(length) = answer.header("Content-Length") {
        // A HEAD request is answered with a length and no body.
        let length: usize = length.parse().ok()?;
        answer.body.truncate(length);
    }
    Some(answer)
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vaultlet_core::Method;

    #[test]
    fn a_request_is_sent_as_given() {
        let request = Request::new(Method::List, "sys/policies/acl").token("root");
        let expected = "LIST /v1/sys/policies/acl HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\
                        X-Vault-Token: root\r\n\r\n";
        assert_eq!(encode("127.0.0.1:1", &request), expected.as_bytes());
    }

    #[test]
    fn chunks_are_put_together() {
        let bytes =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
        assert_eq!(decode(bytes).unwrap().body, b"abcde");
    }

    #[test]
    fn a_cut_answer_is_none() {
        assert_eq!(decode(b"HTTP/1.1 200 OK\r\nContent-"), None);
        assert_eq!(decode(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"), None);
    }
}
