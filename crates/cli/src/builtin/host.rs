//! Commands that the host does: `sleep`, `date`, `jq`.

use time::OffsetDateTime;
use vaultlet_core::UnixTime;
use vaultlet_core::duration::GoDuration;

use crate::Host;
use crate::output::{Output, Stream};
use crate::shell::Runner;

/// `sleep SPANS`: seconds, or with `s`, `m`, `h` or `d`.
pub(super) async fn sleep<H: Host>(
    runner: &mut Runner<'_, H>,
    arguments: &[String],
    output: &mut Output,
) -> u8 {
    if arguments.is_empty() {
        output.error("sleep: missing operand");
        return 1;
    }
    let mut nanos = 0i64;
    for word in arguments {
        if let Some(letter) = word.strip_prefix('-').and_then(|rest| rest.chars().next()) {
            output.error(&format!("sleep: invalid option -- '{letter}'"));
            return 1;
        }
        let Some(span) = span(word) else {
            output.error(&format!("sleep: invalid time interval '{word}'"));
            return 1;
        };
        nanos = nanos.saturating_add(span);
    }
    runner.host.sleep(nanos).await;
    0
}

fn span(word: &str) -> Option<i64> {
    let text =
        if word.ends_with(|c: char| c.is_ascii_digit()) { format!("{word}s") } else { word.to_owned() };
    let span = GoDuration::parse(&text).or_else(|_| GoDuration::parse_lenient(&text)).ok()?;
    (span.0 >= 0).then_some(span.0)
}

/// `date [-u] [-d @SECONDS] [+FORMAT]`, in UTC.
pub(super) fn date<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    let mut format = "%a %b %e %H:%M:%S UTC %Y";
    let mut at = runner.host.now();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let moment = match word.as_str() {
            "-d" | "--date" => words.next().map(String::as_str),
            word => word.strip_prefix("--date=").or_else(|| word.strip_prefix("-d")),
        };
        match (word.as_str(), word.strip_prefix('+'), moment) {
            (_, Some(given), _) => format = given,
            ("-u" | "--utc", ..) => {}
            ("-I" | "-Idate", ..) => format = "%F",
            ("-Iseconds" | "--iso-8601=seconds", ..) => format = "%FT%T+00:00",
            (_, _, Some(moment)) => match moment.strip_prefix('@').and_then(|secs| secs.parse().ok()) {
                Some(secs) => at = UnixTime::from_secs(secs),
                None => {
                    output.error(&format!("date: invalid date '{moment}': only @SECONDS is known here"));
                    return 1;
                }
            },
            (word, ..) => {
                output.error(&match word.starts_with('-') {
                    true => format!("date: unrecognized option '{word}'"),
                    false => format!("date: invalid date '{word}'"),
                });
                return 1;
            }
        }
    }
    output.line(&formatted(at, format));
    0
}

pub(super) fn formatted(now: UnixTime, format: &str) -> String {
    let at = i64::try_from(now.secs()).ok().and_then(|secs| OffsetDateTime::from_unix_timestamp(secs).ok());
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    let short = |name: &str| name.get(..3).unwrap_or_default().to_owned();
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(c) = letters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        text.push_str(&match letters.next() {
            Some('s') => now.secs().to_string(),
            Some('N') => format!("{:09}", now.nanos() % 1_000_000_000),
            Some('Y') => format!("{:04}", at.year()),
            Some('m') => format!("{:02}", u8::from(at.month())),
            Some('d') => format!("{:02}", at.day()),
            Some('e') => format!("{:2}", at.day()),
            Some('H') => format!("{:02}", at.hour()),
            Some('M') => format!("{:02}", at.minute()),
            Some('S') => format!("{:02}", at.second()),
            Some('j') => format!("{:03}", at.ordinal()),
            Some('y') => format!("{:02}", at.year().rem_euclid(100)),
            Some('I') => format!("{:02}", (at.hour() + 11) % 12 + 1),
            Some('p') => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
            Some('D') => formatted(now, "%m/%d/%y"),
            Some('R') => formatted(now, "%H:%M"),
            Some('u') => at.weekday().number_from_monday().to_string(),
            Some('w') => at.weekday().number_days_from_sunday().to_string(),
            Some('F') => formatted(now, "%Y-%m-%d"),
            Some('T') => formatted(now, "%H:%M:%S"),
            Some('a') => short(&weekday),
            Some('A') => weekday.clone(),
            Some('b') => short(&month),
            Some('B') => month.clone(),
            Some('Z') => "UTC".to_owned(),
            Some('z') => "+0000".to_owned(),
            Some('n') => "\n".to_owned(),
            Some('%') => "%".to_owned(),
            Some(other) => format!("%{other}"),
            None => "%".to_owned(),
        });
    }
    text
}

/// `jq ARGUMENTS`: files are read here, so that what runs jq needs none.
pub(super) async fn jq<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    let files = &runner.shell.files;
    let read = |name: &str| files.read(name).map_err(|error| (name.to_owned(), error));
    let (arguments, inputs) = match jq_arguments(arguments, &read) {
        Ok(read) => read,
        Err((name, error)) => {
            output.error(&format!("jq: error: Could not open {name}: {}", error.capital()));
            return 2;
        }
    };
    let input = if inputs.is_empty() { std::mem::take(&mut runner.stdin) } else { inputs.concat() };
    let ran = runner.host.jq(&arguments, &input).await;
    output.push(Stream::Out, &ran.stdout);
    output.push(Stream::Err, &ran.stderr);
    ran.code
}

/// The arguments with the texts of the files that they name, and the input files' bytes.
fn jq_arguments<E>(
    arguments: &[String],
    read: &impl Fn(&str) -> Result<Vec<u8>, E>,
) -> Result<(Vec<String>, Vec<Vec<u8>>), E> {
    let text = |name: &str| read(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (mut kept, mut inputs, mut has_filter, mut only_words) = (Vec::new(), Vec::new(), false, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut following = || words.next().cloned().unwrap_or_default();
        match word.as_str() {
            "--arg" | "--argjson" | "--indent" => {
                let count = if word == "--indent" { 1 } else { 2 };
                kept.push(word.clone());
                kept.extend((0..count).map(|_| following()));
            }
            "--rawfile" => kept.extend(["--arg".to_owned(), following(), text(&following())?]),
            "--slurpfile" => {
                let name = following();
                kept.extend(["--slurpjson".to_owned(), name, text(&following())?]);
            }
            "-f" | "--from-file" => {
                kept.push(text(&following())?);
                has_filter = true;
            }
            "--args" | "--jsonargs" => {
                kept.push(word.clone());
                only_words = true;
            }
            option if option.starts_with('-') && option.len() > 1 => kept.push(word.clone()),
            _ if !has_filter => {
                kept.push(word.clone());
                has_filter = true;
            }
            _ if only_words => kept.push(word.clone()),
            name => inputs.push(read(name)?),
        }
    }
    Ok((kept, inputs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_formatted() {
        let now = UnixTime::from_secs(1_795_460_913);
        assert_eq!(formatted(now, "%a %b %e %H:%M:%S UTC %Y"), "Mon Nov 23 19:08:33 UTC 2026");
        assert_eq!(formatted(now, "%s %F %%"), "1795460913 2026-11-23 %");
    }

    #[test]
    fn spans_take_units() {
        assert_eq!(span("1.5"), Some(1_500_000_000));
        assert_eq!(span("2m"), Some(120_000_000_000));
        assert_eq!(span("1d"), Some(86_400_000_000_000));
        assert_eq!(span("-1"), None);
        assert_eq!(span("x"), None);
    }
}
