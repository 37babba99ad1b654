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
        ("role-id", Read) => read(cx, call, mount, name, part),
        ("role-id", Update) => set_role_id(cx, call, mount, name),
        ("secret-id/", List) => secret_id::list(cx, mount, name),
        ("secret-id", Update) => secret_id::make(cx, call, mount, name, false),
        ("custom-secret-id", Update) => secret_id::make(cx, call, mount, name, true),
        ("secret-id/lookup", Update) => secret_id::lookup(cx, call, mount, name),
        ("secret-id/destroy" | "secret-id/destroy/", Update | Delete) => {
            secret_id::destroy(cx, call, mount, name)
        }
        ("secret-id-accessor/lookup", Update) => secret_id::lookup_accessor(cx, call, mount, name),
        ("secret-id-accessor/destroy" | "secret-id-accessor/destroy/", Update | Delete) => {
            secret_id::destroy_accessor(cx, call, mount, name)
        }
        (
            "role-id"
            | "secret-id"
            | "secret-id/"
            | "custom-secret-id"
            | "secret-id/lookup"
            | "secret-id/lookup/"
            | "secret-id/destroy"
            | "secret-id/destroy/"
            | "secret-id-accessor/lookup"
            | "secret-id-accessor/lookup/"
            | "secret-id-accessor/destroy"
            | "secret-id-accessor/destroy/",
            _,
        ) => Err(Refusal::UnsupportedOperation),
        ("bind-secret-id", _) => {
            // The real server reads the parameter of this path and then does not know the path.
            Fields(&call.data).flag("bind_secret_id", false)?;
            Err(Refusal::UnsupportedPath)
        }
        (_, Read) => read(cx, call, mount, name, part),
        ("local-secret-ids", Update | Delete) => Err(Refusal::UnsupportedOperation),
        (_, Update) if shown(&Role::default(), part).is_some() => set(cx, call, mount, name, part),
        (_, Delete) if shown(&Role::default(), part).is_some() => unset(cx, mount, name, part),
        _ if shown(&Role::default(), part).is_some() => Err(Refusal::UnsupportedOperation),
        _ => Err(Refusal::UnsupportedPath),
    }
}

fn read(cx: &Context<'_>, call: &Call, mount: &Mount, name: &str, part: &str) -> Result<Reply, Refusal> {
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
    let fields = shown(&role, part).unwrap_or_default();
    let known: Vec<&str> =
        fields.keys().map(String::as_str).chain(["period", "policies", "role_name"]).collect();
    Ok(reply.warn(Fields(&call.data).unknown(&known)))
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
    let mut data = object(data);
    data.extend(role.by_old_name(part));
    Some(data)
}

/// Writes one parameter; it is not checked whether it goes together with the others.
fn set(cx: &mut Context<'_>, call: &Call, mount: &Mount, name: &str, part: &str) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let given = |names: &[&str]| names.iter().any(|name| fields.given(name));
    let spans = |names: &[&str]| -> Result<bool, Refusal> {
        names.iter().try_fold(false, |any, name| Ok(any || fields.duration(name)?.is_some()))
    };
    let missing = match part {
        "policies" if !given(&["policies", "token_policies"]) => "token_policies",
        "period" if !spans(&["period", "token_period"])? => "period",
        "token-ttl" if !spans(&["token_ttl"])? => "token_ttl",
        "token-max-ttl" if !spans(&["token_max_ttl"])? => "token_max_ttl",
        "secret-id-ttl" if !spans(&["secret_id_ttl"])? => "secret_id_ttl",
        "token-num-uses" if !given(&["token_num_uses"]) => "token_num_uses",
        "secret-id-num-uses" if !given(&["secret_id_num_uses"]) => "secret_id_num_uses",
        "bound-cidr-list" if is_empty_list(fields, "bound_cidr_list")? => "bound_cidr_list",
        "secret-id-bound-cidrs" if is_empty_list(fields, "secret_id_bound_cidrs")? => "bound_cidr_list",
        _ => "",
    };
    if !missing.is_empty() {
        return Err(Refusal::invalid(format!("missing {missing}")));
    }
    let mut role = Role::find(cx, mount, name)?.ok_or(Refusal::UnsupportedPath)?;
    role.take(fields).map_err(|refusal| of_part(part, refusal))?;
    let (ttl, max_ttl) = (role.token.token_ttl, role.token.token_max_ttl);
    if max_ttl > 0 && ttl > max_ttl && part == "token-ttl" {
        return Err(Refusal::invalid("token_ttl should not be greater than token_max_ttl"));
    }
    if max_ttl > 0 && ttl > max_ttl && part == "token-max-ttl" {
        return Err(Refusal::invalid("token_max_ttl should be greater than or equal to token_ttl"));
    }
    role.save(cx, mount, name)?;
    Ok(Reply::nothing())
}

fn is_empty_list(fields: Fields<'_>, name: &str) -> Result<bool, Refusal> {
    Ok(fields.given(name) && fields.comma_list(name)?.is_empty())
}

/// Blocks of addresses are refused in words of their own here.
fn of_part(part: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::WrappedInternal(text) if part.ends_with("cidrs") || part == "bound-cidr-list" => {
            Refusal::Invalid(text)
        }
        Refusal::Invalid(text)
            if part == "token-bound-cidrs" && text.starts_with("error parsing address") =>
        {
            Refusal::Invalid(format!("failed to parse token_bound_cidrs: {text}"))
        }
        other => other,
    }
}

/// Gives one parameter its default back.
fn unset(cx: &mut Context<'_>, mount: &Mount, name: &str, part: &str) -> Result<Reply, Refusal> {
    let Some(mut role) = Role::find(cx, mount, name)? else { return Ok(Reply::nothing()) };
    match part {
        "policies" => role.forget_policies(),
        "period" => role.forget_period(),
        "token-ttl" => role.token.token_ttl = 0,
        "token-max-ttl" => role.token.token_max_ttl = 0,
        "token-num-uses" => role.token.token_num_uses = 0,
        "token-bound-cidrs" => role.token.token_bound_cidrs = None,
        "secret-id-num-uses" => role.secret_id_num_uses = 0,
        "secret-id-ttl" => role.secret_id_ttl = 0,
        "secret-id-bound-cidrs" | "bound-cidr-list" => role.secret_id_bound_cidrs = None,
        _ => return Err(Refusal::UnsupportedOperation),
    }
    role.save(cx, mount, name)?;
    Ok(Reply::nothing())
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
