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

/// What is granted, in nanoseconds, and a warning if that is less than was asked.
///
/// Negative if the maximum is already past.
pub(crate) fn grant(ask: Ask) -> (i64, Option<String>) {
    let limits = [ask.max, ask.backend_max, ask.explicit_max];
    let max = limits.into_iter().filter(|&limit| limit > 0).min().unwrap_or(0);
    if ask.period > 0 { periodic(ask, max) } else { fixed(ask, max) }
}

fn periodic(ask: Ask, longest: i64) -> (i64, Option<String>) {
    let (mut ttl, mut warning) = (ask.period, None);
    if ask.period > longest {
        let (period, max) = (GoDuration(ask.period).short(), GoDuration(longest).short());
        warning = Some(format!(
            "period of \"{period}\" exceeded the effective max_ttl of \"{max}\"; period value is capped accordingly"
        ));
        ttl = longest;
    }
    if ask.explicit_max > 0 {
        ttl = ttl.min(left(ask, ask.explicit_max));
    }
    (ttl, warning)
}

fn fixed(ask: Ask, max: i64) -> (i64, Option<String>) {
    let wanted = if ask.ttl > 0 { ask.ttl } else { ask.default };
    let left = left(ask, max);
    if wanted <= left {
        return (wanted, None);
    }
    let (asked, max) = (GoDuration(wanted).short(), GoDuration(max).short());
    let warning = format!(
        "TTL of \"{asked}\" exceeded the effective max_ttl of \"{max}\"; TTL value is capped accordingly"
    );
    (left, Some(warning))
}

/// What is left of `max` counted from the issue.
fn left(ask: Ask, max: i64) -> i64 {
    max.saturating_sub(ask.now.nanos_since(ask.issued))
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
        let (ttl, warning) = grant(Ask { ttl: 1000 * HOUR, ..ask() });
        assert_eq!(ttl, 768 * HOUR);
        assert_eq!(
            warning.unwrap(),
            "TTL of \"1000h\" exceeded the effective max_ttl of \"768h\"; TTL value is capped accordingly"
        );
    }

    #[test]
    fn a_period_replaces_the_ttl() {
        assert_eq!(grant(Ask { ttl: HOUR, period: 2 * HOUR, ..ask() }), (2 * HOUR, None));
        let (ttl, warning) = grant(Ask { period: 2 * HOUR, max: HOUR, ..ask() });
        assert_eq!(ttl, HOUR);
        assert!(warning.unwrap().starts_with("period of \"2h\" exceeded the effective max_ttl of \"1h\""));
    }

    #[test]
    fn renewing_counts_the_maximum_from_the_issue() {
        let now = UnixTime::from_secs(3600);
        let (ttl, warning) = grant(Ask { ttl: 2 * HOUR, explicit_max: 2 * HOUR, now, ..ask() });
        assert_eq!(ttl, HOUR);
        assert!(warning.is_some());
    }
}
