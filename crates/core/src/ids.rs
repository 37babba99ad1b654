//! Random names as the server draws them. It knows no generator.

use crate::host::{Rng, RngFailed};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `len` letters of base62, each equally likely.
pub(crate) fn base62(rng: &mut dyn Rng, len: usize) -> Result<String, RngFailed> {
    let mut text = String::with_capacity(len);
    let mut buffer = [0u8; 32];
    while text.len() < len {
        rng.fill(&mut buffer)?;
        // 248 is the largest multiple of 62 in a byte: the rest would favour the first letters.
        let letters =
            buffer.iter().filter(|&&byte| byte < 248).filter_map(|&byte| BASE62.get(usize::from(byte % 62)));
        text.extend(letters.take(len - text.len()).map(|&letter| char::from(letter)));
    }
    Ok(text)
}

/// 16 random bytes.
pub(crate) fn bytes16(rng: &mut dyn Rng) -> Result<[u8; 16], RngFailed> {
    let mut bytes = [0u8; 16];
    rng.fill(&mut bytes)?;
    Ok(bytes)
}

/// A UUID's text for 16 bytes, which the server takes as they come, without version bits.
pub(crate) fn uuid(bytes: [u8; 16]) -> String {
    let hex = hex(&bytes);
    let parts = [hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)];
    parts.map(Option::unwrap_or_default).join("-")
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
    let mut text = String::with_capacity(2 * bytes.len());
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_36_characters_in_five_parts() {
        assert_eq!(uuid([0xab; 16]), "abababab-abab-abab-abab-abababababab");
    }
}
