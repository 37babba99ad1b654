//! Spans of time as Go writes and reads them, and as Vault's parameters take them. It knows no clock.

use std::fmt;

use serde_json::Value;

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Nanoseconds, printed as Go prints a `time.Duration`: `0s`, `30m0s`, `767h59m46s`, `1.5s`, `500ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GoDuration(pub i64);

/// A text or value that is no span of time, in Go's and Vault's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// Not a number with units.
    #[error("time: invalid duration {0:?}")]
    Invalid(String),
    /// A number without a unit.
    #[error("time: missing unit in duration {0:?}")]
    MissingUnit(String),
    /// A unit that is none.
    #[error("time: unknown unit {unit:?} in duration {text:?}")]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// The whole text.
        text: String,
    },
    /// Less than nothing, in a parameter that takes none such.
    #[error("cannot provide negative value '{0}'")]
    Negative(String),
    /// A value that is neither text nor number.
    #[error("could not parse duration from input")]
    Type,
}

impl GoDuration {
    /// Reads Go's form: `1h30m`, `1.5h`, `-2s`, `0`.
    ///
    /// # Errors
    /// [`DurationError::Invalid`], [`DurationError::MissingUnit`], [`DurationError::UnknownUnit`]
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let invalid = || DurationError::Invalid(text.to_owned());
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0i128;
        while !rest.is_empty() {
            let (nanos, tail) = component(rest, text)?;
            total = total.checked_add(nanos).ok_or_else(invalid)?;
            rest = tail;
        }
        let total = if negative { -total } else { total };
        i64::try_from(total).map(Self).map_err(|_| invalid())
    }

    /// Reads what Vault's text parameters take: whole seconds, Go's form, or days as `1d`. Empty is 0.
    ///
    /// # Errors
    /// As [`GoDuration::parse`].
    pub fn parse_lenient(text: &str) -> Result<Self, DurationError> {
        if text.is_empty() {
            return Ok(Self(0));
        }
        if let Ok(seconds) = text.parse::<i64>() {
            let nanos = seconds.checked_mul(SECOND);
            return nanos.map(Self).ok_or_else(|| DurationError::Invalid(text.to_owned()));
        }
        if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok()) {
            let nanos = days.checked_mul(DAY);
            return nanos.map(Self).ok_or_else(|| DurationError::Invalid(text.to_owned()));
        }
        Self::parse(text)
    }

    /// Reads a parameter of the duration type: a number of seconds or a text; never negative. Null is 0.
    ///
    /// # Errors
    /// As [`GoDuration::parse`], and [`DurationError::Negative`], [`DurationError::Type`].
    pub fn parse_field(value: &Value) -> Result<Self, DurationError> {
        let span = match value {
            Value::Null => return Ok(Self(0)),
            Value::String(text) => Self::parse_lenient(text)?,
            Value::Number(number) => Self(seconds(number)?),
            _ => return Err(DurationError::Type),
        };
        if span.0 < 0 { Err(DurationError::Negative((span.0 / SECOND).to_string())) } else { Ok(span) }
    }

    /// Go's form without units that are zero, as Vault's sentences have it: `1h`, `1h30m`, `768h`, `0s`.
    pub fn short(self) -> String {
        let text = self.to_string();
        let text = if text.ends_with("m0s") { text.trim_end_matches("0s") } else { &text };
        let text = if text.ends_with("h0m") { text.trim_end_matches("0m") } else { text };
        text.to_owned()
    }
}

fn seconds(number: &serde_json::Number) -> Result<i64, DurationError> {
    let invalid = || DurationError::Invalid(number.to_string());
    if let Some(whole) = number.as_i64() {
        return whole.checked_mul(SECOND).ok_or_else(invalid);
    }
    // A number with a fraction is read like a text, in which a unit is missing.
    GoDuration::parse_lenient(&number.to_string()).map(|span| span.0)
}

/// A number and its unit from the front of `rest`: its nanoseconds, and what follows.
fn component<'a>(rest: &'a str, text: &str) -> Result<(i128, &'a str), DurationError> {
    let invalid = || DurationError::Invalid(text.to_owned());
    let (whole, tail) = digits(rest);
    let (fraction, tail) = tail.strip_prefix('.').map_or(("", tail), digits);
    if whole.is_empty() && fraction.is_empty() {
        return Err(invalid());
    }
    let is_unit = |letter: char| letter != '.' && !letter.is_ascii_digit();
    let (unit, tail) = tail.split_at(tail.find(|letter| !is_unit(letter)).unwrap_or(tail.len()));
    if unit.is_empty() {
        return Err(DurationError::MissingUnit(text.to_owned()));
    }
    let Some(scale) = scale(unit) else {
        return Err(DurationError::UnknownUnit { unit: unit.to_owned(), text: text.to_owned() });
    };
    let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| invalid())? };
    let mut nanos = i128::from(whole) * i128::from(scale);
    // Eighteen digits are more than a nanosecond of an hour.
    let fraction = fraction.get(..18).unwrap_or(fraction);
    if !fraction.is_empty() {
        let part: i128 = fraction.parse().map_err(|_| invalid())?;
        let power = u32::try_from(fraction.len()).map_err(|_| invalid())?;
        nanos += part * i128::from(scale) / 10i128.pow(power);
    }
    Ok((nanos, tail))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()))
}

fn scale(unit: &str) -> Option<i64> {
    match unit {
        "ns" => Some(1),
        "us" | "µs" | "μs" => Some(MICROSECOND),
        "ms" => Some(MILLISECOND),
        "s" => Some(SECOND),
        "m" => Some(MINUTE),
        "h" => Some(HOUR),
        _ => None,
    }
}

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let (second, minute, hour) = (SECOND.unsigned_abs(), MINUTE.unsigned_abs(), HOUR.unsigned_abs());
        match nanos {
            0 => return f.write_str("0s"),
            1..1_000 => return write!(f, "{nanos}ns"),
            1_000..1_000_000 => return write!(f, "{}µs", decimal(nanos, 1_000, 3)),
            1_000_000..1_000_000_000 => return write!(f, "{}ms", decimal(nanos, 1_000_000, 6)),
            _ => {}
        }
        if nanos >= hour {
            write!(f, "{}h", nanos / hour)?;
        }
        if nanos >= minute {
            write!(f, "{}m", nanos % hour / minute)?;
        }
        write!(f, "{}s", decimal(nanos % minute, second, 9))
    }
}

/// `value / unit` with as many decimals as there are.
fn decimal(value: u64, unit: u64, places: usize) -> String {
    let text = format!("{}.{:0places$}", value / unit, value % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_as_go_prints() {
        for (nanos, long, short) in [
            (0, "0s", "0s"),
            (1, "1ns", "1ns"),
            (1_500, "1.5µs", "1.5µs"),
            (500 * MILLISECOND, "500ms", "500ms"),
            (SECOND + SECOND / 2, "1.5s", "1.5s"),
            (10 * SECOND, "10s", "10s"),
            (30 * MINUTE, "30m0s", "30m"),
            (HOUR, "1h0m0s", "1h"),
            (90 * MINUTE, "1h30m0s", "1h30m"),
            (HOUR + SECOND, "1h0m1s", "1h0m1s"),
            (10 * HOUR, "10h0m0s", "10h"),
            (20 * MINUTE, "20m0s", "20m"),
            (768 * HOUR - 14 * SECOND, "767h59m46s", "767h59m46s"),
            (-90 * SECOND, "-1m30s", "-1m30s"),
        ] {
            assert_eq!(
                (GoDuration(nanos).to_string().as_str(), GoDuration(nanos).short().as_str()),
                (long, short)
            );
        }
    }

    #[test]
    fn read_as_go_reads() {
        for (text, nanos) in [
            ("1h30m", 90 * MINUTE),
            ("1.5h", 90 * MINUTE),
            ("-2s", -2 * SECOND),
            (".5s", SECOND / 2),
            ("0", 0),
        ] {
            assert_eq!(GoDuration::parse(text), Ok(GoDuration(nanos)), "{text}");
        }
        for (text, error) in [
            ("abc", "time: invalid duration \"abc\""),
            ("", "time: invalid duration \"\""),
            ("1.9", "time: missing unit in duration \"1.9\""),
            ("5x", "time: unknown unit \"x\" in duration \"5x\""),
            ("9999999999h", "time: invalid duration \"9999999999h\""),
        ] {
            assert_eq!(GoDuration::parse(text).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn parameters_take_seconds_and_days() {
        assert_eq!(GoDuration::parse_lenient("60"), Ok(GoDuration(MINUTE)));
        assert_eq!(GoDuration::parse_lenient("1d"), Ok(GoDuration(DAY)));
        assert_eq!(GoDuration::parse_field(&Value::from(90)), Ok(GoDuration(90 * SECOND)));
        assert_eq!(GoDuration::parse_field(&Value::from(-5)), Err(DurationError::Negative("-5".to_owned())));
    }
}
