//! How long a token or lease is granted for. It knows no tokens.

use crate::UnixTime;
use crate::duration::GoDuration;

/// What is asked, and what limits it. All spans are nanoseconds, 0 is none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ask {
    /// The span wanted; 0 takes the default.
    pub ttl: i64,
    /// The mount's default.
    pub default: i64,
    /// The mount's maximum.
    pub max: i64,
    /// A maximum of the role's or the backend's.
    pub backend_max: i64,
    /// The explicit maximum.
    pub explicit_max: i64,
    /// The period: renewing always grants it.
    pub period: i64,
    /// When it was first issued; the maximum counts from there.
    pub issued: UnixTime,
    /// Now.
    pub now: UnixTime,
}

/// What is granted, in nanoseconds, and warnings if that is less than was asked.
///
/// Nothing or less if the maximum is already past.
pub(crate) fn grant(ask: Ask) -> (i64, Vec<String>) {
    let limits = [ask.max, ask.backend_max, ask.explicit_max];
    let max = limits.into_iter().filter(|&limit| limit > 0).min().unwrap_or(0);
    let mut warnings = Vec::new();
    if ask.period <= 0 {
        let wanted = if ask.ttl > 0 { ask.ttl } else { ask.default };
        return (cap(wanted, left(ask, max), &mut warnings), warnings);
    }
    if ask.period > max {
        let (period, max) = (GoDuration(ask.period).short(), GoDuration(max).short());
        warnings.push(format!(
            "period of \"{period}\" exceeded the effective max_ttl of \"{max}\"; period value is capped accordingly"
        ));
    }
    let ttl = ask.period.min(max);
    let ttl = if ask.explicit_max > 0 { cap(ttl, left(ask, ask.explicit_max), &mut warnings) } else { ttl };
    (ttl, warnings)
}

fn cap(wanted: i64, left: i64, warnings: &mut Vec<String>) -> i64 {
    if wanted > left {
        let (asked, left) = (GoDuration(wanted).short(), GoDuration(left).short());
        warnings.push(format!(
            "TTL of \"{asked}\" exceeded the effective max_ttl of \"{left}\"; TTL value is capped accordingly"
        ));
    }
    wanted.min(left)
}

/// What is left of `max` counted from the issue, by whole seconds of the clock.
fn left(ask: Ask, max: i64) -> i64 {
    let whole = |time: UnixTime| UnixTime::from_secs(time.secs());
    max.saturating_sub(whole(ask.now).nanos_since(whole(ask.issued)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000_000;

    fn ask() -> Ask {
        Ask { default: 768 * HOUR, max: 768 * HOUR, ..Ask::default() }
    }

    #[test]
    fn beyond_the_maximum_is_capped_with_a_warning() {
        let (ttl, warnings) = grant(Ask { ttl: 1000 * HOUR, ..ask() });
        assert_eq!(ttl, 768 * HOUR);
        assert_eq!(
            warnings,
            ["TTL of \"1000h\" exceeded the effective max_ttl of \"768h\"; TTL value is capped accordingly"]
        );
    }

    #[test]
    fn a_period_replaces_the_ttl() {
        assert_eq!(grant(Ask { ttl: HOUR, period: 2 * HOUR, ..ask() }), (2 * HOUR, Vec::new()));
        let (ttl, warnings) = grant(Ask { period: 2 * HOUR, max: HOUR, ..ask() });
        assert_eq!(ttl, HOUR);
        assert!(warnings[0].starts_with("period of \"2h\" exceeded the effective max_ttl of \"1h\""));
    }

    #[test]
    fn renewing_counts_the_maximum_from_the_issue() {
        let now = UnixTime::from_secs(3600).plus_nanos(999);
        let (ttl, warnings) = grant(Ask { ttl: 2 * HOUR, explicit_max: 2 * HOUR, now, ..ask() });
        assert_eq!(ttl, HOUR);
        assert_eq!(
            warnings,
            ["TTL of \"2h\" exceeded the effective max_ttl of \"1h\"; TTL value is capped accordingly"]
        );
    }
}
