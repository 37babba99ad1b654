//! A token explained to people: which bytes mean what, what is wrong and where. It knows no keys, so it never fails.

use serde::Serialize;

use crate::TokenError;
use crate::frame::{Frame, HEADER_LEN, NONCE_LEN, OVERHEAD, TAG_LEN, TERM_LEN};
use crate::signed::SignedToken;
use crate::token::{Flavour, Kind, Token, decode_base64url};

/// How many letters a generated id has.
const ID_LEN: usize = 24;

/// What can be said of a token's text without any key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Anatomy {
    /// `batch`, `service`, `recovery`, `custom` or `unknown`.
    pub kind: &'static str,
    /// `openbao` (also Vault until 1.9) or `vault`; none for a custom id.
    pub flavour: Option<&'static str>,
    /// The prefix with its dot, empty for a custom id.
    pub prefix: String,
    /// The namespace suffix, if there is one.
    pub namespace_id: Option<String>,
    /// How many characters the text has, spaces around it not counted.
    pub characters: usize,
    /// How many bytes the payload decodes to; 0 if it is not base64url.
    pub bytes: usize,
    /// The frame of a batch token.
    pub sealed: Option<Sealed>,
    /// The wrapper of a server-side-consistent service token.
    pub signed: Option<Signed>,
    /// The decoded payload, part by part, without gaps.
    pub parts: Vec<Part>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// The frame of a batch token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealed {
    /// Which key sealed it.
    pub term: u32,
    /// The frame's version.
    pub version: u8,
    /// The nonce, hex.
    pub nonce: String,
    /// How many bytes are sealed, which is how long the plaintext is.
    pub sealed_length: usize,
    /// The tag, hex.
    pub tag: String,
}

/// The wrapper of a server-side-consistent service token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The wrapper's version.
    pub version: u64,
    /// The HMAC, hex.
    pub hmac: String,
    /// The inner token, which storage knows.
    pub inner: String,
    /// The index of the write that made it.
    pub local_index: u64,
    /// The cluster's epoch.
    pub index_epoch: u32,
}

/// Some bytes of the decoded payload and what they are. Byte `n` is the bits `8n..8n+8`, letter `m` of the payload
/// (line ends not counted) the bits `6m..6m+6`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `term`, `version`, `nonce`, `ciphertext`, `tag`; `wrapper` for a signed token; `undecided` if too short.
    pub name: &'static str,
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// The bytes, two letters each, without spaces.
    pub hex: String,
    /// One sentence for people.
    pub meaning: String,
}

/// Something wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which character of the text (from 0, spaces before it not counted) it begins at, if that can be said.
    pub at: Option<usize>,
    /// What is wrong, and what to do.
    pub text: String,
}

/// Takes any text apart. Spaces and line ends around it are not part of it.
pub fn inspect(text: &str) -> Anatomy {
    let text = text.trim();
    let token = Token::parse(text);
    let mut anatomy = Anatomy {
        kind: kind_word(text, &token),
        flavour: token.flavour.map(flavour_word),
        prefix: token.prefix.to_owned(),
        namespace_id: token.namespace.map(str::to_owned),
        characters: text.chars().count(),
        bytes: 0,
        sealed: None,
        signed: None,
        parts: Vec::new(),
        problems: Vec::new(),
    };
    match token.kind {
        Kind::Batch => read_frame(&token, &mut anatomy),
        Kind::Service if SignedToken::looks_signed(text) => read_wrapper(text, &token, &mut anatomy),
        Kind::Service | Kind::Recovery => read_id(&token, &mut anatomy),
        Kind::Custom => read_custom(text, &mut anatomy),
    }
    anatomy
}

fn kind_word(text: &str, token: &Token<'_>) -> &'static str {
    match token.kind {
        Kind::Batch => "batch",
        Kind::Service => "service",
        Kind::Recovery => "recovery",
        Kind::Custom if text.is_empty() || text.contains(char::is_whitespace) => "unknown",
        Kind::Custom => "custom",
    }
}

fn flavour_word(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::OpenBao => "openbao",
        Flavour::Vault => "vault",
    }
}

fn read_frame(token: &Token<'_>, anatomy: &mut Anatomy) {
    let Some(bytes) = decoded(token, anatomy) else { return };
    let frame = match Frame::split(&bytes) {
        Ok(frame) => frame,
        Err(error) => {
            anatomy.parts.push(part(
                "undecided",
                &bytes,
                0..bytes.len(),
                "not enough bytes to tell".to_owned(),
            ));
            return anatomy.problems.push(Problem { at: None, text: format!("{error}; was it cut off?") });
        }
    };
    if !(1..=2).contains(&frame.version) {
        let text = TokenError::UnknownVersion(frame.version).to_string();
        anatomy.problems.push(Problem { at: Some(token.prefix.len() + TERM_LEN * 8 / 6), text });
    }
    anatomy.parts = frame_parts(&frame, &bytes);
    anatomy.sealed = Some(Sealed {
        term: frame.term,
        version: frame.version,
        nonce: hex(frame.nonce),
        sealed_length: frame.ciphertext.len(),
        tag: hex(frame.tag),
    });
}

fn frame_parts(frame: &Frame<'_>, bytes: &[u8]) -> Vec<Part> {
    let version = match frame.version {
        1 => "AES-256-GCM without additional data",
        2 => "AES-256-GCM with additional data, which is empty for a token",
        _ => "no version that is known",
    };
    let tag_start = bytes.len().saturating_sub(TAG_LEN);
    vec![
        part("term", bytes, 0..TERM_LEN, format!("{}, big-endian: which key sealed it", frame.term)),
        part("version", bytes, TERM_LEN..TERM_LEN + 1, version.to_owned()),
        part(
            "nonce",
            bytes,
            TERM_LEN + 1..HEADER_LEN,
            format!("{NONCE_LEN} bytes, never used twice under one key"),
        ),
        part("ciphertext", bytes, HEADER_LEN..tag_start, conclusion(bytes.len().saturating_sub(OVERHEAD))),
        part("tag", bytes, tag_start..bytes.len(), "guards every byte of the sealed entry".to_owned()),
    ]
}

/// What the length of the plaintext tells.
fn conclusion(length: usize) -> String {
    let what = match length {
        0 => "nothing sealed: no server opens it",
        1..64 => "shorter than any entry that a server seals",
        64..90 => "the sealed entry: room for few policies and a short parent or none",
        90..200 => "the sealed entry: as long as with a parent, or with a role or an entity",
        _ => "the sealed entry: long, so many policies or much metadata",
    };
    format!("{length} bytes, {what}")
}

fn read_wrapper(text: &str, token: &Token<'_>, anatomy: &mut Anatomy) {
    let Some(bytes) = decoded(token, anatomy) else { return };
    anatomy.parts.push(part(
        "wrapper",
        &bytes,
        0..bytes.len(),
        "the inner token, its index and an HMAC".to_owned(),
    ));
    match SignedToken::parse(text) {
        Ok(signed) => {
            anatomy.signed = Some(Signed {
                version: signed.version,
                hmac: hex(&signed.hmac),
                inner: signed.inner,
                local_index: signed.local_index,
                index_epoch: signed.index_epoch,
            });
        }
        Err(error) => {
            anatomy.problems.push(Problem { at: Some(token.prefix.len()), text: error.to_string() })
        }
    }
}

fn read_id(token: &Token<'_>, anatomy: &mut Anatomy) {
    let odd = token.payload.chars().position(|letter| !letter.is_ascii_alphanumeric());
    if let Some(at) = odd {
        let text =
            format!("a generated id has only letters and digits: see character {}", token.prefix.len() + at);
        anatomy.problems.push(Problem { at: Some(token.prefix.len() + at), text });
    } else if token.payload.len() != ID_LEN {
        let text = format!("a generated id has {ID_LEN} letters, this one has {}", token.payload.len());
        anatomy.problems.push(Problem { at: None, text });
    }
}

fn read_custom(text: &str, anatomy: &mut Anatomy) {
    let text = match text.chars().position(char::is_whitespace) {
        _ if text.is_empty() => "there is nothing to read: paste a token",
        Some(at) => {
            let text = "a token has no spaces inside: paste one token only".to_owned();
            return anatomy.problems.push(Problem { at: Some(at), text });
        }
        None if text.starts_with("eyJ") => "this looks like a JSON web token, which is not a Vault token",
        None => return,
    };
    anatomy.problems.push(Problem { at: None, text: text.to_owned() });
}

fn decoded(token: &Token<'_>, anatomy: &mut Anatomy) -> Option<Vec<u8>> {
    match decode_base64url(token.payload) {
        Ok(bytes) => {
            anatomy.bytes = bytes.len();
            Some(bytes)
        }
        Err(error) => {
            let at = match error {
                TokenError::IllegalBase64 { at } => Some(token.prefix.len() + at),
                _ => None,
            };
            let text =
                format!("{error}; the payload is base64url (letters, digits, - and _) without padding");
            anatomy.problems.push(Problem { at, text });
            None
        }
    }
}

fn part(name: &'static str, bytes: &[u8], range: std::ops::Range<usize>, meaning: String) -> Part {
    let hex = hex(bytes.get(range.clone()).unwrap_or_default());
    Part { name, start: range.start, end: range.end, hex, meaning }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";

    #[test]
    fn the_parts_of_the_lessons_token_leave_no_gap() {
        let anatomy = inspect(&format!("  {LESSON}\n"));
        let ranges: Vec<_> = anatomy.parts.iter().map(|part| (part.name, part.start, part.end)).collect();
        assert_eq!(
            ranges,
            [("term", 0, 4), ("version", 4, 5), ("nonce", 5, 17), ("ciphertext", 17, 89), ("tag", 89, 105)]
        );
        assert_eq!((anatomy.kind, anatomy.bytes, anatomy.characters), ("batch", 105, 142));
        assert_eq!(anatomy.sealed.unwrap().nonce, "9fe6455d3308c8c2de28e3d7");
        assert_eq!(anatomy.problems, []);
    }

    #[test]
    fn a_broken_letter_is_named_where_it_stands_in_the_text() {
        let anatomy = inspect(&LESSON.replacen("kV", "k+", 1));
        assert_eq!(anatomy.problems[0].at, Some(12));
        assert_eq!(LESSON.replacen("kV", "k+", 1).chars().nth(12), Some('+'));
    }

    #[test]
    fn what_is_no_token_is_said_kindly() {
        for (text, kind) in
            [("", "unknown"), ("two words", "unknown"), ("root", "custom"), ("eyJhbGciOi", "custom")]
        {
            assert_eq!(inspect(text).kind, kind, "{text:?}");
        }
        assert!(inspect("b.AAAAAQ").problems[0].text.contains("too short"));
        assert_eq!(inspect("s.JlNTS5wVPPnb1P72poUjUR4o").problems, []);
        assert!(inspect("s.short").problems[0].text.contains("24 letters"));
    }
}
