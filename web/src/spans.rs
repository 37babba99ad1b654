//! A token's text cut into coloured pieces. It knows neither keys nor the page: only which letter carries which bits.
//!
//! ```text
//! byte    |   0    |   1    |   2    |
//! bits    |01234567|01234567|01234567|
//! letter  |  A  |  B  |  C  |  D  |      six bits each: B and C carry bits of two bytes
//! ```

use vaultlet_token::anatomy::Anatomy;

/// What a letter of a token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// `b.`, `hvs.` and so on.
    Prefix,
    /// Which key sealed it.
    Term,
    /// The frame's version.
    Version,
    /// The nonce.
    Nonce,
    /// The sealed entry.
    Cipher,
    /// The tag.
    Tag,
    /// An id or a wrapper: letters that name something.
    Id,
    /// The namespace suffix, and letters that belong to nothing.
    Plain,
}

impl Segment {
    /// The stylesheet's class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Prefix => "p",
            Self::Term => "k",
            Self::Version => "v",
            Self::Nonce => "n",
            Self::Cipher => "x",
            Self::Tag => "g",
            Self::Id => "i",
            Self::Plain => "o",
        }
    }

    /// By the name of a part of the anatomy.
    pub fn of_part(name: &str) -> Self {
        match name {
            "term" => Self::Term,
            "version" => Self::Version,
            "nonce" => Self::Nonce,
            "ciphertext" => Self::Cipher,
            "tag" => Self::Tag,
            "wrapper" => Self::Id,
            _ => Self::Plain,
        }
    }
}

/// Where a letter's colour changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// What its last bits belong to.
    pub to: Segment,
    /// How many of its six bits come before.
    pub at: usize,
}

/// Letters of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The letters.
    pub text: String,
    /// What they belong to.
    pub segment: Segment,
    /// For one letter that carries bits of two segments.
    pub split: Option<Split>,
    /// Whether a bit of it was flipped here.
    pub flipped: bool,
    /// Whether it carries bits of the byte that is pointed at.
    pub lit: bool,
}

/// Cuts a token's text, as it stands with the spaces around it. `flipped` are bytes whose lowest bit was flipped, `lit` is a
/// byte that is pointed at.
pub fn spans(text: &str, anatomy: &Anatomy, flipped: &[usize], lit: Option<usize>) -> Vec<Span> {
    let before = text.chars().take_while(|letter| letter.is_whitespace()).count();
    let prefix_end = before + anatomy.prefix.chars().count();
    let payload_end = (before + anatomy.characters).saturating_sub(suffix_length(anatomy));
    let mut spans: Vec<Span> = Vec::new();
    let mut letter = 0;
    for (at, char) in text.chars().enumerate() {
        let mut span = if at < before || at >= payload_end {
            plain(Segment::Plain)
        } else if at < prefix_end {
            plain(Segment::Prefix)
        } else if char == '\n' || char == '\r' {
            plain(Segment::Plain)
        } else {
            letter += 1;
            payload_span(letter - 1, anatomy, flipped, lit)
        };
        span.text.push(char);
        match spans.last_mut() {
            Some(last) if alike(last, &span) => last.text.push(char),
            _ => spans.push(span),
        }
    }
    spans
}

/// The text with the lowest bit of one byte of its payload flipped; unchanged if it has no such byte.
pub fn flip(text: &str, byte: usize) -> String {
    let anatomy = vaultlet_token::anatomy::inspect(text);
    if byte >= anatomy.bytes {
        return text.to_owned();
    }
    let prefix = anatomy.prefix.chars().count();
    let before = text.chars().take_while(|letter| letter.is_whitespace()).count();
    let (letter, mask) = lowest_bit(byte);
    let mut seen = 0;
    let flipped = text.chars().enumerate().map(|(at, char)| {
        if at < before + prefix || char == '\n' || char == '\r' {
            return char;
        }
        seen += 1;
        if seen - 1 == letter { toggled(char, mask) } else { char }
    });
    flipped.collect()
}

/// Which letter of the payload carries a byte's lowest bit, and which of the letter's bits that is.
fn lowest_bit(byte: usize) -> (usize, usize) {
    let bit = byte * 8 + 7;
    (bit / 6, 1 << (5 - bit % 6))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn toggled(char: char, mask: usize) -> char {
    let value = ALPHABET.iter().position(|letter| char::from(*letter) == char);
    value.and_then(|value| ALPHABET.get(value ^ mask)).map_or(char, |letter| char::from(*letter))
}

fn suffix_length(anatomy: &Anatomy) -> usize {
    anatomy.namespace_id.as_ref().map_or(0, |id| id.chars().count() + 1)
}

fn payload_span(letter: usize, anatomy: &Anatomy, flipped: &[usize], lit: Option<usize>) -> Span {
    let (first, last) = (letter * 6 / 8, (letter * 6 + 5) / 8);
    let segment = segment_of(first, anatomy);
    // The last letter's spare bits belong to no byte.
    let to = if last < anatomy.bytes { segment_of(last, anatomy) } else { segment };
    let split = (to != segment).then(|| Split { to, at: last * 8 - letter * 6 });
    let carries = |byte: usize| byte == first || byte == last;
    Span {
        text: String::new(),
        segment,
        split,
        flipped: flipped.iter().any(|byte| lowest_bit(*byte).0 == letter),
        lit: lit.is_some_and(carries),
    }
}

fn segment_of(byte: usize, anatomy: &Anatomy) -> Segment {
    let part = anatomy.parts.iter().find(|part| (part.start..part.end).contains(&byte));
    match part {
        Some(part) => Segment::of_part(part.name),
        None if anatomy.kind == "batch" => Segment::Plain,
        None => Segment::Id,
    }
}

fn plain(segment: Segment) -> Span {
    Span { text: String::new(), segment, split: None, flipped: false, lit: false }
}

fn alike(one: &Span, other: &Span) -> bool {
    one.split.is_none()
        && other.split.is_none()
        && (one.segment, one.flipped, one.lit) == (other.segment, other.flipped, other.lit)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use vaultlet_token::anatomy::inspect;

    use super::*;
    use crate::samples::LESSON;

    fn cut(text: &str) -> Vec<Span> {
        spans(text, &inspect(text), &[], None)
    }

    #[test]
    fn letters_that_carry_bits_of_two_segments_are_split_at_the_bit() {
        let split: Vec<_> = cut(LESSON)
            .into_iter()
            .filter_map(|span| span.split.map(|split| (span.text, span.segment, split.to, split.at)))
            .collect();
        // Term ends at bit 32, version at 40, nonce at 136, ciphertext at 712; none of them is a multiple of six.
        assert_eq!(
            split,
            [
                ("Q".to_owned(), Segment::Term, Segment::Version, 2),
                ("K".to_owned(), Segment::Version, Segment::Nonce, 4),
                ("f".to_owned(), Segment::Nonce, Segment::Cipher, 4),
                ("F".to_owned(), Segment::Cipher, Segment::Tag, 4),
            ]
        );
    }

    #[test]
    fn the_spans_together_are_the_text() {
        let signed = "hvs.CAESIPIZMUtvWR5aeFHz3";
        for text in
            [LESSON, "  b.AAAAAQ ", "", "two words", "s.JlNTS5wVPPnb1P72poUjUR4o.nsid1", "täuschung", signed]
        {
            let together: String = cut(text).into_iter().map(|span| span.text).collect();
            assert_eq!(together, text);
        }
    }

    #[test]
    fn flipping_twice_gives_the_text_back() {
        for byte in 0..105 {
            let changed = flip(LESSON, byte);
            assert_ne!(changed, LESSON, "{byte}");
            assert_eq!(flip(&changed, byte), LESSON, "{byte}");
        }
        assert_eq!(flip(LESSON, 105), LESSON);
    }

    #[test]
    fn a_flip_changes_the_lowest_bit_of_that_byte_and_no_other() {
        let hex = |text: &str| inspect(text).parts.iter().map(|part| part.hex.clone()).collect::<String>();
        assert_eq!(hex(&flip(LESSON, 4)), hex(LESSON).replacen("0000000102", "0000000103", 1));
    }

    #[test]
    fn a_byte_that_is_pointed_at_lights_every_letter_that_carries_it() {
        let lit: String = spans(LESSON, &inspect(LESSON), &[], Some(4))
            .into_iter()
            .filter(|span| span.lit)
            .map(|span| span.text)
            .collect();
        assert_eq!(lit, "QK");
    }
}
