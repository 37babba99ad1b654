//! A request's head: its line and headers, and what they say of the body and of the connection.

use httparse::{EMPTY_HEADER, Error, Status};

use crate::refusal::Refusal;
use crate::{MAX_HEAD, MAX_HEADERS, target};

/// Enough for every client; room for more is made only when it is needed.
const FEW_HEADERS: usize = 32;

/// A request without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The method as sent.
    pub method: String,
    /// Path and query as sent, beginning with `/`; or `*`.
    pub target: String,
    /// The headers as sent.
    pub headers: Vec<(String, String)>,
    /// Whether and how the connection goes on after the answer.
    pub persistence: Persistence,
    pub(crate) length: Length,
    /// Whether the client waits for a word before it sends the body.
    pub(crate) expects: bool,
}

/// Whether and how a connection goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Persistence {
    /// Whether another request may follow.
    pub keep: bool,
    /// Whether the client speaks HTTP/1.0.
    pub old: bool,
}

impl Persistence {
    /// The connection ends.
    pub const CLOSE: Self = Self { keep: false, old: false };
}

/// How long a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Fixed(u64),
    Chunked,
}

/// Reads a head from the beginning of `bytes`, with how many bytes it took; `None` if it is not whole yet.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<(Head, usize)>, Refusal> {
    match read_with::<FEW_HEADERS>(bytes) {
        Err(Refusal::HeadTooLarge) => read_with::<MAX_HEADERS>(bytes),
        read => read,
    }
}

fn read_with<const HEADERS: usize>(bytes: &[u8]) -> Result<Option<(Head, usize)>, Refusal> {
    let mut headers = [EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(Status::Partial) if bytes.len() > MAX_HEAD => Err(Refusal::HeadTooLarge),
        Ok(Status::Partial) => Ok(None),
        Ok(Status::Complete(taken)) if taken > MAX_HEAD => Err(Refusal::HeadTooLarge),
        Ok(Status::Complete(taken)) => Ok(Some((understand(&request)?, taken))),
        Err(Error::TooManyHeaders) => Err(Refusal::HeadTooLarge),
        Err(Error::HeaderName) => Err(refuse_name(bytes)),
        Err(Error::Version) => Err(refuse_version(bytes)),
        Err(_) => Err(Refusal::Malformed),
    }
}

/// A line without a colon is no header at all; one with a colon has a name that none may have.
fn refuse_name(bytes: &[u8]) -> Refusal {
    let text = String::from_utf8_lossy(bytes);
    let spaced = text.lines().skip(1).any(|line| {
        let name = line.split_once(':').map(|(name, _)| name);
        name.is_some_and(|name| name.ends_with([' ', '\t']))
    });
    if spaced { Refusal::HeaderName } else { Refusal::Malformed }
}

/// `HTTP/3.7` is a version, only not one of ours; anything else in its place is no HTTP.
fn refuse_version(bytes: &[u8]) -> Refusal {
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let version = line.split(|&byte| byte == b' ').nth(2).unwrap_or_default().trim_ascii_end();
    match version {
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            Refusal::Version
        }
        _ => Refusal::Malformed,
    }
}

fn understand(request: &httparse::Request<'_, '_>) -> Result<Head, Refusal> {
    let method = request.method.unwrap_or_default().to_owned();
    let target = target::origin(&method, request.path.unwrap_or_default()).ok_or(Refusal::Malformed)?;
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    let old = request.version == Some(0);
    check_host(&headers, old)?;
    let length = length(&headers)?;
    let expects = expects(&headers)?;
    let keep = keeps(&headers, old);
    Ok(Head { method, target, headers, persistence: Persistence { keep, old }, length, expects })
}

/// The values of a header, whatever its case.
fn values<'a>(headers: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn check_host(headers: &[(String, String)], old: bool) -> Result<(), Refusal> {
    let mut hosts = values(headers, "host");
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => Err(Refusal::Malformed),
        (None, None) if old => Ok(()),
        (None, None) => Err(Refusal::NoHost),
        (Some(host), None) if host.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(()),
        (Some(_), None) => Err(Refusal::MalformedHost),
    }
}

/// `chunked` wins over a length, as it does in the real server.
fn length(headers: &[(String, String)]) -> Result<Length, Refusal> {
    let codings: Vec<&str> = values(headers, "transfer-encoding").collect();
    match codings.as_slice() {
        [] => {}
        [coding] if coding.eq_ignore_ascii_case("chunked") => return Ok(Length::Chunked),
        _ => return Err(Refusal::TransferCoding),
    }
    let mut lengths = values(headers, "content-length");
    let Some(first) = lengths.next() else { return Ok(Length::Fixed(0)) };
    if lengths.any(|other| other != first) || !first.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Malformed);
    }
    first.parse().map(Length::Fixed).map_err(|_| Refusal::Malformed)
}

fn expects(headers: &[(String, String)]) -> Result<bool, Refusal> {
    match values(headers, "expect").next() {
        None => Ok(false),
        Some(word) if word.eq_ignore_ascii_case("100-continue") => Ok(true),
        Some(_) => Err(Refusal::Expectation),
    }
}

fn keeps(headers: &[(String, String)], old: bool) -> bool {
    let mut words = values(headers, "connection").flat_map(|value| value.split(','));
    let said = |wanted: &str, word: &str| word.trim().eq_ignore_ascii_case(wanted);
    if old { words.any(|word| said("keep-alive", word)) } else { !words.any(|word| said("close", word)) }
}
