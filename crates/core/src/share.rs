//! An unseal share's text: hex or base64, as the real server takes either. It knows no sharing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// A share's bytes. Hex is tried first, as the real server does.
pub(crate) fn read(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    unhex(text).or_else(|| unbase64(text))
}

/// Standard base64 with padding.
pub(crate) fn unbase64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    STANDARD.decode(text).ok().map(Zeroizing::new)
}

/// Digits of hex, two a byte.
pub(crate) fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let pair = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2 && !text.starts_with('+'))?;
        u8::from_str_radix(text, 16).ok()
    };
    text.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_base64_are_read() {
        assert_eq!(*read("00ff").unwrap(), [0, 255]);
        assert_eq!(*read("AP8=").unwrap(), [0, 255]);
        assert_eq!(read("no share"), None);
        assert_eq!(read("+1+1"), unbase64("+1+1"));
    }
}
