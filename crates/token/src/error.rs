//! What can be wrong with a token. It knows no HTTP status: that is the server's business.

/// Why a token's text, frame or entry could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The payload is not base64url without padding. The position counts from the payload's first letter.
    #[error("illegal base64 data at input byte {at}")]
    IllegalBase64 {
        /// Where the first bad letter stands in the payload.
        at: usize,
    },
    /// The text has no sealed payload: it is not a batch token.
    #[error("not a batch token")]
    NotSealed,
    /// Fewer bytes than term, version, nonce and tag need.
    #[error("too short for a sealed token: {len} bytes, at least 33 are needed")]
    TooShort {
        /// How many bytes there are.
        len: usize,
    },
    /// The version byte is neither 1 nor 2.
    #[error("unknown version byte {0:#04x}: 0x01 and 0x02 are known")]
    UnknownVersion(u8),
    /// The keyring has no key of that term.
    #[error("no key of term {0} in the keyring")]
    UnknownTerm(u32),
    /// The tag does not fit: changed bytes, or sealed under another key.
    #[error("does not open: changed, or sealed under another key")]
    DoesNotOpen,
    /// What was sealed is not a protobuf message. The text is the real server's.
    #[error("proto: cannot parse invalid wire-format data")]
    NotProtobuf,
    /// A keyring's JSON is not what it should be.
    #[error("not a keyring: {0}")]
    NotAKeyring(String),
    /// A key is not 32 bytes.
    #[error("the key of term {term} is {len} bytes, 32 are needed")]
    KeyLength {
        /// Whose key.
        term: u32,
        /// How long it is.
        len: usize,
    },
    /// A server-side-consistent wrapper that does not decode.
    #[error("not a server-side-consistent token: {0}")]
    NotSigned(&'static str),
}
