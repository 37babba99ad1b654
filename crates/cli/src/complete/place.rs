//! Where the cursor stands in a line: in which word of which command, behind which quote. It knows no commands.

use super::Choice;

/// A place in a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The words of the command before the one that is being typed, their quotes taken off.
    pub(super) words: Vec<String>,
    /// What was typed of the word, without quotes.
    pub(super) word: String,
    /// The same as it stands in the line.
    typed: String,
    /// Where what can be replaced begins, in bytes.
    pub(super) begin: usize,
    /// Whether the word stands behind `<` or `>`.
    pub(super) is_file: bool,
    /// What was typed of a variable's name, if the cursor stands in one.
    pub(super) variable: Option<String>,
    /// The quote that is open.
    quote: Option<char>,
    /// Whether the word is empty by nothing, not by quotes.
    untouched: bool,
}

impl Place {
    /// Reads the line up to the cursor.
    pub(super) fn read(before: &str) -> Self {
        let mut place = Self::scan(before);
        before.get(place.begin..).unwrap_or_default().clone_into(&mut place.typed);
        place
    }

    fn scan(before: &str) -> Self {
        let mut place = Self { untouched: true, ..Self::default() };
        let mut letters = before.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            let after = at + c.len_utf8();
            match (c, place.quote) {
                ('\\', None | Some('"')) => match letters.next() {
                    Some((_, c)) => place.letter(c),
                    None => place.letter(c),
                },
                (c, Some(quote)) if c == quote => place.quote = None,
                ('\'' | '"', None) => {
                    place.quote = Some(c);
                    place.untouched = false;
                }
                ('$', None | Some('"')) => {
                    let braced = letters.next_if(|(_, c)| *c == '{').is_some();
                    let mut name = String::new();
                    while let Some((_, c)) = letters.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_')
                    {
                        name.push(c);
                    }
                    if letters.peek().is_none() {
                        place.begin = after + usize::from(braced);
                        place.variable = Some(name);
                        return place;
                    }
                    if letters.next_if(|(_, c)| *c == '(').is_some() {
                        let end = letters.peek().map_or(before.len(), |(at, _)| *at);
                        place = Self { begin: end, untouched: true, ..Self::default() };
                    } else {
                        place.letter('$');
                        place.word.push_str(&name);
                    }
                }
                (_, Some(_)) => place.letter(c),
                (' ' | '\t', None) => place.end_word(after),
                ('|' | ';' | '&' | '(' | ')' | '\n' | '`', None) => {
                    place = Self { begin: after, untouched: true, ..Self::default() };
                }
                ('<' | '>', None) => {
                    // `2>` is no word.
                    place.word.clear();
                    place.untouched = true;
                    place.begin = after;
                    place.is_file = true;
                }
                (c, None) => place.letter(c),
            }
        }
        place
    }

    fn letter(&mut self, c: char) {
        self.word.push(c);
        self.untouched = false;
    }

    fn end_word(&mut self, after: usize) {
        if !self.untouched {
            let word = std::mem::take(&mut self.word);
            let is_assignment = self.words.is_empty()
                && word.split_once('=').is_some_and(|(name, _)| crate::shell::is_name(name));
            // What a command begins after: `NAME=value`, `if`, `! `.
            let leads =
                ["if", "then", "else", "elif", "while", "until", "do", "!", "{"].contains(&word.as_str());
            if !(self.is_file || is_assignment || self.words.is_empty() && leads) {
                self.words.push(word);
            }
            self.is_file = false;
        }
        self.untouched = true;
        self.begin = after;
    }

    /// An offer as it stands in the line: what the shell would take for its own is quoted. A blank at its end says that
    /// the word is whole.
    pub(super) fn choice(&self, offer: String) -> Choice {
        if self.variable.is_some() {
            return Choice { text: offer.clone(), shown: offer };
        }
        let (word, whole) = offer.strip_suffix(' ').map_or((offer.as_str(), false), |word| (word, true));
        // What was typed stays as it was typed.
        let (mut text, rest) = match word.strip_prefix(&self.word) {
            Some(rest) => (self.typed.clone(), rest),
            None => (self.quote.iter().collect(), word),
        };
        for c in rest.chars() {
            let special = match self.quote {
                None => c.is_whitespace() || "\"'\\$`|&;<>()*?[#~!{}".contains(c),
                Some('"') => "\"\\$`".contains(c),
                Some(_) => false,
            };
            text.extend(special.then_some('\\'));
            text.push(c);
        }
        if whole {
            text.extend(self.quote);
            text.push(' ');
        }
        Choice { text, shown: word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> (Vec<String>, String) {
        let place = Place::read(line);
        (place.words, place.word)
    }

    #[test]
    fn the_command_before_the_cursor_is_read() {
        let expect = |line: &str, before: &[&str], word: &str| {
            assert_eq!(
                words(line),
                (before.iter().map(|word| (*word).to_owned()).collect(), word.to_owned()),
                "{line}"
            );
        };
        expect("vault token cr", &["vault", "token"], "cr");
        expect("cat x | grep 'a b' fi", &["grep", "a b"], "fi");
        expect("X=1 vault ", &["vault"], "");
        expect("if vault read sec", &["vault", "read"], "sec");
        expect("echo \"$(vault to", &["vault"], "to");
        expect("a && b\\ c d", &["b c"], "d");
        expect("curl \"$VAULT_ADDR/v1/au", &["curl"], "$VAULT_ADDR/v1/au");
        assert_eq!(Place::read("echo ${VAULT_").variable.as_deref(), Some("VAULT_"));
        assert!(Place::read("jq . <to").is_file && !Place::read("jq . <to ").is_file);
    }
}
