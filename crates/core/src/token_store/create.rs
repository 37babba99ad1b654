//! `auth/token/create`, `create-orphan`, `create/:role`: the checks in the server's order, then the token. It knows no HTTP.

use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::signed::SignedToken;

use crate::context::{Caller, Context};
use crate::door::Call;
use crate::fields::{Fields, Shape};
use crate::identity;
use crate::refusal::Refusal;
use crate::reply::{Auth, Reply};
use crate::token_store::lifetime::{For, Lifetime};
use crate::token_store::role::{Role, RoleType};
use crate::token_store::store::{self, Grant};
use crate::token_store::{policies, salted};

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

/// Through which path a token is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path<'a> {
    /// `create`
    Child,
    /// `create-orphan`
    Orphan,
    /// `create/:role`
    Role(&'a str),
}

/// Makes a token.
pub(crate) fn create(
    cx: &mut Context<'_>,
    call: &Call,
    caller: &Caller,
    path: Path<'_>,
) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let captured: &[(&str, Shape)] =
        if matches!(path, Path::Role(_)) { &[("role_name", Shape::Text)] } else { &[] };
    let unknown = fields.check(&[&FIELDS, captured].concat())?;
    let role = find_role(cx, path)?;
    let role = role.as_ref();
    check_parent(caller)?;
    let batch = wants_batch(fields, role)?;
    if batch {
        check_batch(fields)?;
    }
    let num_uses = num_uses(fields, role)?;
    let entity_id = entity_of_alias(cx, fields, role)?;
    let mut entry = draft(fields, call, caller, role)?;
    entry.id = custom_id(fields, caller)?;
    entry.policies = granted_policies(fields, caller, role)?;
    check_root(&entry, caller, batch)?;
    if makes_orphan(fields, caller, path, role)? {
        entry.parent.clear();
        entry.entity_id.clear();
    }
    entry.entity_id = entity_id.unwrap_or(entry.entity_id);
    let kind = For { role, batch, root: is_root(&entry) };
    let mut lifetime = Lifetime::grant(cx, fields, caller, kind)?;
    if lifetime.ttl == 0 {
        if caller.token.entry.ttl != 0 {
            return Err(Refusal::invalid("expiring root tokens cannot create non-expiring root tokens"));
        }
        entry.bound_cidrs.clear();
    }
    entry.ttl = lifetime.ttl;
    entry.creation_time = i64::try_from(cx.now.secs()).unwrap_or(i64::MAX);
    let mut warnings = std::mem::take(&mut lifetime.warnings);
    warnings.extend(Some(WEAK_ID.to_owned()).filter(|_| !entry.id.is_empty()));
    warnings.extend(missing_policies(cx, &entry));
    warnings.extend(unknown);
    let mut auth = Auth { num_uses, ..auth(&entry) };
    identity::show_policies(cx.index, &entry, &mut auth);
    let auth = if batch {
        seal(cx, entry, auth)?
    } else {
        entry.num_uses = num_uses;
        let renewable = fields.flag("renewable", true)? && role.is_none_or(|role| role.renewable);
        store(cx, entry, &lifetime, Auth { renewable: renewable && lifetime.ttl > 0, ..auth })?
    };
    Ok(Reply { warnings, ..Reply::auth(auth) })
}

/// A batch token is written nowhere; what a custom id was asked for is forgotten.
fn seal(cx: &mut Context<'_>, mut entry: TokenEntry, mut auth: Auth) -> Result<Auth, Refusal> {
    entry.token_type = TokenType::Batch;
    entry.id.clear();
    auth.client_token = cx.journal.seal_token(cx.flavour, &entry)?;
    auth.token_type = "batch";
    Ok(auth)
}

fn store(
    cx: &mut Context<'_>,
    mut entry: TokenEntry,
    lifetime: &Lifetime,
    mut auth: Auth,
) -> Result<Auth, Refusal> {
    entry.token_type = TokenType::Service;
    entry.explicit_max_ttl = lifetime.called_explicit_max;
    entry.period = lifetime.called_period;
    check_id(cx, &entry.id)?;
    let grant = Grant {
        ttl: lifetime.ttl,
        renewable: auth.renewable,
        period: lifetime.period,
        explicit_max: lifetime.explicit_max,
    };
    store::write(cx, &mut entry, &grant)?;
    auth.client_token = shown_id(cx, &entry);
    auth.accessor = entry.accessor;
    Ok(auth)
}

fn find_role(cx: &Context<'_>, path: Path<'_>) -> Result<Option<Role>, Refusal> {
    let Path::Role(name) = path else { return Ok(None) };
    let role = Role::find(cx, name)?;
    role.map(Some).ok_or_else(|| Refusal::invalid(format!("unknown role {name}")))
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

/// A role that says service or batch decides, whatever the call says.
fn wants_batch(fields: Fields<'_>, role: Option<&Role>) -> Result<bool, Refusal> {
    let word = fields.text("type")?;
    match (role.map(Role::kind), word.as_str()) {
        (Some(RoleType::Service), _) => Ok(false),
        (Some(RoleType::Batch), _) => Ok(true),
        (Some(RoleType::DefaultBatch), "") | (_, "batch") => Ok(true),
        (_, "" | "service") => Ok(false),
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

/// Of call and role the lesser that is not 0.
fn num_uses(fields: Fields<'_>, role: Option<&Role>) -> Result<i64, Refusal> {
    let called = fields.int("num_uses")?;
    if called < 0 {
        return Err(Refusal::invalid("number of uses cannot be negative"));
    }
    match role.map_or(0, |role| role.token_num_uses) {
        0 => Ok(called),
        uses if called == 0 => Ok(uses),
        uses => Ok(uses.min(called)),
    }
}

/// The entity that an alias at the token mount stands for, if one is asked for and the role allows it.
fn entity_of_alias(
    cx: &mut Context<'_>,
    fields: Fields<'_>,
    role: Option<&Role>,
) -> Result<Option<String>, Refusal> {
    let alias = fields.text("entity_alias")?.to_lowercase();
    if alias.is_empty() {
        return Ok(None);
    }
    let Some(role) = role else {
        return Err(Refusal::invalid("'entity_alias' is only allowed in combination with token role"));
    };
    let allowed = role.allowed_entity_aliases.as_deref().unwrap_or_default();
    let mount = cx.index.mounts.token().filter(|_| policies::matches_one(allowed, &alias));
    let mount = mount.ok_or_else(|| Refusal::invalid("invalid 'entity_alias' value"))?;
    let entity = identity::at_login(cx, mount, &alias, &std::collections::BTreeMap::new());
    let disabled = || Refusal::Forbidden("entity from given entity alias is disabled".to_owned());
    match entity {
        Ok((entity, _)) => Ok(Some(entity.id)),
        Err(Refusal::NoToken) => Err(disabled()),
        Err(refusal) => Err(refusal),
    }
}

/// With a role only the role decides.
fn makes_orphan(
    fields: Fields<'_>,
    caller: &Caller,
    path: Path<'_>,
    role: Option<&Role>,
) -> Result<bool, Refusal> {
    if let Some(role) = role {
        return Ok(role.orphan);
    }
    if fields.flag("no_parent", false)? && !caller.access.sudo {
        return Err(Refusal::invalid("root or sudo privileges required to create orphan token"));
    }
    Ok(path == Path::Orphan || fields.flag("no_parent", false)?)
}

fn draft(
    fields: Fields<'_>,
    call: &Call,
    caller: &Caller,
    role: Option<&Role>,
) -> Result<TokenEntry, Refusal> {
    let parent = &caller.token.entry;
    let suffix = role.map(|role| role.path_suffix.as_str()).filter(|suffix| !suffix.is_empty());
    Ok(TokenEntry {
        parent: parent.id.clone(),
        path: suffix.map_or_else(|| call.path.clone(), |suffix| format!("{}/{suffix}", call.path)),
        meta: fields.pairs("meta")?,
        display_name: display_name(&fields.text("display_name")?),
        namespace_id: "root".to_owned(),
        entity_id: parent.entity_id.clone(),
        bound_cidrs: match role {
            Some(role) => role.token_bound_cidrs.clone().unwrap_or_default(),
            None => parent.bound_cidrs.clone(),
        },
        role: role.map(|role| role.name.clone()).unwrap_or_default(),
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

fn granted_policies(
    fields: Fields<'_>,
    caller: &Caller,
    role: Option<&Role>,
) -> Result<Vec<String>, Refusal> {
    let asked = policies::Asked {
        policies: fields.list("policies")?,
        no_default: fields.flag("no_default_policy", false)?,
        sudo: caller.access.sudo,
    };
    policies::grant(&asked, &caller.token, role)
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

/// What the caller is given: in Vault's spelling the signed form, which wraps the stored id. Root tokens stay plain, so that they help
/// when nothing else does.
pub(crate) fn shown_id(cx: &Context<'_>, entry: &TokenEntry) -> String {
    if entry.id.starts_with("hvs.") && !is_root(entry) {
        return SignedToken::wrap(cx.index.signing_key.as_bytes(), &entry.id, 0);
    }
    entry.id.clone()
}

fn auth(entry: &TokenEntry) -> Auth {
    Auth {
        policies: entry.policies.clone(),
        token_policies: entry.policies.clone(),
        metadata: Some(entry.meta.clone()).filter(|meta| !meta.is_empty()),
        lease_duration: entry.ttl / 1_000_000_000,
        entity_id: entry.entity_id.clone(),
        token_type: "service",
        orphan: entry.parent.is_empty(),
        ..Auth::default()
    }
}
