//! `sys/policies/acl` and the old `sys/policy`: policies read, written, patched, listed, deleted. It knows no rules: those are
//! in `policy`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::UnixTime;
use crate::context::Context;
use crate::door::{Call, Operation};
use crate::fields::{Fields, Shape};
use crate::mounts::object;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// A policy as stored at `sys/policy/<name>`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct StoredPolicy {
    data_version: i64,
    #[serde(rename = "CASRequired")]
    cas_required: bool,
    /// The policy's text.
    pub raw: String,
    /// 0: an ACL policy.
    r#type: u32,
    templated: bool,
    expiration: String,
    modified: String,
    allow_wildcards_in_identity_templates: bool,
    allow_slashes_in_identity_templates: bool,
}

/// Go's zero time.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// Which of the two APIs is used: the old one calls the text `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    /// `sys/policies/acl`
    Acl,
    /// `sys/policy`
    Old,
}

impl StoredPolicy {
    /// The policy, if its text is one.
    pub fn parse(&self, name: &str) -> Option<Policy> {
        let mut policy = Policy::parse(name, &self.raw).ok()?;
        policy.allow_wildcards = self.allow_wildcards_in_identity_templates;
        policy.allow_slashes = self.allow_slashes_in_identity_templates;
        policy.expires = UnixTime::parse(&self.expiration);
        Some(policy)
    }

    fn is_over(&self, now: UnixTime) -> bool {
        UnixTime::parse(&self.expiration).is_some_and(|end| end <= now)
    }
}

/// Answers what is below `sys/policies/acl` or `sys/policy`; `rest` follows the slash.
pub(crate) fn dispatch(
    cx: &mut Context<'_>,
    call: &Call,
    rest: Option<&str>,
    api: Api,
) -> Result<Reply, Refusal> {
    let name = rest.unwrap_or_default().to_lowercase();
    match (name.as_str(), call.operation) {
        ("", Operation::Read) if api == Api::Old => list(cx, call, "", api),
        (folder, Operation::List) if folder.is_empty() || folder.ends_with('/') => {
            list(cx, call, folder, api)
        }
        ("", _) => Err(Refusal::UnsupportedOperation),
        (name, Operation::Read) => {
            let unknown = Fields(&call.data).unknown(&["name"]);
            Ok(read(cx, bare(name), api)?.warn(unknown))
        }
        (name, Operation::Update) => write(cx, name, call, api),
        (name, Operation::Patch) if api == Api::Acl => patch(cx, name, call),
        (name, Operation::Delete) => delete(cx, bare(name)),
        _ => Err(Refusal::UnsupportedOperation),
    }
}

/// A name without the slash that may end it.
fn bare(name: &str) -> &str {
    name.trim_end_matches('/')
}

/// Lists names, `root` last, `response-wrapping` hidden; the old API says them twice.
fn list(cx: &Context<'_>, call: &Call, folder: &str, api: Api) -> Result<Reply, Refusal> {
    let mut names = names_below(cx, folder);
    if api == Api::Old && names.is_empty() {
        return Ok(Reply::repeated(object(json!({ "policies": null }))));
    }
    if !folder.is_empty() && names.is_empty() {
        return Err(Refusal::NotFound);
    }
    if folder.is_empty() {
        names.push("root".to_owned());
    }
    let unknown = Fields(&call.data).unknown(&[]);
    let reply = match api {
        Api::Acl => Reply::data(object(json!({ "keys": names }))),
        Api::Old => Reply::repeated(object(json!({ "keys": names, "policies": names }))),
    };
    Ok(reply.warn(unknown))
}

/// `sys/policies/detailed/acl`: the names with what a read of each answers; `root` is always among them.
pub(crate) fn detailed(cx: &Context<'_>, call: &Call, folder: &str) -> Result<Reply, Refusal> {
    if call.operation != Operation::List {
        return Err(Refusal::UnsupportedOperation);
    }
    let mut names = names_below(cx, folder);
    names.push("root".to_owned());
    let mut lines = serde_json::Map::new();
    for name in &names {
        let reply = read(cx, name, Api::Acl)?;
        lines.insert(name.clone(), reply.data.unwrap_or_default().into());
    }
    let data = object(json!({ "key_info": lines, "keys": names }));
    Ok(Reply::data(data).warn(Fields(&call.data).unknown(&[])))
}

/// Names of a folder first, then what is in its folders, whole names.
fn names_below(cx: &Context<'_>, folder: &str) -> Vec<String> {
    let names = cx.journal.list(&format!("sys/policy/{folder}"));
    let (folders, leaves): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.ends_with('/'));
    let mut all: Vec<String> = leaves.iter().map(|name| format!("{folder}{name}")).collect();
    all.retain(|name| name != "response-wrapping");
    for inner in folders {
        all.extend(names_below(cx, &format!("{folder}{inner}")));
    }
    all
}

/// What is stored and not over.
fn find(cx: &Context<'_>, name: &str) -> Result<Option<StoredPolicy>, Refusal> {
    let stored: Option<StoredPolicy> = cx.journal.read_json(&key(name))?;
    Ok(stored.filter(|stored| !stored.is_over(cx.now)))
}

/// Reads a policy; `root` has no text.
fn read(cx: &Context<'_>, name: &str, api: Api) -> Result<Reply, Refusal> {
    let stored = match name {
        "root" => StoredPolicy::default(),
        _ => find(cx, name)?.ok_or(Refusal::NotFound)?,
    };
    let text = if api == Api::Old { "rules" } else { "policy" };
    let mut data = object(json!({
        "allow_slashes_in_identity_templates": stored.allow_slashes_in_identity_templates,
        "allow_wildcards_in_identity_templates": stored.allow_wildcards_in_identity_templates,
        "cas_required": stored.cas_required,
        "name": name,
        text: stored.raw,
        "version": stored.data_version,
    }));
    for (name, time) in [("expiration", &stored.expiration), ("modified", &stored.modified)] {
        if UnixTime::parse(time).is_some() {
            data.insert(name.to_owned(), json!(time));
        }
    }
    Ok(if api == Api::Old { Reply::repeated(data) } else { Reply::data(data) })
}

const SHAPES: [(&str, Shape); 8] = [
    ("allow_slashes_in_identity_templates", Shape::Flag),
    ("allow_wildcards_in_identity_templates", Shape::Flag),
    ("cas", Shape::Int),
    ("cas_required", Shape::Flag),
    ("expiration", Shape::Time),
    ("name", Shape::Text),
    ("policy", Shape::Text),
    ("ttl", Shape::Duration),
];

/// Writes a policy, given as HCL, as JSON, or as base64 of either.
fn write(cx: &mut Context<'_>, name: &str, call: &Call, api: Api) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let rules = [("rules", Shape::Text)].into_iter().filter(|_| api == Api::Old);
    let unknown = fields.check(&SHAPES.into_iter().chain(rules).collect::<Vec<_>>())?;
    let mut reply = Reply::nothing();
    let mut text = fields.text("policy")?;
    if text.is_empty() && api == Api::Old && !fields.text("rules")?.is_empty() {
        text = fields.text("rules")?;
        reply = reply.warn(Some("'rules' is deprecated, please use 'policy' instead".to_owned()));
    }
    if text.is_empty() {
        return Err(Refusal::invalid("'policy' parameter not supplied or empty"));
    }
    let mut policy = StoredPolicy { expiration: NEVER.to_owned(), ..StoredPolicy::default() };
    policy.raw = unbase64(&text).unwrap_or(text);
    update(cx, fields, &mut policy)?;
    let known = find(cx, name)?;
    check_version(fields, known.as_ref(), policy.cas_required)?;
    policy.data_version = known.map_or(0, |known| known.data_version);
    check_and_save(cx, name, policy)?;
    // An answer without anything to say is empty, and does not tell of unknown parameters.
    let says = !reply.warnings.is_empty();
    Ok(reply.warn(unknown.filter(|_| says)))
}

/// `PATCH`: changes what is given.
fn patch(cx: &mut Context<'_>, name: &str, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let unknown = fields.check(&SHAPES)?;
    if name == "root" && fields.text("policy")?.is_empty() {
        return Err(Refusal::invalid("'policy' parameter not supplied or empty"));
    }
    let known = find(cx, name)?.ok_or_else(|| Refusal::invalid("policy not found"))?;
    let mut policy = known.clone();
    let text = fields.text("policy")?;
    if !text.is_empty() {
        policy.raw = unbase64(&text).unwrap_or(text);
    }
    update(cx, fields, &mut policy)?;
    // A patch is made of what is there, so it needs no version.
    if fields.given("cas") {
        check_version(fields, Some(&known), false)?;
    }
    check_and_save(cx, name, policy)?;
    Ok(Reply { spoken: true, ..Reply::nothing() }.warn(unknown))
}

/// Takes over what is given beside the text.
fn update(cx: &Context<'_>, fields: Fields<'_>, policy: &mut StoredPolicy) -> Result<(), Refusal> {
    policy.cas_required = fields.flag("cas_required", policy.cas_required)?;
    let name = "allow_wildcards_in_identity_templates";
    policy.allow_wildcards_in_identity_templates =
        fields.flag(name, policy.allow_wildcards_in_identity_templates)?;
    let name = "allow_slashes_in_identity_templates";
    policy.allow_slashes_in_identity_templates =
        fields.flag(name, policy.allow_slashes_in_identity_templates)?;
    let ttl = fields.duration("ttl")?.unwrap_or_default().0;
    let expiration = fields.time("expiration")?;
    if ttl > 0 && expiration.is_some() {
        return Err(Refusal::invalid("cannot supply both 'expiration' and 'ttl' for policies"));
    }
    if ttl > 0 {
        policy.expiration = cx.now.plus_nanos(ttl).to_string();
    }
    if let Some(expiration) = expiration {
        policy.expiration = expiration.to_string();
    }
    Ok(())
}

/// Check and set: -1 is for what is not there yet, else the version must be the stored one.
fn check_version(fields: Fields<'_>, known: Option<&StoredPolicy>, required: bool) -> Result<(), Refusal> {
    let required = required || known.is_some_and(|known| known.cas_required);
    let text = match (fields.given("cas"), fields.int("cas")?, known.map(|known| known.data_version)) {
        (false, ..) if required => "check-and-set parameter required for this call".to_owned(),
        (false, ..) | (true, -1, None) => return Ok(()),
        (true, -1, Some(_)) => "check-and-set parameter set to -1 on existing entry".to_owned(),
        (true, cas, version) if cas == version.unwrap_or(0) => return Ok(()),
        (true, cas, version) => {
            let version = version.unwrap_or(0);
            format!("check-and-set parameter {cas} did not match the current version {version}")
        }
    };
    Err(Refusal::invalid(text))
}

fn check_and_save(cx: &mut Context<'_>, name: &str, policy: StoredPolicy) -> Result<(), Refusal> {
    if policy.is_over(cx.now) {
        return Err(Refusal::invalid("refusing to update policy as expiration time has already elapsed"));
    }
    let parsed = Policy::parse(name, &policy.raw);
    parsed.map_err(|error| Refusal::invalid(format!("failed to parse policy: {error}")))?;
    if name == "root" || name == "response-wrapping" {
        return Err(Refusal::invalid(format!("cannot update \"{name}\" policy")));
    }
    save(cx, name, policy)
}

/// Stores a policy's next version.
fn save(cx: &mut Context<'_>, name: &str, mut policy: StoredPolicy) -> Result<(), Refusal> {
    policy.data_version += 1;
    policy.modified = cx.now.to_string();
    cx.journal.put_json(&key(name), &policy)
}

/// Stores a policy's text as its next version.
pub(crate) fn store(cx: &mut Context<'_>, name: &str, text: &str) -> Result<(), Refusal> {
    let data_version = find(cx, name)?.map_or(0, |known| known.data_version);
    let (raw, expiration) = (text.to_owned(), NEVER.to_owned());
    save(cx, name, StoredPolicy { data_version, raw, expiration, ..StoredPolicy::default() })
}

/// Deletes a policy; an absent one is no error.
fn delete(cx: &mut Context<'_>, name: &str) -> Result<Reply, Refusal> {
    match name {
        "root" | "response-wrapping" => Err(Refusal::invalid(format!("cannot delete \"{name}\" policy"))),
        "default" => Err(Refusal::invalid("cannot delete default policy")),
        _ => {
            cx.journal.delete(&key(name));
            Ok(Reply::nothing())
        }
    }
}

fn key(name: &str) -> String {
    format!("sys/policy/{name}")
}

fn unbase64(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}
