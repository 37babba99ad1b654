//! AppRole's login: a role id and a secret id, for a token.

use std::collections::BTreeMap;

use serde_json::json;

use super::role::{Role, RoleName, id_key};
use super::secret_id::{self, SecretId};
use crate::auth::login::{self, Admitted};
use crate::auth::{cidr, inside, lockout};
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// `login`
pub(crate) fn log_in(cx: &mut Context<'_>, call: &Call, mount: &Mount, rest: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let text = |name: &str| fields.text(name).map_err(inside);
    let (role_id, secret_id) = (text("role_id")?, text("secret_id")?);
    if role_id.is_empty() {
        return Err(Refusal::Internal("missing role_id".to_owned()));
    }
    if rest != "login" || !matches!(call.operation, Operation::Read | Operation::Update | Operation::Delete) {
        return Err(Refusal::UnsupportedOperation);
    }
    lockout::check(cx, mount, &role_id)?;
    let index = id_key(cx, mount, &role_id)?;
    let name = cx.journal.read_json::<RoleName>(&index)?.ok_or_else(wrong)?.name;
    let mut role = Role::find(cx, mount, &name)?.ok_or_else(wrong)?;
    let mut metadata = BTreeMap::new();
    if role.bind_secret_id {
        if secret_id.is_empty() {
            return Err(Refusal::invalid("missing secret_id"));
        }
        let key = secret_id::key(mount, &role, &name, &secret_id);
        let Some(entry) = SecretId::find(cx, &key)? else {
            lockout::failed(cx, mount, &role_id)?;
            return Err(wrong());
        };
        use_up(cx, call, mount, &role, &key, &entry)?;
        metadata = entry.metadata;
        if !entry.token_cidr_list.is_empty() {
            role.token.token_bound_cidrs = Some(entry.token_cidr_list);
        }
    }
    let bound = role.secret_id_bound_cidrs.clone().unwrap_or_default();
    if !bound.is_empty() && !cidr::any_holds(&bound, call.remote) {
        // The real server prints an error here that is none.
        return Err(Refusal::invalid(format!(
            "source address \"{}\" unauthorized by CIDR restrictions on the role: %!w(<nil>)",
            call.remote
        )));
    }
    lockout::succeeded(cx, mount, &role_id);
    metadata.insert("role_name".to_owned(), name.clone());
    let who = Admitted {
        internal_data: Some(json!({ "role_name": name })),
        role: name,
        alias: role_id,
        alias_metadata: metadata.clone(),
        display_name: String::new(),
        metadata,
        token: &role.token,
        warnings: fields.unknown(&["role_id", "secret_id"]).into_iter().collect(),
    };
    login::admit(cx, call, mount, who)
}

fn wrong() -> Refusal {
    Refusal::invalid("invalid role or secret ID")
}

/// Counts a use; the last one takes the secret id away.
fn use_up(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    role: &Role,
    key: &str,
    entry: &SecretId,
) -> Result<(), Refusal> {
    if !entry.cidr_list.is_empty() && !cidr::any_holds(&entry.cidr_list, call.remote) {
        return Err(Refusal::invalid(format!(
            "source address \"{}\" unauthorized through CIDR restrictions on the secret ID",
            call.remote
        )));
    }
    match entry.secret_id_num_uses {
        0 => Ok(()),
        1 => entry.remove(cx, mount, role, key),
        left => {
            let mut entry = entry.clone();
            entry.secret_id_num_uses = left - 1;
            entry.last_updated_time = cx.now.to_string();
            cx.journal.put_json(key, &entry)
        }
    }
}
