//! What a token's policies say of a request. It knows no storage.

use crate::context::Context;
use crate::door::{Call, Operation};
use crate::identity::{self, template};
use crate::policy::{Acl, AclRequest, Policy, PolicyOperation, TemplateError};
use vaultlet_token::entry::TokenEntry;

/// What the policies grant for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Access {
    /// Whether it may go on.
    pub allowed: bool,
    /// Whether the token is root.
    pub root: bool,
    /// Whether it is root or has sudo on the path.
    pub sudo: bool,
}

/// The rules of a token: its policies, its entity's, and its inline policy.
pub(crate) fn rules<'a>(cx: &Context<'a>, entry: &TokenEntry) -> Result<Acl<'a>, TemplateError> {
    let (index, now) = (cx.index, cx.now);
    let entity = index.entities.get(&entry.entity_id);
    let identity = identity::policies_of(index, entry);
    let named = entry.policies.iter().chain(&identity).filter_map(|name| index.policies.get(name));
    let named = named.filter(|policy| policy.expires.is_none_or(|end| now < end));
    let value = |name: &str| template::value(entity?, name);
    let acl = Acl::of_entity(named, value)?;
    match Policy::parse("", &entry.inline_policy) {
        Ok(inline) if !entry.inline_policy.is_empty() => Ok(acl.and(&Acl::of_entity([&inline], value)?)),
        _ => Ok(acl),
    }
}

/// Asks the rules about a call.
pub(crate) fn check(acl: &Acl, call: &Call, exists: Option<bool>) -> Access {
    let operation = match call.operation {
        Operation::Read | Operation::Head => PolicyOperation::Read,
        Operation::List => PolicyOperation::List,
        Operation::Scan => PolicyOperation::Scan,
        Operation::Delete => PolicyOperation::Delete,
        Operation::Patch => PolicyOperation::Patch,
        Operation::Update if exists == Some(false) => PolicyOperation::Create,
        Operation::Update => PolicyOperation::Update,
    };
    let verdict =
        acl.check(&AclRequest { operation, path: &call.path, data: &call.data, wrap_ttl: call.wrap_ttl });
    // No capability stands for `HEAD`.
    let allowed = verdict.allowed && (call.operation != Operation::Head || verdict.root);
    Access { allowed, root: verdict.root, sudo: verdict.root || verdict.sudo }
}
