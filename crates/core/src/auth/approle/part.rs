//! What is below a role's name: its id, its secret ids, and its parameters one by one.

use serde_json::{Map, Value, json};

use super::role::Role;
use super::secret_id;
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::Fields;
use crate::mounts::{Mount, object};
use crate::refusal::Refusal;
use crate::reply::Reply;

const SECOND: i64 = 1_000_000_000;

/// Answers `role/:name/:part`.
pub(super) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    mount: &Mount,
    name: &str,
    part: &str,
) -> Result<Reply, Refusal> {
    use Operation::{Delete, List, Read, Update};
    match (part, call.operation) {
        ("role-id", Read) => read(cx, mount, name, part),
        ("role-id", Update) => set_role_id(cx, call, mount, name),
        ("secret-id/", List) => secret_id::list(cx, mount, name),
        ("secret-id", Update) => secret_id::make(cx, call, mount, name, false),
        ("custom-secret-id", Update) => secret_id::make(cx, call, mount, name, true),
        ("secret-id/lookup", Update) => secret_id::lookup(cx, call, mount, name),
        ("secret-id/destroy", Update | Delete) => secret_id::destroy(cx, call, mount, name),
        ("secret-id-accessor/lookup", Update) => secret_id::lookup_accessor(cx, call, mount, name),
        ("secret-id-accessor/destroy", Update | Delete) => secret_id::destroy_accessor(cx, call, mount, name),
        (
            "role-id"
            | "secret-id"
            | "secret-id/"
            | "custom-secret-id"
            | "secret-id/lookup"
            | "secret-id/destroy"
            | "secret-id-accessor/lookup"
            | "secret-id-accessor/destroy",
            _,
        ) => Err(Refusal::UnsupportedOperation),
        (_, Read) => read(cx, mount, name, part),
        (_, Update) if shown(&Role::default(), part).is_some() => set(cx, call, mount, name),
        _ if shown(&Role::default(), part).is_some() => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}

fn read(cx: &Context<'_>, mount: &Mount, name: &str, part: &str) -> Result<Reply, Refusal> {
    if shown(&Role::default(), part).is_none() {
        return Err(Refusal::UnsupportedPath);
    }
    let role = Role::find(cx, mount, name)?.ok_or(Refusal::NotFound)?;
    let mut reply = Reply::data(shown(&role, part).unwrap_or_default());
    if part == "bound-cidr-list" {
        let text = "The \"bound_cidr_list\" field is deprecated and will be removed. Please use \"secret_id_bound_cidrs\" \
                    instead.";
        reply.warnings.push(text.to_owned());
    }
    Ok(reply)
}

/// One parameter as a read of its own path shows it; none for a path that does not exist.
fn shown(role: &Role, part: &str) -> Option<Map<String, Value>> {
    let token = &role.token;
    let data = match part {
        "role-id" => json!({ "role_id": role.role_id }),
        "policies" => json!({ "token_policies": token.token_policies }),
        "period" => json!({ "token_period": token.token_period / SECOND }),
        "token-ttl" => json!({ "token_ttl": token.token_ttl / SECOND }),
        "token-max-ttl" => json!({ "token_max_ttl": token.token_max_ttl / SECOND }),
        "token-num-uses" => json!({ "token_num_uses": token.token_num_uses }),
        "token-bound-cidrs" => json!({ "token_bound_cidrs": token.token_bound_cidrs }),
        "secret-id-num-uses" => json!({ "secret_id_num_uses": role.secret_id_num_uses }),
        "secret-id-ttl" => json!({ "secret_id_ttl": role.secret_id_ttl / SECOND }),
        "secret-id-bound-cidrs" => json!({ "secret_id_bound_cidrs": role.secret_id_bound_cidrs }),
        "bound-cidr-list" => json!({ "bound_cidr_list": role.secret_id_bound_cidrs }),
        "local-secret-ids" => json!({ "local_secret_ids": role.is_local() }),
        _ => return None,
    };
    Some(object(data))
}

fn set(cx: &mut Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let mut role = Role::find(cx, mount, name)?.ok_or(Refusal::UnsupportedPath)?;
    let warnings = role.update(Fields(&call.data), false)?;
    role.save(cx, mount, name)?;
    Ok(Reply { warnings, ..Reply::nothing() })
}

fn set_role_id(cx: &mut Context<'_>, call: &Call, mount: &Mount, name: &str) -> Result<Reply, Refusal> {
    let mut role = Role::find(cx, mount, name)?.ok_or(Refusal::UnsupportedPath)?;
    role.role_id = Fields(&call.data).text("role_id")?;
    if role.role_id.is_empty() {
        return Err(Refusal::invalid("missing role_id"));
    }
    role.save(cx, mount, name)?;
    Ok(Reply::nothing())
}
