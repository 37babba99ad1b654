//! What `curl` prints of an answer: its head, its body, and what `-w` wants to know.

use vaultlet_core::{Response, UnixTime};

use super::super::host::formatted;
use crate::output::{Output, Stream};

/// An answer, and what was asked.
pub(super) struct Answered<'a> {
    pub(super) url: &'a str,
    pub(super) method: &'a str,
    pub(super) response: &'a Response,
    pub(super) now: UnixTime,
}

impl Answered<'_> {
    /// The body, for `-i` with the head before it; of a `HEAD` there is the head alone.
    pub(super) fn printed(&self, include: bool) -> Vec<u8> {
        let headless = self.method == "HEAD";
        let mut bytes = if include || headless { self.head().into_bytes() } else { Vec::new() };
        if !headless {
            bytes.extend_from_slice(&self.response.body);
        }
        bytes
    }

    /// The status line and the headers that Vault's API gives every answer.
    fn head(&self) -> String {
        let status = self.response.status;
        let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
        for (name, value) in self.response.headers() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Date: {}\r\n", formatted(self.now, "%a, %d %b %Y %H:%M:%S GMT")));
        if status != 204 && self.method != "HEAD" {
            head.push_str(&format!("Content-Length: {}\r\n", self.response.body.len()));
        }
        head + "\r\n"
    }

    /// `-w FORMAT`
    pub(super) fn write_out(&self, format: &str, code: u8, output: &mut Output) {
        let (mut text, mut rest) = (String::new(), format);
        while let Some(c) = rest.chars().next() {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            match (c, rest.chars().next()) {
                ('\\', Some(next)) => {
                    match next {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        other => text.extend(['\\', other]),
                    }
                    rest = rest.get(next.len_utf8()..).unwrap_or_default();
                }
                ('%', Some('%')) => {
                    text.push('%');
                    rest = rest.get(1..).unwrap_or_default();
                }
                ('%', Some('{')) if rest.contains('}') => {
                    let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
                    let name = name.trim_start_matches('{');
                    match self.variable(name, code) {
                        Some(value) => text.push_str(&value),
                        None => {
                            let words = format!("curl: unknown --write-out variable: '{name}'\n");
                            output.push(Stream::Err, words.as_bytes());
                        }
                    }
                    rest = after;
                }
                _ => text.push(c),
            }
        }
        output.raw(text.as_bytes());
    }

    fn variable(&self, name: &str, code: u8) -> Option<String> {
        Some(match name {
            "http_code" | "response_code" => format!("{:03}", self.response.status),
            "size_download" => self.response.body.len().to_string(),
            "content_type" => "application/json".to_owned(),
            "method" => self.method.to_owned(),
            "url" | "url_effective" => self.url.to_owned(),
            "exitcode" => code.to_string(),
            "num_redirects" => "0".to_owned(),
            "http_version" => "1.1".to_owned(),
            "scheme" => self.url.split_once("://").map_or("http", |(scheme, _)| scheme).to_ascii_uppercase(),
            _ => return None,
        })
    }
}

/// The words after a status, as the real server sends them.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        412 => "Precondition Failed",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        472 | 473 => "",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "",
    }
}
