//! Names for values that differ from run to run: tokens, accessors, ids, times.
//!
//! [`Names::mask`] puts `<token-1>` in the place of a token; the same value gets the same name for the whole
//! scenario, another value another. [`Names::fill`] puts the values back where a request mentions them.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vaultlet_core::UnixTime;

/// Numbers under these keys are seconds since 1970.
const UNIX_SECONDS: [&str; 3] = ["creation_time", "last_renewal_time", "server_time_utc"];

/// The values met so far in one scenario, and their names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    by_value: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Names {
    /// Gives `value` a name.
    ///
    /// # Errors
    /// When the value is too short to be found safely in texts, or either has a partner already.
    pub fn bind(&mut self, name: &str, value: &str) -> Result<(), String> {
        if value.len() < 8 {
            return Err(format!(
                "{value:?} cannot be saved as {name:?}: too short to be told from other text"
            ));
        }
        if self.by_name.contains_key(name) || self.by_value.contains_key(value) {
            return Err(format!("{name:?} or {value:?} has a partner already"));
        }
        self.by_name.insert(name.to_owned(), value.to_owned());
        self.by_value.insert(value.to_owned(), name.to_owned());
        Ok(())
    }

    /// Puts values in the place of `<name>`.
    ///
    /// # Errors
    /// The first name that nothing has.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = placeholder(rest) {
            let value = self.by_name.get(name).ok_or_else(|| format!("nothing is named <{name}> yet"))?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        Ok(filled + rest)
    }

    /// Puts names in the place of changing values in a one-line JSON text, or in any other text.
    pub fn mask(&mut self, text: &str, now: UnixTime) -> String {
        let mut masked = String::new();
        let mut key = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((inside, after)) = string(rest) {
                let name = self.mask_string(&key, inside, now);
                masked.push_str(&format!("\"{name}\""));
                key = if after.starts_with(':') { inside.to_owned() } else { key };
                rest = after;
            } else if first.is_ascii_digit() {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                masked.push_str(&mask_number(&key, &rest[..end], now));
                rest = &rest[end..];
            } else {
                masked.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        masked
    }

    /// Puts names in the place of changing values in printed text: words, times in it, no keys.
    pub fn mask_text(&mut self, text: &str, now: UnixTime) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| !is_word_of_text(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if let Some((offset, length)) = go_time(rest, now) {
                masked.push_str(&format!("<gotime {offset:+}>"));
                rest = &rest[length..];
            } else if let Some(offset) = offset(word, now) {
                let name = if word.contains('.') { self.name("nanotime", word) } else { "time".to_owned() };
                masked.push_str(&format!("<{name} {offset:+}>"));
                rest = after;
            } else if is_word(first) {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                masked.push_str(&self.mask_word(&rest[..end]));
                rest = &rest[end..];
            } else {
                masked.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        masked
    }

    fn mask_string(&mut self, key: &str, text: &str, now: UnixTime) -> String {
        if key == "request_id" && is_uuid(text) {
            return "<request>".to_owned();
        }
        if let Some(name) = self.by_value.get(text) {
            return format!("<{name}{}>", detail(text));
        }
        // When the release was made stays the same whenever it is asked.
        if let Some(offset) = offset(text, now).filter(|_| key != "commit_date") {
            // Two times within one second may be written alike or not, so only finer ones are told apart.
            let name = if text.contains('.') { self.name("nanotime", text) } else { "time".to_owned() };
            return format!("<{name} {offset:+}>");
        }
        let mut masked = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(is_word) {
            masked.push_str(&rest[..start]);
            let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |length| start + length);
            masked.push_str(&self.mask_word(&rest[start..end]));
            rest = &rest[end..];
        }
        masked + rest
    }

    fn mask_word(&mut self, word: &str) -> String {
        if self.by_value.contains_key(word) || kind(word).is_some() {
            let name = self.name(kind(word).unwrap_or("value"), word);
            return format!("<{name}{}>", detail(word));
        }
        if let Some(name) = word.strip_prefix("vault-cluster-").filter(|name| name.len() == 8 && is_hex(name))
        {
            return format!("vault-cluster-<{}>", self.name("cluster", name));
        }
        match word.rsplit_once('_') {
            Some((before, mount)) if mount.len() == 8 && is_hex(mount) => {
                format!("{before}_<{}>", self.name("mount", mount))
            }
            Some(("entity", name)) if name.strip_suffix(".root").is_some_and(|name| name.len() == 8) => {
                format!("entity_<{}>.root", self.name("name", &name[..8]))
            }
            _ => word.to_owned(),
        }
    }

    /// The name of a value of this kind: a new one the first time.
    pub(crate) fn name(&mut self, kind: &'static str, value: &str) -> String {
        if let Some(name) = self.by_value.get(value) {
            return name.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format!("{kind}-{count}");
        self.by_name.insert(name.clone(), value.to_owned());
        self.by_value.insert(value.to_owned(), name.clone());
        name
    }
}

/// Splits at the first `<name>` or `<name detail>`: the text before, what is inside, the text after.
pub(super) fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    for (at, _) in text.match_indices('<') {
        let (before, after) = text.split_at(at);
        if let Some((inside, after)) = after[1..].split_once('>')
            && inside.starts_with(|c: char| c.is_ascii_lowercase())
            && inside.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || " +-".contains(c))
        {
            return Some((before, inside, after));
        }
    }
    None
}

/// A JSON string at the start of `text`: what is between its quotes, and the rest.
fn string(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    None
}

fn mask_number(key: &str, digits: &str, now: UnixTime) -> String {
    match digits.parse::<i64>() {
        Ok(seconds) if UNIX_SECONDS.contains(&key) && seconds > 1_000_000_000 => {
            format!("<unix {:+}>", seconds - i64::try_from(now.secs()).unwrap_or_default())
        }
        Ok(seconds) if key == "ttl" && seconds > 0 => format!("<ttl {seconds}>"),
        _ => digits.to_owned(),
    }
}

/// What kind of changing value a word is, by its shape.
fn kind(word: &str) -> Option<&'static str> {
    let after = |prefixes: [&str; 2]| prefixes.iter().find_map(|prefix| word.strip_prefix(prefix));
    if is_uuid(word) {
        return Some("uuid");
    }
    if after(["s.", "hvs."]).is_some_and(|id| is_random(id) || id.len() > 60) {
        return Some("token");
    }
    if after(["b.", "hvb."]).is_some_and(|payload| payload.len() > 40) {
        return Some("batch");
    }
    match word.len() {
        24 if is_random(word) => Some("accessor"),
        40 if is_hex(word) => Some("sha1"),
        65 if word.starts_with('h') && is_hex(&word[1..]) => Some("hash"),
        _ => None,
    }
}

/// What is said of a value beside its name: how long a batch token is, since equal contents give equal lengths.
fn detail(value: &str) -> String {
    if kind(value) == Some("batch") { format!(" {}", value.len()) } else { String::new() }
}

/// Seconds from `now` to the RFC 3339 time that `text` is, rounded.
fn offset(text: &str, now: UnixTime) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
    let away = at - i128::from(now.nanos());
    // A time of zero, or before the epoch, says "never" and does not change.
    (at > 0).then(|| i64::try_from((away + 500_000_000).div_euclid(1_000_000_000)).unwrap_or(i64::MAX))
}

/// The time at the front as Go prints one, `2026-11-23 17:13:04.42 +0000 UTC`: seconds from `now`, and its length.
fn go_time(text: &str, now: UnixTime) -> Option<(i64, usize)> {
    let length = text.find(" +0000 UTC")?;
    let (date, time) = text[..length].split_once(' ')?;
    let offset = offset(&format!("{date}T{time}Z"), now)?;
    Some((offset, length + " +0000 UTC".len()))
}

/// A letter of a word in printed text, times included.
fn is_word_of_text(c: char) -> bool {
    is_word(c) || matches!(c, ':' | '+')
}

/// 24 letters of base62 that no text would hold by chance.
fn is_random(word: &str) -> bool {
    word.len() == 24
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && is_hex(&word.replace('-', ""))
}

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_460_913);

    #[test]
    fn one_value_keeps_one_name() {
        let mut names = Names::default();
        let text = r#"{"a":"s.AAAAaaaa0000BBBBbbbb1111","b":"s.CCCCcccc0000BBBBbbbb1111","c":"s.AAAAaaaa0000BBBBbbbb1111"}"#;
        assert_eq!(names.mask(text, NOW), r#"{"a":"<token-1>","b":"<token-2>","c":"<token-1>"}"#);
        assert_eq!(names.fill("x/<token-2>").unwrap(), "x/s.CCCCcccc0000BBBBbbbb1111");
        assert!(names.fill("<token-3>").is_err());
    }

    #[test]
    fn saved_values_keep_their_name() {
        let mut names = Names::default();
        names.bind("parent", "s.AAAAaaaa0000BBBBbbbb1111").unwrap();
        assert_eq!(names.mask(r#"["s.AAAAaaaa0000BBBBbbbb1111"]"#, NOW), r#"["<parent>"]"#);
        assert!(names.bind("other", "s.AAAAaaaa0000BBBBbbbb1111").is_err());
        assert!(names.bind("short", "root").is_err());
    }

    #[test]
    fn times_become_distances_from_now() {
        let mut names = Names::default();
        let text = r#"{"creation_time":1795460913,"expire_time":"2026-11-23T20:08:33Z","ttl":3599,"period":3600,"issue_time":"2026-11-23T19:08:33.25Z","zero":"0001-01-01T00:00:00Z"}"#;
        let masked = r#"{"creation_time":<unix +0>,"expire_time":"<time +3600>","ttl":<ttl 3599>,"period":3600,"issue_time":"<nanotime-1 +0>","zero":"0001-01-01T00:00:00Z"}"#;
        assert_eq!(names.mask(text, NOW), masked);
    }

    #[test]
    fn values_inside_texts_are_found_by_shape() {
        let mut names = Names::default();
        let hash = format!("h{}", "0123456789abcdef".repeat(4));
        let text = format!(r#"{{"keys":["auth/token/create/{hash}"],"accessor":"auth_token_0a1b2c3d"}}"#);
        let masked = r#"{"keys":["auth/token/create/<hash-1>"],"accessor":"auth_token_<mount-1>"}"#;
        assert_eq!(names.mask(&text, NOW), masked);
    }

    #[test]
    fn a_batch_token_says_its_length() {
        let batch = format!("b.{}", "A".repeat(140));
        assert_eq!(Names::default().mask(&format!("[\"{batch}\"]"), NOW), "[\"<batch-1 142>\"]");
    }
}
