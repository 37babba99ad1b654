//! A point in time. It knows no clock.

use std::fmt;

use time::OffsetDateTime;

/// Nanoseconds since 1970-01-01T00:00:00Z, as the server's stored entries have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixTime(u64);

impl UnixTime {
    /// From nanoseconds since the epoch.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// From milliseconds since the epoch, as JavaScript's `Date.now()` gives them.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// From whole seconds since the epoch, as a token's `creation_time` has them.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// Reads RFC 3339; none for another text, and for times before the epoch such as Go's zero time.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        u64::try_from(at.unix_timestamp_nanos()).ok().map(Self)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Whole seconds since the epoch.
    pub const fn secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// This time and a span of nanoseconds; stops at the ends of the range.
    pub const fn plus_nanos(self, nanos: i64) -> Self {
        Self(self.0.saturating_add_signed(nanos))
    }

    /// Nanoseconds from `earlier` to this time, negative if it is later.
    pub fn nanos_since(self, earlier: Self) -> i64 {
        let span = i128::from(self.0) - i128::from(earlier.0);
        i64::try_from(span).unwrap_or(if span < 0 { i64::MIN } else { i64::MAX })
    }
}

/// RFC 3339 in UTC with as many fractional digits as there are (Go's `RFC3339Nano`): `2026-11-23T19:08:33Z`,
/// `2026-11-23T19:08:57.877680924Z`.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(at) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0)) else {
            return Err(fmt::Error);
        };
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )?;
        let (mut fraction, mut digits) = (at.nanosecond(), 9);
        if fraction == 0 {
            return f.write_str("Z");
        }
        while fraction.is_multiple_of(10) {
            (fraction, digits) = (fraction / 10, digits - 1);
        }
        write!(f, ".{fraction:0digits$}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_as_long_as_they_need_to_be() {
        let whole = UnixTime::from_secs(1_795_460_913);
        assert_eq!(whole.to_string(), "2026-11-23T19:08:33Z");
        assert_eq!(whole.plus_nanos(877_680_924).to_string(), "2026-11-23T19:08:33.877680924Z");
        assert_eq!(whole.plus_nanos(500_000_000).to_string(), "2026-11-23T19:08:33.5Z");
        assert_eq!(UnixTime::parse("2026-11-23T19:08:33.5Z"), Some(whole.plus_nanos(500_000_000)));
        assert_eq!(UnixTime::parse("0001-01-01T00:00:00Z"), None);
    }
}
