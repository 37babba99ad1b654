//! Identity: entities, which are who somebody is, and their aliases, which are their names at auth mounts. No groups.

pub(crate) mod alias;
pub(crate) mod entities;
pub(crate) mod entity;
pub(crate) mod lookup;
pub(crate) mod packer;
pub(crate) mod proto;
pub(crate) mod template;

use std::collections::BTreeMap;

use vaultlet_token::entry::TokenEntry;

use crate::context::{Context, Index};
use crate::door::{Call, Operation};
use crate::mounts::Mount;
use crate::refusal::Refusal;
use crate::reply::{Auth, Reply};
use crate::token_store::policies::sanitise;
use proto::{Alias, Entity};

/// Answers a path below `identity/`.
pub(crate) fn dispatch(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    match (rest, call.operation) {
        ("entity", Operation::Update) => entity::write(cx, call, &entity::Which::Body),
        ("entity/id/", Operation::List) => entity::list_ids(cx),
        ("entity/name/", Operation::List) => entity::list_names(cx),
        ("entity/batch-delete", Operation::Update) => entity::delete_all(cx, call),
        ("entity-alias", Operation::Update) => alias::write(cx, call, None),
        ("entity-alias/id/", Operation::List) => alias::list(cx),
        ("lookup/entity", Operation::Update) => lookup::entity(cx, call),
        (
            "entity"
            | "entity/id"
            | "entity/name"
            | "entity/batch-delete"
            | "entity-alias"
            | "entity-alias/id"
            | "entity/id/"
            | "entity/name/"
            | "entity-alias/id/"
            | "lookup/entity",
            _,
        ) => Err(Refusal::UnsupportedOperation),
        _ => one(cx, call, rest),
    }
}

fn one(cx: &mut Context<'_>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    let named =
        |prefix: &str| rest.strip_prefix(prefix).filter(|name| !name.is_empty() && !name.ends_with('/'));
    if let Some(id) = named("entity/id/") {
        return entity::dispatch(cx, call, &entity::Which::Id(id));
    }
    // A name may end with a slash, an id may not.
    if let Some(name) = rest.strip_prefix("entity/name/").filter(|name| !name.is_empty()) {
        return entity::dispatch(cx, call, &entity::Which::Name(name));
    }
    if let Some(id) = named("entity-alias/id/") {
        return match call.operation {
            Operation::Read => alias::read(cx, id),
            Operation::Update => alias::write(cx, call, Some(id)),
            Operation::Delete => alias::delete(cx, id),
            _ => Err(Refusal::UnsupportedOperation),
        };
    }
    Err(Refusal::UnsupportedPath)
}

/// The policies that a token has from its entity, sorted.
pub(crate) fn policies_of(index: &Index, entry: &TokenEntry) -> Vec<String> {
    let entity = index.entities.get(&entry.entity_id).filter(|_| !entry.no_identity_policies);
    entity.map(|entity| sanitise(&entity.policies)).unwrap_or_default()
}

/// Adds an entity's policies to what an answer says of a token.
pub(crate) fn show_policies(index: &Index, entry: &TokenEntry, auth: &mut Auth) {
    auth.identity_policies = policies_of(index, entry);
    auth.policies.extend(auth.identity_policies.iter().cloned());
    auth.policies.sort_unstable();
    auth.policies.dedup();
}

/// Refuses the tokens of an entity that is disabled or gone.
pub(crate) fn check(index: &Index, entry: &TokenEntry) -> Result<(), Refusal> {
    let alive = index.entities.get(&entry.entity_id).is_some_and(|entity| !entity.disabled);
    if entry.entity_id.is_empty() || alive { Ok(()) } else { Err(Refusal::NoToken) }
}

/// The folder of the identity mount.
fn folder(cx: &Context<'_>) -> Result<String, Refusal> {
    let mount = cx.index.mounts.of("mounts").find(|mount| mount.kind == "identity");
    mount.map(Mount::storage).ok_or(Refusal::UnsupportedPath)
}

/// Stores an entity as it is now.
fn save(cx: &mut Context<'_>, entity: &Entity) -> Result<(), Refusal> {
    let folder = folder(cx)?;
    packer::store(cx, &folder, &entity.id, Some(entity))
}

/// A new entity without aliases.
fn new_entity(cx: &mut Context<'_>) -> Result<Entity, Refusal> {
    let id = cx.journal.uuid()?;
    let name = cx.journal.uuid()?;
    let name = format!("entity_{}.root", name.get(..8).unwrap_or_default());
    Ok(Entity {
        bucket_key: packer::bucket_of(&id),
        id,
        name,
        creation_time: Some(cx.now.into()),
        last_update_time: Some(cx.now.into()),
        namespace_id: "root".to_owned(),
        ..Entity::default()
    })
}

/// A new alias of an entity at a mount.
fn new_alias(cx: &mut Context<'_>, entity_id: &str, mount: &Mount, name: &str) -> Result<Alias, Refusal> {
    Ok(Alias {
        id: cx.journal.uuid()?,
        canonical_id: entity_id.to_owned(),
        mount_type: mount.kind.clone(),
        mount_accessor: mount.accessor.clone(),
        mount_path: mount.full_path(),
        name: name.to_owned(),
        creation_time: Some(cx.now.into()),
        last_update_time: Some(cx.now.into()),
        namespace_id: "root".to_owned(),
        local: mount.local,
        local_bucket_key: packer::bucket_of(entity_id).replace("packer/", "packer/local-aliases/"),
        ..Alias::default()
    })
}

/// The entity of whoever logs in, made at the first login. What the method says of the alias is kept with it.
pub(crate) fn at_login(
    cx: &mut Context<'_>,
    mount: &Mount,
    name: &str,
    metadata: &BTreeMap<String, String>,
) -> Result<(Entity, bool), Refusal> {
    let known = cx.index.entities.with_alias(&mount.accessor, name).cloned();
    let mut entity = match known {
        Some(entity) => entity,
        None => {
            let mut entity = new_entity(cx)?;
            entity.aliases.push(new_alias(cx, &entity.id, mount, name)?);
            save_with_metadata(cx, &mut entity, mount, name, metadata)?;
            return Ok((entity, true));
        }
    };
    if entity.disabled {
        return Err(Refusal::NoToken);
    }
    let alias =
        entity.aliases.iter().find(|alias| alias.mount_accessor == mount.accessor && alias.name == name);
    if alias.is_some_and(|alias| alias.metadata != *metadata) {
        save_with_metadata(cx, &mut entity, mount, name, metadata)?;
    }
    Ok((entity, false))
}

fn save_with_metadata(
    cx: &mut Context<'_>,
    entity: &mut Entity,
    mount: &Mount,
    name: &str,
    metadata: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let now = cx.now;
    for alias in &mut entity.aliases {
        if alias.mount_accessor == mount.accessor && alias.name == name {
            alias.metadata.clone_from(metadata);
            alias.last_update_time = Some(now.into());
        }
    }
    save(cx, entity)
}
