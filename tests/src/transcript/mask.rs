//! Placeholders in printed text: tokens, ids, times. It runs nothing.

use vaultlet_core::UnixTime;
use vaultlet_core::duration::GoDuration;

use crate::scenario::Names;

/// The text with placeholders, and with what the real command line prints in a random order put in order.
pub(super) fn mask(text: &str, names: &mut Names, address: &str, now: UnixTime) -> String {
    let text = text.replace(address, "<address>");
    let line = |line: &str| match line.strip_prefix("curl ") {
        // When the release was made stays the same whenever it is asked.
        _ if ["Commit Date", "commit_date", "committed 20"].iter().any(|key| line.contains(key)) => {
            line.to_owned()
        }
        Some(_) => names.mask_text(&headers_in_order(line), now),
        None => match timed(line, now).or_else(|| share(line, names)).or_else(|| minute(line, now)) {
            Some(line) => line,
            None => names.mask_text(line, now),
        },
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// A row or a member whose value is a time that the key tells: `ttl    29m25s`, `"creation_time": 1795460913,`.
fn timed(line: &str, now: UnixTime) -> Option<String> {
    let bare = line.trim_start();
    let indent = line.get(..line.len() - bare.len())?;
    let end = bare.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '"'))?;
    let (key, rest) = bare.split_at(end);
    let value = rest.trim_start_matches([':', ' ']);
    let between = rest.get(..rest.len() - value.len())?;
    let (value, comma) = value.strip_suffix(',').map_or((value, ""), |value| (value, ","));
    let shown = match key.trim_matches('"') {
        "creation_time" | "last_renewal_time" | "server_time_utc" => {
            let seconds: i64 = value.parse().ok().filter(|seconds| *seconds > 0)?;
            format!("<unix {:+}>", seconds - i64::try_from(now.secs()).ok()?)
        }
        "ttl" => {
            let seconds = GoDuration::parse_lenient(value).ok().map(|span| span.0 / 1_000_000_000)?;
            if seconds == 0 {
                return None;
            }
            format!("<ttl {seconds}>")
        }
        _ => return None,
    };
    Some(format!("{indent}{key}{between}{shown}{comma}"))
}

/// A line that gives a share of a key, in base64 or in hex.
fn share(line: &str, names: &mut Names) -> Option<String> {
    let bare = line.trim_start().trim_end_matches(',');
    let value = match bare.strip_prefix("Unseal Key ") {
        Some(rest) => rest.split_once(": ")?.1,
        None => bare.trim_start_matches("- ").trim_matches('"'),
    };
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    if value.len() < 44 || !value.chars().all(is_digit) {
        return None;
    }
    let (before, after) = line.split_once(value)?;
    Some(format!("{before}<{}>{after}", names.name("share", value)))
}

/// A line with a time as RFC 822 has it: `Install Time        24 Nov 26 06:09 UTC`.
fn minute(line: &str, now: UnixTime) -> Option<String> {
    let key = "Install Time        ";
    let text = line.strip_prefix(key)?.strip_suffix(" UTC")?;
    let format = "[day] [month repr:short] [year repr:last_two] [hour]:[minute]";
    let format = time::format_description::parse_borrowed::<2>(format).ok()?;
    let today = time::OffsetDateTime::from_unix_timestamp(i64::try_from(now.secs()).ok()?).ok()?;
    // The clock may have moved on to the next minute.
    let near = [today, today - time::Duration::minutes(1)];
    near.iter()
        .any(|at| at.format(&format).is_ok_and(|shown| shown == text))
        .then(|| format!("{key}<minute>"))
}

/// A line for `curl` with its headers in order: the real one's are in a random one.
fn headers_in_order(line: &str) -> String {
    let (mut headers, mut rest, mut pieces) = (Vec::new(), line, String::new());
    while let Some((before, after)) = rest.split_once(" -H \"") {
        let Some((header, after)) = after.split_once('"') else { break };
        pieces.push_str(before);
        headers.push(format!(" -H \"{header}\""));
        rest = after;
    }
    headers.sort();
    // All headers stand together.
    pieces + &headers.concat() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_460_913);

    fn masked(text: &str) -> String {
        mask(text, &mut Names::default(), "http://127.0.0.1:8200", NOW)
    }

    #[test]
    fn rows_and_members_with_times_are_masked() {
        assert_eq!(
            masked("creation_time       1795460912\nttl                 29m25s"),
            "creation_time       <unix -1>\nttl                 <ttl 1765>"
        );
        assert_eq!(
            masked("    \"ttl\": 0,\n    \"creation_time\": 1795460913,"),
            "    \"ttl\": 0,\n    \"creation_time\": <unix +0>,"
        );
        assert_eq!(masked("token_duration       1h"), "token_duration       1h");
    }

    #[test]
    fn tokens_and_times_inside_lines_are_masked() {
        assert_eq!(
            masked(
                "token                s.AAAAaaaa0000BBBBbbbb1111\nexpire_time         2026-11-23T20:08:33Z"
            ),
            "token                <token-1>\nexpire_time         <time +3600>"
        );
        assert_eq!(
            masked("at 2026-11-23 19:08:33.5 +0000 UTC, URL: GET http://127.0.0.1:8200/v1/x"),
            "at <gotime +1>, URL: GET <address>/v1/x"
        );
    }

    #[test]
    fn headers_are_put_in_order() {
        assert_eq!(
            masked(r#"curl -X PUT -H "b: $(x)" -H "a: 1" -d '{}' "u""#),
            r#"curl -X PUT -H "a: 1" -H "b: $(x)" -d '{}' "u""#
        );
    }
}
