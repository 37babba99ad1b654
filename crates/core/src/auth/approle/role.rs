//! AppRole's roles: written, read, deleted. It knows no secret ids.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{salt, salted};
use crate::auth::token_fields::{self, TokenFields, upgrade};
use crate::auth::{bare, cidr};
use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::mounts::{Mount, SYSTEM_TTL, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

const SECOND: i64 = 1_000_000_000;

/// A role as stored at `role/<name>`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Role {
    #[serde(flatten)]
    pub token: TokenFields,
    #[serde(default)]
    pub role_id: String,
    /// Secret ids are stored under their HMAC with this key.
    #[serde(default)]
    pub hmac_key: String,
    #[serde(default)]
    policies: Option<Vec<String>>,
    #[serde(default)]
    pub secret_id_num_uses: i64,
    /// Nanoseconds.
    #[serde(default)]
    pub secret_id_ttl: i64,
    #[serde(default)]
    pub bind_secret_id: bool,
    #[serde(default)]
    bound_cidr_list_list: Option<Vec<String>>,
    #[serde(default)]
    pub secret_id_bound_cidrs: Option<Vec<String>>,
    /// Nanoseconds; only while it was given by this old name.
    #[serde(default)]
    period: i64,
    #[serde(default)]
    lower_case_role_name: bool,
    /// `secret_id/` or `secret_id_local/`.
    #[serde(default)]
    pub secret_id_prefix: String,
}

impl Role {
    /// The role of a name, lower case.
    pub fn find(cx: &Context<'_>, mount: &Mount, name: &str) -> Result<Option<Self>, Refusal> {
        cx.journal.read_json(&key(mount, name))
    }

    fn new(cx: &mut Context<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            role_id: cx.journal.uuid()?,
            hmac_key: cx.journal.uuid()?,
            bind_secret_id: true,
            lower_case_role_name: true,
            secret_id_prefix: "secret_id/".to_owned(),
            ..Self::default()
        })
    }

    /// Whether secret ids stay on this cluster.
    pub fn is_local(&self) -> bool {
        self.secret_id_prefix == "secret_id_local/"
    }

    /// Takes over what was given; the warnings come back.
    pub fn update(&mut self, fields: Fields<'_>, is_new: bool) -> Result<Vec<String>, Refusal> {
        let mut warnings = Vec::new();
        let adjusted = adjust_token_type(fields, &mut warnings)?;
        self.token.update(Fields(&adjusted))?;
        if fields.given("local_secret_ids") {
            let local = fields.flag("local_secret_ids", false)?;
            if !is_new && local != self.is_local() {
                return Err(Refusal::invalid("local_secret_ids can only be modified during role creation"));
            }
            if local {
                "secret_id_local/".clone_into(&mut self.secret_id_prefix);
            }
        }
        if fields.given("role_id") {
            self.role_id = fields.text("role_id")?;
            if self.role_id.is_empty() {
                return Err(Refusal::invalid("invalid role_id supplied, or failed to generate a role_id"));
            }
        }
        if fields.given("bind_secret_id") {
            self.bind_secret_id = fields.flag("bind_secret_id", false)?;
        }
        self.take_own(fields)?;
        Ok(warnings)
    }

    /// Takes over what was given of the parameters that can be changed one by one.
    pub fn take(&mut self, fields: Fields<'_>) -> Result<(), Refusal> {
        self.token.take(fields)?;
        self.take_own(fields)
    }

    /// What was given by the old name of `period` or `policies`, to be shown beside the new one.
    pub fn by_old_name(&self, part: &str) -> Option<(String, Value)> {
        match (part, &self.policies) {
            ("policies", Some(policies)) => Some((part.to_owned(), json!(policies))),
            ("period", _) if self.period != 0 => Some((part.to_owned(), Value::from(self.period / SECOND))),
            _ => None,
        }
    }

    /// Forgets the policies, by both names.
    pub fn forget_policies(&mut self) {
        (self.policies, self.token.token_policies) = (None, Some(Vec::new()));
    }

    /// Forgets the period, by both names.
    pub fn forget_period(&mut self) {
        (self.period, self.token.token_period) = (0, 0);
    }

    fn take_own(&mut self, fields: Fields<'_>) -> Result<(), Refusal> {
        for name in ["bound_cidr_list", "secret_id_bound_cidrs"] {
            if fields.has(name) {
                let blocks = fields.comma_list(name)?;
                cidr::check_blocks(&blocks, "")?;
                self.secret_id_bound_cidrs = Some(blocks);
            }
        }
        let given = Some(fields.comma_list("policies")?).filter(|list| !list.is_empty());
        let names = ("policies", "token_policies");
        upgrade(fields, names, given, &mut self.policies, &mut self.token.token_policies);
        let period = fields.duration("period")?.unwrap_or_default().0;
        upgrade(fields, ("period", "token_period"), period, &mut self.period, &mut self.token.token_period);
        if fields.has("secret_id_num_uses") {
            self.secret_id_num_uses = fields.int("secret_id_num_uses")?;
            if self.secret_id_num_uses < 0 {
                return Err(Refusal::invalid("secret_id_num_uses cannot be negative"));
            }
        }
        if let Some(span) = fields.duration("secret_id_ttl")? {
            self.secret_id_ttl = span.0;
        }
        Ok(())
    }

    /// Stores the role and the index that finds it by its id.
    pub fn save(&self, cx: &mut Context<'_>, mount: &Mount, name: &str) -> Result<(), Refusal> {
        let bound = [&self.secret_id_bound_cidrs, &self.token.token_bound_cidrs];
        let is_bound = bound.iter().any(|blocks| blocks.as_ref().is_some_and(|blocks| !blocks.is_empty()));
        if !self.bind_secret_id && !is_bound {
            let text = "at least one constraint should be enabled on the role";
            return Err(Refusal::WrappedInternal(text.to_owned()));
        }
        let old = Self::find(cx, mount, name)?.map(|old| old.role_id);
        let index = id_key(cx, mount, &self.role_id)?;
        match cx.journal.read_json::<RoleName>(&index)? {
            Some(owner) if owner.name != name => {
                return Err(Refusal::WrappedInternal("role_id already in use".to_owned()));
            }
            Some(_) => {}
            None => cx.journal.put_json(&index, &RoleName { name: name.to_owned() })?,
        }
        if let Some(old) = old.filter(|old| *old != self.role_id) {
            let index = id_key(cx, mount, &old)?;
            cx.journal.delete(&index);
        }
        cx.journal.put_json(&key(mount, name), self)
    }

    fn shown(&self) -> Map<String, Value> {
        let mut data = self.token.shown();
        data.extend(object(json!({
            "bind_secret_id": self.bind_secret_id,
            "local_secret_ids": self.is_local(),
            "secret_id_bound_cidrs": self.secret_id_bound_cidrs,
            "secret_id_num_uses": self.secret_id_num_uses,
            "secret_id_ttl": self.secret_id_ttl / SECOND,
        })));
        if let Some(policies) = &self.policies {
            data.insert("policies".to_owned(), json!(policies));
        }
        if self.period != 0 {
            data.insert("period".to_owned(), Value::from(self.period / SECOND));
        }
        data
    }
}

/// What stands at `role_id/<salted id>`.
#[derive(Serialize, Deserialize)]
pub(super) struct RoleName {
    pub name: String,
}

fn key(mount: &Mount, name: &str) -> String {
    format!("{}role/{name}", mount.storage())
}

/// Where the role of an id is found.
pub(super) fn id_key(cx: &mut Context<'_>, mount: &Mount, role_id: &str) -> Result<String, Refusal> {
    Ok(format!("{}role_id/{}", mount.storage(), salted(&salt(cx, mount)?, role_id)))
}

/// A role decides for itself, so the defaulting types become the plain ones.
fn adjust_token_type(fields: Fields<'_>, warnings: &mut Vec<String>) -> Result<Map<String, Value>, Refusal> {
    let mut data = fields.0.clone();
    let word = fields.text("token_type")?;
    if let Some(plain) = word.strip_prefix("default-").filter(|plain| matches!(*plain, "batch" | "service")) {
        warnings.push(format!("{word} has no useful meaning; adjusting to {plain}"));
        data.insert("token_type".to_owned(), Value::from(plain));
    }
    Ok(data)
}

/// Reads a role.
pub(super) fn read(cx: &Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let known: Vec<&str> = FIELDS.into_iter().chain(token_fields::NAMES).collect();
    let unknown = Fields(&call.data).unknown(&known);
    Ok(Reply::data(Role::find(cx, mount, name)?.ok_or(Refusal::NotFound)?.shown()).warn(unknown))
}

/// The role's parameters beside the token's.
const FIELDS: [&str; 10] = [
    "bind_secret_id",
    "bound_cidr_list",
    "local_secret_ids",
    "period",
    "policies",
    "role_id",
    "role_name",
    "secret_id_bound_cidrs",
    "secret_id_num_uses",
    "secret_id_ttl",
];

/// Makes or changes a role.
pub(super) fn write(cx: &mut Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let known = Role::find(cx, mount, name)?;
    let is_new = known.is_none();
    let mut role = match known {
        Some(role) => role,
        None => Role::new(cx)?,
    };
    let mut warnings = role.update(fields, is_new).map_err(bare)?;
    let longest = if mount.config.max_lease_ttl == 0 { SYSTEM_TTL } else { mount.config.max_lease_ttl };
    if role.token.token_max_ttl > longest {
        let text = "token_max_ttl is greater than the backend mount's maximum TTL value; issued tokens' max TTL value \
                    will be truncated";
        warnings.push(text.to_owned());
    }
    role.save(cx, mount, name)?;
    if !warnings.is_empty() {
        let known: Vec<&str> = FIELDS.into_iter().chain(token_fields::NAMES).collect();
        warnings.extend(fields.unknown(&known));
    }
    Ok(Reply { warnings, ..Reply::nothing() })
}

/// Deletes a role with its secret ids; their accessors stay until they are tidied up.
pub(super) fn delete(cx: &mut Context<'_>, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let Some(role) = Role::find(cx, mount, name)? else { return Ok(Reply::nothing()) };
    for key in cx.journal.all_below(&super::secret_id::folder(mount, &role, name)) {
        cx.journal.delete(&key);
    }
    let index = id_key(cx, mount, &role.role_id)?;
    cx.journal.delete(&index);
    cx.journal.delete(&key(mount, name));
    Ok(Reply::nothing())
}
