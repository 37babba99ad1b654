//! What follows when an auth method has let somebody in: the entity, the type, the time to live, the token. It knows no method.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use vaultlet_token::entry::{TokenEntry, TokenType};

use super::token_fields::TokenFields;
use crate::context::Context;
use crate::door::Call;
use crate::identity;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::{Auth, Reply};
use crate::token_store::policies::sanitise;
use crate::token_store::store::{self, Grant, Login};
use crate::ttl;

/// Somebody whom an auth method has let in.
pub(crate) struct Admitted<'a> {
    /// The name at this mount, which an entity's alias has.
    pub alias: String,
    /// What the method knows of the alias, kept with it.
    pub alias_metadata: BTreeMap<String, String>,
    /// What the method keeps for itself in the token's lease.
    pub internal_data: Option<Value>,
    /// The role that was logged in with, where the method has roles.
    pub role: String,
    /// Added to the mount's name for display.
    pub display_name: String,
    /// The token's metadata.
    pub metadata: BTreeMap<String, String>,
    /// What the role says of its tokens.
    pub token: &'a TokenFields,
    /// Warnings so far.
    pub warnings: Vec<String>,
}

/// Makes the token, an orphan.
pub(crate) fn admit(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    who: Admitted<'_>,
) -> Result<Reply, Refusal> {
    let fields = who.token;
    let (entity, entity_created) = identity::at_login(cx, mount, &who.alias, &who.alias_metadata)?;
    let mut policies = fields.token_policies.clone().unwrap_or_default();
    if !fields.token_no_default_policy {
        policies.push("default".to_owned());
    }
    let policies = sanitise(&policies);
    if policies.iter().any(|policy| policy == "root") {
        return Err(Refusal::invalid("auth methods cannot create root tokens"));
    }
    let batch = is_batch(mount, fields);
    let (span, capped) = granted_ttl(cx, mount, fields);
    let mut entry = TokenEntry {
        policies,
        path: call.path.clone(),
        meta: who.metadata,
        display_name: display_name(mount, &who.display_name),
        creation_time: i64::try_from(cx.now.secs()).unwrap_or(i64::MAX),
        ttl: span,
        entity_id: entity.id,
        bound_cidrs: bound_cidrs(call, fields),
        namespace_id: "root".to_owned(),
        ..TokenEntry::default()
    };
    let mut auth = auth(&entry, fields.token_num_uses);
    show_identity(&mut auth, &entity.policies);
    if batch {
        entry.token_type = TokenType::Batch;
        auth.client_token = cx.journal.seal_token(cx.flavour, &entry)?;
        auth.token_type = "batch";
    } else {
        entry.token_type = TokenType::Service;
        entry.num_uses = fields.token_num_uses;
        entry.explicit_max_ttl = fields.token_explicit_max_ttl;
        entry.period = fields.token_period;
        let (period, explicit_max) = (fields.token_period, fields.token_explicit_max_ttl);
        let grant = Grant { ttl: span, renewable: true, period, explicit_max };
        let login = Login {
            policies: fields.token_policies.clone(),
            alias: alias(mount, &who.alias, &who.alias_metadata),
            internal_data: who.internal_data,
            role: who.role,
            entity_created,
        };
        store::write_login(cx, &mut entry, &grant, login)?;
        auth.client_token = crate::token_store::create::shown_id(cx, &entry);
        auth.accessor = entry.accessor;
        auth.renewable = true;
    }
    let warnings = who.warnings.into_iter().chain(capped).collect();
    Ok(Reply { warnings, ..Reply::auth(auth) })
}

/// Who logged in, as the lease has it.
fn alias(mount: &Mount, name: &str, metadata: &BTreeMap<String, String>) -> Value {
    let mut alias = Map::from_iter([
        ("mount_type".to_owned(), json!(mount.kind)),
        ("mount_accessor".to_owned(), json!(mount.accessor)),
        ("name".to_owned(), json!(name)),
    ]);
    if !metadata.is_empty() {
        alias.insert("metadata".to_owned(), json!(metadata));
    }
    Value::Object(alias)
}

/// The mount's type forces; its defaults leave the choice to the role.
fn is_batch(mount: &Mount, fields: &TokenFields) -> bool {
    match mount.config.token_type_word() {
        "service" => false,
        "batch" => true,
        "default-batch" => fields.token_type != 1,
        _ => fields.token_type == 2,
    }
}

fn granted_ttl(cx: &Context<'_>, mount: &Mount, fields: &TokenFields) -> (i64, Vec<String>) {
    ttl::grant(ttl::Ask {
        ttl: fields.token_ttl,
        default: mount.default_ttl(),
        max: mount.max_ttl(),
        backend_max: fields.token_max_ttl,
        explicit_max: fields.token_explicit_max_ttl,
        period: fields.token_period,
        issued: cx.now,
        now: cx.now,
    })
}

/// The mount's path with dashes, and the method's own name.
fn display_name(mount: &Mount, name: &str) -> String {
    let name = format!("{}{name}", mount.path.replace('/', "-"));
    name.strip_suffix('-').unwrap_or(&name).to_owned()
}

fn bound_cidrs(call: &Call, fields: &TokenFields) -> Vec<String> {
    if fields.token_strictly_bind_ip {
        return vec![call.remote.to_string()];
    }
    fields.token_bound_cidrs.clone().unwrap_or_default()
}

fn auth(entry: &TokenEntry, num_uses: i64) -> Auth {
    Auth {
        policies: entry.policies.clone(),
        token_policies: entry.policies.clone(),
        metadata: Some(entry.meta.clone()).filter(|meta| !meta.is_empty()),
        lease_duration: entry.ttl / 1_000_000_000,
        entity_id: entry.entity_id.clone(),
        token_type: "service",
        orphan: true,
        num_uses,
        ..Auth::default()
    }
}

/// The entity may be new, so the index does not know it yet.
fn show_identity(auth: &mut Auth, policies: &[String]) {
    auth.identity_policies = sanitise(policies);
    auth.policies.extend(auth.identity_policies.iter().cloned());
    auth.policies.sort_unstable();
    auth.policies.dedup();
}
