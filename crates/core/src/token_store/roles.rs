//! `auth/token/roles`: written, read, listed, deleted. It knows not what a role does: see `create`.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::door::Call;
use crate::duration::GoDuration;
use crate::fields::{Fields, Shape};
use crate::mounts::SYSTEM_TTL;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::token_store::role::{Role, RoleType};
use crate::token_store::{cidrs, policies};

/// What a role may be given; the rest is warned of.
const FIELDS: [(&str, Shape); 18] = [
    ("allowed_entity_aliases", Shape::CommaList),
    ("allowed_policies", Shape::CommaList),
    ("allowed_policies_glob", Shape::CommaList),
    ("bound_cidrs", Shape::CommaList),
    ("disallowed_policies", Shape::CommaList),
    ("disallowed_policies_glob", Shape::CommaList),
    ("explicit_max_ttl", Shape::Duration),
    ("orphan", Shape::Flag),
    ("path_suffix", Shape::Text),
    ("period", Shape::Duration),
    ("renewable", Shape::Flag),
    ("role_name", Shape::Text),
    ("token_bound_cidrs", Shape::CommaList),
    ("token_explicit_max_ttl", Shape::Duration),
    ("token_no_default_policy", Shape::Flag),
    ("token_num_uses", Shape::Int),
    ("token_period", Shape::Duration),
    ("token_type", Shape::Text),
];

/// `LIST roles`
pub(crate) fn list(cx: &Context<'_>) -> Result<Reply, Refusal> {
    Reply::keys(cx.journal.list("sys/token/roles/"))
}

/// `GET roles/:name`
pub(crate) fn read(cx: &Context<'_>, name: &str) -> Result<Reply, Refusal> {
    let role = Role::find(cx, name)?.ok_or(Refusal::NotFound)?;
    let seconds = |nanos: i64| nanos / 1_000_000_000;
    let mut data = Map::new();
    let mut tell = |name: &str, value: Value| drop(data.insert(name.to_owned(), value));
    tell("allowed_entity_aliases", json!(role.allowed_entity_aliases));
    tell("allowed_policies", json!(role.allowed_policies));
    tell("allowed_policies_glob", json!(role.allowed_policies_glob));
    tell("disallowed_policies", json!(role.disallowed_policies));
    tell("disallowed_policies_glob", json!(role.disallowed_policies_glob));
    tell("explicit_max_ttl", json!(seconds(role.explicit_max_ttl)));
    tell("name", json!(role.name));
    tell("orphan", json!(role.orphan));
    tell("path_suffix", json!(role.path_suffix));
    tell("period", json!(seconds(role.period)));
    tell("renewable", json!(role.renewable));
    tell("token_explicit_max_ttl", json!(seconds(role.token_explicit_max_ttl)));
    tell("token_no_default_policy", json!(role.token_no_default_policy));
    tell("token_period", json!(seconds(role.token_period)));
    tell("token_type", json!(role.kind().word()));
    for (name, blocks) in [("token_bound_cidrs", &role.token_bound_cidrs), ("bound_cidrs", &role.bound_cidrs)]
    {
        if let Some(blocks) = blocks.as_ref().filter(|blocks| !blocks.is_empty()) {
            tell(name, json!(blocks));
        }
    }
    if role.token_num_uses > 0 {
        tell("token_num_uses", json!(role.token_num_uses));
    }
    Ok(Reply::data(data))
}

/// `DELETE roles/:name`; an absent one is no error.
pub(crate) fn delete(cx: &mut Context<'_>, name: &str) -> Reply {
    cx.journal.delete(&Role::key(name));
    Reply::nothing()
}

/// `POST roles/:name`: what is not given stays as it is.
pub(crate) fn write(cx: &mut Context<'_>, name: &str, call: &Call) -> Result<Reply, Refusal> {
    let mut role = Role::find(cx, name)?.unwrap_or_else(|| Role::new(name));
    let unknown = Fields(&call.data).check(&FIELDS).map_err(bare)?;
    let warnings = change(cx, &mut role, call)?;
    cx.journal.put_json(&Role::key(name), &role)?;
    let unknown = unknown.filter(|_| !warnings.is_empty());
    Ok(Reply { warnings, ..Reply::nothing() }.warn(unknown))
}

/// The warning about parameters that a role does not have.
pub(crate) fn unknown(call: &Call) -> Option<String> {
    let names: Vec<&str> = FIELDS.iter().map(|&(name, _)| name).collect();
    Fields(&call.data).unknown(&names)
}

/// Here the parameters are read by the handler, which does not say that it was their validation that failed.
fn bare(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(text) => {
            let bare = text.strip_prefix("Field validation failed: ").map(str::to_owned);
            Refusal::Invalid(bare.unwrap_or(text))
        }
        refusal => refusal,
    }
}

fn change(cx: &Context<'_>, role: &mut Role, call: &Call) -> Result<Vec<String>, Refusal> {
    let fields = Fields(&call.data);
    let word = type_word(call)?;
    if fields.given("orphan") {
        role.orphan = fields.flag("orphan", false)?;
    }
    if fields.given("renewable") {
        role.renewable = fields.flag("renewable", false)?;
    }
    change_token_fields(role, fields, word.is_some())?;
    let mut warnings = Vec::new();
    change_old_fields(role, fields, &mut warnings)?;
    let max = cx.index.mounts.token().map_or(SYSTEM_TTL, crate::mounts::Mount::max_ttl);
    if role.token_explicit_max_ttl > max {
        warnings.push(format!(
            "Given explicit max TTL of {} is greater than system/mount allowed value of {} seconds; \
             until this is fixed attempting to create tokens against this role will result in an error",
            role.token_explicit_max_ttl / 1_000_000_000,
            max / 1_000_000_000,
        ));
    }
    if fields.given("path_suffix") {
        role.path_suffix = path_suffix(fields)?;
    }
    change_lists(role, fields)?;
    if let Some(word) = word {
        let kind = RoleType::parse(&word);
        role.set_kind(
            kind.ok_or_else(|| Refusal::invalid(format!("invalid 'token_type' value \"{word}\"")))?,
        );
    }
    check_batch(role)?;
    Ok(warnings)
}

fn type_word(call: &Call) -> Result<Option<String>, Refusal> {
    match call.data.get("token_type") {
        None => Ok(None),
        Some(Value::Null) => Err(Refusal::invalid("Invalid 'token_type' value: null")),
        Some(_) => Fields(&call.data).text("token_type").map(Some),
    }
}

/// What all kinds of roles have. The type that a role has already is checked here, one that is only being set is not.
fn change_token_fields(role: &mut Role, fields: Fields<'_>, sets_type: bool) -> Result<(), Refusal> {
    let failed = |text: &str| Refusal::invalid(format!("error parsing role fields: {text}"));
    if fields.given("token_bound_cidrs") {
        role.token_bound_cidrs = Some(blocks(fields, "token_bound_cidrs").map_err(|text| failed(&text))?);
    }
    if let Some(span) = fields.duration("token_explicit_max_ttl")? {
        role.token_explicit_max_ttl = span.0;
    }
    if fields.given("token_no_default_policy") {
        role.token_no_default_policy = fields.flag("token_no_default_policy", false)?;
    }
    if let Some(span) = fields.duration("token_period")? {
        role.token_period = span.0;
    }
    if fields.given("token_num_uses") {
        role.token_num_uses = fields.int("token_num_uses")?;
    }
    if role.token_num_uses < 0 {
        return Err(failed("'token_num_uses' cannot be negative"));
    }
    if sets_type || !matches!(role.kind(), RoleType::Batch | RoleType::DefaultBatch) {
        return Ok(());
    }
    let refuse = |what: &str| {
        failed(&format!("'token_type' cannot be 'batch' or 'default_batch' when set to generate {what}"))
    };
    if role.token_period != 0 {
        return Err(refuse("periodic tokens"));
    }
    if role.token_num_uses != 0 { Err(refuse("tokens with limited use count")) } else { Ok(()) }
}

/// Three have an older name too, which gives way to the newer.
fn change_old_fields(role: &mut Role, fields: Fields<'_>, warnings: &mut Vec<String>) -> Result<(), Refusal> {
    let both = |name: &str| {
        fields.has(name).then(|| {
            format!(
                "Both 'token_{name}' and deprecated '{name}' value supplied, ignoring the deprecated value"
            )
        })
    };
    if fields.has("token_period") {
        warnings.extend(both("period"));
        role.period = 0;
    } else if let Some(GoDuration(span)) = fields.duration("period")? {
        (role.period, role.token_period) = (span, span);
    }
    if fields.has("token_bound_cidrs") {
        warnings.extend(both("bound_cidrs"));
        role.bound_cidrs = None;
    } else if fields.has("bound_cidrs") {
        let failed = |text: String| Refusal::invalid(format!("error parsing bound_cidrs: {text}"));
        let blocks = blocks(fields, "bound_cidrs").map_err(failed)?;
        (role.bound_cidrs, role.token_bound_cidrs) = (Some(blocks.clone()), Some(blocks));
    }
    if fields.has("token_explicit_max_ttl") {
        warnings.extend(both("explicit_max_ttl"));
        role.explicit_max_ttl = 0;
    } else if let Some(GoDuration(span)) = fields.duration("explicit_max_ttl")? {
        (role.explicit_max_ttl, role.token_explicit_max_ttl) = (span, span);
    }
    Ok(())
}

fn change_lists(role: &mut Role, fields: Fields<'_>) -> Result<(), Refusal> {
    if fields.given("allowed_policies") {
        role.allowed_policies = policies::sanitise(&fields.comma_list("allowed_policies")?);
    }
    for (name, list) in [
        ("disallowed_policies", &mut role.disallowed_policies),
        ("allowed_policies_glob", &mut role.allowed_policies_glob),
        ("disallowed_policies_glob", &mut role.disallowed_policies_glob),
    ] {
        if fields.given(name) {
            *list = policies::tidy_list(&fields.comma_list(name)?);
        }
    }
    if fields.given("allowed_entity_aliases") {
        role.allowed_entity_aliases =
            Some(policies::tidy_list(&fields.comma_list("allowed_entity_aliases")?));
    }
    Ok(())
}

fn path_suffix(fields: Fields<'_>) -> Result<String, Refusal> {
    let suffix = fields.text("path_suffix")?;
    if !suffix.is_empty() && !suffix.split(|letter| !is_suffix_letter(letter)).any(has_word_ends) {
        return Err(Refusal::invalid(
            r"given role path suffix contains invalid characters; must match \w[\w-.]+\w",
        ));
    }
    if suffix.contains("..") {
        return Err(Refusal::invalid("error registering path suffix: path cannot contain parent references"));
    }
    Ok(suffix)
}

fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn is_suffix_letter(letter: char) -> bool {
    is_word_letter(letter) || letter == '-' || letter == '.'
}

/// Whether there are two letters of a word with at least one letter between them: the server looks for that anywhere.
fn has_word_ends(run: &str) -> bool {
    run.find(is_word_letter).zip(run.rfind(is_word_letter)).is_some_and(|(first, last)| last - first >= 2)
}

/// Address blocks, one address without its mask.
fn blocks(fields: Fields<'_>, name: &str) -> Result<Vec<String>, String> {
    let texts = fields.comma_list(name).map_err(|refusal| refusal.to_string())?;
    let one = |text: &String| match cidrs::read(text) {
        Some(block) if block.prefix_len() == block.max_prefix_len() => Ok(block.addr().to_string()),
        Some(_) => Ok(text.clone()),
        None => Err(format!(
            "error parsing address \"{text}\": Unable to convert \"{text}\" to an IPv4 or IPv6 address, or a UNIX Socket"
        )),
    };
    texts.iter().filter(|text| !text.is_empty()).map(one).collect()
}

/// A batch token can be none of these; the first that fits is told.
fn check_batch(role: &Role) -> Result<(), Refusal> {
    let what = match role {
        _ if role.kind() != RoleType::Batch => return Ok(()),
        Role { orphan: false, .. } => "non-orphan tokens",
        _ if role.token_period != 0 => "periodic tokens",
        Role { renewable: true, .. } => "renewable tokens",
        _ if role.token_explicit_max_ttl != 0 => "tokens with an explicit max TTL",
        _ => return Ok(()),
    };
    Err(Refusal::invalid(format!("'token_type' cannot be 'batch' when role is set to generate {what}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_needs_three_letters_that_begin_and_end_a_word() {
        for (run, fits) in
            [("v1x", true), ("-abc-", true), ("a.b", true), ("v1", false), ("..", false), ("-a-", false)]
        {
            assert_eq!(has_word_ends(run), fits, "{run}");
        }
    }
}
