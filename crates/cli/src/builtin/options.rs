//! Options of the tools: letters behind a dash, some with a value. It knows no tool.

/// Options and what is left.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    given: Vec<(char, String)>,
    pub(super) words: Vec<String>,
}

/// Reads `-nu -k2 -t : --reverse words`; `valued` are the letters that take a value, `long` the long names and their
/// letters. The error names what is not known.
pub(super) fn read(
    arguments: &[String],
    flags: &str,
    valued: &str,
    long: &[(&str, char)],
) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            options.words.extend(rest.cloned());
            break;
        }
        if let Some(name) = word.strip_prefix("--") {
            let (name, value) =
                name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let letter = long.iter().find(|(long, _)| *long == name).map(|(_, letter)| *letter);
            let letter = letter.ok_or_else(|| format!("unrecognized option '--{name}'"))?;
            let value = match value {
                None if valued.contains(letter) => {
                    rest.next().cloned().ok_or_else(|| format!("option '--{name}' requires an argument"))?
                }
                value => value.unwrap_or_default().to_owned(),
            };
            options.given.push((letter, value));
            continue;
        }
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some(letters) => letters_of(letters, flags, valued, &mut rest, &mut options)?,
            None => options.words.push(word.clone()),
        }
    }
    Ok(options)
}

fn letters_of<'a>(
    letters: &str,
    flags: &str,
    valued: &str,
    rest: &mut impl Iterator<Item = &'a String>,
    options: &mut Options,
) -> Result<(), String> {
    for (at, letter) in letters.char_indices() {
        if valued.contains(letter) {
            let behind = letters.get(at + letter.len_utf8()..).unwrap_or_default();
            let value = if behind.is_empty() { rest.next().cloned() } else { Some(behind.to_owned()) };
            let value = value.ok_or_else(|| format!("option requires an argument -- '{letter}'"))?;
            options.given.push((letter, value));
            return Ok(());
        }
        if !flags.contains(letter) {
            return Err(format!("invalid option -- '{letter}'"));
        }
        options.given.push((letter, String::new()));
    }
    Ok(())
}

impl Options {
    pub(super) fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(given, _)| *given == letter)
    }

    pub(super) fn value(&self, letter: char) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| *given == letter).map(|(_, value)| value.as_str())
    }

    pub(super) fn values(&self, letter: char) -> impl Iterator<Item = &str> {
        self.given.iter().filter(move |(given, _)| *given == letter).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Options, String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        read(&words, "nru", "kt", &[("reverse", 'r'), ("key", 'k')])
    }

    #[test]
    fn letters_may_stand_together_and_values_too() {
        let read = options("-nu -k2 -t : --reverse a -- -b").unwrap();
        assert!(read.has('n') && read.has('u') && read.has('r'));
        assert_eq!((read.value('k'), read.value('t')), (Some("2"), Some(":")));
        assert_eq!(read.words, ["a", "-b"]);
        assert_eq!(options("-x").unwrap_err(), "invalid option -- 'x'");
        assert_eq!(options("-k").unwrap_err(), "option requires an argument -- 'k'");
    }
}
