//! An answer's bytes. It knows no request but whether it was a `HEAD` and whether the connection stays.

use std::borrow::Cow;
use std::io::Write;

use crate::head::Persistence;

/// What a client that said `Expect: 100-continue` waits for.
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// One answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The headers, less those that this crate adds: `Date`, `Content-Length`, `Connection`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, left out for `HEAD` and for statuses that have none.
    pub body: &'a [u8],
    /// The time as HTTP writes it: `Tue, 24 Nov 2026 10:53:46 GMT`.
    pub date: &'a str,
}

impl Answer<'_> {
    /// The bytes to send.
    pub fn bytes(&self, head_only: bool, persistence: Persistence) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.body.len());
        let version = if persistence.old { "1.0" } else { "1.1" };
        // Writing to memory cannot fail.
        let _ = write!(out, "HTTP/{version} {} {}\r\n", self.status, reason(self.status));
        for (name, value) in self.headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        let _ = write!(out, "Date: {}\r\n", self.date);
        let bodiless = head_only || self.status == 204 || self.status == 304;
        if !bodiless {
            let _ = write!(out, "Content-Length: {}\r\n", self.body.len());
        }
        // Each version says only what its clients do not take for granted.
        match (persistence.keep, persistence.old) {
            (false, false) => out.extend_from_slice(b"Connection: close\r\n"),
            (true, true) => out.extend_from_slice(b"Connection: keep-alive\r\n"),
            (true, false) | (false, true) => {}
        }
        out.extend_from_slice(b"\r\n");
        if !bodiless {
            out.extend_from_slice(self.body);
        }
        out
    }
}

/// The words behind a status, as the real server writes them.
pub(crate) fn reason(status: u16) -> Cow<'static, str> {
    Cow::Borrowed(match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => return Cow::Owned(format!("status code {status}")),
    })
}
