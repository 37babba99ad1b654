//! How long a new token lives: what the call and the role say, within the mount's limits. It knows no policies.

use crate::context::{Caller, Context};
use crate::fields::Fields;
use crate::mounts::SYSTEM_TTL;
use crate::refusal::Refusal;
use crate::token_store::role::Role;
use crate::ttl;

/// A new token's spans, in nanoseconds; 0 is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// Granted; 0 never ends.
    pub ttl: i64,
    /// The period that counts, of call and role the lesser.
    pub period: i64,
    /// The explicit maximum that counts, of call and role the lesser.
    pub explicit_max: i64,
    /// The period of the call, which lookup shows.
    pub called_period: i64,
    /// The explicit maximum of the call, which lookup shows.
    pub called_explicit_max: i64,
    /// Where less was granted than asked.
    pub warnings: Vec<String>,
}

/// What else decides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct For<'a> {
    /// The role, whose limits count for service tokens.
    pub role: Option<&'a Role>,
    /// Whether it will be a batch token.
    pub batch: bool,
    /// Whether it will be a root token, which may live forever.
    pub root: bool,
}

impl Lifetime {
    /// Reads what is asked and grants it.
    pub fn grant(
        cx: &Context<'_>,
        fields: Fields<'_>,
        caller: &Caller,
        kind: For<'_>,
    ) -> Result<Self, Refusal> {
        let (mut lifetime, asked) = read(fields, caller)?;
        if let Some(role) = kind.role.filter(|_| !kind.batch) {
            let warnings = &mut lifetime.warnings;
            let explicit = role.token_explicit_max_ttl;
            lifetime.explicit_max = lesser("Explicit max TTL", lifetime.explicit_max, explicit, warnings);
            lifetime.period = lesser("Period", lifetime.period, role.token_period, warnings);
        }
        if kind.root && asked == 0 && lifetime.period == 0 {
            // Without a span of its own a root token lives forever, or to its explicit maximum.
            lifetime.ttl = lifetime.explicit_max;
            return Ok(lifetime);
        }
        let mount = cx.index.mounts.token();
        let limits = mount.map_or((SYSTEM_TTL, SYSTEM_TTL), |mount| (mount.default_ttl(), mount.max_ttl()));
        let (ttl, warnings) = ttl::grant(ttl::Ask {
            ttl: asked,
            default: limits.0,
            max: limits.1,
            backend_max: 0,
            explicit_max: lifetime.explicit_max,
            period: lifetime.period,
            issued: cx.now,
            now: cx.now,
        });
        lifetime.ttl = ttl;
        lifetime.warnings.extend(warnings);
        Ok(lifetime)
    }
}

/// What the call says, and the ttl that it asks for.
fn read(fields: Fields<'_>, caller: &Caller) -> Result<(Lifetime, i64), Refusal> {
    let span = |name: &str| {
        let span = fields.text_duration(name)?.unwrap_or_default().0;
        if span < 0 { Err(Refusal::invalid(format!("{name} must be positive"))) } else { Ok(span) }
    };
    let explicit_max = span("explicit_max_ttl")?;
    let period = span("period")?;
    if period != 0 && !caller.access.sudo {
        return Err(Refusal::invalid("root or sudo privileges required to create periodic token"));
    }
    let ttl = if fields.text("ttl")?.is_empty() { span("lease")? } else { span("ttl")? };
    let lifetime = Lifetime {
        period,
        explicit_max,
        called_period: period,
        called_explicit_max: explicit_max,
        ..Lifetime::default()
    };
    Ok((lifetime, ttl))
}

fn lesser(what: &str, called: i64, role: i64, warnings: &mut Vec<String>) -> i64 {
    match (called, role) {
        (called, 0) => called,
        (0, role) => role,
        (called, role) => {
            let lesser = called.min(role);
            warnings.push(format!(
                "{what} specified both during creation call and in role; using the lesser value of {} seconds",
                lesser / 1_000_000_000
            ));
            lesser
        }
    }
}
