//! The server-side-consistent form of a service token, `hvs.CAES…`: Vault since 1.10 wraps the inner token with the
//! index of the write that made it, and an HMAC. It knows no storage: the key comes in.
//!
//! ```text
//! hvs. base64url( SignedToken { 1: version = 1, 2: HMAC-SHA256(key, field 3), 3: Token } )
//!                 Token { 1: inner token, 2: local index, 3: index epoch }
//! ```

use hmac::{Hmac, KeyInit, Mac};
use prost::Message;
use sha2::Sha256;

use crate::token::{Kind, Token, decode_base64url, encode_base64url};
use crate::{Flavour, TokenError};

/// An `hvs.` token is read as wrapped only beyond this many characters: 24 letters, `hvs.`, `.` and a namespace.
pub const LONGEST_PLAIN: usize = 35;

/// A service token in its wrapper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedToken {
    /// The wrapper's own version, 1.
    pub version: u64,
    /// HMAC-SHA256 over the bytes of the inner message.
    pub hmac: Vec<u8>,
    /// The token that storage knows, prefix included.
    pub inner: String,
    /// The index of the write that made it.
    pub local_index: u64,
    /// The cluster's epoch.
    pub index_epoch: u32,
    message: Vec<u8>,
}

impl SignedToken {
    /// Whether a text is long enough to be read as wrapped.
    pub fn looks_signed(text: &str) -> bool {
        let token = Token::parse(text);
        token.kind == Kind::Service && token.flavour == Some(Flavour::Vault) && text.len() > LONGEST_PLAIN
    }

    /// Takes a wrapped token apart without judging its HMAC.
    ///
    /// # Errors
    /// [`TokenError::NotSigned`], [`TokenError::IllegalBase64`]
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if !Self::looks_signed(text) {
            return Err(TokenError::NotSigned("it is not `hvs.` and more than 31 letters"));
        }
        let bytes = decode_base64url(Token::parse(text).payload)?;
        let outer = Outer::decode(bytes.as_slice())
            .map_err(|_| TokenError::NotSigned("its wrapper is not protobuf"))?;
        let inner = Inner::decode(outer.token.as_slice())
            .map_err(|_| TokenError::NotSigned("its content is not protobuf"))?;
        Ok(Self {
            version: outer.token_version,
            hmac: outer.hmac,
            inner: inner.random,
            local_index: inner.local_index,
            index_epoch: inner.index_epoch,
            message: outer.token,
        })
    }

    /// Whether the HMAC is right. The key is the text of a UUID, stored at `core/index-header-hmac-key`.
    pub fn verify(&self, key: &[u8]) -> bool {
        mac(key, &self.message).is_some_and(|mac| mac.verify_slice(&self.hmac).is_ok())
    }

    /// Wraps a token that storage knows.
    pub fn wrap(key: &[u8], inner: &str, local_index: u64) -> String {
        let token = Inner { random: inner.to_owned(), local_index, index_epoch: 0 }.encode_to_vec();
        let hmac = mac(key, &token).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
        let outer = Outer { token_version: 1, hmac, token };
        format!("{}{}", Flavour::Vault.service_prefix(), encode_base64url(&outer.encode_to_vec()))
    }
}

fn mac(key: &[u8], message: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac)
}

#[derive(Clone, PartialEq, Message)]
struct Outer {
    #[prost(uint64, tag = "1")]
    token_version: u64,
    #[prost(bytes = "vec", tag = "2")]
    hmac: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    token: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Inner {
    #[prost(string, tag = "1")]
    random: String,
    #[prost(uint64, tag = "2")]
    local_index: u64,
    #[prost(uint32, tag = "3")]
    index_epoch: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"0c6fe3c4-0b4c-6a1d-4a5b-3f0f5b0a9c11";

    #[test]
    fn a_wrapped_token_is_95_characters_and_starts_caes() {
        let text = SignedToken::wrap(KEY, "hvs.abcdefghijklmnopqrstuvwx", 0);
        assert!(text.starts_with("hvs.CAES"), "{text}");
        assert_eq!(text.len(), 95);
        let signed = SignedToken::parse(&text).unwrap();
        assert_eq!((signed.version, signed.inner.as_str()), (1, "hvs.abcdefghijklmnopqrstuvwx"));
        assert!(signed.verify(KEY));
        assert!(!signed.verify(b"another key"));
    }

    #[test]
    fn a_short_hvs_token_is_not_wrapped() {
        assert!(!SignedToken::looks_signed("hvs.abcdefghijklmnopqrstuvwx"));
        assert!(SignedToken::parse("hvs.abcdefghijklmnopqrstuvwx").is_err());
    }
}
