//! `auth/token/create`, `auth/token/create-orphan`: the checks in the server's order, then the token. It knows no HTTP.

use vaultlet_token::Flavour;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::signed::SignedToken;

use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::mounts::SYSTEM_TTL;
use crate::refusal::Refusal;
use crate::reply::{Auth, Reply};
use crate::token_store::store::{self, Grant};
use crate::token_store::{policies, salted};
use crate::ttl;

const FIELDS: [(&str, Shape); 14] = [
    ("id", Shape::Text),
    ("policies", Shape::List),
    ("meta", Shape::Pairs),
    ("no_parent", Shape::Flag),
    ("no_default_policy", Shape::Flag),
    ("lease", Shape::Text),
    ("ttl", Shape::Text),
    ("renewable", Shape::Flag),
    ("explicit_max_ttl", Shape::Text),
    ("display_name", Shape::Text),
    ("num_uses", Shape::Int),
    ("period", Shape::Text),
    ("type", Shape::Text),
    ("entity_alias", Shape::Text),
];

const WEAK_ID: &str = "Supplying a custom ID for the token uses the weaker SHA1 hashing instead of the more secure \
    SHA2-256 HMAC for token obfuscation. SHA1 hashed tokens on the wire leads to less secure lookups.";

/// Whether the path itself makes the token an orphan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    /// `create`
    Child,
    /// `create-orphan`
    Orphan,
}

/// Makes a token.
pub(crate) fn create(
    cx: &mut Context<'_>,
    call: &Call,
    caller: &Caller,
    path: Path,
) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&FIELDS)?;
    check_parent(caller)?;
    let batch = wants_batch(fields)?;
    let mut renewable = fields.flag("renewable", true)?;
    let num_uses = fields.int("num_uses")?;
    if batch {
        check_batch(fields)?;
        renewable = false;
    }
    if num_uses < 0 {
        return Err(Refusal::invalid("number of uses cannot be negative"));
    }
    if !fields.text("entity_alias")?.is_empty() {
        return Err(Refusal::invalid("'entity_alias' is only allowed in combination with token role"));
    }
    let mut entry = draft(fields, call, caller)?;
    entry.id = custom_id(fields, caller)?;
    entry.policies = granted_policies(fields, caller)?;
    check_root(&entry, caller, batch)?;
    let wants_orphan = fields.flag("no_parent", false)?;
    if path == Path::Orphan || wants_orphan {
        if !caller.access.sudo {
            return Err(Refusal::invalid("root or sudo privileges required to create orphan token"));
        }
        entry.parent.clear();
        entry.entity_id.clear();
    }
    let spans = Spans::read(fields, caller)?;
    let (ttl, mut warnings) = granted_ttl(cx, &entry, &spans);
    if ttl == 0 && caller.token.expires().is_some() {
        return Err(Refusal::invalid("expiring root tokens cannot create non-expiring root tokens"));
    }
    entry.ttl = ttl;
    entry.creation_time = i64::try_from(cx.now.secs()).unwrap_or(i64::MAX);
    if !entry.id.is_empty() {
        warnings.push(WEAK_ID.to_owned());
    }
    warnings.extend(missing_policies(cx, &entry));
    warnings.extend(unknown);
    let mut auth = auth(&entry, ttl, num_uses);
    if batch {
        entry.token_type = TokenType::Batch;
        entry.id.clear();
        auth.client_token = cx.journal.seal_token(cx.flavour, &entry)?;
        auth.token_type = "batch";
    } else {
        entry.token_type = TokenType::Service;
        entry.num_uses = num_uses;
        entry.explicit_max_ttl = spans.explicit_max;
        entry.period = spans.period;
        check_id(cx, &entry.id)?;
        renewable = renewable && ttl > 0;
        store::write(cx, &mut entry, &Grant { ttl, renewable })?;
        auth.client_token = shown_id(cx, &entry.id);
        auth.accessor = entry.accessor;
        auth.renewable = renewable;
    }
    Ok(Reply { warnings, ..Reply::auth(auth) })
}

fn check_parent(caller: &Caller) -> Result<(), Refusal> {
    if caller.token.is_spent() {
        return Err(Refusal::invalid("parent token lookup failed: no parent found"));
    }
    if caller.token.is_batch() {
        return Err(Refusal::invalid("batch tokens cannot create more tokens"));
    }
    if caller.token.entry.num_uses > 0 {
        return Err(Refusal::invalid("restricted use token cannot generate child tokens"));
    }
    Ok(())
}

fn wants_batch(fields: Fields<'_>) -> Result<bool, Refusal> {
    match fields.text("type")?.as_str() {
        "" | "service" => Ok(false),
        "batch" => Ok(true),
        _ => Err(Refusal::invalid("invalid 'token_type' value")),
    }
}

/// The first case that fits, and no other: a zero explicit maximum hides uses and period. The real server is so, and
/// its command line always sends that zero.
fn check_batch(fields: Fields<'_>) -> Result<(), Refusal> {
    if !fields.text("explicit_max_ttl")?.is_empty() {
        let Ok(span) = fields.text_duration("explicit_max_ttl") else {
            return Err(Refusal::invalid("'explicit_max_ttl' value could not be parsed"));
        };
        return match span {
            Some(span) if span.0 != 0 => {
                Err(Refusal::invalid("batch tokens cannot have \"explicit_max_ttl\" set"))
            }
            _ => Ok(()),
        };
    }
    if fields.int("num_uses")? != 0 {
        return Err(Refusal::invalid("batch tokens cannot have \"num_uses\" set"));
    }
    if !fields.text("period")?.is_empty() {
        let Ok(span) = fields.text_duration("period") else {
            return Err(Refusal::invalid("'period' value could not be parsed"));
        };
        if span.is_some_and(|span| span.0 != 0) {
            return Err(Refusal::invalid("batch tokens cannot have \"period\" set"));
        }
    }
    Ok(())
}

fn draft(fields: Fields<'_>, call: &Call, caller: &Caller) -> Result<TokenEntry, Refusal> {
    let parent = &caller.token.entry;
    Ok(TokenEntry {
        parent: parent.id.clone(),
        path: call.path.clone(),
        meta: fields.pairs("meta")?,
        display_name: display_name(&fields.text("display_name")?),
        namespace_id: "root".to_owned(),
        entity_id: parent.entity_id.clone(),
        bound_cidrs: parent.bound_cidrs.clone(),
        ..TokenEntry::default()
    })
}

/// `token-` and the name, all but letters, digits and `-` replaced, one trailing `-` removed.
fn display_name(name: &str) -> String {
    if name.is_empty() {
        return "token".to_owned();
    }
    let name = format!("token-{name}");
    let clean = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '-' };
    let name: String = name.chars().map(clean).collect();
    name.strip_suffix('-').unwrap_or(&name).to_owned()
}

fn custom_id(fields: Fields<'_>, caller: &Caller) -> Result<String, Refusal> {
    let id = fields.text("id")?;
    if !id.is_empty() && !caller.access.sudo {
        return Err(Refusal::invalid("root or sudo privileges required to specify token id"));
    }
    Ok(id)
}

fn granted_policies(fields: Fields<'_>, caller: &Caller) -> Result<Vec<String>, Refusal> {
    let asked = policies::Asked {
        policies: fields.list("policies")?,
        no_default: fields.flag("no_default_policy", false)?,
        sudo: caller.access.sudo,
    };
    policies::grant(&asked, &caller.token)
}

fn is_root(entry: &TokenEntry) -> bool {
    entry.policies.iter().any(|name| name == "root")
}

fn check_root(entry: &TokenEntry, caller: &Caller, batch: bool) -> Result<(), Refusal> {
    if !is_root(entry) {
        return Ok(());
    }
    if !is_root(&caller.token.entry) {
        return Err(Refusal::invalid("root tokens may not be created without parent token being root"));
    }
    if batch {
        return Err(Refusal::invalid("batch tokens cannot be root tokens"));
    }
    Ok(())
}

/// The spans asked for, in nanoseconds.
struct Spans {
    explicit_max: i64,
    period: i64,
    ttl: i64,
}

impl Spans {
    fn read(fields: Fields<'_>, caller: &Caller) -> Result<Self, Refusal> {
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
        Ok(Self { explicit_max, period, ttl })
    }
}

fn granted_ttl(cx: &Context<'_>, entry: &TokenEntry, spans: &Spans) -> (i64, Vec<String>) {
    let asks_nothing = spans.ttl == 0 && spans.period == 0 && spans.explicit_max == 0;
    if is_root(entry) && asks_nothing {
        return (0, Vec::new());
    }
    let (default, max) = cx
        .index
        .mounts
        .token()
        .map_or((SYSTEM_TTL, SYSTEM_TTL), |mount| (mount.default_ttl(), mount.max_ttl()));
    ttl::grant(ttl::Ask {
        ttl: spans.ttl,
        default,
        max,
        backend_max: 0,
        explicit_max: spans.explicit_max,
        period: spans.period,
        issued: cx.now,
        now: cx.now,
    })
}

fn missing_policies(cx: &Context<'_>, entry: &TokenEntry) -> Vec<String> {
    let missing =
        entry.policies.iter().filter(|name| *name != "root" && !cx.index.policies.contains_key(*name));
    missing.map(|name| format!("Policy \"{name}\" does not exist")).collect()
}

/// Ids that the store refuses.
fn check_id(cx: &Context<'_>, id: &str) -> Result<(), Refusal> {
    if id.is_empty() {
        return Ok(());
    }
    for prefix in ["hvs.", "s."] {
        if id.starts_with(prefix) {
            return Err(Refusal::invalid(format!("custom token ID cannot have the '{prefix}' prefix")));
        }
    }
    if id.contains('.') {
        return Err(Refusal::invalid("custom token ID cannot have a '.' in the value"));
    }
    if cx.journal.read(&format!("sys/token/id/{}", salted(&cx.index.salt, id)))?.is_some() {
        return Err(Refusal::invalid("cannot create a token with a duplicate ID"));
    }
    Ok(())
}

/// What the caller is given: in Vault's spelling the signed form, which wraps the stored id.
fn shown_id(cx: &Context<'_>, id: &str) -> String {
    match cx.flavour {
        Flavour::Vault if id.starts_with("s.") => SignedToken::wrap(cx.index.signing_key.as_bytes(), id, 0),
        _ => id.to_owned(),
    }
}

fn auth(entry: &TokenEntry, ttl: i64, num_uses: i64) -> Auth {
    Auth {
        policies: entry.policies.clone(),
        token_policies: entry.policies.clone(),
        metadata: Some(entry.meta.clone()).filter(|meta| !meta.is_empty()),
        lease_duration: ttl / 1_000_000_000,
        entity_id: entry.entity_id.clone(),
        token_type: "service",
        orphan: entry.parent.is_empty(),
        num_uses,
        ..Auth::default()
    }
}
