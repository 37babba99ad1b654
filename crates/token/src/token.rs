//! A token's text: prefix, payload, namespace. It knows no keys and no storage.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::TokenError;

/// Base64url without padding, taking the unused bits of the last letter as they come, as Go does.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// What a token's prefix says it is. The prefix is only a dispatcher: nothing authenticates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `s.`, `hvs.`: a name for a record in storage.
    Service,
    /// `b.`, `hvb.`: the record, sealed.
    Batch,
    /// `r.`, `hvr.`: made while recovering a seal.
    Recovery,
    /// Anything else, such as `root`: an id that somebody chose.
    Custom,
}

/// Whose spelling a token has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flavour {
    /// `s.`, `b.`, `r.`: OpenBao, and Vault until 1.9.
    #[default]
    OpenBao,
    /// `hvs.`, `hvb.`, `hvr.`: Vault since 1.10.
    Vault,
}

impl Flavour {
    /// The prefix of a batch token.
    pub fn batch_prefix(self) -> &'static str {
        match self {
            Self::OpenBao => "b.",
            Self::Vault => "hvb.",
        }
    }

    /// The prefix of a service token.
    pub fn service_prefix(self) -> &'static str {
        match self {
            Self::OpenBao => "s.",
            Self::Vault => "hvs.",
        }
    }
}

/// The prefixes and what they say.
const PREFIXES: [(&str, Kind, Flavour); 6] = [
    ("hvs.", Kind::Service, Flavour::Vault),
    ("hvb.", Kind::Batch, Flavour::Vault),
    ("hvr.", Kind::Recovery, Flavour::Vault),
    ("s.", Kind::Service, Flavour::OpenBao),
    ("b.", Kind::Batch, Flavour::OpenBao),
    ("r.", Kind::Recovery, Flavour::OpenBao),
];

/// A token's text, taken apart. Every text is some token: what has no known prefix is a custom id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What the prefix says it is.
    pub kind: Kind,
    /// Whose spelling it has; none for a custom id.
    pub flavour: Option<Flavour>,
    /// The prefix with its dot, empty for a custom id.
    pub prefix: &'a str,
    /// What stands between the prefix and the namespace.
    pub payload: &'a str,
    /// The namespace's id, from behind the last dot. On a batch token it is decoration: the sealed one counts.
    pub namespace: Option<&'a str>,
}

impl<'a> Token<'a> {
    /// Takes a text apart.
    pub fn parse(text: &'a str) -> Self {
        let known = PREFIXES.iter().find_map(|&(prefix, kind, flavour)| {
            let rest = text.strip_prefix(prefix)?;
            Some((text.get(..prefix.len())?, rest, kind, flavour))
        });
        let Some((prefix, rest, kind, flavour)) = known else {
            return Self { kind: Kind::Custom, flavour: None, prefix: "", payload: text, namespace: None };
        };
        let (payload, namespace) = match rest.rsplit_once('.') {
            Some((payload, namespace)) if !namespace.is_empty() => (payload, Some(namespace)),
            // A dot at the end names no namespace and stays where it is.
            _ => (rest, None),
        };
        Self { kind, flavour: Some(flavour), prefix, payload, namespace }
    }

    /// The sealed bytes of a batch token.
    ///
    /// # Errors
    /// [`TokenError::NotSealed`] for another kind, [`TokenError::IllegalBase64`]
    pub fn sealed_bytes(&self) -> Result<Vec<u8>, TokenError> {
        if self.kind != Kind::Batch {
            return Err(TokenError::NotSealed);
        }
        decode_base64url(self.payload)
    }
}

/// A batch token's text for sealed bytes.
pub fn batch_token(flavour: Flavour, sealed: &[u8]) -> String {
    let mut text = flavour.batch_prefix().to_owned();
    BASE64URL.encode_string(sealed, &mut text);
    text
}

/// Base64url without padding.
pub(crate) fn encode_base64url(bytes: &[u8]) -> String {
    BASE64URL.encode(bytes)
}

/// Base64url as Go's decoder reads it: line ends are passed over, unused bits ignored, padding refused.
pub(crate) fn decode_base64url(text: &str) -> Result<Vec<u8>, TokenError> {
    let is_line_end = |byte: u8| byte == b'\n' || byte == b'\r';
    let mut letters = Vec::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            letters.push(byte);
        } else if !is_line_end(byte) {
            return Err(TokenError::IllegalBase64 { at });
        }
    }
    // A single letter in the last group of four holds no byte; Go names the end of the input less that letter.
    let at = text.len().saturating_sub(1);
    BASE64URL.decode(&letters).map_err(|_| TokenError::IllegalBase64 { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_says_its_kind() {
        for (prefix, kind, flavour) in PREFIXES {
            let text = format!("{prefix}abc.ns1");
            let token = Token::parse(&text);
            assert_eq!((token.kind, token.flavour), (kind, Some(flavour)));
            assert_eq!((token.payload, token.namespace), ("abc", Some("ns1")));
        }
        assert_eq!((Token::parse("b.abc.").payload, Token::parse("b.abc.").namespace), ("abc.", None));
        let root = Token::parse("root");
        assert_eq!((root.kind, root.flavour, root.payload), (Kind::Custom, None, "root"));
    }

    #[test]
    fn base64_errors_name_the_letter_that_go_names() {
        for (text, at) in [("AAA=", 3), ("AA+A", 2), ("A", 0), ("AAAAA", 4), ("AAAA\nA\n", 6), ("AA AA", 2)] {
            assert_eq!(decode_base64url(text), Err(TokenError::IllegalBase64 { at }), "{text:?}");
        }
    }

    #[test]
    fn line_ends_and_unused_bits_are_passed_over() {
        assert_eq!(decode_base64url("AA\r\nAA\n").unwrap(), [0, 0, 0]);
        assert_eq!(decode_base64url("AB").unwrap(), decode_base64url("AA").unwrap());
    }
}
