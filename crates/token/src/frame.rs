//! The sealed layout, shared by batch tokens and storage values. It knows no keys.
//!
//! ```text
//!  0        4    5             17                      n-16        n
//!  +--------+----+-------------+------------------------+----------+
//!  |  term  | v  |    nonce    |       ciphertext       |   tag    |
//!  +--------+----+-------------+------------------------+----------+
//!   u32 BE   u8    12 bytes      as long as the plaintext  16 bytes
//! ```

use crate::TokenError;

/// Bytes of the key term.
pub const TERM_LEN: usize = 4;
/// Bytes of the nonce.
pub const NONCE_LEN: usize = 12;
/// Bytes of the authentication tag.
pub const TAG_LEN: usize = 16;
/// Where the ciphertext begins.
pub const HEADER_LEN: usize = TERM_LEN + 1 + NONCE_LEN;
/// What a frame has beyond its plaintext.
pub const OVERHEAD: usize = HEADER_LEN + TAG_LEN;

/// A sealed frame, taken apart and not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Which key of the keyring sealed it.
    pub term: u32,
    /// 1: no additional data. 2: the storage path is additional data; a token's path is empty.
    pub version: u8,
    /// The nonce.
    pub nonce: &'a [u8; NONCE_LEN],
    /// The ciphertext, as long as the plaintext.
    pub ciphertext: &'a [u8],
    /// The tag.
    pub tag: &'a [u8; TAG_LEN],
}

impl<'a> Frame<'a> {
    /// Takes bytes apart. Any version byte is taken; the keyring refuses unknown ones.
    ///
    /// # Errors
    /// [`TokenError::TooShort`]
    pub fn split(bytes: &'a [u8]) -> Result<Self, TokenError> {
        let short = TokenError::TooShort { len: bytes.len() };
        let Some((term, rest)) = bytes.split_first_chunk::<TERM_LEN>() else { return Err(short) };
        let Some((&version, rest)) = rest.split_first() else { return Err(short) };
        let Some((nonce, rest)) = rest.split_first_chunk::<NONCE_LEN>() else { return Err(short) };
        let Some((ciphertext, tag)) = rest.split_last_chunk::<TAG_LEN>() else { return Err(short) };
        Ok(Self { term: u32::from_be_bytes(*term), version, nonce, ciphertext, tag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_nothing_is_33_bytes() {
        let bytes = [0u8; OVERHEAD];
        assert_eq!(Frame::split(&bytes).unwrap().ciphertext, b"");
        assert_eq!(Frame::split(&bytes[1..]), Err(TokenError::TooShort { len: 32 }));
    }

    #[test]
    fn the_term_is_big_endian() {
        let mut bytes = [0u8; OVERHEAD];
        bytes[2] = 1;
        assert_eq!(Frame::split(&bytes).unwrap().term, 256);
    }
}
