//! The token in the inspector: its text, the bits flipped, the tokens made in this tab. It knows no keys.

use crate::samples::Sample;
use crate::spans::flip;

/// How many of the tokens made in this tab stay a click away.
const KEPT: usize = 5;

/// Where the inspector's token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// It was made in this tab.
    #[default]
    Made,
    /// Somebody clicked on it.
    Clicked,
    /// Somebody typed or pasted it: nothing may take its place unasked.
    Typed,
}

/// The inspector's token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inspected {
    /// The text as it stands in the field, flips included.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The sample that it is.
    pub sample: Option<Sample>,
    /// Bytes whose lowest bit was flipped here.
    pub flipped: Vec<usize>,
    /// The byte that is pointed at.
    pub lit: Option<usize>,
    /// Whether somebody is in the field.
    pub focused: bool,
    /// Tokens made in this tab, the newest first.
    pub made: Vec<String>,
    /// Whether the newest one has not been looked at.
    pub unseen: bool,
}

impl Inspected {
    /// Looks at another token.
    pub fn look_at(&mut self, text: String, origin: Origin) {
        if self.made.first() == Some(&text) {
            self.unseen = false;
        }
        self.text = text;
        // An empty field holds nothing that could be lost.
        self.origin = if self.text.is_empty() { Origin::Made } else { origin };
        self.sample = None;
        self.flipped.clear();
        self.lit = None;
    }

    /// Looks at a sample.
    pub fn look_at_sample(&mut self, sample: Sample, text: String) {
        self.look_at(text, Origin::Clicked);
        if let Some(byte) = sample.flipped() {
            self.flip(byte);
        }
        self.sample = Some(sample);
    }

    /// Flips a byte's lowest bit, or flips it back.
    pub fn flip(&mut self, byte: usize) {
        let text = flip(&self.text, byte);
        if text == self.text {
            return;
        }
        self.text = text;
        self.sample = None;
        match self.flipped.iter().position(|flipped| *flipped == byte) {
            Some(at) => drop(self.flipped.remove(at)),
            None => self.flipped.push(byte),
        }
    }

    /// A token was made: it is looked at, unless somebody is busy with another one.
    pub fn made(&mut self, token: String) {
        self.made.retain(|other| *other != token);
        self.made.insert(0, token.clone());
        self.made.truncate(KEPT);
        if self.focused || self.origin == Origin::Typed {
            self.unseen = true;
        } else {
            self.look_at(token, Origin::Made);
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::samples::LESSON;

    #[test]
    fn a_pasted_token_is_not_taken_away_by_a_new_one() {
        let mut inspected = Inspected::default();
        inspected.look_at(LESSON.to_owned(), Origin::Typed);
        inspected.made("b.new".to_owned());
        assert_eq!((inspected.text.as_str(), inspected.unseen), (LESSON, true));
        inspected.look_at("b.new".to_owned(), Origin::Clicked);
        assert!(!inspected.unseen);
    }

    #[test]
    fn an_emptied_field_takes_the_next_token() {
        let mut inspected = Inspected::default();
        inspected.look_at(String::new(), Origin::Typed);
        inspected.made("b.new".to_owned());
        assert_eq!(inspected.text, "b.new");
    }

    #[test]
    fn a_flip_is_undone_by_flipping_again() {
        let mut inspected = Inspected::default();
        inspected.look_at(LESSON.to_owned(), Origin::Clicked);
        inspected.flip(41);
        assert_eq!(inspected.flipped, [41]);
        assert_ne!(inspected.text, LESSON);
        inspected.flip(41);
        assert_eq!((inspected.flipped.len(), inspected.text.as_str()), (0, LESSON));
    }

    #[test]
    fn a_byte_that_is_not_there_cannot_be_flipped() {
        let mut inspected = Inspected::default();
        inspected.look_at(LESSON.to_owned(), Origin::Clicked);
        inspected.flip(1_000);
        assert!(inspected.flipped.is_empty());
    }

    #[test]
    fn only_the_newest_tokens_stay_at_hand() {
        let mut inspected = Inspected::default();
        (0..9).for_each(|number| inspected.made(format!("b.{number}")));
        assert_eq!(inspected.made, ["b.8", "b.7", "b.6", "b.5", "b.4"]);
    }
}
