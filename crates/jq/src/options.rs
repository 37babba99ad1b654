//! jq's options. It knows no language.

use jaq_json::{Val, read};

/// What `--help` prints.
pub(crate) const HELP: &str = "Usage: jq [OPTIONS] FILTER [FILES]

  -c, --compact-output   one line a value
  -r, --raw-output       texts without their quotes
  -j, --join-output      like -r, without line ends
  -a, --ascii-output     only ASCII letters, others escaped
  -S, --sort-keys        members in order of their keys
      --tab, --indent N  indent by tabs, or by N blanks
  -n, --null-input       do not read the input
  -s, --slurp            all of the input as one list
  -R, --raw-input        lines of the input as texts
  -e, --exit-status      end with 1 if the last value is false or null, with 4 if there is none
  -f, --from-file FILE   the filter is in a file
      --arg NAME TEXT, --argjson NAME JSON, --slurpfile NAME FILE, --rawfile NAME FILE, --args, --jsonargs
";

/// What the arguments ask for.
pub(crate) enum Read {
    Help,
    Version,
    Run(Box<Options>),
}

/// How to run a filter.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) filter: String,
    /// Texts without quotes.
    pub(crate) raw: bool,
    /// No line ends between values.
    pub(crate) join: bool,
    pub(crate) ascii: bool,
    pub(crate) sort_keys: bool,
    /// What indents a level; none puts a value on one line.
    pub(crate) indent: Option<String>,
    pub(crate) null_input: bool,
    pub(crate) slurp: bool,
    pub(crate) raw_input: bool,
    pub(crate) exit_status: bool,
    /// Variables by their name without the `$`.
    pub(crate) named: Vec<(String, Val)>,
    pub(crate) positional: Vec<Val>,
}

/// What words that are no options mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Filter,
    Texts,
    Jsons,
}

impl Options {
    fn new() -> Self {
        Self {
            filter: String::new(),
            raw: false,
            join: false,
            ascii: false,
            sort_keys: false,
            indent: Some("  ".to_owned()),
            null_input: false,
            slurp: false,
            raw_input: false,
            exit_status: false,
            named: Vec::new(),
            positional: Vec::new(),
        }
    }

    /// Reads arguments; the error is a sentence.
    pub(crate) fn read(arguments: &[String]) -> Result<Read, String> {
        let mut options = Self::new();
        let (mut filter, mut words, mut only_words) = (None, Words::Filter, false);
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            if only_words || !word.starts_with('-') || word == "-" {
                options.word(word, &mut filter, words)?;
                continue;
            }
            match word.as_str() {
                "--" => only_words = true,
                "--args" => words = Words::Texts,
                "--jsonargs" => words = Words::Jsons,
                "-h" | "--help" => return Ok(Read::Help),
                "-V" | "--version" => return Ok(Read::Version),
                long if long.starts_with("--") => options.long(long, &mut rest)?,
                short => {
                    for letter in short.chars().skip(1) {
                        options.letter(letter).ok_or_else(|| format!("Unknown option: {short}"))?;
                    }
                }
            }
        }
        options.filter = filter.unwrap_or_else(|| ".".to_owned());
        Ok(Read::Run(Box::new(options)))
    }

    fn word(&mut self, word: &str, filter: &mut Option<String>, words: Words) -> Result<(), String> {
        match words {
            _ if filter.is_none() => *filter = Some(word.to_owned()),
            Words::Texts => self.positional.push(Val::from(word.to_owned())),
            Words::Jsons => {
                let value = read::parse_single(word.as_bytes());
                let value = value.map_err(|_| format!("Invalid JSON text passed to --jsonargs: {word}"))?;
                self.positional.push(value);
            }
            Words::Filter => return Err(format!("Could not open {word}: files are read by the shell")),
        }
        Ok(())
    }

    fn letter(&mut self, letter: char) -> Option<()> {
        match letter {
            'c' => self.indent = None,
            'r' => self.raw = true,
            'j' => (self.raw, self.join) = (true, true),
            'a' => self.ascii = true,
            'S' => self.sort_keys = true,
            'n' => self.null_input = true,
            's' => self.slurp = true,
            'R' => self.raw_input = true,
            'e' => self.exit_status = true,
            // Nothing is coloured and nothing is kept back here.
            'M' | 'C' => {}
            _ => return None,
        }
        Some(())
    }

    fn long<'a>(&mut self, name: &str, rest: &mut impl Iterator<Item = &'a String>) -> Result<(), String> {
        let letter = match name {
            "--compact-output" => 'c',
            "--raw-output" => 'r',
            "--join-output" => 'j',
            "--ascii-output" => 'a',
            "--sort-keys" => 'S',
            "--null-input" => 'n',
            "--slurp" => 's',
            "--raw-input" => 'R',
            "--exit-status" => 'e',
            "--monochrome-output" | "--color-output" | "--unbuffered" => 'M',
            "--tab" => {
                self.indent = Some("\t".to_owned());
                return Ok(());
            }
            "--indent" => return self.indent_by(rest.next()),
            "--arg" | "--argjson" | "--slurpjson" => {
                let (Some(key), Some(text)) = (rest.next(), rest.next()) else {
                    return Err(format!("{name} takes two parameters (e.g. {name} varname value)"));
                };
                return self.variable(name, key, text);
            }
            _ => return Err(format!("Unknown option: {name}")),
        };
        self.letter(letter).ok_or_else(|| format!("Unknown option: {name}"))
    }

    fn indent_by(&mut self, count: Option<&String>) -> Result<(), String> {
        let count = count.ok_or("--indent takes one parameter")?;
        let count: i64 = count.parse().map_err(|_| "--indent takes a number".to_owned())?;
        self.indent = match count {
            0 => None,
            1..=7 => Some(" ".repeat(usize::try_from(count).unwrap_or_default())),
            ..0 => return Err("Cannot indent less than zero".to_owned()),
            8.. => return Err("Cannot indent more than 7 characters".to_owned()),
        };
        Ok(())
    }

    fn variable(&mut self, option: &str, name: &str, text: &str) -> Result<(), String> {
        let invalid = || format!("Invalid JSON text passed to {option}");
        let value = match option {
            "--arg" => Val::from(text.to_owned()),
            "--argjson" => read::parse_single(text.as_bytes()).map_err(|_| invalid())?,
            _ => {
                let values: Result<Vec<Val>, _> = read::parse_many(text.as_bytes()).collect();
                values.map_err(|_| invalid())?.into_iter().collect()
            }
        };
        self.named.push((name.to_owned(), value));
        Ok(())
    }
}
