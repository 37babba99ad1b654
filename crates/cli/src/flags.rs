//! Flags as Go's `flag` package reads them. It knows no command.
//!
//! `-x` and `--x` are one; a value stands after `=` or as the next word; a boolean never takes the next word; the first
//! word that is no flag ends them, and so does `--`.

use std::collections::BTreeMap;

use vaultlet_core::duration::GoDuration;

/// A span of time that the server is to choose.
pub(crate) const SYSTEM: &str = "system";

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing, or `=true` or `=false`.
    Bool,
    /// Any text.
    Text,
    /// A span of time, as seconds, in Go's form, or in days.
    Duration,
    /// A whole number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// Any text, as often as wanted.
    Texts,
    /// `key=value`, as often as wanted.
    Pairs,
}

/// A flag that a command knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    /// Without a dash.
    pub(crate) name: &'static str,
    /// A second name for it; empty if it has none.
    pub(crate) also: &'static str,
    /// The environment variable that stands in for it, without the product's prefix; empty if there is none.
    pub(crate) variable: &'static str,
    pub(crate) takes: Takes,
    /// What it is for, in a sentence.
    pub(crate) says: &'static str,
}

impl Flag {
    pub(crate) const fn new(name: &'static str, takes: Takes, says: &'static str) -> Self {
        Self { name, also: "", variable: "", takes, says }
    }

    /// The same with a second name.
    pub(crate) const fn or(self, also: &'static str) -> Self {
        Self { also, ..self }
    }

    /// The same with an environment variable that stands in for it.
    pub(crate) const fn variable(self, variable: &'static str) -> Self {
        Self { variable, ..self }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || (!self.also.is_empty() && self.also == name)
    }
}

/// A line's flags and the words after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    values: BTreeMap<&'static str, Vec<String>>,
    /// The words after the flags.
    pub(crate) words: Vec<String>,
}

/// Reads flags; the error is Go's sentence.
pub(crate) fn parse(known: &[Flag], arguments: &[String]) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let Some(bare) = word.strip_prefix('-').filter(|bare| !bare.is_empty()) else {
            parsed.words.push(word.clone());
            break;
        };
        if bare == "-" {
            break;
        }
        let bare = bare.strip_prefix('-').unwrap_or(bare);
        if bare.is_empty() || bare.starts_with(['-', '=']) {
            return Err(format!("bad flag syntax: {word}"));
        }
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (bare, None),
        };
        let flag = known.iter().find(|flag| flag.is_called(name));
        let flag = flag.ok_or_else(|| format!("flag provided but not defined: -{name}"))?;
        let value = match value {
            None if flag.takes == Takes::Bool => "true".to_owned(),
            None => rest.next().cloned().ok_or_else(|| format!("flag needs an argument: -{name}"))?,
            Some(value) => value,
        };
        check(flag, &value)?;
        let values = parsed.values.entry(flag.name).or_default();
        if !matches!(flag.takes, Takes::Texts | Takes::Pairs) {
            values.clear();
        }
        values.push(value);
    }
    parsed.words.extend(rest.cloned());
    Ok(parsed)
}

fn check(flag: &Flag, value: &str) -> Result<(), String> {
    let name = flag.name;
    let invalid = |why: String| format!("invalid value {value:?} for flag -{name}: {why}");
    match flag.takes {
        Takes::Bool if boolean(value).is_none() => Err(format!(
            "invalid boolean value {value:?} for -{name}: strconv.ParseBool: parsing {value:?}: invalid syntax"
        )),
        Takes::Duration if value == SYSTEM => Ok(()),
        Takes::Duration => {
            GoDuration::parse_lenient(value).map(|_| ()).map_err(|error| invalid(error.to_string()))
        }
        Takes::Number if value.parse::<i64>().is_err() => {
            Err(invalid(format!("strconv.ParseInt: parsing {value:?}: invalid syntax")))
        }
        Takes::Count if value.parse::<u64>().is_err() => {
            Err(invalid(format!("strconv.ParseUint: parsing {value:?}: invalid syntax")))
        }
        Takes::Pairs if !value.contains('=') => Err(invalid(format!("missing = in KV pair: {value:?}"))),
        _ => Ok(()),
    }
}

/// What Go's `strconv.ParseBool` takes.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

impl Parsed {
    /// Whether a flag was given at all.
    pub(crate) fn given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A flag's text, if it was given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }

    /// A boolean flag; `default` if it was not given.
    pub(crate) fn is(&self, name: &str, default: bool) -> bool {
        self.text(name).and_then(boolean).unwrap_or(default)
    }

    /// A span of time; zero if it was not given, and a second less than none for the server's own.
    pub(crate) fn duration(&self, name: &str) -> GoDuration {
        let read = |text| match text {
            SYSTEM => Some(GoDuration(-1_000_000_000)),
            text => GoDuration::parse_lenient(text).ok(),
        };
        self.text(name).and_then(read).unwrap_or_default()
    }

    /// A number; zero if it was not given.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.text(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// Every value of a flag, in order.
    pub(crate) fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The pairs of a flag by their key; the last of a key counts.
    pub(crate) fn pairs(&self, name: &str) -> BTreeMap<String, String> {
        let pairs = self.texts(name).iter().filter_map(|text| text.split_once('='));
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Flag; 5] = [
        Flag::new("ttl", Takes::Duration, "").or("t"),
        Flag::new("renewable", Takes::Bool, ""),
        Flag::new("policy", Takes::Texts, ""),
        Flag::new("metadata", Takes::Pairs, ""),
        Flag::new("use-limit", Takes::Number, ""),
    ];

    fn read(line: &str) -> Result<Parsed, String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        parse(&KNOWN, &words)
    }

    #[test]
    fn values_stand_after_an_equals_sign_or_next() {
        let parsed = read("-t 1h --policy=a -policy b -renewable=0 x -ttl=2h").unwrap();
        assert_eq!(parsed.duration("ttl"), GoDuration(3_600_000_000_000));
        assert_eq!(parsed.texts("policy"), ["a", "b"]);
        assert!(!parsed.is("renewable", true));
        assert_eq!(parsed.words, ["x", "-ttl=2h"]);
    }

    #[test]
    fn a_boolean_never_takes_the_next_word() {
        assert_eq!(read("-renewable false").unwrap().words, ["false"]);
        assert_eq!(read("-ttl=1h -- -x").unwrap().words, ["-x"]);
        assert_eq!(read("- -x").unwrap().words, ["-", "-x"]);
    }

    #[test]
    fn errors_are_gos() {
        let wrong = |line: &str| read(line).unwrap_err();
        assert_eq!(wrong("-x"), "flag provided but not defined: -x");
        assert_eq!(wrong("--=x"), "bad flag syntax: --=x");
        assert_eq!(wrong("-ttl"), "flag needs an argument: -ttl");
        assert_eq!(wrong("-ttl=abc"), r#"invalid value "abc" for flag -ttl: time: invalid duration "abc""#);
        assert_eq!(
            wrong("-metadata=x"),
            r#"invalid value "x" for flag -metadata: missing = in KV pair: "x""#
        );
    }
}
