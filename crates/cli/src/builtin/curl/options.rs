//! The options of `curl`. It asks nothing.

/// An option: its letter if it has one, its name, and whether it takes a value.
type Known = (Option<char>, &'static str, bool);

/// The options that are known. Those that only say how to reach a server change nothing here: what answers is given.
const KNOWN: [Known; 30] = [
    (Some('A'), "user-agent", true),
    (None, "cacert", true),
    (None, "compressed", false),
    (None, "connect-timeout", true),
    (Some('d'), "data", true),
    (None, "data-ascii", true),
    (None, "data-binary", true),
    (None, "data-raw", true),
    (None, "data-urlencode", true),
    (Some('f'), "fail", false),
    (None, "fail-with-body", false),
    (Some('G'), "get", false),
    (Some('g'), "globoff", false),
    (Some('I'), "head", false),
    (Some('H'), "header", true),
    (Some('h'), "help", false),
    (Some('i'), "include", false),
    (Some('k'), "insecure", false),
    (None, "json", true),
    (Some('L'), "location", false),
    (Some('m'), "max-time", true),
    (Some('N'), "no-buffer", false),
    (Some('o'), "output", true),
    (Some('#'), "progress-bar", false),
    (Some('X'), "request", true),
    (None, "retry", true),
    (Some('S'), "show-error", false),
    (Some('s'), "silent", false),
    (None, "url", true),
    (Some('w'), "write-out", true),
];

/// What was given, in order.
#[derive(Debug, Default)]
pub(super) struct Options {
    given: Vec<(&'static str, String)>,
    pub(super) urls: Vec<String>,
}

impl Options {
    /// Reads `-sSX POST -d @file --header 'A: b' URL`: short ones may stand together, and with their value.
    pub(super) fn read(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
                let known = KNOWN.iter().find(|(_, known, _)| *known == name);
                let known = known.ok_or_else(|| format!("option {word}: is unknown"))?;
                options.take(known, None, word, &mut rest)?;
                continue;
            }
            match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                Some(letters) => options.letters(letters, word, &mut rest)?,
                None => options.urls.push(word.clone()),
            }
        }
        if options.urls.is_empty() && !options.is("help") {
            return Err("no URL specified!".to_owned());
        }
        Ok(options)
    }

    fn letters<'a>(
        &mut self,
        letters: &str,
        word: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        for (at, letter) in letters.char_indices() {
            let known = KNOWN.iter().find(|(known, ..)| *known == Some(letter));
            let known = known.ok_or_else(|| format!("option {word}: is unknown"))?;
            let behind = letters.get(at + letter.len_utf8()..).filter(|behind| !behind.is_empty());
            self.take(known, behind, word, rest)?;
            if known.2 {
                break;
            }
        }
        Ok(())
    }

    /// One option, and its value: what stands `behind` it in the same word, else the next word.
    fn take<'a>(
        &mut self,
        (_, name, valued): &Known,
        behind: Option<&str>,
        word: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let value = match (valued, behind) {
            (false, _) => String::new(),
            (true, Some(behind)) => behind.to_owned(),
            (true, None) => {
                rest.next().cloned().ok_or_else(|| format!("option {word}: requires parameter"))?
            }
        };
        match *name {
            "url" => self.urls.push(value),
            name => self.given.push((name, value)),
        }
        Ok(())
    }

    /// Whether an option was given.
    pub(super) fn is(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// The last value given.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| *given == name).map(|(_, value)| value.as_str())
    }

    /// All that was given, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.given.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// The options, one a line.
pub(super) fn help() -> String {
    let line = |(letter, name, valued): &Known| {
        let letter = letter.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
        format!(" {letter}--{name}{}", if *valued { " <value>" } else { "" })
    };
    let lines: Vec<String> = KNOWN.iter().map(line).collect();
    format!("Usage: curl [options...] <url>\n{}", lines.join("\n"))
}

/// The options as they are typed.
pub(crate) fn words() -> impl Iterator<Item = String> {
    let long = KNOWN.iter().map(|(_, name, _)| format!("--{name}"));
    let short = KNOWN.iter().filter_map(|(letter, ..)| letter.map(|letter| format!("-{letter}")));
    short.chain(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn short_options_may_stand_together_and_with_their_value() {
        let options = read("-sSXPOST -kd a=b -o - --url http://x -H A:b http://y").unwrap();
        assert!(options.is("silent") && options.is("show-error") && options.is("insecure"));
        assert_eq!((options.value("request"), options.value("data")), (Some("POST"), Some("a=b")));
        assert_eq!(options.urls, ["http://x", "http://y"]);
    }

    #[test]
    fn mistakes_have_curls_words() {
        assert_eq!(read("--nope http://x").unwrap_err(), "option --nope: is unknown");
        assert_eq!(read("http://x -X").unwrap_err(), "option -X: requires parameter");
        assert_eq!(read("http://x --request").unwrap_err(), "option --request: requires parameter");
        assert_eq!(read("-s").unwrap_err(), "no URL specified!");
    }
}
