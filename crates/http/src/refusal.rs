//! What the listener refuses before anything else sees it, in the real server's words. After each the connection closes.

use crate::answer::Answer;
use crate::head::Persistence;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The head is no HTTP.
    Malformed,
    /// A header's name ends with a space, or has a byte that none may have.
    HeaderName,
    /// HTTP/1.1 without a `Host`.
    NoHost,
    /// A `Host` that no host can have.
    MalformedHost,
    /// Another version than HTTP/1.0 and HTTP/1.1.
    Version,
    /// A transfer coding other than `chunked`.
    TransferCoding,
    /// An expectation other than `100-continue`.
    Expectation,
    /// More headers, or a longer head, than the listener reads.
    HeadTooLarge,
    /// A body over the limit.
    BodyTooLarge,
    /// The client left before its body was whole.
    UnexpectedEnd,
    /// A chunk's length is not hexadecimal.
    ChunkLength,
    /// A chunk's length does not fit.
    ChunkTooLarge,
    /// A chunk does not end where it said.
    ChunkMalformed,
}

impl Refusal {
    /// The status that the client is told.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::HeaderName | Self::NoHost | Self::MalformedHost => 400,
            Self::BodyTooLarge => 413,
            Self::Expectation => 417,
            Self::HeadTooLarge => 431,
            Self::UnexpectedEnd | Self::ChunkLength | Self::ChunkTooLarge | Self::ChunkMalformed => 500,
            Self::TransferCoding => 501,
            Self::Version => 505,
        }
    }

    /// The whole answer; `date` is as in [`Answer`].
    pub fn answer(self, date: &str) -> Vec<u8> {
        if let Some(error) = self.error() {
            let body = format!("{{\"errors\":[\"{error}\"]}}\n");
            let headers = [("Content-Type", "application/json")];
            let answer = Answer { status: self.status(), headers: &headers, body: body.as_bytes(), date };
            return answer.bytes(false, Persistence::CLOSE);
        }
        if self == Self::Expectation {
            let answer = Answer { status: self.status(), headers: &[], body: b"", date };
            return answer.bytes(false, Persistence::CLOSE);
        }
        let status = self.line();
        let body = match self {
            Self::TransferCoding => "Unsupported transfer encoding",
            _ => &status,
        };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// What is told as JSON, since the listener had already handed the request on when it found it.
    fn error(self) -> Option<&'static str> {
        match self {
            Self::BodyTooLarge => Some("http: request body too large"),
            Self::UnexpectedEnd => Some("unexpected EOF"),
            Self::ChunkLength => Some("invalid byte in chunk length"),
            Self::ChunkTooLarge => Some("http chunk length too large"),
            Self::ChunkMalformed => Some("malformed chunked encoding"),
            _ => None,
        }
    }

    /// The status with its words, which the real listener sends in its status line and again as the body.
    fn line(self) -> String {
        let reason = crate::answer::reason(self.status());
        let status = format!("{} {reason}", self.status());
        match self {
            Self::HeaderName => format!("{status}: invalid header name"),
            Self::NoHost => format!("{status}: missing required Host header"),
            Self::MalformedHost => format!("{status}: malformed Host header"),
            Self::Version => format!("{status}: unsupported protocol version"),
            _ => status,
        }
    }
}
